"""``make lock``: renew the lock files after a change of ``requirements/*.in``."""

from __future__ import annotations

import subprocess
import sys

from common.settings import ROOT
from scripts.progress import say

UV = ROOT / "var" / "bootstrap" / "bin" / "uv"
PYTHONS = {"app": "3.11", "dev": "3.11", "bootstrap": "3.11", "model": "3.10"}


def main() -> int:
    folder = ROOT / "requirements"
    for name, python in PYTHONS.items():
        options = ["--python-version", python, "--generate-hashes", "--no-header"]
        # The model runtime is sealed to one Python on one kind of machine.
        options += ["--no-emit-index-url"] + (["--universal"] if name != "model" else [])
        command = [
            str(UV),
            "pip",
            "compile",
            "--quiet",
            *options,
            f"{name}.in",
            "-o",
            f"{name}.txt",
        ]
        if subprocess.run(command, cwd=folder, check=False).returncode != 0:
            print(f"tirek lock: {name}.in could not be resolved", file=sys.stderr)
            return 1
        say(f"requirements/{name}.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
