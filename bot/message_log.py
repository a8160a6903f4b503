"""Remembers message numbers, so that a chat can be wiped: hashes and numbers, never words.

Telegram lets a bot delete messages of both sides in a private chat for 48 hours; numbers are kept
for 47. They are noted in memory at once and written by one background task: no answer ever waits
for the database.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)
KEEP_SECONDS = 47 * 60 * 60
_WRITE_EVERY_SECONDS = 0.2
_CLOSE_SECONDS = 5.0

metadata = MetaData()
chat_message = Table(
    "chat_message",
    metadata,
    Column("chat", String(64), primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("sent_at", Integer, nullable=False),
    Index("ix_chat_message_sent_at", "sent_at"),
)


@dataclass(frozen=True)
class KnownMessages:
    """Numbers, oldest first; ``complete`` is False if older ones may exist that nobody noted."""

    numbers: list[int]
    complete: bool


class MessageLog:
    """Numbers by chat hash; without a database they live as long as the process."""

    def __init__(self, engine: Engine | None) -> None:
        self._engine = engine
        self._table_is_there = False
        self._making_table = threading.Lock()
        self._memory: dict[str, dict[int, int]] = defaultdict(dict)
        self._unwritten: dict[tuple[str, int], int] = {}
        self._writer: asyncio.Task[None] | None = None

    def remember(self, chat: str, message_id: int) -> None:
        """Note a message of either side; takes no time."""
        now = int(time.time())
        self._memory[chat].setdefault(message_id, now)
        if self._engine is not None:
            self._unwritten.setdefault((chat, message_id), now)
            if self._writer is None or self._writer.done():
                self._writer = asyncio.create_task(self._write_soon())

    async def newest(self, chat: str, count: int) -> list[int]:
        """The newest numbers of a chat, oldest first; nothing is forgotten."""
        return (await self._read(chat)).numbers[-count:]

    async def all_of(self, chat: str) -> KnownMessages:
        """Every number of a chat that is young enough to be deleted."""
        return await self._read(chat)

    async def forget(self, chat: str, numbers: list[int]) -> None:
        """Drop numbers whose messages are gone."""
        gone = set(numbers)
        for number in gone:
            self._memory[chat].pop(number, None)
            self._unwritten.pop((chat, number), None)
        if not self._memory[chat]:
            del self._memory[chat]
        await self._in_database(
            delete(chat_message).where(
                chat_message.c.chat == chat, chat_message.c.message_id.in_(gone)
            )
        )

    async def close(self) -> None:
        """Write what is still to be written; a database that is away holds up no stop."""
        if self._writer is not None:
            done, _ = await asyncio.wait([self._writer], timeout=_CLOSE_SECONDS)
            if not done:
                self._writer.cancel()
                log.error("%s message numbers could not be written", len(self._unwritten))

    async def _read(self, chat: str) -> KnownMessages:
        now = int(time.time())
        found = dict(self._memory.get(chat, {}))
        rows = await self._in_database(
            select(chat_message.c.message_id, chat_message.c.sent_at).where(
                chat_message.c.chat == chat
            )
        )
        for number, sent_at in rows or ():
            found.setdefault(number, sent_at)
        young = sorted(n for n, sent_at in found.items() if sent_at >= now - KEEP_SECONDS)
        return KnownMessages(young, complete=rows is not None and len(young) == len(found))

    async def _write_soon(self) -> None:
        """Write in batches until nothing is left; what fails stays in memory and is tried again."""
        while self._unwritten:
            await asyncio.sleep(_WRITE_EVERY_SECONDS)
            batch = dict(self._unwritten)
            rows = [
                {"chat": chat, "message_id": number, "sent_at": sent_at}
                for (chat, number), sent_at in batch.items()
            ]
            if await asyncio.to_thread(self._write, rows):
                for key in batch:
                    self._unwritten.pop(key, None)
                    self._forget_in_memory(key)
            else:
                self._drop_old()
                await asyncio.sleep(10 * _WRITE_EVERY_SECONDS)

    def _forget_in_memory(self, key: tuple[str, int]) -> None:
        chat, number = key
        self._memory[chat].pop(number, None)
        if not self._memory[chat]:
            del self._memory[chat]

    def _drop_old(self) -> None:
        """Keep the promise of 47 hours while the database is away, too."""
        limit = int(time.time()) - KEEP_SECONDS
        for key, sent_at in list(self._unwritten.items()):
            if sent_at < limit:
                del self._unwritten[key]
                self._forget_in_memory(key)

    def _write(self, rows: list[dict[str, object]]) -> bool:
        if self._engine is None:
            return False
        try:
            self._make_table()
            with self._engine.begin() as connection:
                known = {
                    (row.chat, row.message_id)
                    for row in connection.execute(
                        select(chat_message.c.chat, chat_message.c.message_id).where(
                            chat_message.c.message_id.in_([row["message_id"] for row in rows])
                        )
                    )
                }
                # An edited message has the number that is already there.
                new = [row for row in rows if (row["chat"], row["message_id"]) not in known]
                if new:
                    connection.execute(insert(chat_message), new)
                limit = int(time.time()) - KEEP_SECONDS
                connection.execute(delete(chat_message).where(chat_message.c.sent_at < limit))
        except SQLAlchemyError as error:
            log.error("message numbers stay in memory: %s", type(error).__name__)
            return False
        return True

    def _make_table(self) -> None:
        # Two threads may come here at once.
        with self._making_table:
            if not self._table_is_there and self._engine is not None:
                metadata.create_all(self._engine)
                self._table_is_there = True

    async def _in_database(self, statement: object) -> list[tuple[int, int]] | None:
        """Run one statement; None if there is no database or it fails."""

        def run() -> list[tuple[int, int]] | None:
            if self._engine is None:
                return None
            try:
                self._make_table()
                with self._engine.begin() as connection:
                    result = connection.execute(statement)  # type: ignore[call-overload]
                    return [tuple(row) for row in result] if result.returns_rows else []
            except SQLAlchemyError as error:
                log.error("message numbers cannot be reached: %s", type(error).__name__)
                return None

        return await asyncio.to_thread(run)
