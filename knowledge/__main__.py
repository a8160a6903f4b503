"""``tirek-knowledge``: the database of rights and services, by hand.

check    reads the seed files and lists everything that is wrong with them, words included that
         the glossary avoids
load     migrates the database of the settings and brings it to the state of the seed; what staff
         changed since is kept and named, with --overwrite it is replaced
diff     says what `load` would change, and changes nothing
export   writes the database back as seed files into a folder, staff's changes included
checked  notes that a person has called a service today: checked SERVICE --by NAME
history  shows who changed what and when: history [ENTITY [KEY]]
schema   writes the JSON Schema of the seed files (editors complete and check with it)
report   shows coverage by region and need, ages and holes; --picture draws it, too
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from common.settings import SettingsError, settings
from knowledge import coverage, models, seed_schema
from knowledge.database import DatabaseError, connect, migrate
from knowledge.difference import Difference, difference
from knowledge.export import export
from knowledge.glossary import seed_texts, wrong_names
from knowledge.history import editing, history
from knowledge.hours import KAZAKHSTAN
from knowledge.loader import load
from knowledge.seed_files import SEED, SeedError, read_seed

SCHEMAS = Path(__file__).resolve().parent / "seed" / "schema"


class UsageError(Exception):
    """What was asked for cannot be done; the text says what to do."""


def schemas() -> dict[str, str]:
    """File name -> JSON Schema of each seed file."""
    kinds: dict[str, object] = {
        "acts": list[seed_schema.ActSeed],
        "law": list[seed_schema.ProvisionSeed],
        "rights": list[seed_schema.QuestionSeed],
        "contacts": dict[str, list[seed_schema.ServiceSeed]],
        "routes": seed_schema.RoutesSeed,
        "glossary": list[seed_schema.TermSeed],
    }
    return {
        f"{name}.schema.json": json.dumps(
            TypeAdapter(kind).json_schema(), ensure_ascii=False, indent=1, sort_keys=True
        )
        + "\n"
        for name, kind in kinds.items()
    }


def describe(one: Difference) -> str:
    """One difference on a line or two."""
    name = f"{one.entity} {one.key}"
    if one.kept:
        name += " (changed by staff: kept)"
    if one.before is None:
        return f"+ {name}"
    if one.after is None:
        return f"- {name}"
    fields = "; ".join(
        f"{field}: {one.before[field]!r} -> {one.after[field]!r}" for field in one.after
    )
    return f"~ {name}: {fields}"


def _database() -> Engine:
    engine = connect(settings().database)
    migrate(engine)
    return engine


def _check(_: argparse.Namespace) -> None:
    data = read_seed()
    wrong = list(wrong_names(data.terms, seed_texts()))
    if wrong:
        raise SeedError("\n".join(wrong))
    print(
        f"tirek-knowledge: {len(data.provisions)} provisions, {len(data.questions)} questions, "
        f"{len(data.services)} services, {len(data.places)} places, {len(data.terms)} terms: "
        "no defect"
    )


def _load(chosen: argparse.Namespace) -> None:
    data = read_seed()
    loaded = load(_database(), data, overwrite=chosen.overwrite)
    print(f"tirek-knowledge: {loaded.changed or 'no'} entries changed")
    for entity, key in loaded.kept:
        print(
            f"tirek-knowledge: {entity} {key} was changed by staff and by the seed; staff's is "
            "kept (see `tirek-knowledge diff`; `load --overwrite` takes the seed's)"
        )


def _diff(_: argparse.Namespace) -> None:
    data = read_seed()
    found = [describe(one) for one in difference(_database(), data)]
    print("\n".join(found) or "tirek-knowledge: loading would change nothing")


def _export(chosen: argparse.Namespace) -> None:
    if chosen.folder.exists() and any(chosen.folder.iterdir()) and not chosen.overwrite:
        raise UsageError(f"{chosen.folder} is not empty; give another folder or --overwrite")
    for path in export(_database(), chosen.folder):
        print(f"tirek-knowledge: wrote {path}")


def _checked(chosen: argparse.Namespace) -> None:
    today = datetime.now(KAZAKHSTAN).date()
    with editing(_database(), chosen.by) as session:
        service = session.get(models.Service, chosen.service)
        if service is None:
            raise UsageError(f"there is no service {chosen.service!r}; ids stand in contacts.yml")
        service.checked_on, service.checked_by = today, chosen.by
    print(f"tirek-knowledge: {chosen.service} checked on {today.isoformat()} by {chosen.by}")


def _history(chosen: argparse.Namespace) -> None:
    with Session(_database()) as session:
        for one in history(session, chosen.entity, chosen.key):
            kind = "added" if one.before is None else "removed" if one.after is None else "changed"
            at = one.at.strftime("%Y-%m-%d %H:%M")
            print(f"{at} {one.by}: {kind} {one.entity} {one.key}")
            if chosen.key:
                print(json.dumps({"before": one.before, "after": one.after}, ensure_ascii=False))


def _schema(_: argparse.Namespace) -> None:
    SCHEMAS.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (SCHEMAS / name).write_text(text, encoding="utf-8")
    print(f"tirek-knowledge: wrote {SCHEMAS.relative_to(SEED.parent.parent)}")


def _report(chosen: argparse.Namespace) -> None:
    with Session(_database()) as session:
        found = coverage.coverage(session)
    print(coverage.as_table(found, datetime.now(KAZAKHSTAN).date()))
    if chosen.picture:
        chosen.picture.write_text(coverage.as_svg(found), encoding="utf-8")
        print(f"picture: {chosen.picture}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tirek-knowledge", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    commands = parser.add_subparsers(metavar="command", required=True)
    runs = {
        "check": _check, "load": _load, "diff": _diff, "export": _export, "checked": _checked,
        "history": _history, "schema": _schema, "report": _report,
    }  # fmt: skip
    added = {}
    for name, run in runs.items():
        added[name] = commands.add_parser(name)
        added[name].set_defaults(run=run)
    added["load"].add_argument("--overwrite", action="store_true", help="replace staff's changes")
    added["export"].add_argument("folder", type=Path)
    added["export"].add_argument("--overwrite", action="store_true", help="replace files there")
    added["checked"].add_argument("service")
    added["checked"].add_argument("--by", required=True, help="who called or visited")
    added["history"].add_argument("entity", nargs="?")
    added["history"].add_argument("key", nargs="?")
    added["report"].add_argument("--picture", type=Path, help="an SVG file to write")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 with a clear message when not."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except (SeedError, SettingsError, DatabaseError, UsageError, ValueError, OSError) as error:
        for line in str(error).splitlines():
            print(f"tirek-knowledge: {line}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
