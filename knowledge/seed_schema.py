"""What the seed files may contain. Every defect is found here, before the database is touched."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self, get_args

import phonenumbers
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from knowledge.hours import KAZAKHSTAN, parse_hours
from knowledge.models import Language, Localised

Confidence = Literal["primary", "secondary", "conflicting"]
NEEDS = (
    "domestic_violence", "sexual_violence", "harassment", "bullying", "cyberbullying",
    "image_abuse", "stalking", "child_abuse", "forced_marriage", "immediate_danger", "self_harm",
)  # fmt: skip
TOPICS = (
    "ask_rights", "ask_contacts", "ask_shelter", "ask_legal_aid", "ask_psychological_help",
    "ask_medical_help", "ask_protection_order", "ask_report_police", "ask_police_inaction",
    "ask_penalty", "ask_evidence", "ask_divorce_custody", "ask_new_law", "ask_help_someone",
    "ask_safety_plan",
)  # fmt: skip
SHELTER_KINDS = ("shelter", "crisis_centre")
Audience = Literal["minor", "parent", "helper", "foreigner"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
"""Who asks: somebody under 18, a parent of the child, one who helps, one who is no citizen."""
LONGEST_LABEL = 34
"""Characters of a button that a small phone shows whole."""


class Seed(BaseModel):
    """Base of all seed entries: an unknown key is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid")


class LocalisedSeed(Seed):
    """A text in the three languages."""

    kk: Annotated[str, Field(min_length=1)]
    ru: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def localised(self) -> Localised:
        return Localised(kk=self.kk.strip(), ru=self.ru.strip(), en=self.en.strip())


def _need(value: str) -> str:
    if value not in NEEDS:
        raise ValueError(f"unknown need {value!r}; allowed: {', '.join(NEEDS)}")
    return value


def _topic(value: str) -> str:
    if value not in TOPICS:
        raise ValueError(f"unknown topic {value!r}; allowed: {', '.join(TOPICS)}")
    return value


Need = Annotated[str, AfterValidator(_need)]
Topic = Annotated[str, AfterValidator(_topic)]


class ActSeed(Seed):
    """An entry of ``acts.yml``."""

    id: str
    name: LocalisedSeed
    short: LocalisedSeed
    number: str | None = None
    date: str | None = None

    @field_validator("date", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return value.isoformat() if isinstance(value, date) else value


class PenaltySeed(Seed):
    """One part of a provision; figures as in :class:`knowledge.models.Penalty`."""

    part: str
    note: LocalisedSeed | None
    other: LocalisedSeed | None
    fine_mci_min: float | None
    fine_mci_max: float | None
    correctional_works_mci_min: float | None
    correctional_works_mci_max: float | None
    community_service_hours_min: float | None
    community_service_hours_max: float | None
    arrest_days_min: float | None
    arrest_days_max: float | None
    administrative_arrest_days: float | None
    administrative_arrest_days_min: float | None
    restriction_of_liberty_years_min: float | None
    restriction_of_liberty_years_max: float | None
    imprisonment_years_min: float | None
    imprisonment_years_max: float | None
    life_imprisonment: bool
    warning: bool

    @model_validator(mode="after")
    def _min_below_max(self) -> Self:
        values = self.model_dump()
        for name, low in values.items():
            high = values.get(name.removesuffix("_min") + "_max")
            if name.endswith("_min") and low is not None and high is not None and low > high:
                raise ValueError(f"{name} is above its maximum")
        return self

    def columns(self) -> dict[str, Any]:
        """The database columns: both kinds of arrest become one range of days."""
        values = self.model_dump(exclude={"note", "other"})
        administrative_max = values.pop("administrative_arrest_days")
        administrative_min = values.pop("administrative_arrest_days_min")
        if administrative_max is not None:
            values["arrest_days_min"] = administrative_min
            values["arrest_days_max"] = administrative_max
        values["arrest_is_administrative"] = administrative_max is not None
        values["note"] = self.note.localised() if self.note else None
        values["other"] = self.other.localised() if self.other else None
        return values


class LaterChangeSeed(Seed):
    """A change of a provision by a law after that of 15 April 2024: its number, from which day."""

    law: Annotated[str, Field(pattern=r"^\d+-[IVXL]+$")]
    date: date
    what: LocalisedSeed


class ProvisionSeed(Seed):
    """An entry of ``law.yml``."""

    id: str
    act: str
    article: str
    heading: LocalisedSeed
    heading_kk_checked: bool
    topics: list[str]
    who_is_protected: str
    conduct: LocalisedSeed
    penalties: list[PenaltySeed]
    prosecution: str | None
    prosecution_by_part: dict[str, str] = Field(default_factory=dict)
    in_force_from: date | None
    in_force_to: date | None = None
    changed_by_law_2024: bool
    changed_by_law_2024_note: LocalisedSeed | None
    later_changes: list[LaterChangeSeed] = Field(default_factory=list)
    valid_as_of: date | None
    sources: Annotated[list[str], Field(min_length=1)]
    official_location: str | None
    confidence: Confidence
    note: str | None
    read_via: str | None

    @field_validator("valid_as_of")
    @classmethod
    def _read_already(cls, value: date | None) -> date | None:
        if value is not None and value > _today():
            raise ValueError(f"{value} is in the future")
        return value

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Self:
        if self.in_force_from and self.in_force_to and self.in_force_from > self.in_force_to:
            raise ValueError("in_force_from is after in_force_to")
        return self


class PointsSeed(Seed):
    """The points of an answer; the three languages have the same number of points."""

    kk: Annotated[list[str], Field(min_length=1)]
    ru: list[str]
    en: list[str]

    @model_validator(mode="after")
    def _same_length(self) -> Self:
        if not len(self.kk) == len(self.ru) == len(self.en):
            raise ValueError("kk, ru and en need the same number of points")
        return self


class QuestionSeed(Seed):
    """An entry of ``rights.yml``."""

    id: str
    question: LocalisedSeed
    label: LocalisedSeed
    topics: list[str]
    answer_points: PointsSeed
    points_confidence: list[Confidence]
    basis: list[str]
    sources: list[str]
    confidence: Confidence
    note: str | None

    @model_validator(mode="after")
    def _one_confidence_a_point(self) -> Self:
        if len(self.points_confidence) != len(self.answer_points.kk):
            raise ValueError("points_confidence needs one entry for each point")
        return self

    @field_validator("label")
    @classmethod
    def _fits_a_button(cls, value: LocalisedSeed) -> LocalisedSeed:
        for language, words in value.model_dump().items():
            if len(words) > LONGEST_LABEL:
                raise ValueError(
                    f"{language} has {len(words)} characters; a button has {LONGEST_LABEL}"
                )
        return value


Routes = dict[Topic, dict[str, list[str]]]


class RoutesSeed(Seed):
    """``routes.yml``: which answers and lines belong to which topic and need ("" = any)."""

    answers: Routes
    audiences: dict[Audience, Routes]
    more: Routes
    penalties: dict[Need, dict[str, list[str]]]
    national_lines: dict[str, list[str]]
    constants: list[ConstantSeed]


class ConstantSeed(Seed):
    """A yearly figure of the law."""

    name: str
    year: int
    value: float
    source: str


class TermSeed(Seed):
    """An entry of ``glossary.yml``: what a thing is always called, and how it must not be."""

    id: str
    term: LocalisedSeed
    stems: dict[Language, Annotated[list[str], Field(min_length=1)]]
    avoid: dict[Language, list[str]]
    loose: bool = False
    meaning: LocalisedSeed
    provision: str | None

    @field_validator("stems", "avoid")
    @classmethod
    def _three_languages(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        if set(value) != {"kk", "ru", "en"}:
            raise ValueError("give kk, ru and en")
        return value


class PlaceSeed(BaseModel):
    """An entry of the gazetteer; spellings are the business of ``nlu``, so extra keys are fine."""

    id: str
    region: str
    kind: str
    names: LocalisedSeed
    latitude: float | None = None
    longitude: float | None = None


def _today() -> date:
    return datetime.now(KAZAKHSTAN).date()


def _number(value: str) -> str:
    """An international number of Kazakhstan as E.164."""
    try:
        parsed = phonenumbers.parse(value, "KZ")
    except phonenumbers.NumberParseException:
        raise ValueError(f"{value!r} is not a phone number") from None
    if not phonenumbers.is_valid_number_for_region(parsed, "KZ"):
        raise ValueError(f"{value!r} is not a number of Kazakhstan")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


class PhoneSeed(Seed):
    """A number: three or four digits, or an international number of Kazakhstan."""

    number: str
    note: Annotated[str | None, AfterValidator(lambda value: value or None)] = None
    whatsapp: bool = False

    @field_validator("number")
    @classmethod
    def _is_a_number(cls, value: str) -> str:
        return value if re.fullmatch(r"\d{3,4}", value) else _number(value)

    @property
    def kind(self) -> str:
        """``whatsapp``, ``short``, ``mobile`` or ``landline``."""
        if self.whatsapp:
            return "whatsapp"
        if len(self.number) <= 4:
            return "short"
        kind = phonenumbers.number_type(phonenumbers.parse(self.number, "KZ"))
        return "mobile" if kind == phonenumbers.PhoneNumberType.MOBILE else "landline"


# What a service asks of the person; an empty list is "nothing", None is "not known".
AskedFor = Literal[
    "name", "document", "registration", "referral", "statement", "appointment",
    "electronic_signature", "parent",
]  # fmt: skip


class ServiceSeed(Seed):
    """An entry of ``contacts.yml``."""

    id: str
    name: LocalisedSeed
    name_kk_translated: bool = False
    kind: Literal[
        "emergency", "hotline", "prosecutor", "psychological_help", "child_protection",
        "ombudsman", "ngo", "family_support_centre", "medical", "shelter", "crisis_centre",
        "legal_aid",
    ]  # fmt: skip
    needs: Annotated[list[str], Field(min_length=1)]
    serves: Literal["anyone", "women", "children", "women_and_children", "youth", "migrants"]
    coverage: Literal["settlement", "region", "country"]
    region: str | None
    place: str | None
    address: dict[str, str] | None
    phones: list[PhoneSeed]
    telegram: str | None
    email: str | None
    website: str | None
    hours: str | None
    languages: list[str] | None
    cost: Literal["free", "paid", "partly", "unknown"]
    asks_for: list[AskedFor] | None
    passes_to_police: Literal["yes", "no", "unknown"]
    offers_shelter: bool | None
    description: LocalisedSeed
    latitude: float | None
    longitude: float | None
    note: str | None = None
    location_precision: Literal["exact", "city", "region"] | None
    sources: Annotated[list[dict[str, Any]], Field(min_length=1)]
    last_seen: str | None
    checked_on: date | None = None
    checked_by: str | None = None
    confidence: Literal["high", "medium", "low"]

    @field_validator("last_seen", mode="before")
    @classmethod
    def _partial_date(cls, value: object) -> object:
        if value is None:
            return None
        if isinstance(value, date):
            return value.isoformat()
        if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", str(value)):
            raise ValueError("give a date as 2026, 2026-04 or 2026-04-30")
        return str(value)

    @field_validator("last_seen", "checked_on")
    @classmethod
    def _not_in_the_future(cls, value: str | date | None) -> str | date | None:
        if value is not None and str(value) > _today().isoformat():
            raise ValueError(f"{value} is in the future")
        return value

    @field_validator("hours")
    @classmethod
    def _readable_hours(cls, value: str | None) -> str | None:
        if value is not None:
            parse_hours(value)
        return value

    @model_validator(mode="after")
    def _checked_by_somebody(self) -> Self:
        if (self.checked_on is None) != (self.checked_by is None):
            raise ValueError("checked_on and checked_by go together")
        return self

    @field_validator("needs")
    @classmethod
    def _known_needs(cls, value: list[str]) -> list[str]:
        unknown = set(value) - set(NEEDS) - {"any", "legal", "trafficking"}
        if unknown:
            allowed = ", ".join((*NEEDS, "any", "legal", "trafficking"))
            raise ValueError(f"unknown need {min(unknown)!r}; allowed: {allowed}")
        # Their order says nothing.
        return sorted(set(value))

    @model_validator(mode="after")
    def _no_shelter_address(self) -> Self:
        if self.address and (self.offers_shelter or self.kind in SHELTER_KINDS):
            raise ValueError("a shelter's street address is never kept (safety standard G3)")
        return self

    @model_validator(mode="after")
    def _located(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude go together")
        if (self.latitude is None) != (self.location_precision is None):
            raise ValueError("coordinates and location_precision go together")
        shelter = self.offers_shelter or self.kind in SHELTER_KINDS
        if shelter and self.location_precision == "exact":
            raise ValueError("a shelter's exact position is never kept (safety standard G3)")
        return self
