"""Message numbers are kept for 47 hours, by hash, so that a chat can be wiped."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select

from bot import message_log
from bot.message_log import KEEP_SECONDS, KnownMessages, MessageLog, chat_message
from knowledge.database import connect

CHAT, OTHER = "a" * 64, "b" * 64


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write without a pause."""
    monkeypatch.setattr(message_log, "_WRITE_EVERY_SECONDS", 0)


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


@pytest.fixture(params=["sqlite", "postgresql"])
def any_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "sqlite":
        yield request.getfixturevalue("engine")
        return
    engine = connect(request.getfixturevalue("postgres_server")("numbers"))
    yield engine
    engine.dispose()


@pytest.fixture
async def numbers(any_engine: Engine) -> AsyncIterator[MessageLog]:
    log = MessageLog(any_engine)
    # The first question makes the table.
    assert await log.all_of(CHAT) == KnownMessages([], complete=True)
    yield log
    await log.close()


class Away:
    """Makes every statement of an engine fail while ``now`` is set."""

    def __init__(self, engine: Engine) -> None:
        self.now = True
        event.listen(engine, "before_cursor_execute", self._fail)

    def _fail(self, *_: object) -> None:
        if self.now:
            raise message_log.SQLAlchemyError("MARKED words")


def rows(engine: Engine) -> list[tuple[str, int]]:
    with engine.connect() as connection:
        found = connection.execute(select(chat_message.c.chat, chat_message.c.message_id))
        return sorted((row.chat, row.message_id) for row in found)


async def test_numbers_come_back_in_order_before_and_after_they_are_written(
    numbers: MessageLog, any_engine: Engine
) -> None:
    for number in (12, 3, 7):
        numbers.remember(CHAT, number)
    numbers.remember(OTHER, 99)
    assert await numbers.all_of(CHAT) == KnownMessages([3, 7, 12], complete=True)
    await numbers.close()
    assert rows(any_engine) == [(CHAT, 3), (CHAT, 7), (CHAT, 12), (OTHER, 99)]
    assert await numbers.all_of(CHAT) == KnownMessages([3, 7, 12], complete=True)
    assert (await numbers.all_of(OTHER)).numbers == [99]


async def test_what_is_gone_is_forgotten_and_the_rest_stays(
    numbers: MessageLog, any_engine: Engine
) -> None:
    for number in (1, 2, 3):
        numbers.remember(CHAT, number)
    numbers.remember(OTHER, 2)
    await numbers.close()
    numbers.remember(CHAT, 4)
    await numbers.forget(CHAT, [1, 2, 4])
    await numbers.close()
    assert (await numbers.all_of(CHAT)).numbers == [3]
    assert rows(any_engine) == [(CHAT, 3), (OTHER, 2)]


async def test_the_newest_numbers_can_be_had_alone(numbers: MessageLog) -> None:
    for number in range(1, 30):
        numbers.remember(CHAT, number)
    await numbers.close()
    numbers.remember(CHAT, 30)
    assert await numbers.newest(CHAT, 3) == [28, 29, 30]
    assert len((await numbers.all_of(CHAT)).numbers) == 30


async def test_an_edited_message_is_remembered_once(
    numbers: MessageLog, any_engine: Engine
) -> None:
    numbers.remember(CHAT, 5)
    numbers.remember(CHAT, 5)
    await numbers.close()
    numbers.remember(CHAT, 5)
    await numbers.close()
    assert (await numbers.all_of(CHAT)).numbers == [5]
    assert rows(any_engine) == [(CHAT, 5)]


async def test_the_same_number_in_two_chats_is_two_messages(
    numbers: MessageLog, any_engine: Engine
) -> None:
    numbers.remember(CHAT, 5)
    await numbers.close()
    numbers.remember(OTHER, 5)
    await numbers.close()
    assert rows(any_engine) == [(CHAT, 5), (OTHER, 5)]


async def test_numbers_too_old_for_telegram_are_not_given_and_something_is_left(
    clock: Clock, numbers: MessageLog
) -> None:
    numbers.remember(CHAT, 1)
    await numbers.close()
    clock.now += KEEP_SECONDS - 60
    numbers.remember(CHAT, 2)
    await numbers.close()
    assert await numbers.all_of(CHAT) == KnownMessages([1, 2], complete=True)
    clock.now += 61
    assert await numbers.all_of(CHAT) == KnownMessages([2], complete=False)


async def test_old_rows_leave_the_database_by_themselves(
    clock: Clock, numbers: MessageLog, any_engine: Engine
) -> None:
    numbers.remember(CHAT, 1)
    await numbers.close()
    clock.now += KEEP_SECONDS + 1
    numbers.remember(OTHER, 2)
    await numbers.close()
    assert rows(any_engine) == [(OTHER, 2)]


async def test_a_large_number_of_telegram_fits(numbers: MessageLog, any_engine: Engine) -> None:
    numbers.remember(CHAT, 2**40)
    await numbers.close()
    assert rows(any_engine) == [(CHAT, 2**40)]


async def test_numbers_survive_a_restart(engine: Engine) -> None:
    first = MessageLog(engine)
    first.remember(CHAT, 5)
    await first.close()
    assert (await MessageLog(engine).all_of(CHAT)).numbers == [5]


async def test_only_hash_number_and_time_are_kept(engine: Engine) -> None:
    assert set(chat_message.columns.keys()) == {"chat", "message_id", "sent_at"}
    before = int(time.time())
    numbers = MessageLog(engine)
    numbers.remember(CHAT, 5)
    await numbers.close()
    with engine.connect() as connection:
        row = connection.execute(select(chat_message)).one()
    assert (row.chat, row.message_id) == (CHAT, 5)
    assert row.sent_at >= before


async def test_what_is_written_leaves_the_memory(numbers: MessageLog) -> None:
    numbers.remember(CHAT, 5)
    await numbers.close()
    assert dict(numbers._memory) == {}
    assert numbers._unwritten == {}


async def test_without_a_database_memory_serves_and_says_that_there_may_be_more() -> None:
    numbers = MessageLog(None)
    for number in (9, 4):
        numbers.remember(CHAT, number)
    assert await numbers.all_of(CHAT) == KnownMessages([4, 9], complete=False)
    await numbers.forget(CHAT, [4])
    assert await numbers.newest(CHAT, 5) == [9]
    await numbers.close()


async def test_while_the_database_is_away_memory_serves_and_nothing_is_claimed(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = MessageLog(engine)
    numbers.remember(CHAT, 1)
    await numbers.close()
    Away(engine)
    with caplog.at_level(logging.ERROR):
        numbers._memory[CHAT][2] = int(time.time())
        found = await numbers.all_of(CHAT)
    assert found == KnownMessages([2], complete=False)
    assert "SQLAlchemyError" in caplog.text
    assert "MARKED" not in caplog.text


async def test_what_could_not_be_written_is_written_when_the_database_is_back(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    away = Away(engine)
    numbers = MessageLog(engine)
    write = numbers._write

    def fail_once(batch: list[dict[str, object]]) -> bool:
        done = write(batch)
        away.now = False
        return done

    numbers._write = fail_once  # type: ignore[method-assign]
    numbers.remember(CHAT, 1)
    numbers.remember(CHAT, 2)
    await numbers.close()
    assert rows(engine) == [(CHAT, 1), (CHAT, 2)]
    assert "message numbers stay in memory: SQLAlchemyError" in caplog.text
    assert "MARKED" not in caplog.text


async def test_a_database_that_is_away_at_the_start_stops_nothing(engine: Engine) -> None:
    away = Away(engine)
    numbers = MessageLog(engine)
    assert (await numbers.all_of(CHAT)).numbers == []
    away.now = False
    numbers.remember(CHAT, 1)
    await numbers.close()
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(chat_message)) == 1


async def test_a_database_that_stays_away_holds_up_no_stop(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(message_log, "_CLOSE_SECONDS", 0.3)
    Away(engine)
    numbers = MessageLog(engine)
    numbers.remember(CHAT, 1)
    started = time.monotonic()
    await numbers.close()
    assert time.monotonic() - started < 5
    assert "1 message numbers could not be written" in caplog.text
