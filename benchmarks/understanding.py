"""Understanding side by side: our pipeline, LogisticRegressionClassifier and stock DIET.

``.venv-model/bin/python -m benchmarks.understanding benchmarks/data/needs.final.jsonl``. All are
trained on the same stratified sample of ``nlu/messages`` (``--sample``), because DIET needs about
16 s an epoch for a thousand messages here; ``--epochs`` is DIET's number of epochs (stock: 300).
Prints accuracy, macro-F1, recall of emergencies by the intents ``immediate_danger`` and
``self_harm`` alone, milliseconds a message, memory and training time. Our fixed danger check, which
stands before the model in production, is a line of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from benchmarks.evaluate import BadFile, Example, Outcome, macro_f1, read_examples
from nlu.danger import DangerChecker
from nlu.messages_reader import TrainingMessage, read_messages

ROOT = Path(__file__).resolve().parent.parent
_DANGER_INTENTS = ("immediate_danger", "self_harm")
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3",
          "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONWARNINGS": "ignore"}  # fmt: skip
_COUNTS = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]


def pipelines(epochs: int) -> dict[str, list[dict[str, Any]]]:
    """The pipelines that are compared, without their fallback classifiers."""
    ours = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return {
        "tirek": [one for one in ours if one["name"] != "FallbackClassifier"],
        "logistic regression": [
            *_COUNTS,
            {"name": "LogisticRegressionClassifier", "max_iter": 200, "solver": "lbfgs"},
        ],
        "stock (DIET)": [
            *_COUNTS,
            {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True},
        ],
    }


def sample(messages: list[TrainingMessage], size: int) -> list[TrainingMessage]:
    """The same share of every intent and language, at least one message of each."""
    groups: dict[tuple[str, str], list[TrainingMessage]] = defaultdict(list)
    for message in messages:
        groups[message.intent, message.language].append(message)
    chosen = []
    for key in sorted(groups):
        group = groups[key]
        random.Random(0).shuffle(group)
        chosen += group[: max(1, round(size * len(group) / len(messages)))]
    return chosen


def write_project(folder: Path, pipeline: list[dict[str, Any]],
                  messages: list[TrainingMessage]) -> None:  # fmt: skip
    by_intent: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        by_intent[message.intent].append(message.text)
    nlu = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in by_intent.items()
    ]
    (folder / "nlu.yml").write_text(
        yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, width=10_000)
    )
    config = {"recipe": "default.v1", "assistant_id": "x", "language": "ru", "pipeline": pipeline}
    (folder / "config.yml").write_text(yaml.safe_dump({**config, "policies": []}))


def train(folder: Path) -> float:
    """Train in ``folder``; gives seconds."""
    started = time.monotonic()
    done = subprocess.run(
        [str(Path(sys.executable).with_name("rasa")), "train", "nlu", "--nlu", "nlu.yml",
         "--config", "config.yml", "--out", "models", "--fixed-model-name", "model"],
        cwd=folder, env={**os.environ, **_QUIET, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"training failed:\n{done.stderr[-2000:]}")
    return time.monotonic() - started


async def parse_all(model: Path, examples: list[Example]) -> dict[str, Any]:
    """Run in a process of its own, so that its memory is that of one pipeline."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    await agent.parse_message(examples[0].text)
    intents, taken = [], []
    for example in examples:
        started = time.perf_counter()
        parsed = await agent.parse_message(example.text)
        taken.append(time.perf_counter() - started)
        intents.append(parsed["intent"]["name"])
    taken.sort()
    return {
        "intents": intents,
        "median_ms": taken[len(taken) // 2] * 1000,
        "p95_ms": taken[int(len(taken) * 0.95)] * 1000,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def measure(model: Path, file: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.understanding", str(file), "--parse-with", str(model)],
        cwd=ROOT, env={**os.environ, **_QUIET}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"parsing failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--sample", type=int, default=1200, help="training messages")
    parser.add_argument("--epochs", type=int, default=30, help="of DIET")
    parser.add_argument("--parse-with", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    try:
        examples = read_examples(arguments.file)
    except BadFile as error:
        print(f"tirek understanding: {error}", file=sys.stderr)
        return 2
    if arguments.parse_with:
        print(json.dumps(asyncio.run(parse_all(arguments.parse_with, examples))))
        return 0
    messages = sample(list(read_messages()), arguments.sample)
    emergencies = [i for i, example in enumerate(examples) if example.emergency]
    print(f"{len(messages)} training messages, DIET {arguments.epochs} epochs, "
          f"{len(examples)} measured, {len(emergencies)} of them emergencies\n")  # fmt: skip
    print(f"{'':<20}{'accuracy':>9}{'macro-F1':>9}{'danger':>8}{'ms':>7}{'p95':>7}"
          f"{'MB':>7}{'training s':>12}")  # fmt: skip
    for name, pipeline in pipelines(arguments.epochs).items():
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            write_project(folder, pipeline, messages)
            seconds = train(folder)
            found = measure(folder / "models" / "model.tar.gz", arguments.file)
        outcomes = [
            Outcome(example, intent, intent in _DANGER_INTENTS)
            for example, intent in zip(examples, found["intents"], strict=True)
        ]
        accuracy = sum(outcome.is_right for outcome in outcomes) / len(outcomes)
        seen = sum(outcomes[i].danger for i in emergencies) / (len(emergencies) or 1)
        print(f"{name:<20}{accuracy:>9.3f}{macro_f1(outcomes):>9.3f}{seen:>8.3f}"
              f"{found['median_ms']:>7.1f}{found['p95_ms']:>7.1f}{found['megabytes']:>7.0f}"
              f"{seconds:>12.0f}", flush=True)  # fmt: skip
    checker = DangerChecker.load()
    hits = [checker.check(examples[i].text) is not None for i in emergencies]
    print(f"\nfixed danger check (before the model): recall {sum(hits) / (len(hits) or 1):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
