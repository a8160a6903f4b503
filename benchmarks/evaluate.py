"""Measure understanding on a file of labelled messages: ``make evaluate FILE=x.jsonl``.

A line is ``{"text", "label", "also_ok": [], "lang", "style", "emergency"}``; all but text and
label may be missing. A message counts as understood if the intent is the label or one of
``also_ok``. Danger is what the fixed check of :mod:`nlu.danger` says, as in production. Runs in the
model runtime, on the trained model.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "models" / "tirek.tar.gz"


class BadFile(Exception):
    """The file cannot be read as described above; the text names the line."""


@dataclass(frozen=True)
class Example:
    """One labelled message."""

    text: str
    label: str
    also_ok: tuple[str, ...]
    language: str
    style: str
    emergency: bool | None


@dataclass(frozen=True)
class Outcome:
    """What was understood."""

    example: Example
    intent: str
    danger: bool

    @property
    def is_right(self) -> bool:
        return self.intent in (self.example.label, *self.example.also_ok)

    @property
    def counted_as(self) -> str:
        """The intent for F1: an accepted second reading counts as the label."""
        return self.example.label if self.is_right else self.intent


def read_examples(path: Path) -> list[Example]:
    """Read the file; the first broken line is a :class:`BadFile`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{path}: cannot be read ({error})") from None
    examples = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text, label = row["text"], row["label"]
        except (ValueError, KeyError, TypeError):
            raise BadFile(f"{path}, line {number}: needs JSON with text and label") from None
        if not isinstance(text, str) or not isinstance(label, str):
            raise BadFile(f"{path}, line {number}: text and label are strings")
        examples.append(
            Example(
                text=text,
                label=label,
                also_ok=tuple(row.get("also_ok") or ()),
                language=str(row.get("lang") or "?"),
                style=str(row.get("style") or "?"),
                emergency=row.get("emergency"),
            )
        )
    if not examples:
        raise BadFile(f"{path}: holds no messages")
    return examples


async def understand(examples: Iterable[Example], model: Path) -> list[Outcome]:
    """Run every message through the trained Rasa model and the danger check."""
    from rasa.core.agent import Agent

    from nlu.danger import DangerChecker

    checker = DangerChecker.load()
    agent = Agent.load(str(model))
    outcomes = []
    for example in examples:
        parsed = await agent.parse_message(example.text)
        hit = checker.check(example.text)
        danger = hit is not None and hit.kind.is_emergency
        outcomes.append(Outcome(example, parsed["intent"]["name"], danger))
    return outcomes


def macro_f1(outcomes: Iterable[Outcome]) -> float:
    """Mean F1 over the labels that occur."""
    hits: Counter[str] = Counter()
    named: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    for outcome in outcomes:
        labelled[outcome.example.label] += 1
        named[outcome.counted_as] += 1
        hits[outcome.example.label] += outcome.is_right
    scores = [2 * hits[label] / (labelled[label] + named[label]) for label in labelled]
    return sum(scores) / len(scores)


def summary(outcomes: list[Outcome]) -> dict[str, Any]:
    """Numbers of a group of outcomes."""
    return {
        "messages": len(outcomes),
        "accuracy": round(sum(o.is_right for o in outcomes) / len(outcomes), 4),
        "macro_f1": round(macro_f1(outcomes), 4),
    }


def report(outcomes: list[Outcome]) -> dict[str, Any]:
    """Everything that is printed, as plain data."""
    groups: dict[str, dict[str, list[Outcome]]] = {
        "language": defaultdict(list),
        "style": defaultdict(list),
    }
    for outcome in outcomes:
        groups["language"][outcome.example.language].append(outcome)
        groups["style"][outcome.example.style].append(outcome)
    emergencies = [o for o in outcomes if o.example.emergency is True]
    others = [o for o in outcomes if o.example.emergency is False]
    wrong = Counter((o.example.label, o.intent) for o in outcomes if not o.is_right)
    return {
        "all": summary(outcomes),
        **{
            f"by_{kind}": {name: summary(group) for name, group in sorted(by_name.items())}
            for kind, by_name in groups.items()
        },
        "danger": {
            "emergencies": len(emergencies),
            "recall": _share(o.danger for o in emergencies),
            "others": len(others),
            "false_alarms": _share(o.danger for o in others),
        },
        "confusions": [
            {"label": label, "intent": intent, "messages": count}
            for (label, intent), count in wrong.most_common()
        ],
    }


def _share(values: Iterable[bool]) -> float | None:
    found = list(values)
    return round(sum(found) / len(found), 4) if found else None


def print_report(found: dict[str, Any], confusions: int = 40) -> None:
    """The report for people."""

    def row(name: str, group: dict[str, Any]) -> None:
        print(
            f"{name:<22}{group['messages']:>6}  accuracy {group['accuracy']:.3f}"
            f"  macro-F1 {group['macro_f1']:.3f}"
        )

    row("all", found["all"])
    for kind in ("language", "style"):
        print(f"\nby {kind}")
        for name, group in found[f"by_{kind}"].items():
            row(f"  {name}", group)
    danger = found["danger"]
    print(
        f"\ndanger: recall {danger['recall']} of {danger['emergencies']}, "
        f"false alarms {danger['false_alarms']} of {danger['others']}"
    )
    print("\nconfusions (label -> intent)")
    for one in found["confusions"][:confusions]:
        print(f"  {one['messages']:>4}  {one['label']} -> {one['intent']}")


def silence_rasa() -> None:
    """Keep Rasa's logs off the screen: what is printed is the measurement."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    # Rasa writes each message at DEBUG unless structlog is told not to.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--misses", action="store_true", help="print each message not understood")
    arguments = parser.parse_args()
    silence_rasa()
    try:
        examples = read_examples(arguments.file)
    except BadFile as error:
        print(f"tirek evaluate: {error}", file=sys.stderr)
        return 2
    outcomes = asyncio.run(understand(examples, arguments.model))
    found = report(outcomes)
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        print_report(found)
    if arguments.misses:
        for outcome in outcomes:
            if not outcome.is_right:
                print(f"{outcome.example.label} -> {outcome.intent}: {outcome.example.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
