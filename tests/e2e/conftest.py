"""The whole stack, started once: ``make run``'s own program against the Bot API server."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.bot_api_server import TOKEN, BotApiServer

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(var: Path, **extra: str) -> dict[str, str]:
    """A clean environment: no token or address of whoever runs the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TIREK_", "TELEGRAM_"))}
    return {**kept, "TIREK_VAR_DIR": str(var), "PYTHONUNBUFFERED": "1", **extra}


@dataclass
class Stack:
    """The running stack: its output, and its processes by name."""

    process: subprocess.Popen[str]
    server: BotApiServer
    var: Path
    output: list[str] = field(default_factory=list)

    def wait_for(self, pattern: str, timeout: float, since: int = 0) -> str:
        """Wait for a line of output."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for line in self.output[since:]:
                if re.search(pattern, line):
                    return line
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"no line like {pattern!r} in:\n{''.join(self.output)}")

    def pid(self, name: str) -> int:
        """The newest process of that name."""
        log = (self.var / "log" / "supervisord.log").read_text()
        return int(re.findall(rf"spawned: '{name}' with pid (\d+)", log)[-1])

    def kill(self, name: str) -> None:
        """Kill a process as a crash would."""
        os.kill(self.pid(name), signal.SIGKILL)


def start(var: Path, server: BotApiServer, **extra: str) -> Stack:
    """Start ``python -m scripts.run``; the caller waits for what it expects."""
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.run"],
        cwd=ROOT,
        env=environment(
            var,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=server.url,
            TIREK_RASA_PORT=str(free_port()),
            TIREK_ACTIONS_PORT=str(free_port()),
            **extra,
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    stack = Stack(process, server, var)

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            stack.output.append(line)

    threading.Thread(target=read, daemon=True).start()
    return stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The three processes, serving the Bot API server; ended by Ctrl-C."""
    var = tmp_path_factory.mktemp("var")
    with BotApiServer() as server:
        running = start(var, server)
        try:
            running.wait_for("serving Telegram", timeout=300)
            yield running
        finally:
            running.process.send_signal(signal.SIGINT)
            running.process.wait(timeout=60)


@pytest.fixture
def server(stack: Stack) -> BotApiServer:
    return stack.server


# As long as real ones: four digits turn up by chance in any hash, and the search for traces looks
# for them.
_chat_ids = iter(range(7_123_450_000, 7_123_550_000))


@pytest.fixture
def chat_id() -> int:
    """A chat that nobody has used yet."""
    return next(_chat_ids)
