"""Real processes for the tests of the model runtime: Rasa as production starts it, and Redis.

Only the action server is a stand-in: a small one that speaks the protocol of rasa-sdk, and that a
test tells what to answer.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from common.secret import derive

ROOT = Path(__file__).resolve().parent.parent.parent
MODEL = ROOT / "models" / "tirek.tar.gz"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
READY_WITHIN = 120.0
CALL_TIMEOUT = 20.0
Answer = Callable[[dict[str, Any]], "tuple[int, bytes]"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(**more: str) -> dict[str, str]:
    """This environment without what would point at the developer's own stack."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TIREK_", "RASA_", "LOG_"))}
    return {**kept, **QUIET, **more}


def said(*responses: dict[str, Any], events: list[dict[str, Any]] | None = None) -> Answer:
    """The answer of an action that says ``responses`` and returns ``events``."""
    body = json.dumps({"events": events or [], "responses": list(responses)}).encode()
    return lambda _: (200, body)


@dataclass
class FakeActions:
    """Speaks the protocol of rasa-sdk; ``answers`` says what, by sender."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                call = json.loads(self.rfile.read(length))
                fake.calls.append(call)
                default = said({"text": f"done: {call['next_action']}"})
                status, body = fake.answers.get(call["sender_id"], default)(call)
                with contextlib.suppress(OSError):  # the caller may have gone
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Keep the test output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @contextlib.contextmanager
    def down(self) -> Iterator[None]:
        """Nobody listens at the port."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def of(self, sender: str) -> list[dict[str, Any]]:
        """The calls for one conversation."""
        return [call for call in self.calls if call["sender_id"] == sender]

    def slots(self, sender: str) -> dict[str, Any]:
        """The slots as the last action of the conversation saw them."""
        slots: dict[str, Any] = self.of(sender)[-1]["tracker"]["slots"]
        return slots


@dataclass
class Reply:
    """Status, body, and the body as JSON if it is some."""

    status: int
    content: Any
    raw: bytes


@dataclass
class RasaServer:
    """A running ``python -m dialogue.launch``; all that it may write lies under ``var``."""

    process: subprocess.Popen[bytes]
    port: int
    var: Path
    output: Path
    markers: list[str] = field(default_factory=list)

    @property
    def secret(self) -> str:
        """What the bot shows, found as the bot finds it."""
        return derive((self.var / "secret").read_text().strip(), "rasa-channel").hex()

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, Any] | None = None,
        timeout: float = CALL_TIMEOUT,
    ) -> Reply:
        """One request, exactly as given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            raw = answer.read()
        finally:
            connection.close()
        try:
            content = json.loads(raw)
        except ValueError:
            content = None
        return Reply(answer.status, content, raw)

    def known(
        self, method: str, path: str, body: Any = None, timeout: float = CALL_TIMEOUT
    ) -> Reply:
        """A call of the bot: with the secret, ``body`` as JSON unless it is bytes already."""
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        headers = {"X-Tirek-Secret": self.secret, "Content-Type": "application/json"}
        return self.call(method, f"/webhooks/tirek{path}", body, headers, timeout)

    def post(self, body: Any, timeout: float = CALL_TIMEOUT) -> Reply:
        return self.known("POST", "/webhook", body, timeout)

    def say(self, sender: str, text: str, language: str = "ru") -> Reply:
        return self.post({"sender": sender, "language": language, "text": text})

    def press(self, sender: str, intent: str, language: str = "ru", **entities: str) -> Reply:
        content = {"sender": sender, "language": language, "intent": intent}
        return self.post({**content, "entities": entities})

    def forget(self, sender: str) -> Reply:
        return self.known("DELETE", f"/conversations/{sender}")

    def log(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def places_of(self, marker: str) -> list[str]:
        """Where an ASCII ``marker`` is found: in the output, or in a file that Rasa made."""
        files = [self.output, *sorted(p for p in self.var.rglob("*") if p.is_file())]
        return [
            str(file.relative_to(self.var.parent))
            for file in files
            if marker.encode().lower() in file.read_bytes().lower()
        ]

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                pytest.fail(f"rasa ended with {self.process.returncode}:\n{self.log()[-3000:]}")
            if (self.var / "secret").is_file():
                with contextlib.suppress(OSError, http.client.HTTPException):
                    if self.known("GET", "/", timeout=2).status == 200:
                        return
            time.sleep(0.1)
        pytest.fail(f"rasa is not ready after {READY_WITHIN:.0f} s:\n{self.log()[-3000:]}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_rasa(folder: Path, actions_port: int, **more: str) -> RasaServer:
    """Start the launcher; :meth:`RasaServer.wait_until_ready` waits for it."""
    var, output, port = folder / "var", folder / "output.txt", free_port()
    for made in (var / "home", var / "tmp"):
        made.mkdir(parents=True)
    environment = clean_environment(
        TIREK_VAR_DIR=str(var),
        TIREK_RASA_PORT=str(port),
        TIREK_ACTIONS_PORT=str(actions_port),
        HOME=str(var / "home"),
        TMPDIR=str(var / "tmp"),
        PYTHONUNBUFFERED="1",  # else words could still wait in a buffer while we search
        **more,
    )
    with output.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dialogue.launch"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    return RasaServer(process, port, var, output)


@dataclass
class Redis:
    """A running ``redis-server`` without a disk copy."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path
    database: int = 3

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/{self.database}"


def start_redis(program: str, folder: Path) -> Redis:
    """Start Redis and wait until it answers."""
    import redis

    port, output = free_port(), folder / "output.txt"
    words = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    with output.open("wb") as log:
        process = subprocess.Popen([*words, "--save", ""], stdout=log, stderr=log)
    client = redis.Redis(port=port)
    deadline = time.monotonic() + 20
    while True:
        with contextlib.suppress(redis.ConnectionError):
            if client.ping():
                break
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            pytest.fail(f"redis-server does not start:\n{output.read_text()[-2000:]}")
        time.sleep(0.05)
    client.close()
    return Redis(process, port, folder)
