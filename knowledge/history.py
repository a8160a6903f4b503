"""The history of the knowledge database: who changed what, when, and how it was before.

Staff change entries inside :func:`editing`; the loader writes its own changes with
:func:`record`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, event, insert, select
from sqlalchemy.orm import ORMExecuteState, Session

from knowledge.entries import Entry, entry_of_row, plain, read_entries
from knowledge.listing import relist
from knowledge.models import Change

__all__ = ["editing", "history", "record"]


@contextmanager
def editing(engine: Engine, by: str) -> Iterator[Session]:
    """A session whose changes are committed and recorded under a name, or not made at all.

    Change entries as objects of the session. Raises ValueError without a name, and for a bulk
    statement, which would pass the history by.
    """
    if not by.strip():
        raise ValueError("say who makes the change")
    before: dict[tuple[str, str], Entry | None] = {}

    def note(session: Session, *_: object) -> None:
        touched = {
            one
            for changed in (*session.new, *session.dirty, *session.deleted)
            if (one := entry_of_row(changed.__tablename__, _values(changed))) is not None
        }
        unseen = touched - before.keys()
        found = read_entries(session.connection(), unseen)
        before.update({one: found.get(one) for one in unseen})

    def refuse_bulk(state: ORMExecuteState) -> None:
        if not state.is_select:
            raise ValueError("change entries as objects: bulk statements leave no history")

    with Session(engine) as session, session.begin():
        event.listen(session, "before_flush", note)
        event.listen(session, "do_orm_execute", refuse_bulk)
        yield session
        session.flush()
        connection = session.connection()
        after = read_entries(connection, set(before))
        changed = sorted(one for one in before if before[one] != after.get(one))
        for entity, key in changed:
            one = (entity, key)
            record(connection, by, entity, key, before[one], after.get(one))
        services = [key for entity, key in changed if entity == "service"]
        if services:
            relist(connection, services)


def _values(changed: Any) -> dict[str, Any]:
    return {column.key: getattr(changed, column.key) for column in changed.__table__.columns}


def record(
    connection: Connection,
    by: str,
    entity: str,
    key: str,
    before: Entry | None,
    after: Entry | None,
) -> None:
    """Write one change; None stands for an entry that is not there."""
    connection.execute(
        insert(Change),
        {
            "at": datetime.now(UTC),
            "by": by,
            "entity": entity,
            "key": key,
            "before": plain(before) if before is not None else None,
            "after": plain(after) if after is not None else None,
        },
    )


def history(session: Session, entity: str | None = None, key: str | None = None) -> list[Change]:
    """The changes of one entry, of one kind of entries or of all, newest first."""
    query = select(Change).order_by(Change.id.desc())
    if entity is not None:
        query = query.where(Change.entity == entity)
    if key is not None:
        query = query.where(Change.key == key)
    return list(session.scalars(query))
