"""Entries: what people see as one thing (a service with its numbers), made of rows of some tables.

The loader, the difference, the history and the export all work on entries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select

from knowledge.models import Base, Localised

__all__ = [
    "ENTITIES", "Entity", "Entries", "Entry", "digest", "entries_of", "entry_of_row", "is_entry",
    "plain", "read_entries",
]  # fmt: skip

Row = dict[str, Any]
# Table name -> the rows of one entry in it.
Entry = dict[str, list[Row]]
# (entity, key) -> entry.
Entries = dict[tuple[str, str], Entry]


@dataclass(frozen=True)
class Entity:
    """A kind of entry: its table, what identifies one entry, and the tables of its parts."""

    table: str
    key: tuple[str, ...] = ("id",)
    parts: Mapping[str, str] = field(default_factory=dict)
    """Table of a part -> its column that names the entry."""

    @property
    def is_one_row(self) -> bool:
        """Whether an entry is one row (with parts), not a group of rows."""
        return self.key == tuple(_table(self.table).primary_key.columns.keys())


# Parents before children.
ENTITIES = (
    Entity("act"),
    Entity("place"),
    Entity("constant", ("name", "year")),
    Entity("provision", parts={"penalty": "provision_id"}),
    Entity("question", parts={"answer_point": "question_id", "question_basis": "question_id"}),
    Entity("service", parts={"service_phone": "service_id", "service_need": "service_id"}),
    Entity("answer_route", ("topic", "need", "audience")),
    Entity("penalty_route", ("need",)),
    Entity("national_line", ("subject",)),
    Entity("term"),
)


def entries_of(rows: Mapping[str, Iterable[Row]]) -> Entries:
    """Group the rows of all tables into entries; rows of an entry stand in key order."""
    found: Entries = {}
    for entity in ENTITIES:
        for table, columns in ((entity.table, entity.key), *_parts(entity)):
            order = _table(table).primary_key.columns.keys()
            for row in sorted(rows.get(table, ()), key=lambda one: [one[name] for name in order]):
                key = "/".join(str(row[name]) for name in columns)
                found.setdefault((entity.table, key), {}).setdefault(table, []).append(row)
    return found


def read_entries(
    connection: Connection, only: Collection[tuple[str, str]] | None = None
) -> Entries:
    """All entries of a database, or only some by (entity, key)."""
    rows: dict[str, list[Row]] = {}
    for entity in ENTITIES:
        keys = None if only is None else [key for name, key in only if name == entity.table]
        if keys == []:
            continue
        for table, columns in ((entity.table, entity.key), *_parts(entity)):
            query = select(_table(table))
            if keys is not None:
                query = query.where(or_(*(is_entry(table, columns, key) for key in keys)))
            rows[table] = [dict(row) for row in connection.execute(query).mappings()]
    return entries_of(rows)


def is_entry(table: str, columns: Sequence[str], key: str) -> ColumnElement[bool]:
    """The condition that a row of a table belongs to the entry with that key."""
    own = _table(table).columns
    values = key.split("/")
    return and_(
        *(
            own[name] == own[name].type.python_type(value)
            for name, value in zip(columns, values, strict=True)
        )
    )


def entry_of_row(table: str, row: Row) -> tuple[str, str] | None:
    """The entry that a row belongs to; None if it belongs to none (yet)."""
    for entity in ENTITIES:
        for name, columns in ((entity.table, entity.key), *_parts(entity)):
            if name == table:
                values = [row[column] for column in columns]
                missing = any(one is None for one in values)
                return None if missing else (entity.table, "/".join(map(str, values)))
    return None


def digest(entry: Entry) -> str:
    """SHA-256 of what an entry says."""
    text = json.dumps(plain(entry), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, Localised):
        return asdict(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        # A file may say 2, the database gives 2.0.
        return int(value)
    return value


def _parts(entity: Entity) -> Iterable[tuple[str, tuple[str, ...]]]:
    return ((table, (column,)) for table, column in entity.parts.items())


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
