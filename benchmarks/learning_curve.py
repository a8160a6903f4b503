"""How much more messages help: ``.venv-model/bin/python -m benchmarks.learning_curve``.

Trains the intent model on growing shares of ``nlu/messages`` (the same share of every intent and
language; danger examples likewise), reads the steering half of ``needs`` each time, and draws
``docs/learning-curve.svg``.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import TypeVar

import matplotlib

from benchmarks.evaluate import Example, read_examples
from nlu.intent_model import IntentModel
from nlu.messages_reader import read_danger_examples, read_messages

ROOT = Path(__file__).resolve().parent.parent
SHARES = (0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
LINES = ("all", "en", "kk", "ru", "indirect")
T = TypeVar("T")


def share_of(items: Sequence[tuple[Hashable, T]], share: float) -> list[T]:
    """The same share of every group, at least one of each; larger shares hold the smaller ones."""
    groups: dict[Hashable, list[T]] = defaultdict(list)
    for key, item in items:
        groups[key].append(item)
    chosen: list[T] = []
    for group in groups.values():
        random.Random(0).shuffle(group)
        chosen += group[: max(1, round(share * len(group)))]
    return chosen


def accuracy(model: IntentModel, examples: Sequence[Example]) -> float:
    right = 0
    for example in examples:
        intent = model.read(example.text).ranking[0][0]
        right += intent in (example.label, *example.also_ok)
    return right / len(examples)


def draw(points: Sequence[tuple[int, dict[str, float]]], path: Path) -> None:
    """Draw accuracy against messages."""
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "tirek"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2))
    for line in LINES:
        axes.plot([n for n, _ in points], [by[line] for _, by in points], marker="o", label=line)
    axes.set_xscale("log")
    axes.set_xlabel("training messages")
    axes.set_ylabel("accuracy (label or accepted second reading)")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=ROOT / "benchmarks/data/needs.steer.jsonl")
    parser.add_argument("--picture", type=Path, default=ROOT / "docs/learning-curve.svg")
    arguments = parser.parse_args()
    examples = read_examples(arguments.file)
    groups = {
        "all": examples,
        "indirect": [e for e in examples if e.style == "indirect"],
        **{lang: [e for e in examples if e.language == lang] for lang in ("en", "kk", "ru")},
    }
    messages = [((m.intent, m.language), m) for m in read_messages()]
    dangers = [((e.kind, e.is_danger), e) for e in read_danger_examples()]
    points = []
    print(f"{'messages':>9}" + "".join(f"{line:>10}" for line in LINES))
    for share in SHARES:
        chosen = share_of(messages, share)
        model = IntentModel.fit(
            [m.text for m in chosen], [m.intent for m in chosen], share_of(dangers, share)
        )
        found = {line: accuracy(model, groups[line]) for line in LINES}
        points.append((len(chosen), found))
        print(f"{len(chosen):>9}" + "".join(f"{found[line]:>10.3f}" for line in LINES), flush=True)
    draw(points, arguments.picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
