"""How often real text is taken for a need or for danger: measured, never trained on.

``.venv-model/bin/python -m benchmarks.real_text harmless=reviews.csv:text`` reads columns of CSV
files that stay outside the repository: ``name=file.csv:column`` and, with
``name=file.csv:column:other=value``, only the lines whose column ``other`` is ``value``. Prints for
each the share whose intent is a need, the share with entity ``need`` and the share with a danger
card. docs/measurements.md names the sources.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.evaluate import MODEL, silence_rasa
from nlu.danger import DangerChecker
from nlu.intent_model import NEEDS


def read_column(argument: str, most: int) -> tuple[str, list[str]]:
    """Name and texts of one argument; at most ``most`` texts, chosen with a fixed seed."""
    name, _, rest = argument.partition("=")
    parts = rest.split(":")
    if len(parts) not in (2, 3):
        raise SystemExit(f"{argument}: give name=file.csv:column or name=file.csv:column:key=value")
    key, _, wanted = parts[2].partition("=") if len(parts) == 3 else ("", "", "")
    csv.field_size_limit(10**7)
    with Path(parts[0]).open(encoding="utf-8-sig", errors="replace", newline="") as file:
        texts = [row[parts[1]] for row in csv.DictReader(file) if not key or row[key] == wanted]
    texts = sorted({text for text in texts if text.strip()})
    random.Random(1).shuffle(texts)
    return name, texts[:most]


async def shares(model: Path, texts: Sequence[str]) -> tuple[float, float, float]:
    from rasa.core.agent import Agent

    agent, checker = Agent.load(str(model)), DangerChecker.load()
    intents = told = dangers = 0
    for text in texts:
        parsed = await agent.parse_message(text)
        intents += parsed["intent"]["name"] in NEEDS
        told += any(entity["entity"] == "need" for entity in parsed["entities"])
        hit = checker.check(text)
        dangers += hit is not None and hit.kind.is_emergency
    return intents / len(texts), told / len(texts), dangers / len(texts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("columns", nargs="+", metavar="name=file.csv:column[:key=value]")
    parser.add_argument("--most", type=int, default=4000)
    parser.add_argument("--model", type=Path, default=MODEL)
    arguments = parser.parse_args()
    silence_rasa()
    print(f"{'':<28}{'texts':>7}{'intent a need':>15}{'need told':>11}{'danger':>9}")
    for argument in arguments.columns:
        name, texts = read_column(argument, arguments.most)
        intents, told, danger = asyncio.run(shares(arguments.model, texts))
        print(f"{name:<28}{len(texts):>7}{intents:>15.3f}{told:>11.3f}{danger:>9.4f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
