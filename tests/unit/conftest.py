"""What several unit tests share: the words, the seed, and two real databases."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from bot.core import Core
from bot.payload import Press
from bot.rasa_client import RasaClient, RasaMessage, RasaUnavailable
from common.texts import Texts
from knowledge.database import connect, migrate
from knowledge.loader import SeedData, load, read_seed
from nlu.danger import DangerChecker
from nlu.language import LanguageModel

SETTINGS = (
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_API_URL",
    "TIREK_VAR_DIR",
    "TIREK_DATABASE_URL",
    "TIREK_REDIS_URL",
    "TIREK_SECRET",
    "TIREK_RASA_PORT",
    "TIREK_ACTIONS_PORT",
)


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No setting of this machine, no ``.env``, and a ``var`` folder of the test's own."""
    from common.settings import Settings

    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("TIREK_VAR_DIR", str(tmp_path / "var"))
    return monkeypatch


@pytest.fixture(scope="session")
def texts() -> Texts:
    return Texts.load()


@pytest.fixture(scope="session")
def seed() -> SeedData:
    return read_seed()


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory, seed: SeedData) -> str:
    """A SQLite file with the real seed; tests only read it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('knowledge') / 'knowledge.db'}"
    engine = connect(url)
    migrate(engine)
    load(engine, seed)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server of our own on a unix socket; gives the address of a new database."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        pytest.fail(
            "the PostgreSQL server is not installed: run `apt-get install postgresql` "
            "(the package that brings initdb and pg_ctl)"
        )
    binaries = found[-1].parent if found else Path(str(on_path)).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="tirek-pg-", dir="/tmp"))  # socket paths must be short
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    data, name = folder / "data", "postgres"

    def run(*command: str | Path) -> None:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=50,
            **user,
        )
        if done.returncode:
            log = folder / "log"
            more = log.read_text() if log.exists() else ""
            pytest.fail(f"{command[0]} ended with status {done.returncode}: {done.stdout}{more}")

    made = 0

    def new_database(kind: str) -> str:
        nonlocal made
        made += 1
        address = f"postgresql+psycopg://{name}@/{{}}?host={folder}"
        admin = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {kind}_{made}"))
        admin.dispose()
        return address.format(f"{kind}_{made}")

    started = False
    try:
        run(binaries / "initdb", "-D", data, "-U", name, "--auth=trust", "--no-sync",
            "--encoding=UTF8", "--no-locale")  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        # pg_ctl keeps its output open for the server's life unless it has a log file.
        run(binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start")
        started = True
        yield new_database
    finally:
        if started:
            run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _version(initdb: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in initdb.parent.parent.name.split(".") if part.isdigit())


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Callable[[str], str], seed: SeedData) -> str:
    """A PostgreSQL database with the real seed; tests only read it."""
    url = postgres_server("loaded")
    engine = connect(url)
    migrate(engine)
    load(engine, seed)
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        engine = connect(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        engine = connect(request.getfixturevalue("postgres_server")("empty"))
    yield engine
    engine.dispose()


class FakeRasa(RasaClient):
    """Stands in for the Rasa server: says what it is told to, or is down."""

    def __init__(self) -> None:
        # No connection is opened: the real stack is tested in tests/e2e.
        self.down = False
        self.messages = [RasaMessage("an answer of Rasa")]
        self.texts: list[tuple[str, str, str]] = []
        self.presses: list[tuple[str, str, Press]] = []
        self.forgotten: list[str] = []
        # While it is closed no answer comes.
        self.gate = asyncio.Event()
        self.gate.set()

    async def send_text(self, chat: str, language: str, text: str) -> list[RasaMessage]:
        self.texts.append((chat, language, text))
        return await self._answer()

    async def send_press(self, chat: str, language: str, press: Press) -> list[RasaMessage]:
        self.presses.append((chat, language, press))
        return await self._answer()

    async def forget(self, chat: str) -> bool:
        self.forgotten.append(chat)
        return not self.down

    async def is_ready(self) -> bool:
        return not self.down

    async def close(self) -> None:
        pass

    async def _answer(self) -> list[RasaMessage]:
        await self.gate.wait()
        if self.down:
            raise RasaUnavailable("ConnectError")
        return self.messages


@pytest.fixture(scope="session")
def danger() -> DangerChecker:
    return DangerChecker.load()


@pytest.fixture(scope="session")
def language_model() -> LanguageModel:
    return LanguageModel.load()


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def core(
    texts: Texts, danger: DangerChecker, language_model: LanguageModel, rasa: FakeRasa
) -> Core:
    return Core(texts, danger, language_model, rasa)
