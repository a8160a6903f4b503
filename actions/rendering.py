"""Turn facts of ``knowledge`` into text, with the words of ``responses``. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import phonenumbers

from common.texts import Texts
from knowledge.finding import Contact, Contacts
from knowledge.models import Penalty
from knowledge.queries import Answer, Citation, PenaltyAnswer

# Older than this, an entry says that nobody has checked it since.
_STALE_DAYS = 90
_KINDS = (
    ("fine", "fine_mci"),
    ("correctional_works", "correctional_works_mci"),
    ("community_service", "community_service_hours"),
    ("arrest", "arrest_days"),
    ("restriction_of_liberty", "restriction_of_liberty_years"),
    ("imprisonment", "imprisonment_years"),
)


def number(value: float) -> str:
    """``80`` for 80.0, with thin groups from ten thousand on: ``346 000``."""
    whole = int(value) if float(value).is_integer() else value
    return f"{whole:,}".replace(",", " ") if value >= 10_000 else str(whole)


def show_date(value: date) -> str:
    """``16.09.2025``."""
    return value.strftime("%d.%m.%Y")


def show_partial_date(value: str) -> str:
    """``2026-04-30`` as ``30.04.2026``, ``2026-04`` as ``04.2026``, ``2026`` as it is."""
    return ".".join(reversed(value.split("-")))


def show_number(value: str) -> str:
    """A number as it is dialled, grouped for reading: ``+7 727 376 5660``, ``111``."""
    if not value.startswith("+"):
        return value
    parsed = phonenumbers.parse(value, "KZ")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def citations(found: Iterable[Citation], language: str) -> str:
    """``УК, ст. 109-1, 108-1; КоАП, ст. 73``."""
    article = {"kk": "{act}, {articles}-бап", "ru": "{act}, ст. {articles}",
               "en": "{act}, art. {articles}"}[language]  # fmt: skip
    parts = []
    for citation in found:
        act = citation.act.get(language)
        if citation.articles:
            parts.append(article.format(act=act, articles=", ".join(citation.articles)))
        else:
            parts.append(act)
    return "; ".join(parts)


def answer(texts: Texts, language: str, found: Answer, disclaimer: bool) -> str:
    """The points of an answer, its articles, the date of the text, and its caveats."""
    lines = []
    marks = set()
    for point in found.points:
        mark = {"secondary": " *", "conflicting": " **"}.get(point.confidence, "")
        marks.add(mark)
        lines.append(f"• {point.text.get(language)}{mark}")
    foot = []
    if found.citations:
        foot.append(
            texts.phrase("answer_articles", language, articles=citations(found.citations, language))
        )
    if " *" in marks:
        foot.append("* " + texts.phrase("caveat_secondary", language).lstrip("* "))
    if " **" in marks:
        foot.append("** " + texts.phrase("caveat_conflicting", language).lstrip("* "))
    foot.append(source_line(texts, language, found.text_date, disclaimer))
    return "\n".join(lines) + "\n\n" + "\n".join(line for line in foot if line)


def source_line(texts: Texts, language: str, text_date: date | None, disclaimer: bool) -> str:
    """The small last line: date of the text, and once a talk that this is no lawyer's advice."""
    if text_date is None:
        return ""
    key = "answer_text_date" if disclaimer else "answer_text_date_short"
    return texts.phrase(key, language, date=show_date(text_date))


def _amount(
    texts: Texts, language: str, name: str, low: float | None, high: float | None, mci: float
) -> str | None:
    """One kind of penalty: "up to 80 MCI", "5 days", "from 3 to 7 years"; None if absent."""
    if high is None:
        return None
    values = {"high": number(high), "mci": number(high), "tenge": number(high * mci)}
    if low is not None and low < high:
        return texts.phrase(f"penalty_{name}_range", language, low=number(low), **values)
    shape = "exact" if low == high else "up_to"
    if shape == "up_to" and high == 1 and texts.has_phrase(f"penalty_{name}_up_to_one"):
        shape = "up_to_one"
    return texts.phrase(f"penalty_{name}_{shape}", language, **values)


def penalty(texts: Texts, language: str, part: Penalty, mci: float) -> str:
    """One part as a list of alternatives: "fine up to ... or arrest up to ..."."""
    alternatives = []
    if part.warning:
        alternatives.append(texts.phrase("penalty_warning", language))
    for name, column in _KINDS:
        low, high = getattr(part, f"{column}_min"), getattr(part, f"{column}_max")
        shown = _amount(texts, language, name, low, high, mci)
        if shown:
            alternatives.append(shown)
    if part.life_imprisonment:
        alternatives.append(texts.phrase("penalty_life", language))
    joined = ", ".join(alternatives[:-1])
    joined += f" {texts.phrase('list_or', language)} " if joined else ""
    joined += alternatives[-1] if alternatives else ""
    if part.other and not part.life_imprisonment:
        joined += f" ({part.other.get(language)})" if joined else part.other.get(language)
    return joined


def penalties(texts: Texts, language: str, found: Iterable[PenaltyAnswer], mci: float) -> str:
    """The provisions of a need, each with the parts that its route names."""
    blocks = []
    said: set[str] = set()
    for one in found:
        lines = [f"{one.heading.get(language)} ({citations([one.citation], language)})"]
        for part in one.parts:
            note = f"{part.note.get(language)}: " if part.note else ""
            text = penalty(texts, language, part, mci)
            if text:
                lines.append(f"• {note}{text}")
        if one.confidence == "conflicting":
            lines.append("** " + texts.phrase("caveat_conflicting", language).lstrip("* "))
        if one.prosecution:
            key = f"penalty_prosecution_{one.prosecution.replace('-', '_')}"
            # Who starts the case is said where it first differs, not under each article.
            if texts.has_phrase(key) and key not in said:
                lines.append(texts.phrase(key, language))
            said = {key}
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def age_in_days(seen: str, today: date) -> int:
    """Days since a date that may be a month or a year only; the latest day it can mean counts."""
    parts = [int(part) for part in seen.split("-")]
    if len(parts) == 3:
        return (today - date(*parts)).days
    year, month = parts[0], parts[1] if len(parts) == 2 else 12
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return max(0, (today - first_of_next).days + 1)


def _age(texts: Texts, language: str, one: Contact, today: date) -> str:
    """When a person last checked the entry, or else the date of the source it was seen in."""
    if one.checked_on is not None:
        old = (today - one.checked_on).days > _STALE_DAYS
        key = "contacts_checked_long_ago" if old else "contacts_checked"
        return texts.phrase(key, language, date=show_date(one.checked_on))
    if one.last_seen is None:
        return texts.phrase("contacts_seen_unknown", language)
    old = age_in_days(one.last_seen, today) > _STALE_DAYS
    key = "contacts_seen_long_ago" if old else "contacts_seen"
    return texts.phrase(key, language, date=show_partial_date(one.last_seen))


def contact(
    texts: Texts, language: str, one: Contact, today: date, *, with_place: bool = False
) -> str:
    """A service: its numbers first, then what is known of it on that day."""
    name = one.name.get(language)
    lines = []
    if not one.numbers and not one.whatsapp:
        return texts.phrase("contacts_no_phone", language, name=name)
    for index, dialled in enumerate(one.numbers[:3]):
        # "Police — 102" needs no "102" twice, and a second number needs no second name.
        shown = show_number(dialled)
        label = name.replace(f" — {shown}", "", 1) if index == 0 else ""
        if label:
            lines.append(texts.phrase("contacts_line", language, number=shown, name=label))
        else:
            lines.append(f"📞 {shown}")
    if one.whatsapp:
        shown = texts.phrase("contacts_whatsapp", language, number=show_number(one.whatsapp))
        lines.append(shown if one.numbers else f"{shown} — {name}")
    about = [one.place.get(language)] if with_place and one.place else []
    if one.distance_km is not None:
        about.append(texts.phrase("contacts_distance", language, km=max(1, round(one.distance_km))))
    if one.round_the_clock:
        about.append(texts.phrase("contacts_round_the_clock", language))
    elif one.hours:
        about.append(texts.phrase("contacts_hours", language, hours=_hours(one.hours, language)))
        if one.open_now is not None:
            key = "contacts_open_now" if one.open_now else "contacts_closed_now"
            about.append(texts.phrase(key, language))
    about += _conditions(texts, language, one)
    about.append(_age(texts, language, one, today))
    if one.confidence == "low":
        about.append(texts.phrase("contacts_unsure", language))
    lines.append("   " + " · ".join(about))
    return "\n".join(lines)


def _conditions(texts: Texts, language: str, one: Contact) -> list[str]:
    """Cost, for whom it is, what it asks, whether it tells the police; only what we know."""
    found = []
    if one.cost != "unknown":
        found.append(texts.phrase(f"contacts_cost_{one.cost}", language))
    if one.serves != "anyone":
        found.append(texts.phrase(f"contacts_serves_{one.serves}", language))
    if one.asks_for is not None:
        asked = ", ".join(texts.phrase(f"contacts_asks_{one}", language) for one in one.asks_for)
        key = "contacts_asks" if asked else "contacts_asks_nothing"
        found.append(texts.phrase(key, language, asked=asked))
    if one.passes_to_police != "unknown" and one.kind != "emergency":
        found.append(texts.phrase(f"contacts_police_{one.passes_to_police}", language))
    return found


_DAYS = {
    "kk": {"Mon": "дс", "Tue": "сс", "Wed": "ср", "Thu": "бс", "Fri": "жм", "Sat": "сб",
           "Sun": "жс"},
    "ru": {"Mon": "пн", "Tue": "вт", "Wed": "ср", "Thu": "чт", "Fri": "пт", "Sat": "сб",
           "Sun": "вс"},
    "en": {},
}  # fmt: skip


def _hours(hours: str, language: str) -> str:
    for english, local in _DAYS[language].items():
        hours = hours.replace(english, local)
    return hours.replace("-", "–")


def contacts(
    texts: Texts,
    language: str,
    found: Contacts,
    place: str | None,
    region: str | None,
    today: date,
) -> str:
    """All groups that have somebody: the place, its region, what is near, the whole country."""

    def listed(heading: str, services: Iterable[Contact], *, with_place: bool = False) -> str:
        shown = (contact(texts, language, c, today, with_place=with_place) for c in services)
        return "\n".join([heading, *shown])

    blocks = []
    if place and not found.local:
        blocks.append(texts.phrase("contacts_none_local", language, place=place))
    if found.local and place:
        heading = texts.phrase("contacts_heading_place", language, place=place)
        blocks.append(listed(heading, found.local))
    if found.regional and region:
        heading = texts.phrase("contacts_heading_region", language, region=region)
        blocks.append(listed(heading, found.regional))
    if found.nearby:
        heading = texts.phrase("contacts_heading_nearby", language)
        blocks.append(listed(heading, found.nearby, with_place=True))
    heading = texts.phrase("contacts_heading_national", language)
    blocks.append(listed(heading, found.national))
    return "\n\n".join(blocks)
