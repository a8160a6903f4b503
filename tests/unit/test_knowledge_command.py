"""``tirek-knowledge``: check, load, diff, export, checked, history, schema, report."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from common.settings import settings
from knowledge import __main__ as command
from knowledge import coverage
from knowledge.database import connect, migrate
from knowledge.difference import difference
from knowledge.loader import load
from knowledge.seed_files import SEED, SeedData, SeedError, read_seed
from knowledge.seed_schema import NEEDS


@pytest.fixture
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TIREK_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("TIREK_DATABASE_URL", raising=False)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture
def loaded(tmp_path: Path, seed: SeedData) -> Iterator[Engine]:
    """A database of this test alone, with the real seed."""
    engine = connect(f"sqlite:///{tmp_path / 'own.db'}")
    migrate(engine)
    load(engine, seed)
    yield engine
    engine.dispose()


def test_check_load_diff_and_report_by_hand(
    own_settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["check"]) == 0
    assert "no defect" in capsys.readouterr().out
    assert command.main(["diff"]) == 0
    assert "+ service police-102" in capsys.readouterr().out.splitlines()
    assert command.main(["load"]) == 0
    assert "entries changed" in capsys.readouterr().out
    assert command.main(["load"]) == 0
    assert "no entries changed" in capsys.readouterr().out
    assert command.main(["diff"]) == 0
    assert "loading would change nothing" in capsys.readouterr().out
    picture = own_settings / "coverage.svg"
    assert command.main(["report", "--picture", str(picture)]) == 0
    assert "holes" in capsys.readouterr().out
    texts = [e.text for e in ElementTree.parse(picture).iter() if e.tag.endswith("text")]
    assert set(NEEDS) <= set(texts)


def test_all_defects_of_a_seed_are_listed_and_nothing_is_loaded(
    own_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    folder = tmp_path / "seed"
    shutil.copytree(SEED, folder)
    contacts = yaml.safe_load((folder / "contacts.yml").read_text())
    contacts["national"][0]["phones"][0]["number"] = "12"
    contacts["national"][1]["last_seen"] = "2999-01-01"
    contacts["regional"][0]["hours"] = "sometimes"
    contacts["regional"][1]["unknown_field"] = 1
    contacts["regional"][2]["name"].pop("kk")
    contacts["regional"][3]["checked_on"] = "2026-01-01"
    (folder / "contacts.yml").write_text(yaml.safe_dump(contacts, allow_unicode=True))
    law = yaml.safe_load((folder / "law.yml").read_text())
    law[0]["confidence"] = "maybe"
    (folder / "law.yml").write_text(yaml.safe_dump(law, allow_unicode=True))
    with pytest.raises(SeedError) as caught:
        read_seed(folder)
    lines = str(caught.value).splitlines()
    assert len(lines) == 7
    assert all(re.match(r"(contacts|law)\.yml, line \d+, entry [a-z0-9-]+, ", one) for one in lines)
    hours = next(one for one in lines if "give hours as" in one)
    found = re.search(r"line (\d+)", hours)
    assert found is not None
    written = (folder / "contacts.yml").read_text().splitlines()
    assert written[int(found[1]) - 1].strip() == "hours: sometimes"
    for part in ("confidence", "number", "in the future", "give hours as", "unknown_field", "kk",
                 "go together"):  # fmt: skip
        assert sum(part in line for line in lines) >= 1, part
    monkeypatch.setattr(command, "read_seed", lambda: read_seed(folder))
    assert command.main(["load"]) == 1
    assert capsys.readouterr().err.count("tirek-knowledge: ") == 7
    assert not list(own_settings.glob("*.db"))


def test_a_word_that_the_glossary_avoids_is_named_with_the_right_one(
    own_settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [("rights.yml.x", {"kk": "а", "ru": "а", "en": "Ask for a protective order."})]
    monkeypatch.setattr(command, "seed_texts", lambda: texts)
    assert command.main(["check"]) == 1
    said = capsys.readouterr().err
    assert "rights.yml.x.en: 'protective order" in said
    assert "(say 'protection order')" in said


def test_what_the_seed_would_change_is_named_field_by_field(loaded: Engine, seed: SeedData) -> None:
    assert list(difference(loaded, seed)) == []
    services = [
        one.model_copy(update={"email": "new@example.org", "needs": ["any"]})
        if one.id == "police-102"
        else one
        for one in seed.services
    ]
    (change,) = difference(loaded, replace(seed, services=services))
    assert (change.entity, change.key) == ("service", "police-102")
    assert change.before is not None
    assert change.after is not None
    assert change.after["service.0.email"] == "new@example.org"
    assert change.before["service.0.email"] is None
    assert change.after["service_need.0.need"] == "any"
    assert command.describe(change).startswith("~ service police-102: ")


def test_staff_notes_a_call_and_the_history_tells_who(
    own_settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["load"]) == 0
    assert command.main(["checked", "helpline-150", "--by", "Aiym"]) == 0
    capsys.readouterr()
    assert command.main(["history", "service", "helpline-150"]) == 0
    said = capsys.readouterr().out
    assert "Aiym: changed service helpline-150" in said
    # Loading again keeps it.
    assert command.main(["load"]) == 0
    assert command.main(["export", str(own_settings / "out")]) == 0
    exported = read_seed(own_settings / "out")
    (line,) = [one for one in exported.services if one.id == "helpline-150"]
    assert line.checked_by == "Aiym"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["checked", "nobody", "--by", "Aiym"], "there is no service 'nobody'"),
        (["checked", "police-102", "--by", " "], "say who makes the change"),
        (["export", "."], "is not empty"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    own_settings: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert command.main(["load"]) == 0
    capsys.readouterr()
    assert command.main(arguments) == 1
    found = capsys.readouterr()
    assert found.out == ""
    assert said in found.err
    assert len(found.err.splitlines()) == 1


def test_the_schemas_in_the_repository_are_those_of_the_code() -> None:
    written = {file.name: file.read_text() for file in command.SCHEMAS.glob("*.json")}
    assert written == command.schemas(), "run `python -m knowledge schema`"
    for name, text in written.items():
        head = (SEED / name.replace(".schema.json", ".yml")).read_text().splitlines()[0]
        assert head == f"# yaml-language-server: $schema=schema/{name}"
        assert json.loads(text)


def test_coverage_counts_what_can_be_dialled(loaded: Engine) -> None:
    with Session(loaded) as session:
        found = coverage.coverage(session)
    assert len(found.by_region) == 20
    assert found.by_region["almaty"]["domestic_violence"] >= 1
    assert ("atyrau", "domestic_violence") in found.holes
    assert found.services == sum(found.by_confidence.values()) == sum(found.source_dates.values())
    assert found.without_number < found.services


def test_migrations_go_down_and_up_again(empty_database: Engine, seed: SeedData) -> None:
    from alembic import command as alembic
    from alembic.config import Config
    from sqlalchemy import inspect

    from common.settings import ROOT

    migrate(empty_database)
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "knowledge" / "migrations"))
    with empty_database.begin() as connection:
        config.attributes["connection"] = connection
        alembic.downgrade(config, "0001")
    columns = {c["name"] for c in inspect(empty_database).get_columns("service")}
    assert "checked_on" not in columns
    migrate(empty_database)
    assert load(empty_database, seed).changed
