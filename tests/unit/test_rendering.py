"""Facts become words: penalties, dates, numbers, articles, contacts, in three languages."""

from __future__ import annotations

import re
from datetime import date

import pytest

from actions import rendering
from common.texts import LANGUAGES, Texts
from knowledge.finding import Contact, Contacts
from knowledge.models import Localised, Penalty
from knowledge.queries import Answer, Citation, PenaltyAnswer, Point
from knowledge.seed_schema import NEEDS

TODAY = date(2026, 5, 30)

MCI = 4325.0
CRIMINAL = Localised("ҚК", "УК", "Criminal Code")
ADMINISTRATIVE = Localised("ӘҚБтК", "КоАП", "Administrative Code")


def same(text: str) -> Localised:
    return Localised(text, text, text)


def part(**figures: object) -> Penalty:
    values: dict[str, object] = dict.fromkeys(Penalty.__table__.columns.keys())
    return Penalty(
        **{**values, "part": "1", "life_imprisonment": False, "warning": False, **figures}
    )


def contact(**values: object) -> Contact:
    base: dict[str, object] = {
        "id": "x", "name": same("Centre"), "kind": "ngo", "numbers": ("+77273765660",),
        "whatsapp": None, "round_the_clock": False, "hours": None, "open_now": None,
        "cost": "unknown", "asks_for": None, "passes_to_police": "unknown", "serves": "anyone",
        "last_seen": "2026-04-30", "checked_on": None, "confidence": "high",
        "region": None, "place": None,
        "place_id": None,
    }  # fmt: skip
    return Contact(**{**base, **values})  # type: ignore[arg-type]


# --- numbers and dates ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [(80.0, "80"), (0.5, "0.5"), (9999, "9999"), (10_000, "10 000"), (346_000.0, "346 000"),
     (1_297_500.0, "1 297 500"), (0, "0")],
)  # fmt: skip
def test_a_number_is_short_and_grouped(value: float, shown: str) -> None:
    # The groups are kept together by a space that does not break, or a plain one.
    assert re.sub(r"\s", " ", rendering.number(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2026-04-30", "30.04.2026"), ("2026-04", "04.2026"), ("2026", "2026")],
)
def test_a_date_that_is_only_partly_known_shows_what_is_known(value: str, shown: str) -> None:
    assert rendering.show_partial_date(value) == shown


def test_a_date_is_written_day_first() -> None:
    assert rendering.show_date(date(2025, 9, 6)) == "06.09.2025"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("111", "111"), ("3580", "3580"), ("+77273765660", "+7 727 376 5660"),
     ("+77081060810", "+7 708 106 0810")],
)  # fmt: skip
def test_a_phone_number_is_grouped_for_reading(value: str, shown: str) -> None:
    assert rendering.show_number(value) == shown


# --- articles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("kk", "ҚК, 109-1, 115-бап; ӘҚБтК, 73-бап"),
        ("ru", "УК, ст. 109-1, 115; КоАП, ст. 73"),
        ("en", "Criminal Code, art. 109-1, 115; Administrative Code, art. 73"),
    ],
)
def test_articles_are_cited_as_people_cite_them(language: str, shown: str) -> None:
    found = [Citation(CRIMINAL, ("109-1", "115")), Citation(ADMINISTRATIVE, ("73",))]
    assert rendering.citations(found, language) == shown


def test_a_law_without_articles_is_cited_by_its_name() -> None:
    assert rendering.citations([Citation(same("Law 72-VIII"), ())], "ru") == "Law 72-VIII"


# --- answers -------------------------------------------------------------------------------------


def answer(*confidence: str, text_date: date | None = date(2025, 9, 16)) -> Answer:
    points = tuple(Point(same(f"point {i}"), one) for i, one in enumerate(confidence))
    return Answer("q", same("?"), points, (Citation(CRIMINAL, ("115",)),), text_date)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_has_points_articles_and_the_date_of_the_text(
    texts: Texts, language: str
) -> None:
    shown = rendering.answer(texts, language, answer("primary", "primary"), disclaimer=True)
    head, foot = shown.split("\n\n")
    assert head == "• point 0\n• point 1"
    lines = foot.splitlines()
    assert lines[0] == texts.phrase(
        "answer_articles", language,
        articles=rendering.citations([Citation(CRIMINAL, ("115",))], language),
    )  # fmt: skip
    assert lines[1] == texts.phrase("answer_text_date", language, date="16.09.2025")
    assert len(lines) == 2
    assert "*" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_from_the_law_itself_is_marked_and_the_mark_is_explained(
    texts: Texts, language: str
) -> None:
    found = answer("primary", "secondary", "conflicting")
    lines = rendering.answer(texts, language, found, disclaimer=False).splitlines()
    assert lines[:3] == ["• point 0", "• point 1 *", "• point 2 **"]
    explained = [line for line in lines[3:] if line.startswith("*")]
    assert len(explained) == 2
    assert explained[0] == texts.phrase("caveat_secondary", language)
    assert explained[1] == "** " + texts.phrase("caveat_conflicting", language)


def test_a_mark_that_no_point_has_is_not_explained(texts: Texts) -> None:
    shown = rendering.answer(texts, "ru", answer("primary", "conflicting"), disclaimer=False)
    assert texts.phrase("caveat_secondary", "ru") not in shown
    assert texts.phrase("caveat_conflicting", "ru") in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_lawyers_advice_is_said_only_when_asked_for(texts: Texts, language: str) -> None:
    full = rendering.source_line(texts, language, date(2025, 9, 16), disclaimer=True)
    short = rendering.source_line(texts, language, date(2025, 9, 16), disclaimer=False)
    lawyer = {"kk": "адвокат", "ru": "адвокат", "en": "lawyer"}[language]
    assert "16.09.2025" in full
    assert "16.09.2025" in short
    assert lawyer in full
    assert lawyer not in short


def test_without_a_date_of_the_text_there_is_no_source_line(texts: Texts) -> None:
    assert rendering.source_line(texts, "ru", None, disclaimer=True) == ""
    shown = rendering.answer(texts, "ru", answer("primary", text_date=None), disclaimer=True)
    assert shown.endswith("УК, ст. 115")


# --- penalties -----------------------------------------------------------------------------------

SHAPES: dict[str, tuple[dict[str, object], dict[str, str]]] = {
    "fine up to": (
        {"fine_mci_max": 80.0},
        {"kk": "айыппұл: 80 АЕК-ке дейін (346 000 ₸)", "ru": "штраф до 80 МРП (346 000 ₸)",
         "en": "a fine of up to 80 MCI (346 000 ₸)"},
    ),
    "fixed fine": (
        {"fine_mci_min": 5.0, "fine_mci_max": 5.0},
        {"kk": "айыппұл: 5 АЕК (21 625 ₸)", "ru": "штраф 5 МРП (21 625 ₸)",
         "en": "a fine of 5 MCI (21 625 ₸)"},
    ),
    "fine from to": (
        {"fine_mci_min": 500.0, "fine_mci_max": 1000.0},
        {"kk": "айыппұл: 500 АЕК-тен 1000 АЕК-ке дейін", "ru": "штраф от 500 до 1000 МРП",
         "en": "a fine of 500 to 1000 MCI"},
    ),
    "correctional works": (
        {"correctional_works_mci_max": 200.0},
        {"kk": "түзеу жұмыстары: 200 АЕК-ке дейін (865 000 ₸)",
         "ru": "исправительные работы до 200 МРП (865 000 ₸)",
         "en": "correctional works of up to 200 MCI (865 000 ₸)"},
    ),
    "community service": (
        {"community_service_hours_max": 200.0},
        {"kk": "қоғамдық жұмыстар: 200 сағатқа дейін", "ru": "общественные работы до 200 часов",
         "en": "community service of up to 200 hours"},
    ),
    "arrest up to": (
        {"arrest_days_max": 50.0},
        {"kk": "қамаққа алу: 50 тәулікке дейін", "ru": "арест до 50 суток",
         "en": "arrest of up to 50 days"},
    ),
    "fixed arrest": (
        {"arrest_days_min": 15.0, "arrest_days_max": 15.0},
        {"kk": "қамаққа алу: 15 тәулік", "ru": "арест на 15 суток", "en": "arrest of 15 days"},
    ),
    "arrest from to": (
        {"arrest_days_min": 20.0, "arrest_days_max": 25.0},
        {"kk": "қамаққа алу: 20 тәуліктен 25 тәулікке дейін", "ru": "арест от 20 до 25 суток",
         "en": "arrest of 20 to 25 days"},
    ),
    "restriction up to one year": (
        {"restriction_of_liberty_years_max": 1.0},
        {"kk": "бас бостандығын шектеу: 1 жылға дейін", "ru": "ограничение свободы до 1 года",
         "en": "restriction of liberty of up to 1 year"},
    ),
    "restriction up to": (
        {"restriction_of_liberty_years_max": 3.0},
        {"kk": "бас бостандығын шектеу: 3 жылға дейін", "ru": "ограничение свободы до 3 лет",
         "en": "restriction of liberty of up to 3 years"},
    ),
    "prison up to one year": (
        {"imprisonment_years_max": 1.0},
        {"kk": "бас бостандығынан айыру: 1 жылға дейін", "ru": "лишение свободы до 1 года",
         "en": "prison for up to 1 year"},
    ),
    "prison from to": (
        {"imprisonment_years_min": 3.0, "imprisonment_years_max": 7.0},
        {"kk": "бас бостандығынан айыру: 3 жылдан 7 жылға дейін",
         "ru": "лишение свободы от 3 до 7 лет", "en": "prison for 3 to 7 years"},
    ),
    "a fixed term": (
        {"imprisonment_years_min": 20.0, "imprisonment_years_max": 20.0},
        {"kk": "бас бостандығынан айыру: 20 жыл", "ru": "лишение свободы, срок в годах: 20",
         "en": "prison, term in years: 20"},
    ),
    "a warning or a fine": (
        {"warning": True, "fine_mci_max": 20.0},
        {"kk": "ескерту немесе айыппұл: 20 АЕК-ке дейін (86 500 ₸)",
         "ru": "предупреждение или штраф до 20 МРП (86 500 ₸)",
         "en": "a warning or a fine of up to 20 MCI (86 500 ₸)"},
    ),
    "three alternatives": (
        {"fine_mci_max": 80.0, "community_service_hours_max": 100.0, "arrest_days_max": 25.0},
        {"kk": "айыппұл: 80 АЕК-ке дейін (346 000 ₸), қоғамдық жұмыстар: 100 сағатқа дейін немесе "
               "қамаққа алу: 25 тәулікке дейін",
         "ru": "штраф до 80 МРП (346 000 ₸), общественные работы до 100 часов или арест "
               "до 25 суток",
         "en": "a fine of up to 80 MCI (346 000 ₸), community service of up to 100 hours or "
               "arrest of up to 25 days"},
    ),
    "prison or life": (
        {"imprisonment_years_min": 15.0, "imprisonment_years_max": 20.0, "life_imprisonment": True},
        {"kk": "бас бостандығынан айыру: 15 жылдан 20 жылға дейін немесе өмір бойына бас "
               "бостандығынан айыру",
         "ru": "лишение свободы от 15 до 20 лет или пожизненное лишение свободы",
         "en": "prison for 15 to 20 years or life in prison"},
    ),
    "something else besides": (
        {"arrest_days_max": 25.0, "other": Localised("қосымша", "дополнительно", "also")},
        {"kk": "қамаққа алу: 25 тәулікке дейін (қосымша)",
         "ru": "арест до 25 суток (дополнительно)", "en": "arrest of up to 25 days (also)"},
    ),
    "only something else": (
        {"other": Localised("қосымша", "дополнительно", "also")},
        {"kk": "қосымша", "ru": "дополнительно", "en": "also"},
    ),
    "nothing known": ({}, {"kk": "", "ru": "", "en": ""}),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_penalty_is_said_in_plain_words(texts: Texts, shape: str, language: str) -> None:
    figures, shown = SHAPES[shape]
    said = rendering.penalty(texts, language, part(**figures), MCI)
    assert re.sub(r"\s", " ", said) == shown[language]


def provision(article: str, **values: object) -> PenaltyAnswer:
    base: dict[str, object] = {
        "citation": Citation(CRIMINAL, (article,)), "heading": same("Beating"),
        "conduct": same("conduct"), "parts": (part(arrest_days_max=25.0),),
        "prosecution": None, "confidence": "primary", "text_date": None,
    }  # fmt: skip
    return PenaltyAnswer(**{**base, **values})  # type: ignore[arg-type]


def test_each_article_has_its_heading_and_its_parts(texts: Texts) -> None:
    parts = (
        part(arrest_days_max=25.0, note=same("basic case")),
        part(imprisonment_years_max=2.0, note=same("heavier case")),
        part(note=same("nothing known")),
    )
    said = rendering.penalties(texts, "en", [provision("109-1", parts=parts)], MCI)
    assert said.splitlines() == [
        "Beating (Criminal Code, art. 109-1)",
        "• basic case: arrest of up to 25 days",
        "• heavier case: prison for up to 2 years",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sources_that_disagree_are_marked_under_their_article(texts: Texts, language: str) -> None:
    found = [provision("1", confidence="conflicting"), provision("2", confidence="secondary")]
    first, second = rendering.penalties(texts, language, found, MCI).split("\n\n")
    assert first.endswith("** " + texts.phrase("caveat_conflicting", language))
    assert "*" not in second


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_starts_the_case_is_said_where_it_first_differs(texts: Texts, language: str) -> None:
    found = [
        provision("1", prosecution="private"),
        provision("2", prosecution="private"),
        provision("3", prosecution="private-public"),
        provision("4", prosecution="administrative"),
        provision("5", prosecution="private"),
    ]
    blocks = rendering.penalties(texts, language, found, MCI).split("\n\n")
    assert texts.phrase("penalty_prosecution_private", language) in blocks[0]
    assert texts.phrase("penalty_prosecution_private", language) not in blocks[1]
    assert texts.phrase("penalty_prosecution_private_public", language) in blocks[2]
    assert texts.phrase("penalty_prosecution_administrative", language) in blocks[3]
    assert texts.phrase("penalty_prosecution_private", language) in blocks[4]


# --- contacts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_contact_begins_with_its_number(texts: Texts, language: str) -> None:
    shown = rendering.contact(texts, language, contact(cost="free"), TODAY).splitlines()
    assert shown[0] == "📞 +7 727 376 5660 — Centre"
    assert shown[1].strip().split(" · ") == [
        texts.phrase("contacts_cost_free", language),
        texts.phrase("contacts_seen", language, date="30.04.2026"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_contact_without_a_number_sends_to_111(texts: Texts, language: str) -> None:
    shown = rendering.contact(texts, language, contact(numbers=()), TODAY)
    assert shown == texts.phrase("contacts_no_phone", language, name="Centre")
    assert "111" in shown
    assert "📞" not in shown


def test_a_short_number_is_not_said_twice(texts: Texts) -> None:
    police = contact(name=Localised("Полиция — 102", "Полиция — 102", "Police — 102"),
                     numbers=("102",), round_the_clock=True)  # fmt: skip
    shown = rendering.contact(texts, "en", police, TODAY)
    assert shown.splitlines()[0] == "📞 102 — Police"
    assert shown.count("102") == 1
    assert texts.phrase("contacts_round_the_clock", "en") in shown


def test_further_numbers_stand_alone_and_are_at_most_three(texts: Texts) -> None:
    numbers = ("+77273765660", "+77081060810", "150", "111")
    lines = rendering.contact(texts, "ru", contact(numbers=numbers), TODAY).splitlines()
    assert lines[:3] == ["📞 +7 727 376 5660 — Centre", "📞 +7 708 106 0810", "📞 150"]
    assert "111" not in "".join(lines)


def test_whatsapp_is_shown_beside_numbers_and_instead_of_them(texts: Texts) -> None:
    both = rendering.contact(texts, "ru", contact(whatsapp="+77081060810"), TODAY).splitlines()
    assert both[1] == "WhatsApp +7 708 106 0810"
    only = rendering.contact(texts, "ru", contact(numbers=(), whatsapp="+77081060810"), TODAY)
    assert only.splitlines()[0] == "WhatsApp +7 708 106 0810 — Centre"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("kk", "дс–жм 09:00–18:30"), ("ru", "пн–пт 09:00–18:30"), ("en", "Mon–Fri 09:00–18:30")],
)
def test_hours_are_said_in_the_language_of_the_person(
    texts: Texts, language: str, shown: str
) -> None:
    said = rendering.contact(texts, language, contact(hours="Mon-Fri 09:00-18:30"), TODAY)
    assert said.splitlines()[1].strip().startswith(shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_date_of_the_source_is_said(texts: Texts, language: str) -> None:
    said = rendering.contact(texts, language, contact(last_seen=None), TODAY)
    assert texts.phrase("contacts_seen_unknown", language) in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("seen", "checked", "key", "shown"),
    [
        ("2026-05-01", None, "contacts_seen", "01.05.2026"),
        ("2026-01-30", None, "contacts_seen_long_ago", "30.01.2026"),
        ("2026-03", None, "contacts_seen", "03.2026"),
        ("2026-01", None, "contacts_seen_long_ago", "01.2026"),
        ("2025", None, "contacts_seen_long_ago", "2025"),
        ("2026", None, "contacts_seen", "2026"),
        ("2025", date(2026, 5, 1), "contacts_checked", "01.05.2026"),
        ("2025", date(2026, 1, 1), "contacts_checked_long_ago", "01.01.2026"),
    ],
)
def test_the_age_of_an_entry_is_said(
    texts: Texts, seen: str, checked: date | None, key: str, shown: str, language: str
) -> None:
    said = rendering.contact(texts, language, contact(last_seen=seen, checked_on=checked), TODAY)
    assert said.endswith(texts.phrase(key, language, date=shown))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("open_now", "key"), [(True, "contacts_open_now"), (False, "contacts_closed_now")]
)
def test_open_and_closed_are_said(texts: Texts, open_now: bool, key: str, language: str) -> None:
    one = contact(hours="Mon-Fri 09:00-18:00", open_now=open_now)
    assert texts.phrase(key, language) in rendering.contact(texts, language, one, TODAY)
    unknown = rendering.contact(texts, language, contact(), TODAY)
    assert texts.phrase(key, language) not in unknown


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unsure_entry_says_so(texts: Texts, language: str) -> None:
    unsure = texts.phrase("contacts_unsure", language)
    assert unsure in rendering.contact(texts, language, contact(confidence="low"), TODAY)
    assert unsure not in rendering.contact(texts, language, contact(), TODAY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_contacts_go_from_near_to_far(texts: Texts, language: str) -> None:
    groups = Contacts(
        local=(contact(name=same("Near")),),
        regional=(contact(name=same("Region")),),
        national=(contact(name=same("Country")),),
    )
    shown = rendering.contacts(texts, language, groups, "Semey", "Abai", TODAY)
    blocks = shown.split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == [
        texts.phrase("contacts_heading_place", language, place="Semey"),
        texts.phrase("contacts_heading_region", language, region="Abai"),
        texts.phrase("contacts_heading_national", language),
    ]
    for name, block in zip(("Near", "Region", "Country"), blocks, strict=True):
        assert f"— {name}" in block


@pytest.mark.parametrize("language", LANGUAGES)
def test_services_of_other_regions_name_their_place(texts: Texts, language: str) -> None:
    far = contact(name=same("Far"), place=same("Aktobe"))
    groups = Contacts(nearby=(far,), national=(contact(name=same("Country")),))
    blocks = rendering.contacts(texts, language, groups, None, "Atyrau", TODAY).split("\n\n")
    heading, line, about = blocks[0].splitlines()
    assert heading == texts.phrase("contacts_heading_nearby", language)
    assert line.endswith("— Far")
    assert about.strip().startswith("Aktobe · ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_without_a_service_says_so_and_shows_who_can_help(
    texts: Texts, language: str
) -> None:
    groups = Contacts(national=(contact(name=same("Country")),))
    shown = rendering.contacts(texts, language, groups, "Bakanas", "Almaty region", TODAY)
    assert shown.startswith(texts.phrase("contacts_none_local", language, place="Bakanas"))
    assert texts.phrase("contacts_heading_region", language, region="Almaty region") not in shown
    assert "Country" in shown


def test_without_a_place_there_is_only_the_country(texts: Texts) -> None:
    shown = rendering.contacts(texts, "en", Contacts(national=(contact(),)), None, None, TODAY)
    assert shown.startswith(texts.phrase("contacts_heading_national", "en"))


# --- with the real facts -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("need", NEEDS)
def test_penalties_of_every_need_have_no_gap_and_name_their_articles(
    texts: Texts, sqlite_url: str, need: str, language: str
) -> None:
    from sqlalchemy.orm import Session

    from knowledge import queries
    from knowledge.database import connect

    engine = connect(sqlite_url)
    with Session(engine) as session:
        found = queries.penalties(session, need, date(2026, 11, 24))
        shown = rendering.penalties(texts, language, found, MCI)
    engine.dispose()
    for one in found:
        assert rendering.citations([one.citation], language) in shown
    for block in shown.split("\n\n"):
        assert "• " in block
    assert not re.search(r"None|\{|\}|  | ,|\(\)", shown)
