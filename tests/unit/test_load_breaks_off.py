"""PostgreSQL goes away in the middle of a load: nothing is half-loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from knowledge import models, queries
from knowledge.database import DatabaseError, connect, migrate
from knowledge.loader import load
from knowledge.seed_files import SeedData
from scripts.temporary_postgres import TemporaryPostgres


@pytest.fixture
def server() -> Iterator[TemporaryPostgres]:
    """A server of this test alone: it is stopped."""
    with TemporaryPostgres() as server:
        yield server


@pytest.mark.parametrize("writes", [1, 3, 9])
def test_a_server_that_goes_away_mid_load_keeps_the_old_state(
    server: TemporaryPostgres, seed: SeedData, writes: int
) -> None:
    url = server.new_database()
    engine = connect(url)
    migrate(engine)
    seen = 0

    def pull_the_plug(_c: Any, _u: Any, statement: str, *_more: Any) -> None:
        nonlocal seen
        seen += statement.startswith(("INSERT", "UPDATE", "DELETE"))
        if seen == writes and not statement.startswith("SELECT"):
            server.stop()

    def breaks_off(data: SeedData) -> None:
        event.listen(engine, "before_cursor_execute", pull_the_plug)
        with pytest.raises(DatabaseError, match="Nothing was changed"):
            load(engine, data)
        event.remove(engine, "before_cursor_execute", pull_the_plug)
        server.start()

    breaks_off(seed)
    with Session(engine) as session:
        for table in models.Base.metadata.sorted_tables:
            assert session.scalar(select(func.count()).select_from(table)) == 0, table.name
    # The same load again does the whole of it; one that breaks off later leaves that state.
    assert load(engine, seed).changed > 500
    constants = [one.model_copy(update={"value": 1.0}) for one in seed.routes.constants]
    later = replace(
        seed, routes=seed.routes.model_copy(update={"constants": constants}), digest="later"
    )
    seen = writes - 1
    breaks_off(later)
    with Session(engine) as session:
        found = queries.constant(session, "mci_tenge", 2026)
        assert found is not None
        assert found.value == 4325
    engine.dispose()
