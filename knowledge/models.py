"""The knowledge database: law, answers, places and services (SQLAlchemy 2.1, SQLite or PostgreSQL).

Facts come from ``knowledge/seed``; every row that states a fact carries its sources, the date of
the text that was read and how sure it is (``confidence``).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import JSON, Date, DateTime, Dialect, ForeignKey, Index, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Language = Literal["kk", "ru", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True)
class Localised:
    """One text in the three languages; all three are always there."""

    kk: str
    ru: str
    en: str

    def get(self, language: str) -> str:
        """The text in ``language`` ("kk", "ru" or "en")."""
        if language not in LANGUAGES:
            raise ValueError(f"no language {language!r}")
        return str(getattr(self, language))


class LocalisedText(TypeDecorator[Localised]):
    """Stores :class:`Localised` as a JSON object in a text column."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Localised | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(asdict(value), ensure_ascii=False)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Localised | None:
        return None if value is None else Localised(**json.loads(value))


class Base(DeclarativeBase):
    """Base of all tables."""


class Act(Base):
    """A code or law, as it is named and as it is cited in chat."""

    __tablename__ = "act"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[Localised] = mapped_column(LocalisedText)
    short: Mapped[Localised] = mapped_column(LocalisedText)
    number: Mapped[str | None] = mapped_column(String(32))
    date: Mapped[str | None] = mapped_column(String(10))


class Provision(Base):
    """An article (or a few that belong together) of an act."""

    __tablename__ = "provision"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    act_id: Mapped[str] = mapped_column(ForeignKey("act.id"))
    article: Mapped[str] = mapped_column(String(64))
    heading: Mapped[Localised] = mapped_column(LocalisedText)
    heading_kk_checked: Mapped[bool]
    topics: Mapped[list[str]] = mapped_column(JSON)
    conduct: Mapped[Localised] = mapped_column(LocalisedText)
    who_is_protected: Mapped[str] = mapped_column(String(32))
    prosecution: Mapped[str | None] = mapped_column(String(32))
    prosecution_by_part: Mapped[dict[str, str]] = mapped_column(JSON)
    in_force_from: Mapped[date | None] = mapped_column(Date)
    in_force_to: Mapped[date | None] = mapped_column(Date)
    changed_by_law_2024: Mapped[bool]
    changed_by_law_2024_note: Mapped[Localised | None] = mapped_column(LocalisedText)
    later_changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What came after, oldest first: ``{"law": "210-VIII", "date": ..., "what": {kk, ru, en}}``."""
    valid_as_of: Mapped[date | None] = mapped_column(Date)
    confidence: Mapped[str] = mapped_column(String(16))
    official_location: Mapped[str | None] = mapped_column(Text)
    read_via: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    sources: Mapped[list[str]] = mapped_column(JSON)

    act: Mapped[Act] = relationship(lazy="joined")
    penalties: Mapped[list[Penalty]] = relationship(order_by="Penalty.position", lazy="selectin")


class Penalty(Base):
    """What one part of a provision threatens; the kinds are alternatives ("or").

    Fines and correctional works are in MCI (monthly calculation index), community service in
    hours, arrests in days, restriction of liberty and imprisonment in years.
    """

    __tablename__ = "penalty"
    provision_id: Mapped[str] = mapped_column(ForeignKey("provision.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(String(16))
    note: Mapped[Localised | None] = mapped_column(LocalisedText)
    other: Mapped[Localised | None] = mapped_column(LocalisedText)
    fine_mci_min: Mapped[float | None]
    fine_mci_max: Mapped[float | None]
    correctional_works_mci_min: Mapped[float | None]
    correctional_works_mci_max: Mapped[float | None]
    community_service_hours_min: Mapped[float | None]
    community_service_hours_max: Mapped[float | None]
    arrest_days_min: Mapped[float | None]
    arrest_days_max: Mapped[float | None]
    arrest_is_administrative: Mapped[bool]
    restriction_of_liberty_years_min: Mapped[float | None]
    restriction_of_liberty_years_max: Mapped[float | None]
    imprisonment_years_min: Mapped[float | None]
    imprisonment_years_max: Mapped[float | None]
    life_imprisonment: Mapped[bool]
    warning: Mapped[bool]


class Constant(Base):
    """A figure of the law that changes by year, for example the MCI in tenge."""

    __tablename__ = "constant"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[float]
    source: Mapped[str] = mapped_column(Text)


class Question(Base):
    """A question that people have, answered in short points."""

    __tablename__ = "question"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    question: Mapped[Localised] = mapped_column(LocalisedText)
    label: Mapped[Localised] = mapped_column(LocalisedText)
    """The words on its button."""
    topics: Mapped[list[str]] = mapped_column(JSON)
    confidence: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
    sources: Mapped[list[str]] = mapped_column(JSON)

    points: Mapped[list[AnswerPoint]] = relationship(
        order_by="AnswerPoint.position", lazy="selectin"
    )
    basis: Mapped[list[QuestionBasis]] = relationship(
        order_by="QuestionBasis.position", lazy="selectin"
    )


class AnswerPoint(Base):
    """One sentence or two of an answer, with its own confidence."""

    __tablename__ = "answer_point"
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[Localised] = mapped_column(LocalisedText)
    confidence: Mapped[str] = mapped_column(String(16))


class QuestionBasis(Base):
    """The provision that an answer rests on."""

    __tablename__ = "question_basis"
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    provision_id: Mapped[str] = mapped_column(ForeignKey("provision.id"))

    provision: Mapped[Provision] = relationship(lazy="joined")


class AnswerRoute(Base):
    """Which questions answer a topic (an ``ask_`` intent) for a need; need "" is for all needs.

    ``audience`` is who asks (see :data:`knowledge.seed_schema.AUDIENCES`), "" for an adult whom it
    concerns, or "more" for the questions that are offered after the answer.
    """

    __tablename__ = "answer_route"
    topic: Mapped[str] = mapped_column(String(48), primary_key=True)
    need: Mapped[str] = mapped_column(String(32), primary_key=True)
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id"))


class PenaltyRoute(Base):
    """Which provisions say what the offender faces for a need, most fitting first.

    ``parts`` are the parts that fit; the others would fill the screen and frighten for nothing.
    """

    __tablename__ = "penalty_route"
    need: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    provision_id: Mapped[str] = mapped_column(ForeignKey("provision.id"))
    parts: Mapped[list[str]] = mapped_column(JSON)


class Term(Base):
    """A legal word as it is always called, and what it means; ``provision_id`` says where from."""

    __tablename__ = "term"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    term: Mapped[Localised] = mapped_column(LocalisedText)
    stems: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    avoid: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    loose: Mapped[bool]
    meaning: Mapped[Localised] = mapped_column(LocalisedText)
    provision_id: Mapped[str | None] = mapped_column(ForeignKey("provision.id"))


class Place(Base):
    """A region, city, district centre or village; coordinates are of its centre."""

    __tablename__ = "place"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    region_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    name: Mapped[Localised] = mapped_column(LocalisedText)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    __table_args__ = (Index("ix_place_coordinates", "latitude", "longitude"),)


class Service(Base):
    """Somebody who helps: a line, a centre, an office. None stands for "not known"."""

    __tablename__ = "service"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[Localised] = mapped_column(LocalisedText)
    name_kk_translated: Mapped[bool]
    kind: Mapped[str] = mapped_column(String(32))
    serves: Mapped[str] = mapped_column(String(24))
    coverage: Mapped[str] = mapped_column(String(16))
    region_id: Mapped[str | None] = mapped_column(ForeignKey("place.id"), index=True)
    place_id: Mapped[str | None] = mapped_column(ForeignKey("place.id"), index=True)
    address: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    location_precision: Mapped[str | None] = mapped_column(String(16))
    """``exact`` may be shown on a map; ``city`` and ``region`` are the centres of those."""
    telegram: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    website: Mapped[str | None] = mapped_column(Text)
    hours: Mapped[str | None] = mapped_column(String(64))
    languages: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    cost: Mapped[str] = mapped_column(String(16))
    asks_for: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """What the person needs to bring or say; [] is "nothing, not even a name"."""
    passes_to_police: Mapped[str] = mapped_column(String(8))
    offers_shelter: Mapped[bool | None]
    description: Mapped[Localised] = mapped_column(LocalisedText)
    last_seen: Mapped[str | None] = mapped_column(String(10))
    """Day, month or year of the source in which the entry was seen."""
    checked_on: Mapped[date | None] = mapped_column(Date)
    """When a person last called or visited; None: nobody has."""
    checked_by: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    phones: Mapped[list[ServicePhone]] = relationship(order_by="ServicePhone.position")
    place: Mapped[Place | None] = relationship(foreign_keys=[place_id])


class ServicePhone(Base):
    """A number of a service: ``short``, ``landline``, ``mobile`` or ``whatsapp``.

    E.164 unless short.
    """

    __tablename__ = "service_phone"
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)


class ServiceNeed(Base):
    """What a service is for; ``any`` fits every need."""

    __tablename__ = "service_need"
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"), primary_key=True)
    need: Mapped[str] = mapped_column(String(32), primary_key=True)


class ServiceListing(Base):
    """Under what a service is found; made from the service by :mod:`knowledge.listing`.

    It keeps a search to short ranges of an index, however many services there are.
    """

    __tablename__ = "service_listing"
    subject: Mapped[str] = mapped_column(String(48), primary_key=True)
    """A need, "" for any, or ``kind:`` and a kind of service."""
    service_id: Mapped[str] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    region_id: Mapped[str | None] = mapped_column(String(64))
    place_id: Mapped[str | None] = mapped_column(String(64))
    tier: Mapped[int]
    """0: can be dialled and is believed, 1: can be dialled, 2: is only a name."""
    serves: Mapped[str] = mapped_column(String(24))
    hours: Mapped[str | None] = mapped_column(String(64))
    rank: Mapped[int]
    """Lower is better: confidence, then how lately a person checked it."""
    from_afar: Mapped[bool]
    """It has a number that reaches it from other regions, too."""

    __table_args__ = (
        Index("ix_service_listing_region", "subject", "region_id", "tier", "rank", "service_id",
              "hours", "serves", "place_id"),
        Index("ix_service_listing_place", "subject", "place_id", "tier", "rank", "service_id",
              "hours", "serves", "from_afar"),
    )  # fmt: skip


class OpeningHours(Base):
    """Each wording of hours that services have: few, however many services there are."""

    __tablename__ = "opening_hours"
    hours: Mapped[str] = mapped_column(String(64), primary_key=True)


class NationalLine(Base):
    """The order in which national services are shown.

    ``subject`` is an ``ask_`` topic, a need, or "" for all others; the topic goes first.
    """

    __tablename__ = "national_line"
    subject: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"))


class LoadedEntry(Base):
    """An entry as the seed last brought it; another digest in the database: staff changed it."""

    __tablename__ = "loaded_entry"
    entity: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))


class Change(Base):
    """The history: who changed which entry when, and how it was before and after."""

    __tablename__ = "change"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    by: Mapped[str] = mapped_column(String(64))
    entity: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(128))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (Index("ix_change_entry", "entity", "key", "id"),)


class SeedState(Base):
    """Which seed is loaded: the SHA-256 of its files."""

    __tablename__ = "seed_state"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
