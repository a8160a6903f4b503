"""Read the training messages without Rasa, for scripts and benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

MESSAGES = Path(__file__).resolve().parent / "messages"
DANGER_EXAMPLES = Path(__file__).resolve().parent / "danger_examples"


@dataclass(frozen=True)
class DangerExample:
    """A message of danger, or a harmless one that looks like it; ``kind`` as in ``nlu.danger``."""

    kind: str
    is_danger: bool
    text: str


@dataclass(frozen=True)
class TrainingMessage:
    """One training message; ``style`` is "", "indirect", "story" or "harmless"."""

    language: str
    intent: str
    style: str
    text: str


def read_messages(folder: Path = MESSAGES) -> Iterator[TrainingMessage]:
    """Every message of ``nlu/messages/<language>/<intent>.yml``."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for file in sorted(folder.glob("*/*.yml")):
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
        for block in content["nlu"]:
            style = (block.get("metadata") or {}).get("style", "")
            for line in block["examples"].splitlines():
                text = line.strip().removeprefix("- ").strip()
                if text:
                    yield TrainingMessage(file.parent.name, block["intent"], style, text)


def read_danger_examples(folder: Path = DANGER_EXAMPLES) -> Iterator[DangerExample]:
    """Every line of ``nlu/danger_examples/<kind>.<danger|near>.txt``, one message a line."""
    for file in sorted(folder.glob("*.txt")):
        kind, which, _ = file.name.split(".")
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield DangerExample(kind, which == "danger", line.strip())
