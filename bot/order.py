"""Updates in order within a chat, chats side by side (the library knows only all or one)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, cast

from telegram import Update
from telegram.ext import BaseUpdateProcessor

# More than this waiting in one chat is no conversation. Typed words still get through: one of
# them may be about danger.
MAX_WAITING = 20


class PerChatOrder(BaseUpdateProcessor):
    """Holds a lock per chat while an update is handled; idle locks are dropped.

    ``at_once`` is far above what is worked on at a time, because an update that waits for its
    chat takes one of these places, too.
    """

    def __init__(self, at_once: int = 4096) -> None:
        super().__init__(max_concurrent_updates=at_once)
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}

    async def initialize(self) -> None:
        """Nothing to set up."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_process_update(self, update: object, coroutine: Any) -> None:
        chat = update.effective_chat if isinstance(update, Update) else None
        if chat is None:
            await coroutine
            return
        lock, waiting = self._locks.get(chat.id, (asyncio.Lock(), 0))
        if waiting >= MAX_WAITING and not _has_words(update):
            cast("Coroutine[Any, Any, Any]", coroutine).close()
            return
        self._locks[chat.id] = (lock, waiting + 1)
        try:
            # asyncio locks are fair: the first to wait is the first to go.
            async with lock:
                await coroutine
        finally:
            lock, waiting = self._locks[chat.id]
            if waiting == 1:
                del self._locks[chat.id]
            else:
                self._locks[chat.id] = (lock, waiting - 1)


def _has_words(update: object) -> bool:
    message = update.effective_message if isinstance(update, Update) else None
    return message is not None and bool(message.text or message.caption)
