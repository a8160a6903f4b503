"""Rights, penalties and contacts come out of the database, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, inspect, select, true
from sqlalchemy.orm import Session

from knowledge import finding, models, queries, settlements
from knowledge.database import DatabaseError, connect, migrate
from knowledge.hours import KAZAKHSTAN
from knowledge.listing import relist
from knowledge.loader import Loaded, load
from knowledge.models import Localised
from knowledge.seed_files import SeedData
from knowledge.seed_schema import NEEDS
from tests.unit.conftest import answers_of

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module", params=["sqlite_url", "postgres_url"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    engine = connect(request.getfixturevalue(request.param))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Whatever a test changes is rolled back."""
    with Session(engine) as session:
        yield session
        session.rollback()


# --- answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("need", NEEDS)
def test_every_need_gets_its_rights_with_articles_and_the_date_of_the_text(
    session: Session, need: str
) -> None:
    found = answers_of(session, "ask_rights", need, TODAY)
    assert found
    for answer in found:
        assert answer.points
        assert answer.citations
        assert answer.text_date is not None
        assert answer.text_date <= TODAY


def test_the_most_fitting_answer_comes_first(session: Session) -> None:
    found = answers_of(session, "ask_rights", "harassment", TODAY)
    assert [one.question_id for one in found] == ["rights-harassment", "harassment-at-work"]


def test_points_keep_their_order_and_their_own_confidence(session: Session, seed: SeedData) -> None:
    written = next(one for one in seed.questions if one.id == "rights-domestic-violence")
    found = queries.answer(session, "rights-domestic-violence", TODAY)
    assert found is not None
    assert [one.text.kk for one in found.points] == [s.strip() for s in written.answer_points.kk]
    assert [one.text.en for one in found.points] == [s.strip() for s in written.answer_points.en]
    assert [one.confidence for one in found.points] == written.points_confidence


def test_a_need_without_a_route_of_its_own_gets_the_common_answer(session: Session) -> None:
    common = answers_of(session, "ask_evidence", None, TODAY)
    assert [one.question_id for one in common] == ["evidence"]
    assert answers_of(session, "ask_evidence", "stalking", TODAY) == common


def test_a_topic_that_nobody_routed_has_no_answer(session: Session) -> None:
    assert answers_of(session, "ask_weather", "stalking", TODAY) == []
    assert queries.answer(session, "no-such-question", TODAY) is None


def test_articles_of_one_act_stand_together(session: Session) -> None:
    found = queries.answer(session, "rights-domestic-violence", TODAY)
    assert found is not None
    acts = [one.act.ru for one in found.citations]
    assert len(acts) == len(set(acts))
    criminal = next(one for one in found.citations if one.act.en == "Criminal Code")
    assert criminal.articles == ("109-1", "108-1")


# --- dates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "on", "is_law"),
    [
        (date(2024, 6, 16), None, date(2024, 6, 15), False),
        (date(2024, 6, 16), None, date(2024, 6, 16), True),
        (date(2024, 6, 16), None, date(2026, 1, 1), True),
        (None, None, date(1999, 1, 1), True),
        (None, date(2026, 3, 1), date(2026, 3, 1), True),
        (None, date(2026, 3, 1), date(2026, 3, 2), False),
    ],
)
def test_a_provision_is_law_from_its_first_to_its_last_day(
    start: date | None, end: date | None, on: date, is_law: bool
) -> None:
    provision = models.Provision(in_force_from=start, in_force_to=end)
    assert queries.in_force(provision, on) is is_law


def test_stalking_is_no_crime_before_it_became_one(session: Session) -> None:
    def articles(on: date) -> list[str]:
        found = queries.penalties(session, "stalking", on)
        return [article for one in found for article in one.citation.articles]

    assert "115-1" not in articles(date(2025, 9, 15))
    assert "115" in articles(date(2025, 9, 15))
    assert articles(date(2025, 9, 16))[0] == "115-1"


def test_an_answer_cites_no_law_that_does_not_work_yet(session: Session) -> None:
    before = queries.answer(session, "rights-domestic-violence", date(2024, 6, 15))
    after = queries.answer(session, "rights-domestic-violence", TODAY)
    assert before is not None
    assert after is not None
    cited = {article for one in before.citations for article in one.articles}
    assert "109-1" not in cited
    assert "109-1" in {article for one in after.citations for article in one.articles}


# --- penalties -----------------------------------------------------------------------------------


@pytest.mark.parametrize("need", NEEDS)
def test_every_need_gets_penalties_with_only_the_routed_parts(
    session: Session, seed: SeedData, need: str
) -> None:
    routes = seed.routes.penalties[need]
    found = queries.penalties(session, need, TODAY)
    assert found
    shown = {
        (one.citation.act.en, *one.citation.articles): [part.part for part in one.parts]
        for one in found
    }
    for provision_id, parts in routes.items():
        provision = session.get(models.Provision, provision_id)
        assert provision is not None
        assert shown[(provision.act.short.en, provision.article)] == parts


def test_beating_has_the_figures_of_the_seed(session: Session, seed: SeedData) -> None:
    written = next(one for one in seed.provisions if one.id == "criminal-code-109-1")
    found = queries.penalties(session, "domestic_violence", TODAY)[0]
    assert found.citation.articles == ("109-1",)
    for shown, part in zip(found.parts, written.penalties, strict=False):
        assert shown.fine_mci_max == part.fine_mci_max
        assert shown.arrest_days_max == part.arrest_days_max
        assert shown.community_service_hours_max == part.community_service_hours_max


def test_administrative_arrest_is_shown_as_days_of_arrest(session: Session, seed: SeedData) -> None:
    written = {
        (provision.id, penalty.part): penalty.administrative_arrest_days
        for provision in seed.provisions
        for penalty in provision.penalties
        if penalty.administrative_arrest_days is not None
    }
    assert written
    stored = session.execute(
        select(models.Penalty.provision_id, models.Penalty.part, models.Penalty.arrest_days_max)
    )
    kept = {(provision, part): days for provision, part, days in stored}
    assert {key: kept[key] for key in written} == written


def test_an_unknown_need_has_no_penalties(session: Session) -> None:
    assert queries.penalties(session, "parking", TODAY) == []


def test_the_yearly_figure_is_that_of_the_year_or_the_newest_before_it(session: Session) -> None:
    for year in (2026, 2031):
        found = queries.constant(session, "mci_tenge", year)
        assert found is not None
        assert (found.year, found.value) == (2026, 4325)
    assert queries.constant(session, "mci_tenge", 2025) is None


# --- contacts ------------------------------------------------------------------------------------


def has_number(contact: finding.Contact) -> bool:
    return bool(contact.numbers or contact.whatsapp)


def test_services_of_the_town_come_before_those_of_its_region(session: Session) -> None:
    place = session.get(models.Place, "semey")
    assert place is not None
    found = finding.contacts(session, "domestic_violence", "semey", place.region_id)
    assert found.local
    assert {one.place_id for one in found.local} == {"semey"}
    assert {one.region for one in (*found.local, *found.regional)} == {place.region_id}
    assert "semey" not in {one.place_id for one in found.regional}
    assert found.national


def test_without_a_place_there_are_the_national_lines(session: Session) -> None:
    found = finding.contacts(session, "domestic_violence")
    assert (found.local, found.regional) == ((), ())
    assert found.national[0].numbers == ("111",)
    assert found.national[0].round_the_clock


def test_a_place_that_does_not_exist_still_gives_national_lines(session: Session) -> None:
    found = finding.contacts(session, "stalking", "atlantis", "atlantis")
    assert (found.local, found.regional) == ((), ())
    assert found.national


def test_some_line_answers_at_every_hour(session: Session) -> None:
    for hour in (3, 9, 15, 21):
        sunday = datetime(2026, 11, 29, hour, tzinfo=KAZAKHSTAN)
        for need in (*NEEDS, None):
            for topic in (None, "ask_psychological_help", "ask_medical_help", "ask_legal_aid"):
                found = finding.contacts(session, need, topic=topic, now=sunday)
                assert found.national[0].open_now, (need, topic)
                assert found.national[0].numbers


def test_nobody_is_left_without_a_number_in_any_region_for_any_need(session: Session) -> None:
    regions = session.scalars(select(models.Place.id).where(models.Place.kind == "region")).all()
    assert len(regions) >= 17
    for region in regions:
        for need in (*NEEDS, None):
            found = finding.contacts(session, need, None, region)
            assert found.national
            assert has_number(found.national[0]), (region, need)


def test_never_more_services_than_fit_the_screen(session: Session) -> None:
    towns = select(models.Place).where(models.Place.kind != "region").order_by(models.Place.id)
    for place in session.scalars(towns).all()[::5]:
        found = finding.contacts(session, None, place.id, place.region_id)
        assert len(found.local) + len(found.regional) <= 4, place.id


def test_names_without_a_number_stand_last_and_are_few(session: Session) -> None:
    nameless = 0
    for region in session.scalars(select(models.Place.id).where(models.Place.kind == "region")):
        for need in NEEDS:
            found = finding.contacts(session, need, None, region, limit=50).regional
            reachable = [has_number(one) for one in found]
            assert reachable == sorted(reachable, reverse=True), (region, need)
            assert reachable.count(False) <= 2
            nameless += reachable.count(False)
    assert nameless, "the seed has no such entry, so this shows nothing"


def test_a_kind_that_is_asked_for_is_the_only_kind_shown(session: Session) -> None:
    shown = set()
    for region in session.scalars(select(models.Place.id).where(models.Place.kind == "region")):
        found = finding.contacts(session, "bullying", None, region, kinds=("legal_aid",))
        shown |= {one.kind for one in found.regional}
    assert shown == {"legal_aid"}


def test_a_topic_with_lines_of_its_own_goes_before_the_need(session: Session) -> None:
    found = finding.contacts(session, "self_harm", topic="ask_medical_help")
    assert [one.id for one in found.national] == ["ambulance-103", "contact-centre-111"]
    found = finding.contacts(session, "self_harm", topic="ask_contacts")
    assert found.national[0].id == "contact-centre-111"
    assert "mental-health-3580" in [one.id for one in found.national]


def service(one: str, **values: object) -> models.Service:
    """A service of Taraz with a number of its own."""
    return models.Service(**{
        "id": one, "name": Localised(one, one, one), "kind": "ngo", "serves": "anyone",
        "name_kk_translated": False, "coverage": "settlement", "cost": "unknown",
        "passes_to_police": "unknown",
        "region_id": "zhambyl", "place_id": "taraz", "languages": [], "confidence": "high",
        "description": Localised("a", "a", "a"), "sources": [],
        "phones": [models.ServicePhone(position=0, number="+77262000000", kind="landline")],
        **values,
    })  # fmt: skip


def test_open_now_goes_first_and_the_unsure_only_alone(session: Session) -> None:
    wednesday_noon = datetime(2026, 11, 25, 12, tzinfo=KAZAKHSTAN)
    session.execute(delete(models.NationalLine).where(models.NationalLine.subject == "stalking"))
    for row in session.scalars(select(models.Service).where(models.Service.region_id == "zhambyl")):
        row.region_id = row.place_id = None
    added = [
        service("closed", hours="Mon-Fri 18:00-20:00"),
        service("open", hours="Mon-Fri 09:00-18:00", confidence="medium"),
        service("unknown-b"),
        service("unknown-a", checked_on=date(2026, 10, 1), checked_by="desk"),
        service("unsure", confidence="low", hours="24/7"),
        service("no-number", phones=[]),
    ]
    session.add_all(added)
    session.flush()
    session.add_all(models.ServiceNeed(need="stalking", service_id=one.id) for one in added)
    session.flush()
    relist(session.connection())

    def shown(now: datetime) -> list[str]:
        found = finding.contacts(session, "stalking", None, "zhambyl", limit=9, now=now)
        return [one.id for one in found.regional]

    assert shown(wednesday_noon) == ["open", "unknown-a", "unknown-b", "closed", "no-number"]
    assert shown(wednesday_noon.replace(hour=19))[0] == "closed"
    for one in added[:4]:
        one.region_id = None
    session.flush()
    relist(session.connection(), [one.id for one in added])
    assert shown(wednesday_noon) == ["unsure", "no-number"]


def test_services_for_children_go_first_for_a_child_and_last_for_an_adult(session: Session) -> None:
    added = [service("of-children", serves="children"), service("of-women", serves="women")]
    session.add_all(added)
    session.flush()
    session.add_all(models.ServiceNeed(need="stalking", service_id=one.id) for one in added)
    session.flush()
    relist(session.connection(), [one.id for one in added])

    def shown(for_child: bool | None) -> list[str]:
        found = finding.contacts(
            session, "stalking", "taraz", "zhambyl", limit=99, for_child=for_child
        )
        return [one.id for one in found.local if one.id.startswith("of-")]

    assert shown(True) == ["of-children", "of-women"]
    assert shown(False) == ["of-women", "of-children"]


def test_a_position_finds_what_is_nearest_and_says_how_far(session: Session) -> None:
    # Ten kilometres north of Semey.
    found = finding.contacts(session, "domestic_violence", position=(50.51, 80.23))
    assert found.local
    assert found.local[0].place_id == "semey"
    away = [one.distance_km for one in found.local]
    assert away == sorted(away, key=lambda km: km or 0)
    assert away[0] is not None
    assert 5 < away[0] < 20
    around = settlements.settlements_within(session, (50.51, 80.23), 100, true())
    (nearest,) = settlements.nearest(around, (50.51, 80.23), 100, 1)
    assert nearest.place_id == "semey"


@pytest.mark.parametrize("position", [(0.0, 0.0), (89.9, 10.0), (-90.0, 180.0), (45.0, -179.9)])
def test_a_position_outside_the_country_still_gives_national_lines(
    session: Session, position: settlements.Position
) -> None:
    found = finding.contacts(session, "stalking", position=position)
    assert (found.local, found.regional, found.nearby) == ((), (), ())
    assert found.national
    around = settlements.settlements_within(session, position, 100, true())
    assert settlements.nearest(around, position, 100, 9) == []


def test_without_a_number_in_the_region_the_nearest_of_others_are_given(session: Session) -> None:
    shown = 0
    for region in session.scalars(select(models.Place.id).where(models.Place.kind == "region")):
        for need in NEEDS:
            found = finding.contacts(session, need, None, region)
            if any(map(has_number, found.regional)):
                assert found.nearby == ()
                continue
            assert len(found.nearby) <= 2
            assert all(has_number(one) and one.region != region for one in found.nearby)
            # A short number reaches the office of the region in which it is dialled.
            assert all(n.startswith("+") for one in found.nearby for n in one.numbers)
            shown += bool(found.nearby)
    assert shown >= 20


def test_the_nearest_is_the_nearest(session: Session) -> None:
    found = finding.contacts(session, "domestic_violence", "taraz", "zhambyl")
    start = session.get(models.Place, "taraz")
    assert start is not None
    assert start.latitude is not None
    assert start.longitude is not None
    away = []
    for one in found.nearby:
        place = session.get(models.Place, one.place_id)
        assert place is not None
        assert place.latitude is not None
        assert place.longitude is not None
        away.append(
            settlements.kilometres(start.latitude, start.longitude, place.latitude, place.longitude)
        )
    assert away
    assert away == sorted(away)
    assert away[-1] < 700


def test_kilometres() -> None:
    # Almaty to Astana is about 970 km over the ground.
    assert 960 < settlements.kilometres(43.24, 76.89, 51.13, 71.43) < 985
    assert settlements.kilometres(43.0, 76.0, 43.0, 76.0) == 0


def test_a_related_need_is_served_too(session: Session, seed: SeedData) -> None:
    for region in session.scalars(select(models.Place.id).where(models.Place.kind == "region")):
        beaten = finding.contacts(session, "domestic_violence", None, region, limit=50)
        in_danger = finding.contacts(session, "immediate_danger", None, region, limit=50)
        assert {c.id for c in in_danger.regional} == {c.id for c in beaten.regional}


def test_a_database_without_national_lines_is_an_error_and_no_empty_answer(
    session: Session,
) -> None:
    session.execute(delete(models.NationalLine))
    with pytest.raises(LookupError):
        finding.contacts(session, "stalking")


# --- loading and migrating -----------------------------------------------------------------------


def snapshot(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in a comparable form."""
    rows = {}
    with engine.connect() as connection:
        for table in models.Base.metadata.sorted_tables:
            found = connection.execute(select(table).order_by(*table.primary_key.columns))
            rows[table.name] = [tuple(map(repr, row)) for row in found]
    return rows


def test_an_empty_database_gets_all_tables_of_the_models(empty_database: Engine) -> None:
    migrate(empty_database)
    inspector = inspect(empty_database)
    for table in models.Base.metadata.sorted_tables:
        columns = {column["name"] for column in inspector.get_columns(table.name)}
        assert columns == set(table.columns.keys()), table.name
        keys = inspector.get_pk_constraint(table.name)["constrained_columns"]
        assert keys == [column.name for column in table.primary_key.columns], table.name


def test_the_migrations_and_the_models_agree(empty_database: Engine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    migrate(empty_database)
    with empty_database.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, models.Base.metadata) == []


def test_migrating_twice_changes_nothing(empty_database: Engine, seed: SeedData) -> None:
    migrate(empty_database)
    load(empty_database, seed)
    before = snapshot(empty_database)
    migrate(empty_database)
    assert snapshot(empty_database) == before


def test_loading_twice_changes_nothing(empty_database: Engine, seed: SeedData) -> None:
    migrate(empty_database)
    assert load(empty_database, seed).changed
    before = snapshot(empty_database)
    assert load(empty_database, seed) == Loaded()
    assert snapshot(empty_database) == before
    assert len(before["service"]) == len(seed.services)
    assert len(before["provision"]) == len(seed.provisions)


def test_a_changed_seed_replaces_the_old_rows(empty_database: Engine, seed: SeedData) -> None:
    from dataclasses import replace

    migrate(empty_database)
    load(empty_database, seed)
    constants = [one.model_copy(update={"value": 9999.0}) for one in seed.routes.constants]
    routes = seed.routes.model_copy(update={"constants": constants})
    assert load(empty_database, replace(seed, routes=routes, digest="other")).changed == 1
    with Session(empty_database) as session:
        found = queries.constant(session, "mci_tenge", 2026)
        assert found is not None
        assert found.value == 9999
        assert session.scalar(select(func.count()).select_from(models.SeedState)) == 1


def test_a_load_that_breaks_off_leaves_the_old_rows(empty_database: Engine, seed: SeedData) -> None:
    from dataclasses import replace

    migrate(empty_database)
    load(empty_database, seed)
    before = snapshot(empty_database)
    # Past the checks of read_seed: the database itself refuses the line to nobody.
    lines = {"": ["nobody"]}
    routes = seed.routes.model_copy(update={"national_lines": lines})
    with pytest.raises(DatabaseError, match="nothing was changed"):
        load(empty_database, replace(seed, routes=routes, digest="other"))
    assert snapshot(empty_database) == before


# --- connecting ----------------------------------------------------------------------------------


def test_the_folder_of_a_new_database_file_is_made(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'a' / 'b' / 'new.db'}")
    engine.dispose()
    assert (tmp_path / "a" / "b" / "new.db").exists()


def test_a_server_that_is_away_is_one_line_of_advice_without_the_password() -> None:
    with pytest.raises(DatabaseError) as caught:
        connect("postgresql+psycopg://tirek:pa55word@127.0.0.1:1/tirek")
    message = str(caught.value)
    assert "pa55word" not in message
    assert "\n" not in message
    assert "TIREK_DATABASE_URL" in message
    assert "127.0.0.1:1" in message


def test_a_file_that_is_no_database_is_one_line_of_advice(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("shopping list: bread, milk\n" * 100)
    with pytest.raises(DatabaseError) as caught:
        connect(f"sqlite:///{path}")
    assert "\n" not in str(caught.value)
    assert "TIREK_DATABASE_URL" in str(caught.value)
    assert path.read_text().startswith("shopping list")


def test_a_folder_that_cannot_be_made_is_one_line_of_advice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError) as caught:
        connect(f"sqlite:///{tmp_path / 'file' / 'knowledge.db'}")
    assert "\n" not in str(caught.value)
