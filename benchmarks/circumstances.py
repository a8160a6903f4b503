"""Measure need beside the intent, offender, whom it concerns and signs of age.

``.venv-model/bin/python -m benchmarks.circumstances benchmarks/data/circumstances.final.jsonl``. A
line is ``{"text", "label", "lang", "need": [...], "offender": [...], "concerns": [...], "minor"}``;
the lists hold what is accepted, null stands for "not said". Runs the trained model.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.evaluate import MODEL, silence_rasa


async def parse_all(model: Path, texts: Sequence[str]) -> list[dict[str, str]]:
    """Entities of every text, by kind."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    found = []
    for text in texts:
        parsed = await agent.parse_message(text)
        found.append({entity["entity"]: entity["value"] for entity in parsed["entities"]})
    return found


def line(name: str, rows: Sequence[dict[str, Any]], found: Sequence[dict[str, str]]) -> str:
    """Share right, found of what is surely said, right of what was found, made up of the unsaid."""
    pairs = [(row[name], one.get(name)) for row, one in zip(rows, found, strict=True)]
    right = [value in accepted for accepted, value in pairs]
    said = [value in accepted for accepted, value in pairs if None not in accepted]
    named = [value in accepted for accepted, value in pairs if value is not None]
    unsaid = [value is not None for accepted, value in pairs if accepted == [None]]

    def share(values: list[bool]) -> str:
        return f"{sum(values) / len(values):.3f} of {len(values):>3}" if values else "-"

    return f"{name:<10}{share(right):>16}{share(said):>16}{share(named):>16}{share(unsaid):>16}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", type=Path, default=MODEL)
    arguments = parser.parse_args()
    silence_rasa()
    content = arguments.file.read_text(encoding="utf-8")
    rows = [json.loads(one) for one in content.splitlines() if one.strip()]
    found = asyncio.run(parse_all(arguments.model, [row["text"] for row in rows]))
    print(f"{'':<10}{'right':>16}{'found if said':>16}{'right if named':>16}{'made up':>16}")
    for name in ("need", "offender"):
        print(line(name, rows, found))
    # Whom it concerns is only asked of messages that tell of a need and show whom.
    told = [(r, f) for r, f in zip(rows, found, strict=True) if "concerns" in f]
    told = [(r, f) for r, f in told if r["concerns"] != [None]]
    print(line("concerns", [r for r, _ in told], [f for _, f in told]))
    signs = [(row["minor"], "minor" in one) for row, one in zip(rows, found, strict=True)]
    hits = sum(sign and seen for sign, seen in signs)
    named = sum(seen for _, seen in signs)
    print(f"minor     recall {hits / sum(sign for sign, _ in signs):.3f}, "
          f"precision {hits / (named or 1):.3f} of {named}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
