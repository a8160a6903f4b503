"""``make test``: unit tests, the model runtime's tests, and the whole stack, in this order.

``TESTS=unit make test`` (or model, e2e) runs one part.
"""

from __future__ import annotations

import os
import subprocess
import sys

from common.settings import ROOT
from scripts.progress import say
from scripts.supervision import APP_PYTHON, MODEL_PYTHON
from scripts.train import QUIET, TrainingError, ensure_trained

PARTS = {"unit": APP_PYTHON, "model": MODEL_PYTHON, "e2e": APP_PYTHON}


def main() -> int:
    wanted = os.environ.get("TESTS")
    if wanted and wanted not in PARTS:
        print(f"tirek test: TESTS is one of {', '.join(PARTS)}", file=sys.stderr)
        return 2
    try:
        ensure_trained()
    except TrainingError as error:
        print(f"tirek test: {error}", file=sys.stderr)
        return 1
    results = {}
    for part, python in PARTS.items():
        if wanted in (None, "", part):
            say(f"tests: {part}")
            command = [str(python), "-m", "pytest", f"tests/{part}"]
            environment = {
                **os.environ,
                **{k: v for k, v in QUIET.items() if k != "PYTHONWARNINGS"},
            }
            results[part] = subprocess.run(
                command, cwd=ROOT, env=environment, check=False
            ).returncode
    for part, status in results.items():
        say(f"{part}: {'passed' if status == 0 else 'FAILED'}")
    return max(results.values())


if __name__ == "__main__":
    sys.exit(main())
