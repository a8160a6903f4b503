"""Connect to the knowledge database and bring its tables up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


class DatabaseError(Exception):
    """The database cannot be used; the text is one line that says what to do."""


def connect(url: str) -> Engine:
    """Make an engine for ``url`` and try it once.

    A question never waits longer than two seconds: the bot then answers from fixed words.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            try:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise DatabaseError(advice(url, error)) from None
        engine = create_engine(parsed, connect_args={"timeout": 2})
        event.listen(engine, "connect", _sqlite_pragmas)
    else:
        engine = create_engine(
            parsed,
            pool_pre_ping=True,
            pool_timeout=2,
            connect_args={
                "connect_timeout": 2,
                "options": "-c statement_timeout=2000",
                # A network that goes silent must not hold an answer, either.
                "tcp_user_timeout": 2000,
                "keepalives_idle": 5,
            },
        )
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        raise DatabaseError(advice(url, error)) from None
    return engine


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()


def advice(url: str, error: Exception) -> str:
    """One line for a person who runs the program: what failed and what to do; no password."""
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    shown = make_url(url).render_as_string(hide_password=True)
    return (
        f"cannot use the database {shown} ({reason}). Start it or correct TIREK_DATABASE_URL; "
        "unset it to use a file under var/."
    )


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest migration; nothing happens when they are there."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except SQLAlchemyError as error:
        raise DatabaseError(advice(str(engine.url), error)) from None
