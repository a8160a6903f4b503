"""Find services: by need, whom it concerns, place or position, and what answers now.

Searches read short ranges of :class:`knowledge.models.ServiceListing` and then only the services
that are shown, so that they stay quick however many services there are. Measure with
``python -m benchmarks.finding``.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast

from geographiclib.geodesic import Geodesic
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    bindparam,
    case,
    exists,
    literal,
    or_,
    select,
    union_all,
)  # fmt: skip
from sqlalchemy.orm import Session, aliased

from knowledge.hours import ALWAYS, KAZAKHSTAN, is_open
from knowledge.listing import DIALLED, LISTED_ONLY, UNSURE, kind_subject
from knowledge.models import (
    Localised,
    NationalLine,
    OpeningHours,
    Place,
    Service,
    ServiceListing,
    ServicePhone,
)  # fmt: skip

__all__ = ["Contact", "Contacts", "Position", "contacts", "kilometres", "nearest_place"]

# Latitude and longitude in degrees (WGS 84).
Position = tuple[float, float]
# A list of names that cannot be dialled helps nobody.
_NAMES_WITHOUT_NUMBER = 2
# How far one may be sent when the own region has no number.
_NEARBY_KM = 700.0
_MOST_NEARBY = 2
# How far from a position a settlement still counts as where the person is.
_AROUND_KM = 100.0
_KM_PER_DEGREE = 111.0
# So many settlements are looked at, nearest first.
_PLACES = 8
# So many more are measured exactly, because the rough order may be wrong by a few.
_ROUGHLY_AS_NEAR = 3
# What a child or a person who asks for one needs, and what an adult does.
_ABOUT_CHILDREN = frozenset({"child_abuse", "bullying"})
_NOT_FOR_CHILDREN = ("women",)
_NOT_FOR_ADULTS = ("children",)
_OPEN_RANK: dict[bool | None, int] = {True: 0, None: 1, False: 2}


@dataclass(frozen=True)
class Contact:
    """A service as it is shown; ``numbers`` are as they are dialled, None is "not known".

    ``position`` is only there if the place may be shown on a map; ``distance_km`` only if the
    search began at a position.
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
    languages: tuple[str, ...] | None
    last_seen: str | None
    checked_on: date | None
    confidence: str
    region: str | None
    place: Localised | None
    place_id: str | None
    position: Position | None = None
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
    around: list[_Near] = []
    if position is not None:
        here = _places_around(session, position, _AROUND_KM, count=1)
        place_id, region_id = (here[0].place_id, here[0].region_id) if here else (None, None)
        around = search.places_around(position, _AROUND_KM)
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


def kilometres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Distance over the ground on the WGS 84 ellipsoid, in kilometres."""
    found = Geodesic.WGS84.Inverse(
        latitude, longitude, to_latitude, to_longitude, Geodesic.DISTANCE
    )
    return float(found["s12"]) / 1000


def nearest_place(session: Session, position: Position) -> Place | None:
    """The settlement in which or near which a position lies; None if there is none around."""
    around = _places_around(session, position, _AROUND_KM, count=1)
    return session.get(Place, around[0].place_id) if around else None


class _Near(NamedTuple):
    """A settlement and how far it is."""

    km: float
    place_id: str
    region_id: str


def _places_around(
    session: Session,
    position: Position,
    within_km: float,
    *conditions: ColumnElement[bool],
    count: int = _PLACES,
) -> list[_Near]:
    """The nearest settlements, nearest first."""
    latitude, longitude = position
    # A degree of longitude is shorter the farther north; the box holds the whole circle.
    height = within_km / _KM_PER_DEGREE
    narrow = math.cos(math.radians(min(89.0, abs(latitude) + height)))
    width = height / narrow
    query = select(Place.id, Place.region_id, Place.latitude, Place.longitude).where(
        Place.kind != "region",
        Place.latitude.between(latitude - height, latitude + height),
        Place.longitude.between(longitude - width, longitude + width),
        *conditions,
    )
    rows = [
        (one, region_id, to_latitude or 0.0, to_longitude or 0.0)
        for one, region_id, to_latitude, to_longitude in session.execute(query)
    ]
    # Rough distances choose whom to measure: exact ones take their time.
    rough = heapq.nsmallest(
        count + _ROUGHLY_AS_NEAR,
        rows,
        key=lambda row: (row[2] - latitude) ** 2 + ((row[3] - longitude) * narrow) ** 2,
    )
    exact = [_Near(kilometres(latitude, longitude, *row[2:]), row[0], row[1]) for row in rough]
    return [one for one in sorted(exact) if one.km <= within_km][:count]


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
        rows = list(self._session.execute(_region_statement(unsure=False), values))
        groups = {0, 1} if place_id else {0}
        if not groups <= {row.local for row in rows if row.tier == DIALLED}:
            # Only where nobody better can be dialled are the unsure looked for.
            rows += self._session.execute(_region_statement(unsure=True), values)
        local = _best([row for row in rows if row.local], limit)
        regional = _best([row for row in rows if not row.local], limit - len(local))
        reaches = any(row.tier != LISTED_ONLY for row in rows)
        return _Found(local, regional, reaches)

    def places_around(
        self,
        position: Position,
        within_km: float,
        *conditions: ColumnElement[bool],
        from_afar: bool = False,
    ) -> list[_Near]:
        """The nearest settlements that have a service with a number."""
        listing = ServiceListing
        wanted = [listing.subject.in_(self._values["subjects"]), listing.tier == DIALLED]
        if from_afar:
            wanted.append(listing.from_afar.is_(True))
        has_service = exists().where(listing.place_id == Place.id, *wanted)
        return _places_around(self._session, position, within_km, has_service, *conditions)

    def of_places(self, places: list[str], limit: int) -> list[str]:
        """The services of settlements that stand in order of distance; those with a number."""
        return self._of_places(places, limit, _places_statement(from_afar=False))

    def nearest_abroad(self, start_id: str, region_id: str, position: Position | None) -> list[str]:
        """The nearest services of other regions that can be dialled from here."""
        if position is None:
            start = self._session.get(Place, start_id)
            if start is None or start.latitude is None or start.longitude is None:
                return []
            position = (start.latitude, start.longitude)
        around = self.places_around(
            position,
            _NEARBY_KM,
            Place.region_id != region_id,
            from_afar=True,
        )
        statement = _places_statement(from_afar=True)
        return self._of_places([one.place_id for one in around], _MOST_NEARBY, statement)

    def _of_places(
        self, places: list[str], limit: int, statement: CompoundSelect[Any]
    ) -> list[str]:
        padded = [*places, *[""] * (_PLACES - len(places))]
        values = {f"place{index}": place for index, place in enumerate(padded)}
        rows = self._session.execute(statement, {**self._values, **values, "limit": limit}).all()
        return [row.service_id for row in sorted(rows, key=lambda row: row.nearness)][:limit]

    def show(self, ids: set[str]) -> dict[str, Contact]:
        """The services by their ids."""
        shown: dict[str, list[Row[Any]]] = {}
        for row in self._session.execute(_details(), {"ids": sorted(ids)}):
            shown.setdefault(row.id, []).append(row)
        return {one: self._contact(rows) for one, rows in shown.items()}

    def _contact(self, rows: list[Row[Any]]) -> Contact:
        one = rows[0]
        exact = one.location_precision == "exact" and one.latitude is not None
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
            languages=None if one.languages is None else tuple(one.languages),
            last_seen=one.last_seen,
            checked_on=one.checked_on,
            confidence=one.confidence,
            region=one.region_id,
            place=one.place_name,
            place_id=one.place_id,
            position=(one.latitude, one.longitude) if exact else None,
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
    for subject, service_id in session.execute(_lines(), {"subjects": subjects}):
        lines.setdefault(subject, []).append(service_id)
    for subject in subjects:
        if subject in lines:
            return lines[subject]
    raise LookupError("the database has no national lines")


# -- statements, built once ---------------------------------------------------------------------


@lru_cache(maxsize=1)
def _lines() -> Select[Any]:
    lines = (
        select(NationalLine.subject, NationalLine.service_id)
        .where(NationalLine.subject.in_(bindparam("subjects", expanding=True)))
        .order_by(NationalLine.position)
    )
    return cast("Select[Any]", lines)


@lru_cache(maxsize=1)
def _details() -> Select[Any]:
    there = aliased(Place)
    details = (
        select(
            Service.id, Service.name, Service.kind, Service.hours, Service.cost, Service.asks_for,
            Service.passes_to_police, Service.serves, Service.languages, Service.last_seen,
            Service.checked_on, Service.confidence, Service.region_id, Service.place_id,
            Service.latitude, Service.longitude, Service.location_precision,
            there.name.label("place_name"), ServicePhone.number, ServicePhone.kind.label("phone"),
        )
        .outerjoin(there, there.id == Service.place_id)
        .outerjoin(ServicePhone, ServicePhone.service_id == Service.id)
        .where(Service.id.in_(bindparam("ids", expanding=True)))
        .order_by(Service.id, ServicePhone.position)
    )  # fmt: skip
    return cast("Select[Any]", details)


def _listed(
    where: Sequence[ColumnElement[bool]], tier: int, limit: str, *marks: ColumnElement[Any]
) -> Select[Any]:
    """The best listings of one range: who it serves, open now, then how sure it is."""
    listing = ServiceListing
    best_first: tuple[Any, ...] = (listing.rank, listing.service_id)
    unfit = case((listing.serves.in_(bindparam("last", expanding=True)), 1), else_=0)
    openness = case(
        (listing.hours.in_(bindparam("open", expanding=True)), _OPEN_RANK[True]),
        (listing.hours.is_(None), _OPEN_RANK[None]),
        else_=_OPEN_RANK[False],
    )
    if tier != LISTED_ONLY:
        # Names without a number have no hours that would matter; they come in index order.
        best_first = (unfit, openness, *best_first)
    best = (
        select(listing.service_id, listing.tier, *marks)
        .where(
            listing.subject.in_(bindparam("subjects", expanding=True)),
            listing.tier == tier,
            *where,
        )
        .order_by(*best_first)
        .limit(bindparam(limit, type_=Integer))
        .subquery()
    )
    # SQLite takes ORDER BY and LIMIT inside a union only in a subquery.
    return select(best)


@lru_cache(maxsize=2)
def _region_statement(unsure: bool) -> CompoundSelect[Any]:
    listing = ServiceListing
    here = (listing.place_id == bindparam("place"),)
    elsewhere = (
        listing.region_id == bindparam("region"),
        or_(listing.place_id.is_(None), listing.place_id != bindparam("place")),
    )
    tiers = ((UNSURE, "limit"),) if unsure else ((DIALLED, "limit"), (LISTED_ONLY, "names"))
    return union_all(
        *(_listed(here, tier, limit, literal(1).label("local")) for tier, limit in tiers),
        *(_listed(elsewhere, tier, limit, literal(0).label("local")) for tier, limit in tiers),
    )


@lru_cache(maxsize=2)
def _places_statement(from_afar: bool) -> CompoundSelect[Any]:
    listing = ServiceListing
    more: tuple[ColumnElement[bool], ...] = (listing.from_afar.is_(True),) if from_afar else ()
    return union_all(
        *(
            _listed(
                (listing.place_id == bindparam(f"place{index}"), *more),
                DIALLED,
                "limit",
                literal(index).label("nearness"),
            )
            for index in range(_PLACES)
        )
    )
