"""Set-up finds a Python 3.10 that really runs, or says what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import setup
from scripts.setup import SetupError

ROOT = Path(__file__).resolve().parents[2]
NO_UV = Path("/nonexistent/uv")


def program(path: Path, script: str) -> Path:
    """An executable shell script that stands where an interpreter would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine on which no Python 3.10 is known; gives the folder that is its PATH."""
    monkeypatch.delenv("PYTHON310", raising=False)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(setup.shutil, "which", lambda name: _which(folder, name))
    return folder


def _which(folder: Path, name: str) -> str | None:
    found = folder / name
    return str(found) if found.exists() else None


@pytest.fixture
def uv(tmp_path: Path) -> Path:
    """A uv that can provide nothing."""
    return program(tmp_path / "uv", "exit 2")


# --- does it run? --------------------------------------------------------------------------------


def test_a_running_python_tells_its_version() -> None:
    assert setup.version_of(sys.executable) == sys.version_info[:2]


def test_a_shim_that_fails_is_no_python(tmp_path: Path) -> None:
    shim = program(
        tmp_path / "python3.10",
        'echo "pyenv: python3.10: command not found" >&2; echo "3 10"; exit 127',
    )
    assert setup.version_of(shim) is None


@pytest.mark.parametrize("script", ["echo hello", "exit 0", "echo 3 10 13", "kill -9 $$"])
def test_a_program_that_answers_something_else_is_no_python(tmp_path: Path, script: str) -> None:
    assert setup.version_of(program(tmp_path / "python3.10", script)) is None


def test_what_is_not_there_or_not_executable_is_no_python(tmp_path: Path) -> None:
    assert setup.version_of(tmp_path / "python3.10") is None
    (tmp_path / "text").write_text("hello")
    assert setup.version_of(tmp_path / "text") is None
    assert setup.version_of(tmp_path) is None


# --- where is 3.10? ------------------------------------------------------------------------------


def test_a_wrong_python310_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHON310", sys.executable)
    with pytest.raises(SetupError) as caught:
        setup.find_python310(NO_UV)
    message = str(caught.value)
    assert sys.executable in message
    assert "PYTHON310" in message
    assert "unset it" in message
    assert "\n" not in message


def test_a_python310_that_is_not_there_is_not_replaced_by_another(
    monkeypatch: pytest.MonkeyPatch, bare: Path, tmp_path: Path
) -> None:
    program(bare / "python3.10", "echo 3 10")
    monkeypatch.setenv("PYTHON310", str(tmp_path / "nowhere"))
    with pytest.raises(SetupError, match="PYTHON310 is set to"):
        setup.find_python310(NO_UV)


def test_a_given_python310_is_taken_first(
    monkeypatch: pytest.MonkeyPatch, bare: Path, tmp_path: Path
) -> None:
    program(bare / "python3.10", "echo 3 10")
    given = program(tmp_path / "mine" / "python", "echo 3 10")
    monkeypatch.setenv("PYTHON310", str(given))
    assert setup.find_python310(NO_UV) == str(given)


def test_python310_on_the_path_is_taken_if_it_runs(bare: Path) -> None:
    found = program(bare / "python3.10", "echo 3 10")
    assert setup.find_python310(NO_UV) == str(found)


def test_a_failing_shim_is_passed_over_for_pyenvs_own_folder(bare: Path, tmp_path: Path) -> None:
    program(bare / "python3.10", "exit 127")
    versions = tmp_path / "pyenv" / "versions"
    program(versions / "3.10.9" / "bin" / "python", "echo 3 10")
    newest = program(versions / "3.10.91" / "bin" / "python", "echo 3 10")
    program(versions / "3.11.7" / "bin" / "python", "echo 3 11")
    assert setup.find_python310(NO_UV) == str(newest)


def test_uv_is_asked_last(bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    provided = program(tmp_path / "provided" / "python", "echo 3 10")
    uv = program(tmp_path / "uv", f'[ "$2" = find ] && echo {provided}; exit 0')
    assert setup.find_python310(uv) == str(provided)
    assert "asking uv" in capsys.readouterr().out


@pytest.mark.parametrize(
    "script",
    [
        "exit 2",
        '[ "$2" = install ] && exit 0; exit 2',
        '[ "$2" = find ] && echo /nonexistent/python; exit 0',
    ],
)
def test_a_missing_python310_says_what_to_do(bare: Path, tmp_path: Path, script: str) -> None:
    with pytest.raises(SetupError) as caught:
        setup.find_python310(program(tmp_path / "uv", script))
    message = str(caught.value)
    assert "Rasa 3.6 needs Python 3.10" in message
    for way in ("python3.10 --version", "pyenv install 3.10", "PYTHON310="):
        assert way in message


# --- running and repeating -----------------------------------------------------------------------


def test_a_command_that_fails_is_named_with_its_status(tmp_path: Path) -> None:
    broken = program(tmp_path / "broken", "exit 3")
    with pytest.raises(SetupError) as caught:
        setup.run(broken, "--flag", quiet=True)
    assert f"status 3: {broken} --flag" in str(caught.value)
    assert "again" in str(caught.value)


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(SetupError, match="/nonexistent/uv is not there"):
        setup.run(NO_UV)


def test_a_runtime_is_current_while_its_lock_file_is_the_same(tmp_path: Path) -> None:
    lock = tmp_path / "app.txt"
    lock.write_text("a==1\n")
    venv = tmp_path / "venv"
    assert not setup.is_current(venv, setup.digest(lock))
    program(venv / "bin" / "python", "echo 3 11")
    (venv / setup.STAMP).write_text(setup.digest(lock))
    assert setup.is_current(venv, setup.digest(lock))
    lock.write_text("a==2\n")
    assert not setup.is_current(venv, setup.digest(lock))


def test_a_runtime_that_no_longer_starts_is_not_current(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "python", "exit 127")
    (tmp_path / setup.STAMP).write_text("x")
    assert not setup.is_current(tmp_path, "x")


def test_set_up_on_an_old_python_says_which_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 1, "final", 0))
    with pytest.raises(SetupError, match=r"needs Python 3\.11 or newer"):
        setup.setup(dev=False)


def test_the_command_shows_its_help_with_nothing_installed() -> None:
    # -I and -S: neither the runtime nor the folder of the project may be needed.
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "scripts" / "setup.py"), "--help"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0
    assert "--dev" in done.stdout
