"""Write the database back as seed files, with what staff changed, to be read and committed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine

from knowledge.entries import Entries, Entry, Row, plain, read_entries
from knowledge.queries import MORE

_WIDTH = 100


def export(engine: Engine, folder: Path) -> list[Path]:
    """Write ``acts.yml``, ``law.yml`` ... into a folder; the files that were written.

    The gazetteer is not written: its spellings are not in the database.
    """
    with engine.connect() as connection:
        entries = read_entries(connection)
    files: dict[str, Any] = {
        "acts": [_act(one) for one in _of(entries, "act")],
        "law": [_provision(one) for one in _of(entries, "provision")],
        "rights": [_question(one) for one in _of(entries, "question")],
        "contacts": _contacts(entries),
        "routes": _routes(entries),
        "glossary": [_term(one) for one in _of(entries, "term")],
    }
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in files.items():
        path = folder / f"{name}.yml"
        text = yaml.dump(
            plain(content), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH
        )
        header = f"# yaml-language-server: $schema=schema/{name}.schema.json\n"
        path.write_text(header + text, encoding="utf-8")
        written.append(path)
    return written


class _Dumper(yaml.SafeDumper):
    """Indents lists, and writes no anchors: every entry can be read by itself."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _of(entries: Entries, entity: str) -> list[Entry]:
    return [entry for (name, _), entry in sorted(entries.items()) if name == entity]


def _act(entry: Entry) -> Row:
    return dict(entry["act"][0])


def _provision(entry: Entry) -> Row:
    row = dict(entry["provision"][0])
    row["act"] = row.pop("act_id")
    row["penalties"] = [_penalty(one) for one in entry.get("penalty", ())]
    return row


def _penalty(row: Row) -> Row:
    shown = {name: row[name] for name in row if name not in ("provision_id", "position")}
    low, high = "arrest_days_min", "arrest_days_max"
    administrative = shown.pop("arrest_is_administrative")
    shown["administrative_arrest_days_min"] = shown[low] if administrative else None
    shown["administrative_arrest_days"] = shown[high] if administrative else None
    if administrative:
        shown[low] = shown[high] = None
    return shown


def _question(entry: Entry) -> Row:
    row = dict(entry["question"][0])
    points = entry.get("answer_point", ())
    row["answer_points"] = {
        language: [getattr(one["text"], language) for one in points]
        for language in ("kk", "ru", "en")
    }
    row["points_confidence"] = [one["confidence"] for one in points]
    row["basis"] = [one["provision_id"] for one in entry.get("question_basis", ())]
    return row


def _contacts(entries: Entries) -> dict[str, list[Row]]:
    services = [_service(one) for one in _of(entries, "service")]
    return {
        "national": [one for one in services if one["region"] is None],
        "regional": [one for one in services if one["region"] is not None],
    }


def _service(entry: Entry) -> Row:
    row = dict(entry["service"][0])
    row["region"], row["place"] = row.pop("region_id"), row.pop("place_id")
    row["needs"] = [one["need"] for one in entry.get("service_need", ())]
    row["phones"] = [
        {"number": one["number"], "note": one["note"]}
        | ({"whatsapp": True} if one["kind"] == "whatsapp" else {})
        for one in entry.get("service_phone", ())
    ]
    return row


def _routes(entries: Entries) -> dict[str, Any]:
    answers: dict[str, dict[str, dict[str, list[str]]]] = {}
    for entry in _of(entries, "answer_route"):
        for row in entry["answer_route"]:
            by_topic = answers.setdefault(row["audience"], {}).setdefault(row["topic"], {})
            by_topic.setdefault(row["need"], []).append(row["question_id"])
    return {
        "answers": answers.pop("", {}),
        "more": answers.pop(MORE, {}),
        "audiences": answers,
        "penalties": {
            entry["penalty_route"][0]["need"]: {
                row["provision_id"]: row["parts"] for row in entry["penalty_route"]
            }
            for entry in _of(entries, "penalty_route")
        },
        "national_lines": {
            entry["national_line"][0]["subject"]: [
                row["service_id"] for row in entry["national_line"]
            ]
            for entry in _of(entries, "national_line")
        },
        "constants": [dict(entry["constant"][0]) for entry in _of(entries, "constant")],
    }


def _term(entry: Entry) -> Row:
    row = dict(entry["term"][0])
    row["provision"] = row.pop("provision_id")
    return row
