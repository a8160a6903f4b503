"""Train the Rasa model when its sources are newer: ``python -m scripts.train [--force]``."""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from common.settings import ROOT
from scripts.progress import progress, say

MODEL = ROOT / "models" / "tirek.tar.gz"
STAMP = ROOT / "models" / "tirek.sources.sha256"
RASA = ROOT / ".venv-model" / "bin" / "rasa"
DATA = ("nlu/messages", "stories", "responses")
_SOURCES = (
    "config.yml",
    "domain.yml",
    "nlu/concepts.py",
    "nlu/features.py",
    "nlu/intent_model.py",
    "nlu/lexicons/concepts.yml",
    "nlu/messages_reader.py",
    "nlu/normalize.py",
    "nlu/pattern_compiler.py",
    "nlu/word_patterns.py",
    "requirements/model.txt",
)
_SOURCE_SUFFIXES = (".py", ".yml", ".txt")
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SQLALCHEMY_WARN_20": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
}


class TrainingError(Exception):
    """The model could not be trained; the text says why."""


def sources_digest() -> str:
    """SHA-256 over everything that the model is made of."""
    files = [ROOT / name for name in _SOURCES]
    for folder in (*DATA, "nlu/components", "nlu/danger_examples"):
        files += sorted(p for p in (ROOT / folder).rglob("*") if p.suffix in _SOURCE_SUFFIXES)
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def is_stale() -> bool:
    """Tell whether the model is missing or its sources have changed."""
    return not (MODEL.is_file() and STAMP.is_file() and STAMP.read_text() == sources_digest())


def training_environment() -> dict[str, str]:
    """The environment without our settings: training needs no token and no address."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TIREK_", "TELEGRAM_"))}
    return {**kept, **QUIET}


def train() -> None:
    """Train into a temporary folder; the old model stays until the new one is whole."""
    digest = sources_digest()
    MODEL.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MODEL.parent, prefix="training-") as folder:
        command = [str(RASA), "train", "--quiet", "--fixed-model-name", "tirek", "--out", folder]
        log = Path(folder) / "log"
        with log.open("w") as output:
            finished = subprocess.run(
                [*command, "--fail-on-validation-warnings", "--data", *DATA],
                cwd=ROOT,
                env=training_environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        made = Path(folder) / "tirek.tar.gz"
        if finished.returncode != 0 or not made.is_file():
            lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
            raise TrainingError("training failed; the last lines were:\n" + "\n".join(lines[-15:]))
        os.replace(made, MODEL)
    STAMP.write_text(digest)


def ensure_trained(force: bool = False) -> None:
    """Train if it is needed (about a minute), with progress."""
    if force or is_stale():
        with progress("training the model (about a minute)"):
            train()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="train even if nothing changed")
    try:
        ensure_trained(parser.parse_args().force)
    except TrainingError as error:
        print(f"tirek train: {error}", file=sys.stderr)
        return 1
    say(f"the model is {MODEL.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
