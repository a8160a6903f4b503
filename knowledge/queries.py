"""Questions about the law. Each takes a session and returns plain dataclasses.

Services are found by :mod:`knowledge.finding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.models import (
    Act,
    AnswerRoute,
    Constant,
    Localised,
    Penalty,
    PenaltyRoute,
    Place,
    Provision,
    Question,
)  # fmt: skip

# The "audience" of questions that are offered after an answer.
MORE = "more"


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
class TopicRoutes:
    """Ids of the questions that answer a topic, the main one first, and of those offered next."""

    questions: tuple[str, ...]
    more: tuple[str, ...]
    has_variants: bool
    """Some who ask get another answer."""


@dataclass(frozen=True)
class Offer:
    """A question that may be asked next, and the words on its button."""

    question_id: str
    label: Localised


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


def routes(session: Session, topic: str, need: str | None, audience: str = "") -> TopicRoutes:
    """Which questions answer a topic for a need; without any there is no route.

    Those for who asks (``audience``, one of :data:`knowledge.seed_schema.AUDIENCES`) go before
    those for an adult whom it concerns. A need that has routes of its own needs no others.
    """
    rows = session.execute(
        select(AnswerRoute.audience, AnswerRoute.need, AnswerRoute.question_id)
        .where(AnswerRoute.topic == topic, AnswerRoute.need.in_({need or "", ""}))
        .order_by(AnswerRoute.position)
    )
    found: dict[tuple[str, str], list[str]] = {}
    for of_audience, of_need, question_id in rows:
        found.setdefault((of_audience, of_need), []).append(question_id)

    def routed(of_audience: str) -> list[str]:
        return found.get((of_audience, need or ""), found.get((of_audience, ""), []))

    theirs = routed(audience) if audience else []
    return TopicRoutes(
        questions=tuple(dict.fromkeys([*theirs, *routed("")])),
        more=tuple(routed(MORE)),
        has_variants=bool({of_audience for of_audience, _ in found} - {"", MORE}),
    )


def offers(session: Session, question_ids: Sequence[str]) -> list[Offer]:
    """What stands on the buttons of questions, in their order."""
    labels = dict(
        session.execute(
            select(Question.id, Question.label).where(Question.id.in_(question_ids))
        ).all()
    )
    return [Offer(one, labels[one]) for one in question_ids]


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
