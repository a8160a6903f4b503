"""Alembic environment: :func:`knowledge.database.migrate` hands over its connection.

From the command line (to write a new migration) the database of the settings is used:
``.venv/bin/alembic revision --autogenerate -m "what changes"``.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from knowledge.models import Base, LocalisedText


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column type as what it is in the database, so migrations import no models."""
    return "sa.Text()" if kind == "type" and isinstance(item, LocalisedText) else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        # The bot keeps a table of its own in the same database.
        include_name=lambda name, kind, _: kind != "table" or name in Base.metadata.tables,
        # SQLite cannot alter tables in place.
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    from common.settings import settings
    from knowledge.database import connect

    with connect(settings().database).begin() as own:
        run(own)
