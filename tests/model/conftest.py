"""What is slow is made once a session: the trained agent, Rasa, Redis, a small action server."""

from __future__ import annotations

import logging
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.model.stack import (
    MODEL,
    QUIET,
    FakeActions,
    RasaServer,
    Redis,
    free_port,
    start_rasa,
    start_redis,
)

# Before anything imports Rasa: it reads them while it is imported.
os.environ.update(QUIET)


@pytest.fixture(scope="session")
def model_file() -> Path:
    if not MODEL.is_file():
        pytest.fail(f"{MODEL} is missing: run make train")
    return MODEL


@pytest.fixture(scope="session")
def agent(model_file: Path) -> Any:
    """The trained model, loaded once."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    loaded = Agent.load(str(model_file))
    assert loaded.is_ready()
    return loaded


@pytest.fixture(scope="session")
def actions() -> Iterator[FakeActions]:
    fake = FakeActions(free_port())
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A real Redis of our own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.fail("redis-server is missing: install the Debian package redis-server")
    server = start_redis(program, tmp_path_factory.mktemp("redis"))
    yield server
    server.process.terminate()
    server.process.wait()


@pytest.fixture(scope="session")
def servers(
    tmp_path_factory: pytest.TempPathFactory,
    model_file: Path,
    actions: FakeActions,
    redis_server: Redis,
) -> Iterator[tuple[RasaServer, RasaServer]]:
    """Both Rasa servers of the session, started side by side to save time."""
    plain = start_rasa(tmp_path_factory.mktemp("rasa"), actions.port)
    with_api = start_rasa(
        tmp_path_factory.mktemp("rasa-api"),
        actions.port,
        TIREK_RASA_API="1",
        TIREK_REDIS_URL=redis_server.url,
        # Somebody's habit from debugging must not fill the log with messages.
        LOG_LEVEL="DEBUG",
        LOG_LEVEL_LIBRARIES="DEBUG",
    )
    both = (plain, with_api)
    try:
        for server in both:
            server.wait_until_ready()
        yield both
    finally:
        for server in both:
            server.stop()
    # Once more after the end: what is written while a server stops counts, too.
    for server in both:
        assert {m: found for m in server.markers if (found := server.places_of(m))} == {}


@pytest.fixture(scope="session")
def rasa(servers: tuple[RasaServer, RasaServer]) -> RasaServer:
    """Rasa as in production: no API, conversations in memory."""
    return servers[0]


@pytest.fixture(scope="session")
def rasa_with_api(servers: tuple[RasaServer, RasaServer]) -> RasaServer:
    """Rasa with its HTTP API, conversations in Redis."""
    return servers[1]


@pytest.fixture
def sender() -> str:
    """A conversation of its own for each test."""
    return uuid.uuid4().hex


@pytest.fixture
def marker() -> str:
    """A word that is nowhere else; plain ASCII, so that every encoding shows it."""
    return f"zqx{uuid.uuid4().hex}"
