"""The database written back as seed files says what the seed said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from knowledge.database import migrate
from knowledge.export import export
from knowledge.loader import load
from knowledge.seed_files import FILES, SeedData, read_seed


def by_id(seed: SeedData) -> dict[str, list[object]]:
    """Entries in the order of their ids: an export sorts them."""
    return {
        name: sorted(getattr(seed, name), key=lambda one: str(one.id))
        for name in ("acts", "provisions", "questions", "services", "places", "terms")
    }


def test_what_is_exported_is_read_as_the_same_seed(
    empty_database: Engine, seed: SeedData, tmp_path: Path
) -> None:
    migrate(empty_database)
    load(empty_database, seed)
    written = export(empty_database, tmp_path / "out")
    assert sorted(one.name for one in written) == sorted(FILES)
    again = read_seed(tmp_path / "out")
    assert by_id(again) == by_id(seed)
    assert again.routes == seed.routes


def test_loading_an_export_changes_nothing(
    empty_database: Engine, seed: SeedData, tmp_path: Path
) -> None:
    migrate(empty_database)
    load(empty_database, seed)
    export(empty_database, tmp_path)
    result = load(empty_database, replace(read_seed(tmp_path), digest="exported"))
    assert (result.changed, result.kept) == (0, ())
