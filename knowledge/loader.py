"""Bring the database to the state of the seed: all or nothing, safe to run again.

What staff changed since the seed was last loaded is kept and named, unless it is to be
overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from knowledge.database import DatabaseError, advice
from knowledge.entries import (
    ENTITIES,
    Entity,
    Entries,
    digest,
    entries_of,
    is_entry,
    read_entries,
)  # fmt: skip
from knowledge.history import record
from knowledge.listing import relist
from knowledge.models import Base, LoadedEntry, SeedState
from knowledge.seed_files import SeedData
from knowledge.seed_rows import seed_rows

__all__ = ["Loaded", "Plan", "load", "plan"]

# Under this name the history shows what the loader did.
BY_SEED = "seed"


@dataclass(frozen=True)
class Plan:
    """What a load does: entries to write, to remove, and those of staff that it leaves alone."""

    before: Entries
    wanted: Entries
    write: tuple[tuple[str, str], ...]
    remove: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...]
    """Changed by staff and by the seed since; staff's stays."""


@dataclass(frozen=True)
class Loaded:
    """What a load did; ``kept`` are (entity, key) of entries where staff's change stays."""

    changed: int = 0
    kept: tuple[tuple[str, str], ...] = ()


def plan(connection: Connection, data: SeedData, *, overwrite: bool = False) -> Plan:
    """Compare seed, database and what was last loaded; nothing is written."""
    before = read_entries(connection)
    wanted = entries_of(seed_rows(data))
    loaded = {
        (entity, key): was
        for entity, key, was in connection.execute(
            select(LoadedEntry.entity, LoadedEntry.key, LoadedEntry.digest)
        )
    }
    write: list[tuple[str, str]] = []
    remove: list[tuple[str, str]] = []
    kept: list[tuple[str, str]] = []
    for one in before.keys() | wanted.keys() | loaded.keys():
        now = digest(before[one]) if one in before else None
        new = digest(wanted[one]) if one in wanted else None
        was = loaded.get(one)
        if now == new or (was is None and new is None):
            # The same already, or an entry that staff added.
            continue
        if not overwrite and now != was:
            # Staff changed it; that is a conflict only if the seed changed, too.
            if new != was:
                kept.append(one)
            continue
        (write if new is not None else remove).append(one)
    return Plan(before, wanted, tuple(sorted(write)), tuple(sorted(remove)), tuple(sorted(kept)))


def load(engine: Engine, data: SeedData, *, overwrite: bool = False) -> Loaded:
    """Bring the database to the state of the seed in one transaction.

    Nothing is written when this very seed is already there. Entries that staff changed are kept
    unless ``overwrite``. Raises :class:`DatabaseError` if the seed and what staff made do not fit.
    """
    try:
        with engine.begin() as connection:
            same = connection.scalar(select(SeedState.digest)) == data.digest
            if same and not overwrite:
                return Loaded()
            planned = plan(connection, data, overwrite=overwrite)
            _apply(connection, planned)
            _remember(connection, planned, data.digest)
    except IntegrityError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise DatabaseError(
            f"the seed does not fit what is in the database ({reason}); nothing was changed. "
            "Correct the seed, or look with `tirek-knowledge diff`."
        ) from None
    except SQLAlchemyError as error:
        raise DatabaseError(f"{advice(str(engine.url), error)} Nothing was changed.") from None
    return Loaded(len(planned.write) + len(planned.remove), planned.kept)


def _apply(connection: Connection, planned: Plan) -> None:
    by_entity = {entity.table: entity for entity in ENTITIES}
    first = not planned.before
    for name, key in (*planned.write, *planned.remove):
        entity = by_entity[name]
        old, new = planned.before.get((name, key)), planned.wanted.get((name, key))
        if old is not None:
            _remove_parts(connection, entity, key)
        if not first:
            record(connection, BY_SEED, name, key, old, new)
    for entity in reversed(ENTITIES):
        for name, key in planned.remove:
            if name == entity.table and entity.is_one_row:
                connection.execute(delete(_table(name)).where(_is(entity, key)))
    for entity in ENTITIES:
        inserts: dict[str, list[dict[str, object]]] = {}
        for name, key in planned.write:
            if name != entity.table:
                continue
            for table, rows in planned.wanted[name, key].items():
                is_old = (name, key) in planned.before
                if table == entity.table and entity.is_one_row and is_old:
                    connection.execute(update(_table(table)).where(_is(entity, key)), rows[0])
                else:
                    inserts.setdefault(table, []).extend(rows)
        for table, rows in inserts.items():
            connection.execute(insert(_table(table)), rows)
    changed = [key for name, key in (*planned.write, *planned.remove) if name == "service"]
    if changed:
        relist(connection, changed)
    if first:
        summary = {"entries": [{"count": len(planned.write)}]}
        record(connection, BY_SEED, "seed", "first load", None, summary)


def _remove_parts(connection: Connection, entity: Entity, key: str) -> None:
    """Remove what is written anew: the parts of an entry, or the whole of a group of rows."""
    for table, column in entity.parts.items():
        connection.execute(delete(_table(table)).where(_table(table).columns[column] == key))
    if not entity.is_one_row:
        connection.execute(delete(_table(entity.table)).where(_is(entity, key)))


def _remember(connection: Connection, planned: Plan, seed_digest: str) -> None:
    """Note what the seed says now, so that the next load sees what staff changed in between."""
    left_alone = set(planned.kept)
    before = connection.execute(select(LoadedEntry.entity, LoadedEntry.key, LoadedEntry.digest))
    noted = {(entity, key): was for entity, key, was in before if (entity, key) in left_alone} | {
        one: digest(entry) for one, entry in planned.wanted.items() if one not in left_alone
    }
    connection.execute(delete(LoadedEntry))
    if noted:
        connection.execute(
            insert(LoadedEntry),
            [{"entity": entity, "key": key, "digest": was} for (entity, key), was in noted.items()],
        )
    connection.execute(delete(SeedState))
    connection.execute(
        insert(SeedState), {"id": 1, "digest": seed_digest, "loaded_at": datetime.now(UTC)}
    )


def _is(entity: Entity, key: str) -> ColumnElement[bool]:
    return is_entry(entity.table, entity.key, key)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
