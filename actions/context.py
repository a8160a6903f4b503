"""What all actions share in this process: the database, the words, today's date."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from common.settings import settings
from common.texts import Texts
from knowledge.database import connect
from knowledge.hours import KAZAKHSTAN

T = TypeVar("T")


@lru_cache(maxsize=1)
def texts() -> Texts:
    """The words, read on first use."""
    return Texts.load()


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The database, connected on first use; a failure is tried again at the next question."""
    return connect(settings().database)


def today() -> date:
    """The date in Kazakhstan, which decides what is in force."""
    return datetime.now(KAZAKHSTAN).date()


async def ask_knowledge(question: Callable[[Session], T]) -> T:
    """Run one question in its own session, outside the event loop."""

    def run() -> T:
        with Session(engine()) as session:
            return question(session)

    return await asyncio.to_thread(run)
