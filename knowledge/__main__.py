"""``python -m knowledge check | load | diff | schema | report``: the database, by hand.

check   reads the seed files and lists everything that is wrong with them
load    migrates the database of the settings and brings it to the state of the seed
diff    says what ``load`` would change, and changes nothing
schema  writes the JSON Schema of the seed files (editors complete and check with it)
report  shows coverage by region and need, ages and holes; ``--picture`` draws it, too
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from common.settings import SettingsError, settings
from knowledge import coverage, seed_schema
from knowledge.database import DatabaseError, connect, migrate
from knowledge.difference import Change, difference
from knowledge.hours import KAZAKHSTAN
from knowledge.loader import SEED, SeedError, load, read_seed

SCHEMAS = Path(__file__).resolve().parent / "seed" / "schema"
_CONTACTS = dict[str, list[seed_schema.ServiceSeed]]


def schemas() -> dict[str, str]:
    """File name -> JSON Schema of each seed file."""
    kinds: dict[str, object] = {
        "acts": list[seed_schema.ActSeed],
        "law": list[seed_schema.ProvisionSeed],
        "rights": list[seed_schema.QuestionSeed],
        "contacts": _CONTACTS,
        "routes": seed_schema.RoutesSeed,
    }
    return {
        f"{name}.schema.json": json.dumps(
            TypeAdapter(kind).json_schema(), ensure_ascii=False, indent=1, sort_keys=True
        )
        + "\n"
        for name, kind in kinds.items()
    }


def describe(change: Change) -> str:
    """One change on a line or two."""
    name = f"{change.table} {change.key}"
    if change.before is None:
        return f"+ {name}"
    if change.after is None:
        return f"- {name}"
    fields = "; ".join(
        f"{field}: {change.before[field]!r} -> {change.after[field]!r}" for field in change.after
    )
    return f"~ {name}: {fields}"


def _check() -> None:
    data = read_seed()
    print(
        f"tirek knowledge: {len(data.provisions)} provisions, {len(data.questions)} questions, "
        f"{len(data.services)} services, {len(data.places)} places: no defect"
    )


def _load() -> None:
    data = read_seed()
    engine = connect(settings().database)
    migrate(engine)
    print(f"tirek knowledge: {'loaded' if load(engine, data) else 'up to date'}")


def _diff() -> None:
    data = read_seed()
    engine = connect(settings().database)
    migrate(engine)
    changes = [describe(change) for change in difference(engine, data)]
    print("\n".join(changes) or "tirek knowledge: the database is as the seed says")


def _schema() -> None:
    SCHEMAS.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (SCHEMAS / name).write_text(text, encoding="utf-8")
    print(f"tirek knowledge: wrote {SCHEMAS.relative_to(SEED.parent.parent)}")


def _report(picture: Path | None) -> None:
    engine = connect(settings().database)
    migrate(engine)
    with Session(engine) as session:
        found = coverage.coverage(session)
    print(coverage.as_table(found, datetime.now(KAZAKHSTAN).date()))
    if picture:
        picture.write_text(coverage.as_svg(found), encoding="utf-8")
        print(f"picture: {picture}")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 with a clear message when not."""
    parser = argparse.ArgumentParser(
        prog="python -m knowledge", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("command", choices=["check", "load", "diff", "schema", "report"])
    parser.add_argument("--picture", type=Path, help="for report: an SVG file to write")
    chosen = parser.parse_args(arguments)
    commands = {"check": _check, "load": _load, "diff": _diff, "schema": _schema}
    try:
        if chosen.command == "report":
            _report(chosen.picture)
        else:
            commands[chosen.command]()
    except (SeedError, SettingsError, DatabaseError, OSError) as error:
        for line in str(error).splitlines():
            print(f"tirek knowledge: {line}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
