"""Remembers message numbers, so that a chat can be wiped: hashes and numbers, never words.

Telegram lets a bot delete messages of both sides in a private chat for 48 hours; numbers are kept
for 47 and then dropped.
"""

from __future__ import annotations

import asyncio
import logging
import time

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
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

log = logging.getLogger(__name__)
KEEP_SECONDS = 47 * 60 * 60
_PURGE_EVERY_SECONDS = 600

metadata = MetaData()
chat_message = Table(
    "chat_message",
    metadata,
    Column("chat", String(64), primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("sent_at", Integer, nullable=False),
    Index("ix_chat_message_sent_at", "sent_at"),
)


class MessageLog:
    """Numbers by chat hash. While the database is away they are kept in memory only."""

    def __init__(self, engine: Engine | None) -> None:
        self._engine = engine
        self._memory: dict[str, dict[int, int]] = {}
        self._purged_at = 0.0
        if engine is not None:
            metadata.create_all(engine)

    async def remember(self, chat: str, message_id: int) -> None:
        """Note a message of either side."""
        await asyncio.to_thread(self._remember, chat, message_id)

    async def take(self, chat: str) -> list[int]:
        """All numbers of a chat, oldest first; they are forgotten with this."""
        return await asyncio.to_thread(self._take, chat)

    def _remember(self, chat: str, message_id: int) -> None:
        now = int(time.time())
        if self._engine is not None:
            try:
                with self._engine.begin() as connection:
                    connection.execute(
                        insert(chat_message).values(chat=chat, message_id=message_id, sent_at=now)
                    )
                    if now - self._purged_at > _PURGE_EVERY_SECONDS:
                        self._purged_at = now
                        old = chat_message.c.sent_at < now - KEEP_SECONDS
                        connection.execute(delete(chat_message).where(old))
                return
            except IntegrityError:
                # An edited message has the number that is already there.
                return
            except SQLAlchemyError as error:
                log.error("message numbers stay in memory: %s", type(error).__name__)
        self._memory.setdefault(chat, {})[message_id] = now

    def _take(self, chat: str) -> list[int]:
        now = int(time.time())
        found = self._memory.pop(chat, {})
        if self._engine is not None:
            try:
                with self._engine.begin() as connection:
                    rows = connection.execute(
                        select(chat_message.c.message_id, chat_message.c.sent_at).where(
                            chat_message.c.chat == chat
                        )
                    )
                    found |= {row.message_id: row.sent_at for row in rows}
                    connection.execute(delete(chat_message).where(chat_message.c.chat == chat))
            except SQLAlchemyError as error:
                log.error("message numbers cannot be read: %s", type(error).__name__)
        return sorted(number for number, sent in found.items() if sent >= now - KEEP_SECONDS)
