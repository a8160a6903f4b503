"""``make bench``: speed, start and memory of our Rasa server against stock Rasa, in one run.

Stock means the pipeline and policies that ``rasa init`` writes, trained on the same messages, rules
and responses, with stock memory store and REST channel; DIET, ResponseSelector, TED and UnexpecTED
get few epochs (``--epochs``), because speed does not depend on them and 100 would take hours. Both
servers answer the same messages through the same action server, one after the other, so that the
load of the machine is the same for both.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import yaml

from common.settings import ROOT, settings
from scripts.progress import progress
from scripts.supervision import APP_PYTHON, MODEL_PYTHON
from scripts.train import DATA, MODEL, QUIET, RASA, train

_PLAIN = ("спасибо", "рахмет", "thank you", "пока", "сау бол")
_WITH_ACTION = ("какие у меня права", "күйеуім ұрады", "what are my rights", "муж бьет меня")


def stock_config(epochs: int) -> dict[str, Any]:
    """What ``rasa init`` of 3.6 writes, with ``epochs`` in place of 100."""
    neural = {"epochs": epochs, "constrain_similarities": True}
    return {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {
                "name": "CountVectorsFeaturizer",
                "analyzer": "char_wb",
                "min_ngram": 1,
                "max_ngram": 4,
            },
            {"name": "DIETClassifier", **neural},
            {"name": "EntitySynonymMapper"},
            {"name": "ResponseSelector", **neural},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": [
            {"name": "MemoizationPolicy"},
            {"name": "RulePolicy"},
            {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": epochs},
            {"name": "TEDPolicy", "max_history": 5, **neural},
        ],
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], cwd: Path, extra: dict[str, str], url: str,
           headers: dict[str, str]) -> Iterator[dict[str, float]]:  # fmt: skip
    """A running server; gives seconds until ready, and at the end its memory in MB."""
    numbers: dict[str, float] = {}
    started = time.monotonic()
    process = subprocess.Popen(
        command, cwd=cwd, env={**os.environ, **QUIET, **extra},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while True:
            if process.poll() is not None:
                raise SystemExit(f"this server ended: {' '.join(command)}")
            try:
                if httpx.get(url, headers=headers, timeout=2, trust_env=False).is_success:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
            if time.monotonic() - started > 300:
                raise SystemExit(f"no answer from {url}")
        numbers["ready_seconds"] = time.monotonic() - started
        yield numbers
        status = Path(f"/proc/{process.pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        numbers["resident_mb"] = int(resident.split()[1]) / 1024
    finally:
        process.terminate()
        process.wait()


def turns(url: str, headers: dict[str, str], messages: tuple[str, ...], count: int,
          body: dict[str, str]) -> dict[str, float]:  # fmt: skip
    """Milliseconds a turn (median, p95) and turns a second, one user, several talks."""
    taken = []
    with httpx.Client(headers=headers, timeout=60, trust_env=False) as client:
        for number in range(count):
            text = messages[number % len(messages)]
            talk = f"benchmark-talk-{number // 10:08d}"
            name = "text" if "language" in body else "message"
            started = time.perf_counter()
            client.post(url, json={"sender": talk, name: text, **body}).raise_for_status()
            taken.append(time.perf_counter() - started)
    taken = sorted(taken[len(taken) // 10 :])
    return {
        "median_ms": median(taken) * 1000,
        "p95_ms": taken[int(len(taken) * 0.95)] * 1000,
        "turns_per_second": len(taken) / sum(taken),
    }


def measure_ours(actions_port: int, count: int) -> dict[str, Any]:
    port = free_port()
    headers = {"X-Tirek-Secret": settings().channel_secret}
    base = f"http://127.0.0.1:{port}/webhooks/tirek"
    extra = {
        "TIREK_RASA_PORT": str(port), "TIREK_ACTIONS_PORT": str(actions_port),
        "TIREK_CHANNEL_SECRET": settings().channel_secret, "TIREK_MODEL": str(MODEL),
    }  # fmt: skip
    command = [str(MODEL_PYTHON), "-m", "dialogue.launch"]
    with server(command, ROOT, extra, f"{base}/", headers) as numbers:
        found: dict[str, Any] = {
            name: turns(f"{base}/webhook", headers, messages, count, {"language": "ru"})
            for name, messages in (("plain", _PLAIN), ("with_action", _WITH_ACTION))
        }
    return {**found, **numbers}


def measure_stock(folder: Path, actions_port: int, count: int) -> dict[str, Any]:
    port = free_port()
    endpoints = {"action_endpoint": {"url": f"http://127.0.0.1:{actions_port}/webhook"}}
    (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints))
    (folder / "credentials.yml").write_text("rest:\n")
    base = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    command = [str(RASA), "run", "-i", "127.0.0.1", "-p", str(port), "-m", str(folder / "models")]
    with server(command, folder, {}, f"http://127.0.0.1:{port}/", {}) as numbers:
        found: dict[str, Any] = {
            name: turns(base, {}, messages, count, {})
            for name, messages in (("plain", _PLAIN), ("with_action", _WITH_ACTION))
        }
    return {**found, **numbers}


def train_stock(folder: Path, epochs: int) -> float:
    """Train stock Rasa on the same data; seconds."""
    (folder / "config.yml").write_text(yaml.safe_dump(stock_config(epochs), sort_keys=False))
    shutil.copy(ROOT / "domain.yml", folder)
    started = time.monotonic()
    command = [str(RASA), "train", "--quiet", "--data", *(str(ROOT / name) for name in DATA)]
    log = folder / "train.log"
    with log.open("w") as output:
        finished = subprocess.run(
            command, cwd=folder, env={**os.environ, **QUIET}, stdout=output, stderr=output,
            check=False,
        )  # fmt: skip
    if finished.returncode != 0:
        raise SystemExit(f"stock training failed:\n{log.read_text()[-2000:]}")
    return time.monotonic() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=1, help="epochs of the stock neural parts")
    parser.add_argument("--turns", type=int, default=200, help="turns of each kind")
    arguments = parser.parse_args()
    actions_port = free_port()
    extra = {"TIREK_ACTIONS_PORT": str(actions_port)}
    health = f"http://127.0.0.1:{actions_port}/health"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.monotonic()
        with progress("training ours"):
            train()
        ours_training = time.monotonic() - started
        with progress(f"training stock, {arguments.epochs} epoch(s)"):
            stock_training = train_stock(folder, arguments.epochs)
        actions = server([str(APP_PYTHON), "-m", "actions.server"], ROOT, extra, health, {})
        with actions as action_numbers, progress("measuring both servers"):
            stock = measure_stock(folder, actions_port, arguments.turns)
            ours = measure_ours(actions_port, arguments.turns)
    result = {
        "machine": {"cores": os.cpu_count(), "stock_epochs": arguments.epochs},
        "ours": {"training_seconds": ours_training, **ours},
        "stock": {"training_seconds": stock_training, **stock},
        "actions": action_numbers,
        "ratios": {
            "plain_turns": ours["plain"]["turns_per_second"] / stock["plain"]["turns_per_second"],
            "action_turns": ours["with_action"]["turns_per_second"]
            / stock["with_action"]["turns_per_second"],
            "ready": ours["ready_seconds"] / stock["ready_seconds"],
            "memory": ours["resident_mb"] / stock["resident_mb"],
            "training": ours_training / stock_training,
        },
    }
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
