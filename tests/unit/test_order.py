"""A chat is answered in the order of its messages, and no chat waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, Update

from bot.order import MAX_WAITING, PerChatOrder


def update(number: int, chat: int, text: str | None = "x") -> Update:
    sent = Message(number, datetime.now(UTC), Chat(chat, Chat.PRIVATE), text=text)
    return Update(number, message=sent)


@pytest.fixture
def order() -> PerChatOrder:
    return PerChatOrder()


class Handler:
    """Work that goes on until its gate opens; notes when it begins and ends."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    async def work(self, name: str) -> None:
        self.seen.append(f"{name} begins")
        await self.gates.setdefault(name, asyncio.Event()).wait()
        self.seen.append(f"{name} ends")

    def open(self, *names: str) -> None:
        for name in names:
            self.gates.setdefault(name, asyncio.Event()).set()


async def settle() -> None:
    """Let everything go on that can."""
    for _ in range(20):
        await asyncio.sleep(0)


def start(order: PerChatOrder, one: object, work: Awaitable[None]) -> asyncio.Task[None]:
    return asyncio.create_task(order.do_process_update(one, work))


async def test_messages_of_a_chat_are_answered_one_after_another(order: PerChatOrder) -> None:
    handler = Handler()
    tasks = [start(order, update(i, chat=1), handler.work(str(i))) for i in range(3)]
    await settle()
    assert handler.seen == ["0 begins"]
    handler.open("2", "1", "0")
    await asyncio.gather(*tasks)
    assert handler.seen == [
        "0 begins", "0 ends", "1 begins", "1 ends", "2 begins", "2 ends",
    ]  # fmt: skip


async def test_another_chat_does_not_wait(order: PerChatOrder) -> None:
    handler = Handler()
    slow = start(order, update(1, chat=1), handler.work("slow"))
    await settle()
    handler.open("quick")
    await start(order, update(2, chat=2), handler.work("quick"))
    assert handler.seen == ["slow begins", "quick begins", "quick ends"]
    handler.open("slow")
    await slow


async def test_a_failure_does_not_stop_the_chat(order: PerChatOrder) -> None:
    async def fail() -> None:
        raise RuntimeError("broken")

    handler = Handler()
    handler.open("after")
    broken = start(order, update(1, chat=1), fail())
    after = start(order, update(2, chat=1), handler.work("after"))
    with pytest.raises(RuntimeError):
        await broken
    await after
    assert handler.seen == ["after begins", "after ends"]


async def test_a_cancelled_wait_does_not_stop_the_chat(order: PerChatOrder) -> None:
    handler = Handler()
    first = start(order, update(1, chat=1), handler.work("first"))
    await settle()
    waiting = handler.work("waiting")
    second = start(order, update(2, chat=1), waiting)
    third = start(order, update(3, chat=1), handler.work("third"))
    await settle()
    second.cancel()
    handler.open("first", "third")
    await asyncio.gather(first, third)
    waiting.close()
    assert handler.seen == ["first begins", "first ends", "third begins", "third ends"]


async def test_what_belongs_to_no_chat_is_handled_at_once(order: PerChatOrder) -> None:
    handler = Handler()
    handler.open("x", "y")
    await order.do_process_update(Update(1), handler.work("x"))
    await order.do_process_update("not an update", handler.work("y"))
    assert handler.seen[-1] == "y ends"


async def test_nothing_is_kept_of_chats_that_are_quiet(order: PerChatOrder) -> None:
    handler = Handler()
    names = [str(i) for i in range(50)]
    tasks = [start(order, update(i, chat=i % 7), handler.work(n)) for i, n in enumerate(names)]
    await settle()
    handler.open(*names)
    await asyncio.gather(*tasks)
    assert order._locks == {}


async def test_the_library_can_drive_it(order: PerChatOrder) -> None:
    handler = Handler()
    handler.open("a", "b")
    async with order:
        await asyncio.gather(
            order.process_update(update(1, chat=1), handler.work("a")),
            order.process_update(update(2, chat=1), handler.work("b")),
        )
    assert handler.seen == ["a begins", "a ends", "b begins", "b ends"]


async def test_a_flood_in_one_chat_takes_no_place_from_others_and_words_still_count(
    order: PerChatOrder,
) -> None:
    handler = Handler()

    def give(number: int, chat: int, name: str, text: str | None) -> asyncio.Task[None]:
        one = update(number, chat, text)
        return asyncio.create_task(order.process_update(one, handler.work(name)))

    async with order:
        tasks = [give(i, 1, f"sticker {i}", None) for i in range(MAX_WAITING)]
        await settle()
        dropped = give(100, 1, "sticker too many", None)
        words = give(101, 1, "words", "он ломает дверь")
        other = give(102, 2, "other", None)
        await settle()
        assert dropped.done()
        assert handler.seen == ["sticker 0 begins", "other begins"]
        handler.open("words", "other", *(f"sticker {i}" for i in range(MAX_WAITING)))
        await asyncio.gather(words, other, *tasks)
    assert handler.seen[-2:] == ["words begins", "words ends"]
    assert not [one for one in handler.seen if "too many" in one]
    assert order._locks == {}
