"""What goes wrong at the start gives one clear line, a status other than 0, and leaves nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.bot_api_server import TOKEN, BotApiServer
from tests.e2e.conftest import ROOT, Stack, environment, free_port, start


def run(var: Path, *module: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *(module or ("scripts.run",))],
        cwd=ROOT,
        env=environment(var, **extra),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def only_line(finished: subprocess.CompletedProcess[str]) -> str:
    lines = finished.stderr.strip().splitlines()
    assert len(lines) == 1, finished.stderr
    return lines[0]


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("TELEGRAM_BOT_TOKEN", "hunter2", "BotFather"),
        ("TIREK_DATABASE_URL", "mysql://root@localhost/x", "sqlite and postgresql"),
        ("TIREK_DATABASE_URL", "not a database", "sqlite:///"),
        ("TIREK_RASA_PORT", "70000", "65535"),
        ("TIREK_ACTIONS_PORT", "five", "number"),
        ("TIREK_SECRET", "short", "32"),
        ("TIREK_REDIS_URL", "localhost:6379", "redis://"),
        ("TELEGRAM_API_URL", "telegram", "https://"),
    ],
)
def test_a_wrong_setting(tmp_path: Path, name: str, value: str, advice: str) -> None:
    finished = run(tmp_path / "var", **{name: value})
    assert finished.returncode == 2
    line = only_line(finished)
    assert name in line
    assert advice.lower() in line.lower()
    assert not (tmp_path / "var" / "knowledge.db").exists()


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        finished = run(tmp_path, TIREK_RASA_PORT=port, TIREK_ACTIONS_PORT=str(free_port()))
    assert finished.returncode == 1
    assert f"port {port} is in use" in only_line(finished)


def test_a_database_server_that_is_not_there(tmp_path: Path) -> None:
    address = f"postgresql://tirek:hunter2@127.0.0.1:{free_port()}/tirek"
    finished = run(
        tmp_path,
        TIREK_DATABASE_URL=address,
        TIREK_RASA_PORT=str(free_port()),
        TIREK_ACTIONS_PORT=str(free_port()),
    )
    assert finished.returncode == 1
    assert "TIREK_DATABASE_URL" in only_line(finished)
    assert "hunter2" not in finished.stderr + finished.stdout


def test_the_bot_alone_without_a_token(tmp_path: Path) -> None:
    finished = run(tmp_path, "bot")
    assert finished.returncode == 2
    assert "TELEGRAM_BOT_TOKEN" in only_line(finished)


def test_a_token_that_telegram_does_not_know(tmp_path: Path) -> None:
    with BotApiServer(token="987654:ANOTHER-TOKEN-THAN-THE-TEST-ONE") as server:
        stack = start(tmp_path, server)
        assert stack.process.wait(timeout=120) == 1
        assert any("Telegram does not know this token" in line for line in stack.output)
        assert TOKEN not in "".join(stack.output)


def test_the_same_command_twice(stack: Stack) -> None:
    ports = {
        name: value
        for name, value in _environment_of(stack).items()
        if name in ("TIREK_RASA_PORT", "TIREK_ACTIONS_PORT")
    }
    finished = run(stack.var, **ports)
    assert finished.returncode == 1
    assert "Tirek is running already" in only_line(finished)


def _environment_of(stack: Stack) -> dict[str, str]:
    raw = Path(f"/proc/{stack.process.pid}/environ").read_bytes()
    return dict(item.decode().split("=", 1) for item in raw.split(b"\0") if b"=" in item)


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_however_it_ends_no_process_stays(tmp_path: Path, how: str) -> None:
    with BotApiServer() as server:
        stack = start(tmp_path, server)
        stack.wait_for("serving Telegram", timeout=120)
        pids = [stack.pid(name) for name in ("rasa", "actions", "bot")]
        os.kill(stack.process.pid, getattr(signal, how))
        status = stack.process.wait(timeout=60)
        assert how == "SIGKILL" or status == 0
        deadline = time.monotonic() + 30
        while (alive := [pid for pid in pids if _is_alive(pid)]) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not alive


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
