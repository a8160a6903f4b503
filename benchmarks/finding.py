"""How long a search for services takes when there are very many of them.

``.venv/bin/python -m benchmarks.finding`` fills a SQLite file and a PostgreSQL server of its own
with the seed and 100,000 made-up services (``--services``), asks 2,000 questions of each kind in
random order, and prints the milliseconds at the median and at p95. The plans of the queries are
read, too: reading a whole table is an error. The naive way (load every service of the region and
sort in Python) is measured in the same run for comparison.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, insert, select, text
from sqlalchemy.orm import Session, selectinload

from knowledge import finding, models
from knowledge.database import connect, migrate
from knowledge.hours import KAZAKHSTAN, is_open
from knowledge.listing import relist
from knowledge.loader import load
from knowledge.models import Localised
from knowledge.seed_files import read_seed
from knowledge.seed_schema import NEEDS
from scripts.temporary_postgres import TemporaryPostgres

HOURS = (
    None, None, "24/7", "Mon-Fri 09:00-18:00", "Mon-Fri 09:00-18:30", "Mon-Sat 10:00-19:00",
    "09:00-21:00", "Mon-Fri 18:00-09:00", "Mon-Fri 08:30-17:30, Sat 09:00-13:00",
)  # fmt: skip
KINDS = ("hotline", "ngo", "crisis_centre", "legal_aid", "medical", "psychological_help")
_AT_ONCE = 5_000
# What a plan must not say of the two big tables.
_WHOLE_TABLE = ("SCAN service", "Seq Scan on service")


def fill(engine: Engine, services: int, chance: random.Random) -> None:
    """The seed, and made-up services all over the country."""
    migrate(engine)
    load(engine, read_seed())
    with engine.connect() as connection:
        places = list(connection.execute(select(models.Place.id, models.Place.region_id)))
    text_ = Localised("made up", "made up", "made up")
    for start in range(0, services, _AT_ONCE):
        rows: dict[Any, list[dict[str, Any]]] = {
            models.Service: [], models.ServicePhone: [], models.ServiceNeed: [],
        }  # fmt: skip
        for number in range(start, min(start + _AT_ONCE, services)):
            one, (place, region) = f"made-up-{number}", chance.choice(places)
            rows[models.Service].append({
                "id": one, "name": text_, "name_kk_translated": False, "kind": chance.choice(KINDS),
                "serves": chance.choice(("anyone", "anyone", "women", "children")),
                "coverage": "settlement", "region_id": region,
                "place_id": None if place == region else place, "hours": chance.choice(HOURS),
                "languages": ["kk", "ru"], "cost": "unknown", "asks_for": None,
                "passes_to_police": "unknown", "description": text_,
                "confidence": chance.choice(("high", "medium", "low")), "sources": [],
                "checked_on": datetime.now(KAZAKHSTAN).date() - timedelta(chance.randrange(300)),
                "checked_by": "benchmark",
            })  # fmt: skip
            if chance.random() < 0.7:
                rows[models.ServicePhone].append({
                    "service_id": one, "position": 0, "kind": "landline",
                    "number": f"+7727{chance.randrange(10**7):07d}",
                })  # fmt: skip
            rows[models.ServiceNeed].extend(
                {"service_id": one, "need": need}
                for need in chance.sample(NEEDS, chance.randint(1, 5))
            )
        with engine.begin() as connection:
            for model, some in rows.items():
                connection.execute(insert(model), some)
            relist(connection, [row["id"] for row in rows[models.Service]])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # As a server does by itself after a while.
        connection.execute(text("VACUUM"))
        connection.execute(text("ANALYZE"))


def questions(engine: Engine, count: int, chance: random.Random) -> dict[str, list[Any]]:
    """Calls of :func:`knowledge.finding.contacts` by kind of question."""
    with engine.connect() as connection:
        rows = list(
            connection.execute(
                select(models.Place.id, models.Place.region_id, models.Place.latitude,
                       models.Place.longitude)
            )
        )  # fmt: skip
    towns = [
        (place, region, latitude, longitude)
        for place, region, latitude, longitude in rows
        if place != region and latitude is not None and longitude is not None
    ]
    start = datetime(2026, 11, 25, tzinfo=KAZAKHSTAN)

    def at() -> datetime:
        return start + timedelta(minutes=chance.randrange(7 * 24 * 60))

    asked: dict[str, list[Any]] = {"settlement": [], "region": [], "kind": [], "position": []}
    for _ in range(count):
        place, region, latitude, longitude = chance.choice(towns)
        need = chance.choice(NEEDS)
        asked["settlement"].append(((need, place, region), {"now": at()}))
        asked["region"].append(((need, None, region), {"now": at()}))
        asked["kind"].append(((need, place, region, [chance.choice(KINDS)]), {"now": at()}))
        position = (latitude + chance.uniform(-0.3, 0.3), longitude + chance.uniform(-0.3, 0.3))
        asked["position"].append(((need,), {"now": at(), "position": position}))
    return asked


def naive(session: Session, need: str, region_id: str, now: datetime) -> list[models.Service]:
    """What one would write first: load the region's services for the need, sort in Python."""
    fitting = select(models.ServiceNeed.service_id).where(models.ServiceNeed.need == need)
    found = session.scalars(
        select(models.Service)
        .where(models.Service.region_id == region_id, models.Service.id.in_(fitting))
        .options(selectinload(models.Service.phones))
    )
    return sorted(found, key=lambda one: (not one.phones, not is_open(one.hours, now)))[:4]


def milliseconds(
    ask: Callable[[Session, Any], object], engine: Engine, asked: list[Any]
) -> list[float]:
    """The time of each question in a session of its own, as an action asks it."""
    times = []
    for one in asked:
        started = time.perf_counter()
        with Session(engine) as session:
            ask(session, one)
        times.append((time.perf_counter() - started) * 1000)
    return times


def full_scans(engine: Engine, asked: dict[str, list[Any]]) -> set[str]:
    """Plans of the searches' statements that read a whole table of services."""
    statements: list[tuple[str, Any]] = []

    def note(_c: Any, _u: Any, statement: str, parameters: Any, *_more: Any) -> None:
        statements.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    with Session(engine) as session:
        for some in asked.values():
            arguments, options = some[0]
            finding.contacts(session, *arguments, **options)
    event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    found = set()
    with engine.connect() as connection:
        for statement, parameters in statements:
            if statement.startswith("SELECT"):
                plan = connection.exec_driver_sql(explain + statement, parameters)
                lines = [str(row[-1]).strip() for row in plan]
                found |= {one for one in lines if one.startswith(_WHOLE_TABLE)}
    return found


def measure(name: str, engine: Engine, services: int, count: int) -> bool:
    """Fill, ask, print; True if no query reads a whole table."""
    chance = random.Random(17)
    started = time.perf_counter()
    fill(engine, services, chance)
    print(f"{name}: {services} services made and listed in {time.perf_counter() - started:.0f} s")
    asked = questions(engine, count, chance)

    def find(session: Session, one: Any) -> object:
        return finding.contacts(session, *one[0], **one[1])

    def load_and_sort(session: Session, one: Any) -> object:
        (need, _, region), options = one
        return naive(session, need, region, options["now"])

    for some in asked.values():
        milliseconds(find, engine, some[:50])
    for kind, some in asked.items():
        _print(name, kind, milliseconds(find, engine, some))
    _print(name, "naive, region", milliseconds(load_and_sort, engine, asked["region"][:30]))
    scans = full_scans(engine, asked)
    print(f"{name}: plans that read a whole table: {sorted(scans) or 'none'}")
    return not scans


def _print(name: str, kind: str, times: list[float]) -> None:
    ninety_five = statistics.quantiles(times, n=20)[-1]
    print(
        f"{name:<11} {kind:<14} median {statistics.median(times):7.2f} ms   "
        f"p95 {ninety_five:7.2f} ms   ({len(times)} questions)"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--services", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=2_000, help="of each kind")
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores, {chosen.services} services")
    with tempfile.TemporaryDirectory() as folder:
        sqlite = connect(f"sqlite:///{Path(folder) / 'many.db'}")
        good = measure("SQLite", sqlite, chosen.services, chosen.questions)
        sqlite.dispose()
    with TemporaryPostgres() as server:
        postgres = connect(server.new_database())
        good = measure("PostgreSQL", postgres, chosen.services, chosen.questions) and good
        postgres.dispose()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
