"""Find services: by need, whom it concerns, place or position, and what answers now.

Searches read short ranges of :class:`knowledge.models.ServiceListing` and then only the services
that are shown, so that they stay quick however many services there are. Measure with
``python -m benchmarks.finding``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Row, exists, select
from sqlalchemy.orm import Session

from knowledge import finding_statements as statements
from knowledge.finding_statements import PLACES_AT_ONCE
from knowledge.hours import ALWAYS, KAZAKHSTAN, is_open
from knowledge.listing import DIALLED, LISTED_ONLY, UNSURE, kind_subject
from knowledge.models import Localised, OpeningHours, Place, ServiceListing
from knowledge.settlements import (
    MOST,
    Near,
    Position,
    Settlement,
    nearest,
    settlements_within,
)

__all__ = ["Contact", "Contacts", "contacts"]

# A list of names that cannot be dialled helps nobody.
_NAMES_WITHOUT_NUMBER = 2
# How far one may be sent when the own region has no number.
_NEARBY_KM = 700.0
_MOST_NEARBY = 2
# How far from a position a settlement still counts as where the person is.
_AROUND_KM = 100.0
# What a child or a person who asks for one needs, and what an adult does.
_ABOUT_CHILDREN = frozenset({"child_abuse", "bullying"})
_NOT_FOR_CHILDREN = ("women",)
_NOT_FOR_ADULTS = ("children",)


@dataclass(frozen=True)
class Contact:
    """A service as it is shown; ``numbers`` are as they are dialled, None is "not known".

    ``distance_km`` is only there if the search began at a position.
    """

    id: str
    name: Localised
    kind: str
    numbers: tuple[str, ...]
    whatsapp: str | None
    round_the_clock: bool
    hours: str | None
    open_now: bool | None
    cost: str
    asks_for: tuple[str, ...] | None
    passes_to_police: str
    serves: str
    last_seen: str | None
    checked_on: date | None
    confidence: str
    region: str | None
    place: Localised | None
    place_id: str | None
    distance_km: float | None = None

    @property
    def can_be_called(self) -> bool:
        return bool(self.numbers or self.whatsapp)


@dataclass(frozen=True)
class Contacts:
    """Services by distance; ``national`` always has a number that answers now.

    ``nearby`` are the nearest ones of other regions; it is empty if the region has a number.
    """

    local: tuple[Contact, ...] = ()
    regional: tuple[Contact, ...] = ()
    nearby: tuple[Contact, ...] = ()
    national: tuple[Contact, ...] = ()

    @property
    def shown(self) -> tuple[Contact, ...]:
        """All of them in the order in which they are shown."""
        return (*self.local, *self.regional, *self.nearby, *self.national)


def contacts(
    session: Session,
    need: str | None,
    place_id: str | None = None,
    region_id: str | None = None,
    kinds: Sequence[str] = (),
    topic: str | None = None,
    limit: int = 4,
    now: datetime | None = None,
    *,
    for_child: bool | None = None,
    position: Position | None = None,
) -> Contacts:
    """Services for a need (and of some kinds, if given): settlement, region, whole country.

    ``topic`` (an ``ask_`` intent) may have national lines of its own; ``for_child`` tells whether
    it concerns somebody under 18 (None: not known). With a ``position`` the settlements around it
    are searched, nearest first. What is open at ``now`` (by default this moment) goes before what
    is not; entries of low confidence are only given when there is nothing else.

    Raises LookupError if the database has no national lines.
    """
    now = now or datetime.now(KAZAKHSTAN)
    if for_child is None and need is not None:
        for_child = need in _ABOUT_CHILDREN
    search = _Search(
        session,
        [kind_subject(kind) for kind in kinds] if kinds else [need or ""],
        now,
        () if for_child is None else _NOT_FOR_CHILDREN if for_child else _NOT_FOR_ADULTS,
    )
    around: list[Near] = []
    if position is not None:
        settlements = search.settlements(position, _AROUND_KM)
        here = nearest(settlements, position, _AROUND_KM, count=1)
        place_id, region_id = (here[0].place_id, here[0].region_id) if here else (None, None)
        served = (one for one in settlements if one.has_service)
        around = nearest(served, position, _AROUND_KM, MOST)
    found = _Found()
    if around:
        found.local = search.of_places([one.place_id for one in around], limit)
        found.reaches_somebody = bool(found.local)
    if region_id and len(found.local) < limit:
        of_region = search.of_region(region_id, place_id, limit)
        found.local = found.local or of_region.local
        found.regional = of_region.regional[: limit - len(found.local)]
        found.reaches_somebody = found.reaches_somebody or of_region.reaches_somebody
    nearby: list[str] = []
    if region_id and not found.reaches_somebody:
        nearby = search.nearest_abroad(place_id or region_id, region_id, position)
    national = _national(session, topic, need)
    shown = search.show({*found.local, *found.regional, *nearby, *national})
    away = {one.place_id: one.km for one in around}
    local = [
        replace(shown[one], distance_km=away.get(shown[one].place_id or "")) for one in found.local
    ]
    return Contacts(
        local=tuple(sorted(local, key=lambda one: one.distance_km or 0.0) if around else local),
        regional=tuple(shown[one] for one in found.regional if one not in found.local),
        nearby=tuple(
            replace(shown[one], numbers=tuple(n for n in shown[one].numbers if n.startswith("+")))
            for one in nearby
        ),
        # Their order is the editors'; only what is closed now steps back.
        national=tuple(
            sorted((shown[one] for one in national), key=lambda one: one.open_now is False)
        ),
    )


@dataclass
class _Found:
    """Ids of services, best first; ``reaches_somebody``: one of them can be dialled."""

    local: list[str] = field(default_factory=list)
    regional: list[str] = field(default_factory=list)
    reaches_somebody: bool = False


class _Search:
    """One question: what is searched, at which moment, and for whom."""

    def __init__(
        self, session: Session, subjects: list[str], now: datetime, last: Sequence[str]
    ) -> None:
        self._session = session
        self._now = now
        hours = session.scalars(select(OpeningHours.hours)).all()
        self._values: dict[str, Any] = {
            "subjects": subjects,
            "open": [one for one in hours if is_open(one, now)],
            "last": list(last),
        }

    def of_region(self, region_id: str, place_id: str | None, limit: int) -> _Found:
        """The services of a settlement and of the rest of its region."""
        values = {**self._values, "region": region_id, "place": place_id or "", "limit": limit,
                  "names": _NAMES_WITHOUT_NUMBER}  # fmt: skip
        rows = list(self._session.execute(statements.of_region(unsure=False), values))
        groups = {0, 1} if place_id else {0}
        if not groups <= {row.local for row in rows if row.tier == DIALLED}:
            # Only where nobody better can be dialled are the unsure looked for.
            rows += self._session.execute(statements.of_region(unsure=True), values)
        local = _best([row for row in rows if row.local], limit)
        regional = _best([row for row in rows if not row.local], limit - len(local))
        reaches = any(row.tier != LISTED_ONLY for row in rows)
        return _Found(local, regional, reaches)

    def settlements(
        self,
        position: Position,
        within_km: float,
        *conditions: ColumnElement[bool],
        from_afar: bool = False,
    ) -> list[Settlement]:
        """Settlements near a position, and whether they have a service with a number."""
        listing = ServiceListing
        wanted = [listing.subject.in_(self._values["subjects"]), listing.tier == DIALLED]
        if from_afar:
            wanted.append(listing.from_afar.is_(True))
        has_service = exists().where(listing.place_id == Place.id, *wanted)
        return settlements_within(self._session, position, within_km, has_service, *conditions)

    def of_places(self, places: list[str], limit: int) -> list[str]:
        """The services of settlements that stand in order of distance; those with a number."""
        return self._of_places(places, limit, statements.of_places(from_afar=False))

    def nearest_abroad(self, start_id: str, region_id: str, position: Position | None) -> list[str]:
        """The nearest services of other regions that can be dialled from here."""
        if position is None:
            start = self._session.get(Place, start_id)
            if start is None or start.latitude is None or start.longitude is None:
                return []
            position = (start.latitude, start.longitude)
        elsewhere = Place.region_id != region_id
        found = self.settlements(position, _NEARBY_KM, elsewhere, from_afar=True)
        served = (one for one in found if one.has_service)
        around = nearest(served, position, _NEARBY_KM, MOST)
        statement = statements.of_places(from_afar=True)
        return self._of_places([one.place_id for one in around], _MOST_NEARBY, statement)

    def _of_places(
        self, places: list[str], limit: int, statement: CompoundSelect[Any]
    ) -> list[str]:
        found: list[str] = []
        # The nearest few settlements are mostly enough.
        for some in [
            places[start : start + PLACES_AT_ONCE]
            for start in range(0, len(places), PLACES_AT_ONCE)
        ]:
            padded = [*some, *[""] * (PLACES_AT_ONCE - len(some))]
            values = {f"place{index}": place for index, place in enumerate(padded)}
            rows = self._session.execute(
                statement, {**self._values, **values, "limit": limit - len(found)}
            )
            found += [row.service_id for row in sorted(rows, key=lambda row: row.nearness)]
            if len(found) >= limit:
                break
        return found[:limit]

    def show(self, ids: set[str]) -> dict[str, Contact]:
        """The services by their ids."""
        shown: dict[str, list[Row[Any]]] = {}
        for row in self._session.execute(statements.details(), {"ids": sorted(ids)}):
            shown.setdefault(row.id, []).append(row)
        return {one: self._contact(rows) for one, rows in shown.items()}

    def _contact(self, rows: list[Row[Any]]) -> Contact:
        one = rows[0]
        return Contact(
            id=one.id,
            name=one.name,
            kind=one.kind,
            numbers=tuple(row.number for row in rows if row.number and row.phone != "whatsapp"),
            whatsapp=next((row.number for row in rows if row.phone == "whatsapp"), None),
            round_the_clock=one.hours == ALWAYS,
            hours=one.hours,
            open_now=is_open(one.hours, self._now),
            cost=one.cost,
            asks_for=None if one.asks_for is None else tuple(one.asks_for),
            passes_to_police=one.passes_to_police,
            serves=one.serves,
            last_seen=one.last_seen,
            checked_on=one.checked_on,
            confidence=one.confidence,
            region=one.region_id,
            place=one.place_name,
            place_id=one.place_id,
        )


def _best(rows: Sequence[Row[Any]], limit: int) -> list[str]:
    """Those that can be dialled (the unsure only alone), then a few names."""
    dialled = [row.service_id for row in rows if row.tier == DIALLED]
    dialled = dialled or [row.service_id for row in rows if row.tier == UNSURE]
    names = [row.service_id for row in rows if row.tier == LISTED_ONLY]
    return [*dialled, *names][: max(0, limit)]


def _national(session: Session, topic: str | None, need: str | None) -> list[str]:
    """Ids of the national lines of the topic, else of the need, else of all."""
    subjects = [one for one in (topic, need, "") if one is not None]
    lines: dict[str, list[str]] = {}
    for subject, service_id in session.execute(statements.national_lines(), {"subjects": subjects}):
        lines.setdefault(subject, []).append(service_id)
    for subject in subjects:
        if subject in lines:
            return lines[subject]
    raise LookupError("the database has no national lines")
