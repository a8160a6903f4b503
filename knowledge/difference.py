"""What loading the seed would change in a database, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from knowledge.entries import Entry, plain
from knowledge.loader import plan
from knowledge.seed_files import SeedData


@dataclass(frozen=True)
class Difference:
    """``before`` and ``after`` hold what differs, by field; None: the entry is not there."""

    entity: str
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    kept: bool = False
    """Staff changed the entry, and so did the seed: loading leaves it as it is."""


def difference(engine: Engine, data: SeedData) -> Iterator[Difference]:
    """Compare the database with the seed; nothing is written."""
    with engine.connect() as connection:
        planned = plan(connection, data)
    kept = set(planned.kept)
    for entity, key in sorted({*planned.write, *planned.remove, *kept}):
        one = (entity, key)
        before = _fields(planned.before.get(one))
        after = _fields(planned.wanted.get(one))
        if before is not None and after is not None:
            names = {*before, *after}
            differing = sorted(name for name in names if before.get(name) != after.get(name))
            before = {name: before.get(name) for name in differing}
            after = {name: after.get(name) for name in differing}
        yield Difference(entity, key, before, after, one in kept)


def _fields(entry: Entry | None) -> dict[str, Any] | None:
    """Every value of an entry under a name of its own: ``service_phone.0.number``."""
    if entry is None:
        return None
    return {
        f"{table}.{index}.{name}" if len(entry) > 1 or len(rows) > 1 else name: plain(value)
        for table, rows in entry.items()
        for index, row in enumerate(rows)
        for name, value in row.items()
    }
