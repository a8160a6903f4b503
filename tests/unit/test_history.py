"""Whatever changes in the knowledge database is kept: who, when, before and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge import finding, models
from knowledge.database import migrate
from knowledge.difference import difference
from knowledge.history import editing, history
from knowledge.loader import BY_SEED, load
from knowledge.seed_files import SeedData


@pytest.fixture
def loaded(empty_database: Engine, seed: SeedData) -> Engine:
    migrate(empty_database)
    load(empty_database, seed)
    return empty_database


def with_service(seed: SeedData, one: str, **values: object) -> SeedData:
    """The seed with other values in one service."""
    services = [
        service.model_copy(update=values) if service.id == one else service
        for service in seed.services
    ]
    return replace(seed, services=services, digest=f"with {one} {values}")


def service(engine: Engine, one: str) -> models.Service:
    with Session(engine) as session:
        found = session.get_one(models.Service, one)
        session.expunge(found)
        return found


def test_a_change_is_kept_with_name_time_before_and_after(loaded: Engine) -> None:
    started = datetime.now(UTC) - timedelta(seconds=1)
    with editing(loaded, "Aiym") as session:
        line = session.get_one(models.Service, "helpline-150")
        line.checked_on, line.checked_by = date(2026, 11, 25), "Aiym"
        line.phones.append(models.ServicePhone(position=9, number="1500", kind="short"))
    with Session(loaded) as session:
        newest, *older = history(session, "service", "helpline-150")
        assert older == []
        assert newest.by == "Aiym"
        at = newest.at if newest.at.tzinfo else newest.at.replace(tzinfo=UTC)
        assert started <= at <= datetime.now(UTC)
        assert newest.before is not None
        assert newest.after is not None
        assert newest.before["service"][0]["checked_by"] is None
        assert newest.after["service"][0]["checked_by"] == "Aiym"
        assert len(newest.after["service_phone"]) == len(newest.before["service_phone"]) + 1
        assert [one.key for one in history(session)] == ["helpline-150", "first load"]


def test_adding_and_removing_an_entry_is_kept_and_found_at_once(loaded: Engine) -> None:
    with editing(loaded, "Aiym") as session:
        old = session.get_one(models.Service, "taraz-social-help-centre")
        new = models.Service(
            **{
                column.key: getattr(old, column.key)
                for column in models.Service.__table__.columns
                if column.key != "id"
            },
            id="new-centre",
        )
        new.phones.append(models.ServicePhone(position=0, number="+77262000000", kind="landline"))
        session.add_all([new, models.ServiceNeed(service_id="new-centre", need="any")])
    with Session(loaded) as session:
        found = finding.contacts(session, "stalking", "taraz", "zhambyl")
        assert "new-centre" in [one.id for one in found.local]
    with editing(loaded, "Bolat") as session:
        for need in session.scalars(
            select(models.ServiceNeed).where(models.ServiceNeed.service_id == "new-centre")
        ):
            session.delete(need)
        session.delete(session.get_one(models.ServicePhone, ("new-centre", 0)))
        session.delete(session.get_one(models.Service, "new-centre"))
    with Session(loaded) as session:
        removed, added = history(session, "service", "new-centre")
        assert (removed.by, removed.after) == ("Bolat", None)
        assert (added.by, added.before) == ("Aiym", None)
        found = finding.contacts(session, "stalking", "taraz", "zhambyl")
        assert "new-centre" not in [one.id for one in found.local]


def change_what_nobody_serves(session: Session) -> None:
    session.get_one(models.Service, "police-102").hours = "09:00-10:00"
    session.add(models.NationalLine(subject="x", position=0, service_id="nobody"))


def change_and_fail(session: Session) -> None:
    session.get_one(models.Service, "police-102").hours = "09:00-10:00"
    raise RuntimeError


@pytest.mark.parametrize(
    ("change", "error"),
    [(change_what_nobody_serves, IntegrityError), (change_and_fail, RuntimeError)],
)
def test_nothing_changes_and_nothing_is_noted_when_the_change_fails(
    loaded: Engine, change: Callable[[Session], None], error: type[Exception]
) -> None:
    with pytest.raises(error), editing(loaded, "Aiym") as session:
        change(session)
    assert service(loaded, "police-102").hours == "24/7"
    with Session(loaded) as session:
        assert [one.key for one in history(session)] == ["first load"]


def test_no_change_without_a_name_and_none_past_the_history(loaded: Engine) -> None:
    with pytest.raises(ValueError, match="who makes the change"), editing(loaded, " "):
        pass
    for statement in (
        update(models.Service).values(hours=None),
        delete(models.NationalLine),
    ):
        with pytest.raises(ValueError, match="leave no history"), editing(loaded, "A") as session:
            session.execute(statement)
    with Session(loaded) as session:
        assert session.scalar(select(func.count()).select_from(models.NationalLine))


# --- the seed and what staff changed -------------------------------------------------------------


def test_what_staff_changed_outlives_a_load_and_a_conflict_is_named(
    loaded: Engine, seed: SeedData
) -> None:
    with editing(loaded, "Aiym") as session:
        session.get_one(models.Service, "helpline-150").hours = "Mon-Fri 10:00-16:00"
    # Another entry of the seed changed: staff's stays, and nobody needs to be asked.
    result = load(loaded, with_service(seed, "police-102", email="a@example.org"))
    assert (result.changed, result.kept) == (1, ())
    assert service(loaded, "helpline-150").hours == "Mon-Fri 10:00-16:00"
    # Both changed the same entry: staff's stays and it is said.
    both = with_service(seed, "helpline-150", hours="24/7")
    (conflict,) = [one for one in difference(loaded, both) if one.kept]
    assert conflict.key == "helpline-150"
    result = load(loaded, both)
    assert result.kept == (("service", "helpline-150"),)
    assert service(loaded, "helpline-150").hours == "Mon-Fri 10:00-16:00"
    # It is said again with the next seed, until somebody decides.
    assert load(loaded, replace(both, digest="later")).kept == (("service", "helpline-150"),)
    result = load(loaded, both, overwrite=True)
    assert result.kept == ()
    assert service(loaded, "helpline-150").hours == "24/7"
    with Session(loaded) as session:
        newest, *_, oldest = history(session, "service", "helpline-150")
        assert newest.by == BY_SEED
        assert newest.before is not None
        assert newest.before["service"][0]["hours"] == "Mon-Fri 10:00-16:00"
        assert oldest.by == "Aiym"


def test_what_staff_added_or_removed_outlives_a_load(loaded: Engine, seed: SeedData) -> None:
    with editing(loaded, "Aiym") as session:
        session.add(models.Constant(name="mci_tenge", year=2027, value=4500, source="the budget"))
        phone = session.get_one(models.ServicePhone, ("police-102", 0))
        session.delete(phone)
    assert load(loaded, with_service(seed, "ambulance-103", email="a@example.org")).kept == ()
    with Session(loaded) as session:
        assert session.get(models.Constant, ("mci_tenge", 2027)) is not None
        assert session.get(models.ServicePhone, ("police-102", 0)) is None


def test_an_entry_that_left_the_seed_leaves_the_database(loaded: Engine, seed: SeedData) -> None:
    services = [one for one in seed.services if one.id != "taraz-social-help-centre"]
    result = load(loaded, replace(seed, services=services, digest="one less"))
    assert result.changed == 1
    with Session(loaded) as session:
        assert session.get(models.Service, "taraz-social-help-centre") is None
        (gone,) = history(session, "service", "taraz-social-help-centre")
        assert gone.after is None
        listed = select(models.ServiceListing.service_id).distinct()
        assert "taraz-social-help-centre" not in set(session.scalars(listed))
