"""What loading the seed would change in a database, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Table, create_engine, select

from knowledge import models
from knowledge.loader import SeedData, load

Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """``before`` and ``after`` hold what differs; None stands for a row that is not there."""

    table: str
    key: str
    before: Row | None
    after: Row | None


def difference(engine: Engine, data: SeedData) -> Iterator[Change]:
    """Compare the database with the seed; nothing is written to it."""
    wanted = create_engine("sqlite://")
    try:
        models.Base.metadata.create_all(wanted)
        load(wanted, data)
        for table in models.Base.metadata.sorted_tables:
            if table.name != models.SeedState.__tablename__:
                yield from _changes(table, _rows(engine, table), _rows(wanted, table))
    finally:
        wanted.dispose()


def _rows(engine: Engine, table: Table) -> dict[str, Row]:
    with engine.connect() as connection:
        found = connection.execute(select(table)).mappings()
        keys = [column.name for column in table.primary_key.columns]
        return {"/".join(str(row[key]) for key in keys): dict(row) for row in found}


def _changes(table: Table, have: dict[str, Row], want: dict[str, Row]) -> Iterator[Change]:
    for key in sorted(have.keys() | want.keys()):
        before, after = have.get(key), want.get(key)
        if before is not None and after is not None:
            names = [name for name in after if before[name] != after[name]]
            if not names:
                continue
            before = {name: before[name] for name in names}
            after = {name: after[name] for name in names}
        yield Change(table.name, key, before, after)
