"""What several unit tests share: the words, the seed, and two real databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.core import Core
from bot.payload import Press
from bot.rasa_client import RasaClient, RasaMessage, RasaUnavailable
from common.texts import Texts
from knowledge import queries
from knowledge.database import connect, migrate
from knowledge.loader import load
from knowledge.seed_files import SeedData, read_seed
from nlu.danger import DangerChecker
from nlu.language import LanguageModel
from scripts.temporary_postgres import PostgresError, TemporaryPostgres

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


def answers_of(
    session: Session, topic: str, need: str | None, on: date, audience: str = ""
) -> list[queries.Answer]:
    """Every answer that is routed for a topic and a need, the main one first."""
    routed = queries.routes(session, topic, need, audience).questions
    found = [queries.answer(session, one, on) for one in routed]
    return [one for one in found if one is not None]


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
    """A PostgreSQL server of our own; gives the address of a new database."""
    try:
        with TemporaryPostgres() as server:
            yield server.new_database
    except PostgresError as error:
        pytest.fail(str(error))


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
