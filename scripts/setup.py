"""Build the two runtimes from the lock files. Needs only Python 3.11+ and git.

``.venv`` holds the app (bot, actions, knowledge), ``.venv-model`` holds Rasa on Python 3.10.
Running it again does nothing until a lock file changes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / ".venv"
MODEL = ROOT / ".venv-model"
KNOWLEDGE_COMMAND = ("tirek-knowledge", "knowledge.__main__")
STAMP = "tirek-lock-sha256"
PYTHON310_HELP = (
    "Rasa 3.6 needs Python 3.10 and none was found here. Do one of these, then run the command "
    "again:\n"
    "  - install Python 3.10 so that `python3.10 --version` works\n"
    "  - `pyenv install 3.10`\n"
    "  - point PYTHON310 at one:  PYTHON310=/path/to/python3.10 make setup"
)


class SetupError(Exception):
    """Set-up cannot go on; the text says what to do."""


def say(text: str) -> None:
    print(f"tirek setup: {text}", flush=True)


def run(*command: str | Path, quiet: bool = False) -> None:
    """Run a command; a failure becomes a :class:`SetupError` with the command in it."""
    words = [str(word) for word in command]
    try:
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL if quiet else None)
    except FileNotFoundError:
        raise SetupError(f"{words[0]} is not there") from None
    except subprocess.CalledProcessError as error:
        raise SetupError(
            f"this command ended with status {error.returncode}: {' '.join(words)}\n"
            "If the network was away, run the same command again; nothing is lost."
        ) from None


def version_of(python: str | Path) -> tuple[int, int] | None:
    """Ask an interpreter for its version; None when it does not run (pyenv shims may not)."""
    question = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [str(python), "-c", question], capture_output=True, text=True, timeout=30, check=True
        )
        major, minor = answer.stdout.split()
        return int(major), int(minor)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def find_python310(uv: Path) -> str:
    """Find Python 3.10: ``$PYTHON310``, ``python3.10``, pyenv's folder, then uv."""
    wanted = os.environ.get("PYTHON310")
    if wanted:
        if version_of(wanted) != (3, 10):
            raise SetupError(
                f"PYTHON310 is set to {wanted}, which does not run as Python 3.10. "
                "Set it to a Python 3.10 interpreter or unset it."
            )
        return wanted
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which("python3.10"), *sorted(pyenv.glob("3.10*/bin/python"), reverse=True)]
    for candidate in candidates:
        if candidate and version_of(candidate) == (3, 10):
            return str(candidate)
    say("no Python 3.10 on this machine, asking uv for one")
    installed = subprocess.run(
        [str(uv), "python", "install", "3.10"], stderr=subprocess.PIPE, text=True, check=False
    )
    if installed.returncode == 0:
        found = subprocess.run(
            [str(uv), "python", "find", "--managed-python", "3.10"],
            capture_output=True,
            text=True,
            check=False,
        )
        if found.returncode == 0 and version_of(found.stdout.strip()) == (3, 10):
            return found.stdout.strip()
    raise SetupError(PYTHON310_HELP)


def digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def is_current(venv: Path, wanted: str) -> bool:
    """Tell whether the runtime was finished from these lock files and still starts."""
    stamp = venv / STAMP
    python = venv / "bin" / "python"
    return stamp.is_file() and stamp.read_text() == wanted and version_of(python) is not None


def install(uv: Path, venv: Path, lock: Path, wanted: str) -> None:
    started = time.monotonic()
    say(f"installing {lock.name} into {venv.name} (minutes on the first run)")
    run(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", venv / "bin/python", lock)
    (venv / STAMP).write_text(wanted)
    say(f"{venv.name} is ready ({time.monotonic() - started:.0f} s)")


def ensure_uv() -> Path:
    """Install uv into a small environment of its own, so that the lock files stay ours."""
    venv = ROOT / "var" / "bootstrap"
    lock = ROOT / "requirements" / "bootstrap.txt"
    uv = venv / "bin" / "uv"
    wanted = digest(lock)
    if not (is_current(venv, wanted) and uv.exists()):
        run(sys.executable, "-m", "venv", "--clear", venv)
        pip = (venv / "bin" / "python", "-m", "pip", "--disable-pip-version-check")
        run(*pip, "install", "--quiet", "--require-hashes", "-r", lock)
        (venv / STAMP).write_text(wanted)
    return uv


def install_command(name: str, module: str) -> None:
    """Put a command of ours beside those of the libraries; it works from every folder."""
    command = APP / "bin" / name
    wanted = (
        f"#!{APP / 'bin' / 'python'}\n"
        f"import sys\n\nsys.path.insert(0, {str(ROOT)!r})\n"
        f"from {module} import main  # noqa: E402\n\nsys.exit(main())\n"
    )
    if not command.exists() or command.read_text() != wanted:
        command.write_text(wanted)
        command.chmod(0o755)


def setup(dev: bool) -> None:
    """Make both runtimes match their lock files; ``dev`` adds the tools of tests and checks."""
    if sys.version_info < (3, 11):
        raise SetupError(
            f"Tirek needs Python 3.11 or newer, this is {sys.version.split()[0]}. "
            "Run again with: make PYTHON=/path/to/python3.11 <target>"
        )
    requirements = ROOT / "requirements"
    model_lock = requirements / "model.txt"
    app_lock, dev_lock = requirements / "app.txt", requirements / "dev.txt"
    # A runtime with the developers' tools serves for running too: do not rebuild it back.
    app_is_current = is_current(APP, digest(dev_lock)) or (
        not dev and is_current(APP, digest(app_lock))
    )
    model_is_current = is_current(MODEL, digest(model_lock))
    if app_is_current and model_is_current:
        install_command(*KNOWLEDGE_COMMAND)
        return
    uv = ensure_uv()
    if not app_is_current:
        if version_of(APP / "bin" / "python") is None:
            run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, APP)
        lock = dev_lock if dev else app_lock
        install(uv, APP, lock, digest(lock))
    install_command(*KNOWLEDGE_COMMAND)
    if not model_is_current:
        if version_of(MODEL / "bin" / "python") != (3, 10):
            run(uv, "venv", "--quiet", "--clear", "--python", find_python310(uv), MODEL)
        install(uv, MODEL, model_lock, digest(model_lock))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="add the tools of tests and checks")
    dev = parser.parse_args().dev
    try:
        setup(dev)
    except SetupError as error:
        print(f"tirek setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ntirek setup: stopped; run the same command again to go on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
