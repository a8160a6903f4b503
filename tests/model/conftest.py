"""What the tests of the model runtime share: the trained agent and a real Rasa server.

Everything slow is made once a session. The action server is a small one of the standard library
that a test tells what to answer; the Rasa server is the real one, started as production does.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
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
# Before anything imports Rasa: it reads them while it is imported.
os.environ.update(QUIET)
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


@pytest.fixture(scope="session")
def model_file() -> Path:
    if not MODEL.is_file():
        pytest.fail(f"{MODEL} is missing: run make train")
    return MODEL


@pytest.fixture(scope="session")
def agent(model_file: Path) -> Any:
    """The trained model, loaded once."""
    from rasa.core.agent import Agent

    loaded = Agent.load(str(model_file))
    assert loaded.is_ready()
    return loaded


# --- a small action server ------------------------------------------------------------------------


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
        return self.of(sender)[-1]["tracker"]["slots"]


@pytest.fixture(scope="session")
def actions() -> Iterator[FakeActions]:
    fake = FakeActions(free_port())
    fake.start()
    yield fake
    fake.stop()


# --- the real Rasa server -------------------------------------------------------------------------


@dataclass
class Reply:
    status: int
    content: Any
    raw: bytes


@dataclass
class RasaServer:
    """A running ``python -m dialogue.launch``."""

    process: subprocess.Popen[bytes]
    port: int
    var: Path
    output: Path

    @property
    def secret(self) -> str:
        """What the bot shows, found as the bot finds it."""
        return derive((self.var / "secret").read_text().strip(), "rasa-channel").hex()

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
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

    def known(self, method: str, path: str, body: Any = None, timeout: float = CALL_TIMEOUT) -> Any:
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

    def log(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def files_with(self, marker: str) -> list[str]:
        """Where ``marker`` is found: the output, and every file that the server made."""
        wanted = [form.encode() for form in spellings(marker)]
        found = []
        for file in [self.output, *sorted(p for p in self.var.rglob("*") if p.is_file())]:
            content = file.read_bytes().lower()
            if any(form.lower() in content for form in wanted):
                found.append(str(file.relative_to(self.var.parent)))
        return found

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


def spellings(marker: str) -> list[str]:
    """The marker as a log or a file may write it: plain, and escaped once or twice."""
    escaped = json.dumps(marker)[1:-1]
    return list(dict.fromkeys([marker, escaped, escaped.replace("\\", "\\\\")]))


def start_rasa(folder: Path, actions_port: int, **more: str) -> RasaServer:
    """Start the launcher with everything that it may write under ``folder``."""
    var, output, port = folder / "var", folder / "output.txt", free_port()
    for made in (var / "home", var / "tmp"):
        made.mkdir(parents=True)
    environment = clean_environment(
        TIREK_VAR_DIR=str(var),
        TIREK_RASA_PORT=str(port),
        TIREK_ACTIONS_PORT=str(actions_port),
        HOME=str(var / "home"),
        TMPDIR=str(var / "tmp"),
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
    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/3"


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A real Redis of our own."""
    import redis

    program = shutil.which("redis-server")
    if program is None:
        pytest.fail("redis-server is missing: install the Debian package redis-server")
    folder, port = tmp_path_factory.mktemp("redis"), free_port()
    words = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    with (folder / "output.txt").open("wb") as log:
        process = subprocess.Popen([*words, "--save", ""], stdout=log, stderr=log)
    client = redis.Redis(port=port)
    deadline = time.monotonic() + 20
    while True:
        with contextlib.suppress(redis.ConnectionError):
            if client.ping():
                break
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail((folder / "output.txt").read_text()[-2000:])
        time.sleep(0.05)
    client.close()
    yield Redis(process, port, folder)
    process.terminate()
    process.wait()


@pytest.fixture(scope="session")
def _servers(
    tmp_path_factory: pytest.TempPathFactory,
    model_file: Path,
    actions: FakeActions,
    redis_server: Redis,
) -> Iterator[tuple[RasaServer, RasaServer]]:
    """Both servers of the session, started side by side to save time."""
    plain = start_rasa(tmp_path_factory.mktemp("rasa"), actions.port)
    with_api = start_rasa(
        tmp_path_factory.mktemp("rasa-api"),
        actions.port,
        TIREK_RASA_API="1",
        TIREK_REDIS_URL=redis_server.url,
    )
    try:
        plain.wait_until_ready()
        with_api.wait_until_ready()
        yield plain, with_api
    finally:
        plain.stop()
        with_api.stop()


@pytest.fixture(scope="session")
def rasa(_servers: tuple[RasaServer, RasaServer]) -> RasaServer:
    """Rasa as in production: no API, conversations in memory."""
    return _servers[0]


@pytest.fixture(scope="session")
def rasa_with_api(_servers: tuple[RasaServer, RasaServer]) -> RasaServer:
    """Rasa with its HTTP API, conversations in Redis."""
    return _servers[1]


_senders = iter(range(10**6))


@pytest.fixture
def sender() -> str:
    """A conversation of its own for each test."""
    return f"{next(_senders):032x}"
