"""Questions to the knowledge database. Each takes a session and returns plain dataclasses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from knowledge.hours import ALWAYS, KAZAKHSTAN, is_open
from knowledge.models import (
    Act,
    AnswerRoute,
    Constant,
    Localised,
    NationalLine,
    Penalty,
    PenaltyRoute,
    Place,
    Provision,
    Question,
    Service,
    ServiceNeed,
)

# A need is also served by services that name a near relative of it.
_SERVED_BY = {
    "immediate_danger": ("domestic_violence",),
    "stalking": ("stalking", "domestic_violence"),
    "harassment": ("harassment", "sexual_violence"),
    "image_abuse": ("image_abuse", "cyberbullying", "sexual_violence"),
    "cyberbullying": ("cyberbullying", "bullying"),
    "bullying": ("bullying", "cyberbullying"),
    "forced_marriage": ("forced_marriage", "domestic_violence"),
}
# A list of names that cannot be dialled helps nobody.
_NAMES_WITHOUT_NUMBER = 2
# How far one may be sent when the own region has no number.
_NEARBY_KM = 700.0
_MOST_NEARBY = 2
_KM_PER_DEGREE = 111.0
_EARTH_KM = 6371.0
_OPEN_RANK: dict[bool | None, int] = {True: 0, None: 1, False: 2}
_CONFIDENCE_RANK = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True)
class Citation:
    """Articles of one act, for "Criminal Code, art. 109-1, 115"."""

    act: Localised
    articles: tuple[str, ...]


@dataclass(frozen=True)
class Point:
    """One point of an answer with its confidence (primary, secondary, conflicting)."""

    text: Localised
    confidence: str


@dataclass(frozen=True)
class Answer:
    """An answer as the database has it; ``text_date`` is the oldest text date of its laws."""

    question_id: str
    question: Localised
    points: tuple[Point, ...]
    citations: tuple[Citation, ...]
    text_date: date | None


@dataclass(frozen=True)
class PenaltyAnswer:
    """What one provision threatens, lightest part first as in the law."""

    citation: Citation
    heading: Localised
    conduct: Localised
    parts: tuple[Penalty, ...]
    prosecution: str | None
    confidence: str
    text_date: date | None


@dataclass(frozen=True)
class Contact:
    """A service as it is shown; ``numbers`` are as they are dialled."""

    id: str
    name: Localised
    kind: str
    numbers: tuple[str, ...]
    whatsapp: str | None
    round_the_clock: bool
    hours: str | None
    open_now: bool | None
    free: bool | None
    last_seen: str | None
    checked_on: date | None
    confidence: str
    region: str | None
    place: Localised | None
    place_id: str | None


@dataclass(frozen=True)
class Contacts:
    """Services by distance; ``national`` always has a number that answers now.

    ``nearby`` are the nearest ones of other regions; it is empty if the region has a number.
    """

    local: tuple[Contact, ...] = ()
    regional: tuple[Contact, ...] = ()
    nearby: tuple[Contact, ...] = ()
    national: tuple[Contact, ...] = field(default=())


def in_force(provision: Provision, on: date) -> bool:
    """Tell whether the provision is law on that day (an unknown start counts as law)."""
    started = provision.in_force_from is None or provision.in_force_from <= on
    ended = provision.in_force_to is not None and provision.in_force_to < on
    return started and not ended


def _cite(provisions: Sequence[Provision]) -> tuple[Citation, ...]:
    by_act: dict[str, list[str]] = {}
    acts: dict[str, Act] = {}
    for provision in provisions:
        acts[provision.act_id] = provision.act
        articles = by_act.setdefault(provision.act_id, [])
        if provision.article[0].isdigit() and provision.article not in articles:
            articles.append(provision.article)
    return tuple(Citation(acts[act].short, tuple(articles)) for act, articles in by_act.items())


def answers(session: Session, topic: str, need: str | None, on: date) -> list[Answer]:
    """Answers for a topic and a need, the main one first; empty when there is no route."""
    routes: list[str] = []
    for wanted in (need, ""):
        if wanted is None:
            continue
        routes = list(
            session.scalars(
                select(AnswerRoute.question_id)
                .where(AnswerRoute.topic == topic, AnswerRoute.need == wanted)
                .order_by(AnswerRoute.position)
            )
        )
        if routes:
            break
    return [found for route in routes if (found := answer(session, route, on)) is not None]


def answer(session: Session, question_id: str, on: date) -> Answer | None:
    """One answer by the id of its question; provisions not in force on that day are not cited."""
    question = session.get(Question, question_id)
    if question is None:
        return None
    provisions = [b.provision for b in question.basis if in_force(b.provision, on)]
    dates = [p.valid_as_of for p in provisions if p.valid_as_of is not None]
    return Answer(
        question_id=question.id,
        question=question.question,
        points=tuple(Point(point.text, point.confidence) for point in question.points),
        citations=_cite(provisions),
        text_date=min(dates, default=None),
    )


def penalties(session: Session, need: str, on: date) -> list[PenaltyAnswer]:
    """What the offender may face for a need, most fitting provision first."""
    routed = session.execute(
        select(Provision, PenaltyRoute)
        .join(PenaltyRoute, PenaltyRoute.provision_id == Provision.id)
        .where(PenaltyRoute.need == need)
        .order_by(PenaltyRoute.position)
    ).unique()
    return [
        PenaltyAnswer(
            citation=_cite([provision])[0],
            heading=provision.heading,
            conduct=provision.conduct,
            parts=tuple(penalty for penalty in provision.penalties if penalty.part in route.parts),
            prosecution=provision.prosecution,
            confidence=provision.confidence,
            text_date=provision.valid_as_of,
        )
        for provision, route in routed
        if in_force(provision, on)
    ]


def constant(session: Session, name: str, year: int) -> Constant | None:
    """A yearly figure: of that year, else of the newest year before it."""
    return session.scalars(
        select(Constant)
        .where(Constant.name == name, Constant.year <= year)
        .order_by(Constant.year.desc())
        .limit(1)
    ).first()


def place(session: Session, place_id: str) -> Place | None:
    """A place of the gazetteer by its id."""
    return session.get(Place, place_id)


def contacts(
    session: Session,
    need: str | None,
    place_id: str | None = None,
    region_id: str | None = None,
    kinds: Sequence[str] = (),
    topic: str | None = None,
    limit: int = 4,
    now: datetime | None = None,
) -> Contacts:
    """Services for a need (and of some kinds, if given): settlement, region, whole country.

    ``topic`` (an ``ask_`` intent) may have national lines of its own. ``national`` is never
    empty: without a match it holds the lines for any need. What is open at ``now`` (by default
    this moment) goes first; entries of low confidence are only given when there is nothing else.
    """
    now = now or datetime.now(KAZAKHSTAN)
    local: list[Contact] = []
    regional: list[Contact] = []
    if region_id:
        for contact in _in_region(session, need, region_id, kinds, now):
            (local if place_id and contact.place_id == place_id else regional).append(contact)
    local = _best_first(local)[:limit]
    regional = _best_first(regional)[: limit - len(local)]
    nearby: list[Contact] = []
    if region_id and not any(map(_reachable, (*local, *regional))):
        nearby = _nearby(session, need, place_id or region_id, region_id, kinds, now)
    return Contacts(
        local=tuple(local),
        regional=tuple(regional),
        nearby=tuple(nearby),
        national=tuple(_national(session, topic, need, now)),
    )


def _in_region(
    session: Session, need: str | None, region_id: str, kinds: Sequence[str], now: datetime
) -> list[Contact]:
    query = _fitting(select(Service).where(Service.region_id == region_id), need, kinds)
    return [_contact(service, now) for service in session.scalars(query).unique()]


def _fitting(query: Select[Service], need: str | None, kinds: Sequence[str]) -> Select[Service]:
    if kinds:
        return query.where(Service.kind.in_(kinds))
    if need:
        served = {*_SERVED_BY.get(need, (need,)), "any"}
        return query.where(
            Service.id.in_(select(ServiceNeed.service_id).where(ServiceNeed.need.in_(served)))
        )
    return query.where(or_(Service.kind != "emergency", Service.region_id.is_(None)))


def _nearby(
    session: Session,
    need: str | None,
    start_id: str,
    region_id: str,
    kinds: Sequence[str],
    now: datetime,
) -> list[Contact]:
    """The nearest services of other regions that can be dialled, at most two, nearest first."""
    start = session.get(Place, start_id)
    if start is None or start.latitude is None or start.longitude is None:
        return []
    # A degree of longitude is shorter the farther north; the box holds the whole circle.
    height = _NEARBY_KM / _KM_PER_DEGREE
    width = height / math.cos(math.radians(abs(start.latitude) + height))
    in_the_box = (
        select(Service)
        .join(Place, Place.id == Service.place_id)
        .where(
            Service.region_id != region_id,
            Place.latitude.between(start.latitude - height, start.latitude + height),
            Place.longitude.between(start.longitude - width, start.longitude + width),
        )
    )
    found = []
    for service in session.scalars(_fitting(in_the_box, need, kinds)).unique():
        there = service.place
        if there is None or there.latitude is None or there.longitude is None:
            continue
        away = kilometres(start.latitude, start.longitude, there.latitude, there.longitude)
        contact = _contact(service, now)
        # "102" and "109" reach the own region's office from wherever they are dialled.
        numbers = tuple(number for number in contact.numbers if number.startswith("+"))
        contact = replace(contact, numbers=numbers)
        if away <= _NEARBY_KM and _reachable(contact) and contact.confidence != "low":
            found.append((away, _order(contact), contact))
    return [contact for _, _, contact in sorted(found, key=lambda one: one[:2])][:_MOST_NEARBY]


def kilometres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Distance over the ground (haversine, earth as a sphere: right to half a percent)."""
    up, along = math.radians(to_latitude - latitude), math.radians(to_longitude - longitude)
    part = (
        math.sin(up / 2) ** 2
        + math.cos(math.radians(latitude))
        * math.cos(math.radians(to_latitude))
        * math.sin(along / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(math.sqrt(part))


def _best_first(found: list[Contact]) -> list[Contact]:
    """Order: can be dialled, open now, surely right, checked by a person lately."""
    found = sorted(found, key=_order)
    reachable = [c for c in found if _reachable(c)]
    sure = [c for c in reachable if c.confidence != "low"]
    return (sure or reachable) + [c for c in found if not _reachable(c)][:_NAMES_WITHOUT_NUMBER]


def _order(contact: Contact) -> tuple[bool, int, int, int, str]:
    checked = -contact.checked_on.toordinal() if contact.checked_on else 0
    return (
        not _reachable(contact),
        _OPEN_RANK[contact.open_now],
        _CONFIDENCE_RANK[contact.confidence],
        checked,
        contact.id,
    )


def _reachable(contact: Contact) -> bool:
    return bool(contact.numbers or contact.whatsapp)


def _national(
    session: Session, topic: str | None, need: str | None, now: datetime
) -> list[Contact]:
    for subject in (topic, need, ""):
        services = session.scalars(
            select(Service)
            .join(NationalLine, NationalLine.service_id == Service.id)
            .where(NationalLine.subject == subject)
            .order_by(NationalLine.position)
        ).unique()
        found = [_contact(service, now) for service in services]
        if found:
            return found
    raise LookupError("the database has no national lines")


def _contact(service: Service, now: datetime) -> Contact:
    return Contact(
        id=service.id,
        name=service.name,
        kind=service.kind,
        numbers=tuple(phone.number for phone in service.phones),
        whatsapp=service.whatsapp,
        round_the_clock=service.hours == ALWAYS,
        hours=service.hours,
        open_now=is_open(service.hours, now),
        free=service.free_of_charge,
        last_seen=service.last_seen,
        checked_on=service.checked_on,
        confidence=service.confidence,
        region=service.region_id,
        place=service.place.name if service.place else None,
        place_id=service.place_id,
    )
