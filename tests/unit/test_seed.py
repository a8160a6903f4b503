"""The facts in ``knowledge/seed`` are whole, and a broken file is named before anything changes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import phonenumbers
import pytest
import yaml
from sqlalchemy import Engine, select

from knowledge import models, seed_schema
from knowledge.__main__ import main
from knowledge.database import connect, migrate
from knowledge.loader import load
from knowledge.queries import in_force
from knowledge.seed_files import FILES, GAZETTEER, SEED, SeedData, SeedError, read_seed
from knowledge.seed_schema import NEEDS, SHELTER_KINDS, TOPICS

LANGUAGES = ("kk", "ru", "en")
# These topics are answered from the database (the others are fixed responses or services only).
ANSWERED = (
    "ask_rights", "ask_report_police", "ask_police_inaction", "ask_protection_order",
    "ask_evidence", "ask_shelter", "ask_legal_aid", "ask_medical_help", "ask_divorce_custody",
    "ask_new_law", "ask_help_someone",
)  # fmt: skip


# --- the real seed -------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", ANSWERED)
@pytest.mark.parametrize("need", NEEDS)
def test_every_need_has_an_answer_to_every_topic(seed: SeedData, topic: str, need: str) -> None:
    routes = seed.routes.answers[topic]
    ids = routes.get(need) or routes[""]
    questions = {one.id: one for one in seed.questions}
    assert ids
    assert questions[ids[0]].answer_points.kk


def test_every_question_of_the_routes_rests_on_an_article_or_an_act_with_a_date(
    seed: SeedData,
) -> None:
    provisions = {one.id: one for one in seed.provisions}
    questions = {one.id: one for one in seed.questions}
    lists = [ids for by_need in seed.routes.answers.values() for ids in by_need.values()]
    for question in {one for ids in lists for one in ids}:
        basis = [provisions[one] for one in questions[question].basis]
        assert basis, question
        assert any(one.valid_as_of for one in basis), question
        assert any(one.article[0].isdigit() for one in basis), question


@pytest.mark.parametrize("need", NEEDS)
def test_every_need_has_penalties_that_say_something(seed: SeedData, need: str) -> None:
    provisions = {one.id: one for one in seed.provisions}
    routes = seed.routes.penalties[need]
    assert routes
    for provision_id, parts in routes.items():
        assert parts
        for part in (p for p in provisions[provision_id].penalties if p.part in parts):
            values = part.model_dump(exclude={"part", "note"})
            assert any(value for value in values.values()), (provision_id, part.part)


def test_penalties_of_the_routes_are_law_today(seed: SeedData) -> None:
    from datetime import date

    provisions = {one.id: one for one in seed.provisions}
    for need, routes in seed.routes.penalties.items():
        for one in routes:
            seeded = provisions[one]
            row = models.Provision(
                in_force_from=seeded.in_force_from, in_force_to=seeded.in_force_to
            )
            assert in_force(row, date(2026, 11, 24)), (need, one)


def test_every_penalty_figure_with_a_lower_end_has_an_upper_end(seed: SeedData) -> None:
    for provision in seed.provisions:
        for penalty in provision.penalties:
            columns = penalty.columns()
            for name, low in columns.items():
                if name.endswith("_min") and low is not None:
                    high = columns[name.removesuffix("_min") + "_max"]
                    assert high is not None, (provision.id, penalty.part, name)


def test_a_part_stands_once_in_its_provision(seed: SeedData) -> None:
    for provision in seed.provisions:
        parts = [one.part for one in provision.penalties]
        assert len(parts) == len(set(parts)), provision.id


def test_the_first_national_line_of_every_subject_answers_at_any_hour(seed: SeedData) -> None:
    services = {one.id: one for one in seed.services}
    assert "" in seed.routes.national_lines
    for subject, ids in seed.routes.national_lines.items():
        first = services[ids[0]]
        assert first.hours == "24/7", subject
        assert first.phones, subject
        assert first.region is None, subject
        assert all(services[one].phones or services[one].whatsapp for one in ids), subject


def test_no_shelter_has_an_address_or_its_own_coordinates(seed: SeedData) -> None:
    shelters = [one for one in seed.services if one.offers_shelter or one.kind in SHELTER_KINDS]
    assert len(shelters) > 20
    places = {one.id: one for one in seed.places}
    for one in shelters:
        assert one.address is None, one.id
        if one.latitude is None or one.longitude is None:
            continue
        # Only the centre of the town or region.
        assert one.location_precision in ("city", "region"), one.id
        if one.place and places[one.place].latitude is not None:
            assert abs(one.latitude - (places[one.place].latitude or 0)) < 0.5, one.id


def test_no_shelter_tells_its_street_in_its_description(seed: SeedData) -> None:
    street = re.compile(r"\b(ул\.|улица|көшесі|street|st\.|мкр|микрорайон|ықшам ауданы|проспект)\b")
    for one in seed.services:
        if one.offers_shelter or one.kind in SHELTER_KINDS:
            for text in one.description.model_dump().values():
                assert not street.search(text), (one.id, text)


def test_every_phone_number_can_be_dialled_in_kazakhstan(seed: SeedData) -> None:
    numbers = [phone.number for one in seed.services for phone in one.phones]
    assert len(numbers) > 50
    for number in numbers:
        if re.fullmatch(r"\d{3,4}", number):
            continue
        parsed = phonenumbers.parse(number, None)
        assert phonenumbers.is_valid_number_for_region(parsed, "KZ"), number
        form = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        assert form == number


def test_the_four_short_numbers_are_what_everybody_knows(seed: SeedData) -> None:
    numbers = {one.id: [phone.number for phone in one.phones] for one in seed.services}
    assert numbers["police-102"] == ["102"]
    assert numbers["ambulance-103"] == ["103"]
    assert numbers["contact-centre-111"][0] == "111"
    assert numbers["helpline-150"][0] == "150"


def test_every_text_of_the_seed_is_there_in_three_languages() -> None:
    def walk(value: object, path: str) -> Iterator[tuple[str, dict[str, object]]]:
        if isinstance(value, dict):
            if path.endswith(".avoid"):
                # Names to avoid are of one language each.
                return
            if set(value) & set(LANGUAGES):
                yield path, value
            for key, inner in value.items():
                yield from walk(inner, f"{path}.{key}")
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                name = inner.get("id", index) if isinstance(inner, dict) else index
                yield from walk(inner, f"{path}.{name}")

    seen = 0
    for name in FILES:
        content = yaml.load((SEED / name).read_text(encoding="utf-8"), yaml.CSafeLoader)
        for path, found in walk(content, name):
            if path.endswith(".address"):
                continue
            seen += 1
            assert set(found) == set(LANGUAGES), path
            assert all(found.values()), path
    assert seen > 500


def test_kazakh_and_russian_texts_are_not_in_latin_letters(seed: SeedData) -> None:
    for question in seed.questions:
        for text in (*question.answer_points.kk, *question.answer_points.ru):
            assert re.search("[а-яё]", text), (question.id, text)
        for text in question.answer_points.en:
            assert not re.search("[а-яёәғқңөұүһі]", text.lower()), (question.id, text)


def test_points_have_the_same_figures_in_three_languages(seed: SeedData) -> None:
    def figures(text: str) -> list[str]:
        return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[  ,](?=\d{3})", "", text)))

    different = []
    for question in seed.questions:
        points = question.answer_points
        for kk, ru, en in zip(points.kk, points.ru, points.en, strict=True):
            if not set(figures(kk)) == set(figures(ru)) == set(figures(en)):
                different.append((question.id, kk, ru, en))
    assert different == []


def test_every_fact_names_a_source_and_every_service_a_sure_or_unsure_mark(seed: SeedData) -> None:
    for provision in seed.provisions:
        assert all(source.strip() for source in provision.sources), provision.id
    for service in seed.services:
        assert all(source.get("url") for source in service.sources), service.id


def test_places_of_services_lie_in_the_region_that_the_service_names(seed: SeedData) -> None:
    places = {one.id: one for one in seed.places}
    for one in seed.services:
        if one.place and one.region:
            assert places[one.place].region == one.region, one.id


def test_a_region_is_a_place_of_its_own(seed: SeedData) -> None:
    places = {one.id for one in seed.places}
    assert {one.region for one in seed.places} <= places


# --- broken seeds --------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the seed, to be broken."""
    return Path(shutil.copytree(SEED, tmp_path / "seed"))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, seed: SeedData) -> Iterator[Engine]:
    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('loaded') / 'knowledge.db'}")
    migrate(engine)
    load(engine, seed)
    yield engine
    engine.dispose()


def rows(engine: Engine) -> list[list[str]]:
    with engine.connect() as connection:
        tables = models.Base.metadata.sorted_tables
        return [sorted(map(repr, connection.execute(select(table)))) for table in tables]


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Change the first occurrence; it must be there."""

    def edit(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def change_service(service: str, **values: object) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        content = yaml.load((folder / "contacts.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
        entries = [one for part in content.values() for one in part if one["id"] == service]
        entries[0].update(values)
        (folder / "contacts.yml").write_text(
            yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8"
        )

    return edit


BROKEN: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "bad YAML": (
        replace("acts.yml", "- id: criminal-code\n", "- id: [criminal-code\n"),
        ["acts.yml", "line"],
    ),
    "a key that stands twice": (
        replace("law.yml", "  article: '99'\n", "  article: '99'\n  article: '100'\n"),
        ["law.yml", "line", "'article'", "twice"],
    ),
    "an id that stands twice": (
        change_service("ana-uyi-network", id="police-102"),
        ["contacts.yml", "police-102", "twice"],
    ),
    "an unknown key": (
        replace("acts.yml", "  number: 226-V\n", "  number: 226-V\n  numbr: 1\n"),
        ["acts.yml", "criminal-code", "numbr"],
    ),
    "an unknown act": (
        replace("law.yml", "  act: criminal-code\n", "  act: criminal-cod\n"),
        ["law.yml", "criminal-code-99", "'criminal-cod'"],
    ),
    "an unknown provision": (
        replace("rights.yml", "  - criminal-code-109-1\n", "  - criminal-code-9999\n"),
        ["rights.yml", "rights-domestic-violence", "'criminal-code-9999'"],
    ),
    "an unknown question": (
        replace("routes.yml", "[evidence]", "[evidense]"),
        ["routes.yml", "ask_evidence", "'evidense'"],
    ),
    "an unknown need in the routes": (
        replace("routes.yml", "    stalking: [rights-stalking]", "    stalkin: [rights-stalking]"),
        ["routes.yml", "ask_rights", "'stalkin'"],
    ),
    "an unknown topic in the routes": (
        replace("routes.yml", "  ask_evidence:\n", "  ask_evidense:\n"),
        ["routes.yml", "'ask_evidense'"],
    ),
    "a part that the article does not have": (
        replace("routes.yml", "criminal-code-109-1: ['1', '2']", "criminal-code-109-1: ['1', '7']"),
        ["routes.yml", "domestic_violence.criminal-code-109-1", "'7'"],
    ),
    "an unknown service": (
        replace("routes.yml", "[police-102, contact-centre-111",
                "[police-1022, contact-centre-111"),
        ["routes.yml", "immediate_danger", "'police-1022'"],
    ),
    "an unknown need of a service": (
        change_service("police-102", needs=["parking"]),
        ["contacts.yml", "police-102", "'parking'"],
    ),
    "a lower end above the upper end": (
        replace("law.yml", "imprisonment_years_min: 8, imprisonment_years_max: 15",
                "imprisonment_years_min: 18, imprisonment_years_max: 15"),
        ["law.yml", "criminal-code-99", "imprisonment_years_min", "above"],
    ),
    "a wrong phone number": (
        change_service("ana-uyi-network", phones=[{"number": "+7 727 12"}]),
        ["contacts.yml", "ana-uyi-network", "+7 727 12"],
    ),
    "a phone number of another country": (
        change_service("ana-uyi-network", phones=[{"number": "+44 20 7946 0958"}]),
        ["contacts.yml", "ana-uyi-network", "Kazakhstan"],
    ),
    "a shelter with an address": (
        change_service("semey-crisis-centre", address={"ru": "улица Абая, 1"}),
        ["contacts.yml", "semey-crisis-centre", "address"],
    ),
    "an unknown place": (
        change_service("semey-crisis-centre", place="atlantis"),
        ["contacts.yml", "semey-crisis-centre", "'atlantis'"],
    ),
    "a missing language": (
        replace("acts.yml", "    kk: ҚК\n", ""),
        ["acts.yml", "criminal-code", "short.kk"],
    ),
    "an empty language": (
        replace("acts.yml", "    kk: ҚК\n", "    kk: ''\n"),
        ["acts.yml", "criminal-code", "short.kk"],
    ),
    "one point less in one language": (
        replace("rights.yml",
                "    - You can ask for a protection order. The police give it for 30 days.\n", ""),
        ["rights.yml", "rights-domestic-violence", "same number of points"],
    ),
    "a date that is none": (
        change_service("police-102", last_seen="last spring"),
        ["contacts.yml", "police-102", "last_seen"],
    ),
    "a file that is missing": (
        lambda folder: (folder / "rights.yml").unlink(),
        ["rights.yml", "missing"],
    ),
    "a list that is missing": (
        replace("contacts.yml", "\nregional:\n", "\nregionl:\n"),
        ["contacts.yml", "regional"],
    ),
    "an empty file": (
        lambda folder: (folder / "law.yml").write_text(""),
        ["law.yml"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("defect", BROKEN)
def test_a_broken_seed_is_one_clear_line_and_the_database_stays(
    folder: Path, loaded: Engine, defect: str
) -> None:
    edit, words = BROKEN[defect]
    edit(folder)
    before = rows(loaded)
    with pytest.raises(SeedError) as caught:
        load(loaded, read_seed(folder))
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message
    assert rows(loaded) == before


def test_a_broken_gazetteer_names_its_file(tmp_path: Path) -> None:
    broken = tmp_path / "places.yml"
    text = GAZETTEER.read_text(encoding="utf-8")
    broken.write_text(text.replace("  kind: region\n", "", 1), encoding="utf-8")
    with pytest.raises(SeedError) as caught:
        read_seed(SEED, broken)
    assert "places.yml" in str(caught.value)
    assert "kind" in str(caught.value)


def test_an_unbroken_copy_is_read_like_the_original(folder: Path, seed: SeedData) -> None:
    assert read_seed(folder) == seed


def test_another_word_in_a_file_is_another_seed(folder: Path, seed: SeedData) -> None:
    replace("acts.yml", "    kk: ҚК\n", "    kk: ҚКК\n")(folder)
    assert read_seed(folder).digest != seed.digest


def test_the_loader_says_what_it_did(
    clean_environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from common.settings import settings

    settings.cache_clear()
    try:
        assert main(["load"]) == 0
        assert "entries changed" in capsys.readouterr().out
        assert main(["load"]) == 0
        assert "no entries changed" in capsys.readouterr().out
        assert (tmp_path / "var" / "knowledge.db").exists()
    finally:
        settings.cache_clear()


def test_the_loader_ends_with_an_error_line_when_the_database_is_away(
    clean_environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from common.settings import settings

    clean_environment.setenv("TIREK_DATABASE_URL", "postgresql://tirek:pa55word@127.0.0.1:1/x")
    settings.cache_clear()
    try:
        assert main(["load"]) == 1
    finally:
        settings.cache_clear()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("tirek-knowledge: cannot use the database")
    assert "pa55word" not in said.err


def test_needs_and_topics_are_those_of_the_domain() -> None:
    domain = yaml.safe_load((SEED.parent.parent / "domain.yml").read_text(encoding="utf-8"))
    assert set(NEEDS) <= set(domain["intents"])
    assert set(TOPICS) <= set(domain["intents"])
    assert domain["slots"]["need"]["values"] == list(seed_schema.NEEDS)
