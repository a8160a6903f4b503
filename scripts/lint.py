"""``make lint``: ruff, mypy, the training data, the seed, and that the lock files fit."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from common.settings import ROOT
from knowledge.seed_files import SeedError, read_seed
from scripts.progress import say
from scripts.train import DATA, QUIET, RASA

BIN = ROOT / ".venv" / "bin"


def run(name: str, *command: str) -> bool:
    """Run one check and tell how it ended."""
    finished = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **QUIET}, capture_output=True, text=True, check=False
    )
    say(f"{name}: {'ok' if finished.returncode == 0 else 'FAILED'}")
    if finished.returncode != 0:
        print(finished.stdout[-6000:], finished.stderr[-3000:], sep="\n")
    return finished.returncode == 0


def seed_is_whole() -> bool:
    try:
        read_seed()
    except SeedError as error:
        say(f"seed: FAILED: {error}")
        return False
    say("seed: ok")
    return True


def locks_name_every_requirement() -> bool:
    """Each package of an ``.in`` file stands in its lock, with hashes and without addresses."""
    whole = True
    for source in sorted((ROOT / "requirements").glob("*.in")):
        lock = source.with_suffix(".txt").read_text()
        wanted = re.findall(r"^([A-Za-z][\w.-]*)", source.read_text(), flags=re.MULTILINE)
        pinned = {name.lower() for name in re.findall(r"^([\w.-]+)==", lock, flags=re.MULTILINE)}
        missing = [n for n in wanted if n.lower().replace("_", "-") not in pinned]
        if missing or "--hash=" not in lock or "://" in lock:
            say(f"locks: FAILED: {source.name}: {missing or 'hashes or addresses'}; run make lock")
            whole = False
    if whole:
        say("locks: ok")
    return whole


def main() -> int:
    checks = [
        run("ruff check", str(BIN / "ruff"), "check", "--output-format=concise", "."),
        run("ruff format", str(BIN / "ruff"), "format", "--check", "."),
        run("mypy", str(BIN / "mypy")),
        seed_is_whole(),
        locks_name_every_requirement(),
        run(
            "training data",
            str(RASA), "data", "validate", "--fail-on-warnings", "--data", *DATA,
        ),
    ]  # fmt: skip
    return 0 if all(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
