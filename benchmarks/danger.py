"""Measure the fixed danger check on a suite: ``python -m benchmarks.danger FILE [--misses]``.

A line is ``{"text", "kind", "danger": true|false, "form"}``: a message of acute danger or a
harmless near-miss of the same kind, in one language form. Needs no Rasa.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from pathlib import Path

from nlu.danger import DangerChecker


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--misses", action="store_true", help="print what went wrong")
    arguments = parser.parse_args()
    checker = DangerChecker.load()
    hits: dict[tuple[str, bool], list[bool]] = defaultdict(list)
    by_kind: dict[tuple[str, bool], list[bool]] = defaultdict(list)
    seconds = []
    for file in arguments.files:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            started = time.perf_counter()
            hit = checker.check(row["text"])
            seconds.append(time.perf_counter() - started)
            hits[row["form"], row["danger"]].append(hit is not None)
            by_kind[row["kind"], row["danger"]].append(hit is not None)
            if arguments.misses and (hit is not None) != row["danger"]:
                what = "MISSED" if row["danger"] else f"FALSE {hit.kind.value if hit else ''}"
                print(f"{what}\t{row['form']}\t{row['kind']}\t{row['text']}")
    for title, groups in (("form", hits), ("kind", by_kind)):
        print(f"\n{title:<18}{'recall':>8}{'false alarms':>14}")
        for name in sorted({name for name, _ in groups}):
            recall, alarms = groups[name, True], groups[name, False]
            print(f"{name:<18}{_share(recall):>8}{_share(alarms):>14}")
    everything = [hit for (_, danger), found in hits.items() if danger for hit in found]
    alarms = [hit for (_, danger), found in hits.items() if not danger for hit in found]
    print(f"{'all':<18}{_share(everything):>8}{_share(alarms):>14}")
    seconds.sort()
    print(f"\n{len(seconds)} messages, p95 {seconds[int(len(seconds) * 0.95)] * 1000:.2f} ms")
    return 0


def _share(values: list[bool]) -> str:
    return f"{sum(values) / len(values):.3f}" if values else "-"


if __name__ == "__main__":
    sys.exit(main())
