"""Message numbers are kept for 47 hours, by hash, so that a chat can be wiped."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select

from bot import message_log
from bot.message_log import KEEP_SECONDS, MessageLog, chat_message
from knowledge.database import connect

CHAT, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = connect(f"sqlite:///{tmp_path / 'numbers.db'}")
    yield engine
    engine.dispose()


class Clock:
    """The time of day as the test wants it."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(message_log, "time", clock)
    return clock


@pytest.fixture(params=["database", "memory", "postgresql"])
def numbers(request: pytest.FixtureRequest) -> Iterator[MessageLog]:
    if request.param == "memory":
        yield MessageLog(None)
    elif request.param == "database":
        yield MessageLog(request.getfixturevalue("engine"))
    else:
        engine = connect(request.getfixturevalue("postgres_server")("numbers"))
        yield MessageLog(engine)
        engine.dispose()


async def test_numbers_come_back_once_and_in_order(numbers: MessageLog) -> None:
    for number in (12, 3, 7):
        await numbers.remember(CHAT, number)
    await numbers.remember(OTHER, 99)
    assert await numbers.take(CHAT) == [3, 7, 12]
    assert await numbers.take(CHAT) == []
    assert await numbers.take(OTHER) == [99]


async def test_an_edited_message_is_remembered_once(numbers: MessageLog) -> None:
    await numbers.remember(CHAT, 5)
    await numbers.remember(CHAT, 5)
    assert await numbers.take(CHAT) == [5]


async def test_numbers_too_old_for_telegram_are_not_given(
    clock: Clock, numbers: MessageLog
) -> None:
    await numbers.remember(CHAT, 1)
    clock.now += KEEP_SECONDS - 60
    await numbers.remember(CHAT, 2)
    clock.now += 61
    assert await numbers.take(CHAT) == [2]


async def test_a_large_number_of_telegram_fits(numbers: MessageLog) -> None:
    await numbers.remember(CHAT, 2**40)
    assert await numbers.take(CHAT) == [2**40]


async def test_old_rows_leave_the_database_by_themselves(clock: Clock, engine: Engine) -> None:
    numbers = MessageLog(engine)
    await numbers.remember(CHAT, 1)
    await numbers.remember(OTHER, 2)
    clock.now += KEEP_SECONDS + 1
    await numbers.remember(OTHER, 3)
    with engine.connect() as connection:
        assert [row.message_id for row in connection.execute(select(chat_message))] == [3]


async def test_numbers_survive_a_restart(engine: Engine) -> None:
    await MessageLog(engine).remember(CHAT, 5)
    assert await MessageLog(engine).take(CHAT) == [5]


async def test_only_hash_number_and_time_are_kept(engine: Engine) -> None:
    assert set(chat_message.columns.keys()) == {"chat", "message_id", "sent_at"}
    before = int(time.time())
    await MessageLog(engine).remember(CHAT, 5)
    with engine.connect() as connection:
        row = connection.execute(select(chat_message)).one()
    assert (row.chat, row.message_id) == (CHAT, 5)
    assert row.sent_at >= before


async def test_while_the_database_is_away_numbers_are_kept_in_memory(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = MessageLog(engine)
    await numbers.remember(CHAT, 1)
    away = True

    @event.listens_for(engine, "before_cursor_execute")
    def fail(*_: object) -> None:
        if away:
            raise message_log.SQLAlchemyError("MARKED words")

    with caplog.at_level(logging.ERROR):
        await numbers.remember(CHAT, 2)
    assert "SQLAlchemyError" in caplog.text
    assert "MARKED" not in caplog.text
    away = False
    await numbers.remember(CHAT, 3)
    assert await numbers.take(CHAT) == [1, 2, 3]
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(chat_message)) == 0


async def test_a_wipe_while_the_database_is_away_takes_what_memory_has(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = MessageLog(engine)

    @event.listens_for(engine, "before_cursor_execute")
    def fail(*_: object) -> None:
        raise message_log.SQLAlchemyError("MARKED words")

    await numbers.remember(CHAT, 2)
    assert await numbers.take(CHAT) == [2]
    assert "MARKED" not in caplog.text
