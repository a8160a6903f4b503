"""A PostgreSQL server of our own on a unix socket, for tests and benchmarks; gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import create_engine, text

_NAME = "postgres"


class PostgresError(Exception):
    """The server cannot be started; the text says what to do."""


class TemporaryPostgres:
    """Starts with ``with``; :meth:`stop` and :meth:`start` imitate a server that goes away."""

    def __init__(self) -> None:
        self._binaries = _binaries()
        self._user: dict[str, Any] = {}
        # Socket paths must be short.
        self._folder = Path(tempfile.mkdtemp(prefix="tirek-pg-", dir="/tmp"))
        self._made = 0
        self._runs = False
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            account = pwd.getpwnam(_NAME)
            os.chown(self._folder, account.pw_uid, account.pw_gid)
            self._user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def __enter__(self) -> Self:
        try:
            self._run("initdb", "-D", self._data, "-U", _NAME, "--auth=trust", "--no-sync",
                      "--encoding=UTF8", "--no-locale")  # fmt: skip
            self.start()
        except PostgresError:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._runs:
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._folder}' -c fsync=off"
        # pg_ctl keeps its output open for the server's life unless it has a log file.
        log = self._folder / "log"
        self._run("pg_ctl", "-D", self._data, "-l", log, "-o", options, "-w", "start")
        self._runs = True

    def stop(self) -> None:
        """Stop at once, as if the machine had lost its power."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")
        self._runs = False

    def new_database(self, kind: str = "tirek") -> str:
        """The address (SQLAlchemy URL) of a new, empty database."""
        self._made += 1
        address = f"postgresql+psycopg://{_NAME}@/{{}}?host={self._folder}"
        admin = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {kind}_{self._made}"))
        admin.dispose()
        return address.format(f"{kind}_{self._made}")

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [str(self._binaries / program), *map(str, arguments)],
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=50,
            **self._user,
        )
        if done.returncode:
            log = self._folder / "log"
            more = log.read_text() if log.exists() else ""
            raise PostgresError(
                f"{program} ended with status {done.returncode}: {done.stdout}{more}"
            )


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise PostgresError(
            "the PostgreSQL server is not installed: run `apt-get install postgresql` "
            "(the package that brings initdb and pg_ctl)"
        )
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


def _version(initdb: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in initdb.parent.parent.name.split(".") if part.isdigit())
