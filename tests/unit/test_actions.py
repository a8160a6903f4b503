"""Each action, run as Rasa runs it, on a real database and in three languages."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import delete

from actions import context, fallback
from actions.base import TirekAction
from actions.needs import PAGES
from actions.server import ACTIONS, build_app
from bot.payload import allowed_intents, shorten
from common.settings import settings
from common.texts import LANGUAGES, Texts
from knowledge.models import NationalLine
from knowledge.seed_files import SeedData
from knowledge.seed_schema import AUDIENCES, NEEDS

BY_NAME: dict[str, type[TirekAction]] = {action().name(): action for action in ACTIONS}
TOPICS = [name for name in BY_NAME if name.startswith("action_ask_")]
ASK_DANGER_NOW = (
    "domestic_violence", "sexual_violence", "stalking", "child_abuse", "forced_marriage",
)  # fmt: skip


def forget_database() -> None:
    settings.cache_clear()
    if context.engine.cache_info().currsize:
        context.engine().dispose()
    context.engine.cache_clear()


@pytest.fixture(scope="module", autouse=True)
def _own_database() -> Iterator[None]:
    """The engine of these tests is made for them and ends with them."""
    forget_database()
    yield
    forget_database()


@pytest.fixture(autouse=True)
def database(clean_environment: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[None]:
    """The actions read the database with the real seed."""
    clean_environment.setenv("TIREK_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def other_database(
    database: None, clean_environment: pytest.MonkeyPatch
) -> Iterator[Callable[[str], None]]:
    """Let the actions read another database in this test."""

    def change(url: str) -> None:
        clean_environment.setenv("TIREK_DATABASE_URL", url)
        forget_database()

    yield change
    forget_database()


@dataclass
class Said:
    """What an action said and did."""

    messages: list[dict[str, Any]]
    slots: dict[str, Any]
    events: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return "\n\n".join(message["text"] or "" for message in self.messages)

    @property
    def buttons(self) -> list[dict[str, str]]:
        return list(self.messages[-1]["buttons"])

    @property
    def payloads(self) -> list[str]:
        return [button["payload"] for button in self.buttons]


async def run(
    name: str,
    language: str | None = "ru",
    *,
    entities: dict[str, str] | None = None,
    ranking: list[tuple[str, float]] | None = None,
    text: str = "MARKED words of the person",
    last: str = "action_need",
    **slots: Any,
) -> Said:
    latest = {
        "text": text,
        "intent": {"name": "x", "confidence": 1.0},
        "entities": [{"entity": k, "value": v} for k, v in (entities or {}).items()],
        "intent_ranking": [{"name": k, "confidence": v} for k, v in ranking or []],
    }
    events: list[dict[str, Any]] = [
        {"event": "user", "text": ""},
        {"event": "action", "name": last},
        {"event": "bot", "text": ""},
        {"event": "action", "name": "action_listen"},
        {"event": "user", "text": text},
    ]
    slots["language"] = language
    tracker = Tracker("c" * 64, slots, latest, events, False, None, {}, None)
    dispatcher = CollectingDispatcher()
    done = await BY_NAME[name]().run(dispatcher, tracker, {})
    set_slots = {event["name"]: event["value"] for event in done if event["event"] == "slot"}
    return Said(dispatcher.messages, set_slots, done)


def is_emergency(said: Said, texts: Texts, language: str) -> bool:
    return texts.phrase("emergency_card", language) in said.text


# --- what holds for all of them ------------------------------------------------------------------


def test_every_action_of_the_domain_is_served() -> None:
    import yaml

    domain = yaml.safe_load((Path(context.__file__).parents[1] / "domain.yml").read_text())
    assert sorted(domain["actions"]) == sorted(BY_NAME)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOPICS)
async def test_every_question_is_answered_for_every_need(
    texts: Texts, name: str, language: str
) -> None:
    for need in (None, *NEEDS):
        check_answer(texts, language, await run(name, language, need=need))


def check_answer(texts: Texts, language: str, said: Said) -> None:
    assert said.messages
    assert texts.phrase("service_down", language) not in said.text
    for message in said.messages:
        assert message["text"]
        assert "MARKED" not in message["text"]
        assert not re.search(r"None|\{\w+\}", message["text"])
        assert len(message["buttons"]) <= 4
        for button in message["buttons"]:
            assert button["title"]
            shorten(button["payload"])
    assert said.buttons
    assert said.slots["asked"] in (None, "place")
    assert said.slots["not_understood"] == 0


@pytest.mark.parametrize("name", BY_NAME)
async def test_an_unknown_language_is_answered_in_russian(texts: Texts, name: str) -> None:
    in_russian = await run(name, "ru", need="stalking")
    assert (await run(name, "de", need="stalking")).messages == in_russian.messages
    assert (await run(name, None, need="stalking")).messages == in_russian.messages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*TOPICS, "action_inform_location"])
async def test_a_failing_database_gives_the_emergency_card_and_nothing_of_the_error(
    texts: Texts,
    other_database: Callable[[str], None],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    name: str,
    language: str,
) -> None:
    # A database without a single table.
    other_database(f"sqlite:///{tmp_path / 'empty.db'}")
    with caplog.at_level(logging.DEBUG):
        said = await run(
            name, language, need="stalking", place="semey", region="abai",
            entities={"place": "semey"},
        )  # fmt: skip
    assert len(said.messages) == 1
    assert said.text == (
        f"{texts.phrase('service_down', language)}\n\n{texts.phrase('emergency_card', language)}"
    )
    assert said.events == []
    shown = caplog.text
    assert f"{name} failed: OperationalError" in shown
    assert "MARKED" not in shown
    assert "no such table" not in shown
    assert "Traceback" not in shown


async def test_an_answer_that_fails_half_way_is_the_emergency_card_alone(
    texts: Texts, other_database: Callable[[str], None], tmp_path: Path, sqlite_url: str
) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), copy)
    other_database(f"sqlite:///{copy}")
    with context.engine().begin() as connection:
        connection.execute(delete(NationalLine))
    said = await run("action_ask_shelter", need="domestic_violence")
    assert len(said.messages) == 1
    assert said.text.endswith(texts.phrase("emergency_card", "ru"))
    assert said.events == []


async def test_a_database_that_is_back_is_used_again(
    texts: Texts, other_database: Callable[[str], None], tmp_path: Path, sqlite_url: str
) -> None:
    (tmp_path / "file").write_text("")
    other_database(f"sqlite:///{tmp_path / 'file' / 'x.db'}")
    assert is_emergency(await run("action_ask_rights", need="stalking"), texts, "ru")
    # The address is read once; the file appears where it was looked for.
    (tmp_path / "file").unlink()
    (tmp_path / "file").mkdir()
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), tmp_path / "file" / "x.db")
    said = await run("action_ask_rights", need="stalking")
    assert not is_emergency(said, texts, "ru")
    assert texts.phrase("rights_intro", "ru") in said.text


def test_the_action_server_serves_and_its_errors_are_discreet() -> None:
    app = build_app()
    assert {"/webhook", "/health"} <= {f"/{route.path}" for route in app.router.routes}
    assert type(app.error_handler).__name__ == "DiscreetErrorHandler"


# --- rights and penalties ------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("need", NEEDS)
async def test_rights_name_points_articles_and_the_date_of_the_text(
    texts: Texts, seed: SeedData, need: str, language: str
) -> None:
    said = await run("action_ask_rights", language, need=need)
    question_id = seed.routes.answers["ask_rights"][need][0]
    question = next(one for one in seed.questions if one.id == question_id)
    for point in getattr(question.answer_points, language):
        assert f"• {point.strip()}" in said.text
    law = texts.phrase("answer_articles", language, articles="").strip()
    assert law in said.text
    assert re.search(r"\d\d\.\d\d\.20\d\d", said.text.splitlines()[-1])
    assert said.slots["source_said"] is True
    assert said.slots["waiting_topic"] is None


@pytest.mark.parametrize("language", LANGUAGES)
async def test_further_questions_are_paged_and_each_is_answered(
    texts: Texts, seed: SeedData, language: str
) -> None:
    first = await run("action_ask_rights", language, need="harassment")
    assert first.payloads[-2:] == [
        '/ask_rights{"question": "more-1"}', '/ask_rights{"question": "who"}',
    ]  # fmt: skip
    assert len(first.payloads) <= 4
    offered: list[str] = []
    question = "more-1"
    while True:
        page = await run(
            "action_ask_rights", language, need="harassment", entities={"question": question}
        )
        assert page.text == texts.phrase("more_questions", language)
        assert len(page.payloads) <= 4
        offered += page.payloads[:-1]
        question = page.payloads[-1].split('"')[3]
        if question == "more-1":
            break
    wanted = seed.routes.more["ask_rights"]["harassment"]
    assert offered[: len(wanted)] == [f'/ask_rights{{"question": "{one}"}}' for one in wanted]
    # What had no room below the answer stands there, too.
    assert "/ask_report_police" in offered
    for one in wanted:
        answered = await run(
            "action_ask_rights", language, need="harassment", entities={"question": one}
        )
        written = next(q for q in seed.questions if q.id == one)
        assert answered.text.startswith(getattr(written.question, language))
        for point in getattr(written.answer_points, language):
            assert f"• {point.strip()}" in answered.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", AUDIENCES)
async def test_who_asks_is_said_by_a_button_and_kept_for_the_talk(
    texts: Texts, seed: SeedData, who: str, language: str
) -> None:
    topic, need = "ask_report_police", "domestic_violence"
    asked = await run(f"action_{topic}", language, need=need, entities={"question": "who"})
    assert asked.text == texts.phrase("who_ask", language)
    assert f'/{topic}{{"question": "who-{who}"}}' in asked.payloads
    assert len(asked.payloads) <= 4
    told = await run(f"action_{topic}", language, need=need, entities={"question": f"who-{who}"})
    assert told.slots["who"] == who
    routed = seed.routes.audiences[who][topic]
    wanted = routed.get(need, routed.get("", []))[0]
    written = next(one for one in seed.questions if one.id == wanted)
    assert told.text.startswith(getattr(written.question, language))
    later = await run(f"action_{topic}", language, need=need, who=who)
    assert later.text.startswith(getattr(written.question, language))
    back = await run(
        f"action_{topic}", language, need=need, who=who, entities={"question": "who-self"}
    )
    assert back.slots["who"] is None
    assert back.text.startswith(texts.phrase("report_intro", language))


async def test_a_button_for_nothing_still_says_the_penalties(texts: Texts) -> None:
    ordinary = await run("action_ask_penalty", need="stalking")
    for question in ("custody", "nonsense", "who-minor"):
        said = await run("action_ask_penalty", need="stalking", entities={"question": question})
        assert said.text == ordinary.text


async def test_words_without_a_source_do_not_count_as_having_named_it() -> None:
    said = await run("action_ask_psychological_help", need="stalking")
    assert "source_said" not in said.slots or said.slots["source_said"] is not True


async def test_a_question_that_is_none_of_the_topic_gives_the_ordinary_answer(
    texts: Texts,
) -> None:
    for question in ("custody", "nonsense", "more-99", "who-nobody", "who-"):
        said = await run("action_ask_evidence", entities={"question": question})
        assert said.text
        assert "102" not in said.text.splitlines()[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("need", NEEDS)
async def test_penalties_say_what_the_law_says_and_what_an_mci_is_worth(
    texts: Texts, seed: SeedData, need: str, language: str
) -> None:
    said = await run("action_ask_penalty", language, need=need)
    assert said.text.startswith(texts.phrase("penalty_intro", language))
    assert texts.phrase("penalty_mci_note", language, value="4325", year=2026) in said.text
    provisions = {one.id: one for one in seed.provisions}
    for one in seed.routes.penalties[need]:
        assert getattr(provisions[one].heading, language).strip() in said.text
        assert provisions[one].article in said.text


@pytest.mark.parametrize("name", ["action_ask_rights", "action_ask_penalty"])
async def test_no_lawyers_advice_is_said_once_a_talk(name: str) -> None:
    first = await run(name, need="stalking")
    later = await run(name, need="stalking", source_said=True)
    assert "не совет адвоката" in first.text
    assert "не совет адвоката" not in later.text
    assert "Текст закона на" in later.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", ["ask_rights", "ask_penalty"])
async def test_without_a_need_the_need_is_asked_for_and_the_question_waits(
    texts: Texts, topic: str, language: str
) -> None:
    said = await run(f"action_{topic}", language)
    assert said.text == texts.phrase("ask_need", language)
    assert said.payloads == [
        "/domestic_violence", "/sexual_violence", "/bullying",
        f'/{topic}{{"question": "needs-2"}}',
    ]  # fmt: skip
    assert said.slots["waiting_topic"] == topic


async def test_paging_shows_every_need_and_comes_round(texts: Texts) -> None:
    offered, question = [], "needs-1"
    for _ in PAGES:
        said = await run("action_ask_rights", entities={"question": question})
        offered += said.payloads[:-1]
        question = said.payloads[-1].split('"')[3]
    assert question == "needs-1"
    assert sorted(offered) == sorted(f"/{n}" for n in NEEDS if n != "immediate_danger")


@pytest.mark.parametrize("question", ["needs-0", "needs-99", "other-need", "nonsense"])
async def test_an_odd_page_is_the_first_one(texts: Texts, question: str) -> None:
    said = await run("action_ask_penalty", entities={"question": question})
    assert said.text == texts.phrase("ask_need", "ru")
    assert said.payloads[0] == "/domestic_violence"


async def test_another_topic_can_be_chosen_although_a_need_is_known(texts: Texts) -> None:
    said = await run("action_ask_rights", need="stalking", entities={"question": "other-need"})
    assert said.text == texts.phrase("ask_need", "ru")


# --- needs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("need", [n for n in NEEDS if n not in ("immediate_danger", "self_harm")])
async def test_a_disclosure_is_believed_and_asked_about_danger_where_it_matters(
    texts: Texts, need: str, language: str
) -> None:
    said = await run("action_need", language, need=need)
    assert said.text == texts.phrase(f"need_{need}_answer", language)
    assert {"/ask_rights", "/ask_contacts"} <= set(said.payloads)
    if need in ASK_DANGER_NOW:
        assert said.text.endswith("?")
        assert said.payloads[0] == "local:emergency"
        assert said.slots["asked"] == "danger_now"
    else:
        assert "?" not in said.text
        assert said.slots["asked"] is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("need", "card"),
    [("immediate_danger", "danger_attack_now"), ("self_harm", "danger_self_harm")],
)
async def test_a_matter_of_minutes_is_answered_with_the_fixed_card(
    texts: Texts, need: str, card: str, language: str
) -> None:
    said = await run("action_need", language, need=need)
    assert said.text == texts.phrase(card, language)
    assert {"local:safe_now", "local:misread", "/ask_contacts"} <= set(said.payloads)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("need", [n for n in NEEDS if n not in ("immediate_danger", "self_harm")])
@pytest.mark.parametrize(
    ("topic", "opening"), [("ask_rights", "rights_intro"), ("ask_penalty", "penalty_intro")]
)
async def test_a_question_that_waited_is_answered_when_the_need_is_told(
    texts: Texts, topic: str, opening: str, need: str, language: str
) -> None:
    said = await run("action_need", language, need=need, waiting_topic=topic)
    assert [message["text"].splitlines()[0] for message in said.messages] == [
        texts.phrase(f"need_{need}_answer", language).splitlines()[0],
        texts.phrase(opening, language).splitlines()[0],
    ]
    assert said.slots["waiting_topic"] is None
    # The question about danger stays open, and its button stands under it.
    asks = need in ASK_DANGER_NOW
    assert said.slots["asked"] == ("danger_now" if asks else None)
    under = [button["payload"] for button in said.messages[0]["buttons"]]
    assert under == (["local:emergency"] if asks else [])


async def test_a_need_that_is_none_gives_the_emergency_card(texts: Texts) -> None:
    assert is_emergency(await run("action_need"), texts, "ru")
    assert is_emergency(await run("action_need", need="parking"), texts, "ru")


# --- contacts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("need", [None, "domestic_violence", "bullying", "self_harm"])
async def test_contacts_without_a_place_are_national_and_ask_for_the_place(
    texts: Texts, need: str | None, language: str
) -> None:
    said = await run("action_ask_contacts", language, need=need)
    assert said.text.startswith(texts.phrase("contacts_heading_national", language))
    assert said.text.endswith(texts.phrase("contacts_ask_place", language))
    assert said.text.splitlines()[1].startswith("📞 1")
    assert said.slots["waiting_topic"] == "ask_contacts"
    assert said.slots["asked"] == "place"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_contacts_in_a_known_town_begin_there(
    texts: Texts, seed: SeedData, language: str
) -> None:
    said = await run(
        "action_ask_contacts", language, need="domestic_violence", place="semey", region="abai"
    )
    names = {one.id: getattr(one.names, language) for one in seed.places}
    assert said.text.splitlines()[0] == f"{names['semey']}:"
    assert texts.phrase("contacts_heading_national", language) in said.text
    assert texts.phrase("contacts_ask_place", language) not in said.text
    assert said.slots["waiting_topic"] is None
    assert said.slots["asked"] is None


async def test_a_region_that_is_told_later_replaces_the_town(seed: SeedData) -> None:
    said = await run(
        "action_ask_contacts", need="domestic_violence", place="semey", region="pavlodar"
    )
    assert "Семей" not in said.text
    assert "Павлодарская область:" in said.text


async def test_a_town_alone_brings_its_region(seed: SeedData) -> None:
    said = await run("action_ask_contacts", need="domestic_violence", place="semey")
    assert said.text.startswith("Семей:")
    assert said.slots["waiting_topic"] is None


async def test_an_unknown_place_still_gives_numbers(texts: Texts) -> None:
    said = await run("action_ask_contacts", place="atlantis", region="atlantis")
    assert texts.phrase("contacts_heading_national", "ru") in said.text
    assert "📞 111" in said.text


async def test_of_several_places_the_last_one_counts() -> None:
    said = await run(
        "action_ask_contacts", need="domestic_violence", place=["pavlodar-city", "semey"],
        region=["pavlodar", "abai"],
    )  # fmt: skip
    assert said.text.startswith("Семей:")


async def test_no_street_is_shown_where_people_can_stay(seed: SeedData) -> None:
    for place in (one for one in seed.places if one.kind == "region"):
        said = await run("action_ask_shelter", region=place.id, need="domestic_violence")
        assert not re.search(r"\b(ул\.|улица|проспект|мкр)\b", said.text)


# --- a place is told -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("waiting", "button"),
    [
        (None, "/ask_shelter"),
        ("ask_contacts", "/ask_shelter"),
        ("ask_rights", "/ask_shelter"),
        ("ask_shelter", "/ask_safety_plan"),
        ("ask_legal_aid", "/ask_report_police"),
        ("ask_medical_help", "/ask_evidence"),
        ("ask_psychological_help", "/ask_safety_plan"),
    ],
)
async def test_what_waited_for_the_place_is_answered(
    texts: Texts, waiting: str | None, button: str, language: str
) -> None:
    said = await run(
        "action_inform_location", language, waiting_topic=waiting, need="domestic_violence",
        place="semey", region="abai", entities={"place": "semey", "region": "abai"},
    )  # fmt: skip
    assert button in said.payloads
    assert texts.phrase("contacts_heading_national", language) in said.text
    assert said.slots["waiting_topic"] is None


async def test_a_lawyer_is_looked_for_where_the_person_is(seed: SeedData) -> None:
    served = {one.region for one in seed.services if one.kind == "legal_aid" and one.phones}
    region = min(one for one in served if one)
    said = await run(
        "action_inform_location", waiting_topic="ask_legal_aid", region=region,
        entities={"region": region},
    )  # fmt: skip
    names = [
        one.name.ru for one in seed.services if one.kind == "legal_aid" and one.region == region
    ]
    assert any(name in said.text for name in names)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_place_that_is_not_known_is_asked_again_and_the_old_one_dropped(
    texts: Texts, language: str
) -> None:
    said = await run("action_inform_location", language, place="semey", region="abai")
    assert said.text == texts.phrase("place_unknown", language)
    assert said.slots["place"] is None
    assert said.slots["region"] is None
    assert said.slots["asked"] == "place"


# --- topics --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("action_ask_divorce_custody", "custody"),
        ("action_ask_divorce_custody", "alimony"),
        ("action_ask_protection_order", "protection-order-broken"),
        ("action_ask_new_law", "what-changed-2025-2026"),
    ],
)
async def test_a_button_names_its_question(
    seed: SeedData, name: str, question: str, language: str
) -> None:
    said = await run(name, language, entities={"question": question})
    wanted = next(one for one in seed.questions if one.id == question)
    assert said.text.startswith(getattr(wanted.question, language).strip())
    assert getattr(wanted.answer_points, language)[0].strip() in said.text


async def test_a_button_cannot_name_a_question_of_another_topic(seed: SeedData) -> None:
    said = await run("action_ask_evidence", entities={"question": "custody"})
    other = next(one for one in seed.questions if one.id == "custody")
    assert other.answer_points.ru[0].strip() not in said.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name",
    ["action_ask_shelter", "action_ask_legal_aid", "action_ask_medical_help",
     "action_ask_psychological_help"],
)  # fmt: skip
async def test_topics_with_services_give_words_first_and_then_services(
    texts: Texts, name: str, language: str
) -> None:
    said = await run(name, language, need="domestic_violence", place="semey", region="abai")
    assert len(said.messages) == 2
    intro = BY_NAME[name].intro  # type: ignore[attr-defined]
    assert said.messages[0]["text"].startswith(texts.phrase(intro, language))
    assert said.messages[0]["buttons"] == []
    assert texts.phrase("contacts_heading_national", language) in said.messages[1]["text"]


# --- yes and no ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_yes_there_is_danger_gets_the_card(texts: Texts, language: str) -> None:
    said = await run("action_affirm", language, asked="danger_now", need="stalking")
    assert said.text == texts.phrase("danger_attack_now", language)
    assert {"local:safe_now", "local:misread"} <= set(said.payloads)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_there_is_no_danger_gets_the_next_steps(texts: Texts, language: str) -> None:
    said = await run("action_deny", language, asked="danger_now", need="stalking")
    assert said.text == texts.phrase("deny_danger", language)
    assert {"/ask_rights", "/ask_contacts"} <= set(said.payloads)
    assert said.slots["asked"] is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("need", NEEDS)
async def test_yes_that_is_it_takes_the_guess_as_told(
    texts: Texts, need: str, language: str
) -> None:
    said = await run("action_affirm", language, asked=f"need:{need}")
    told = await run("action_need", language, need=need)
    assert said.messages == told.messages
    assert said.slots["need"] == need
    assert said.slots["asked"] == told.slots["asked"]


async def test_a_guess_that_is_confirmed_answers_what_waited(texts: Texts) -> None:
    said = await run("action_affirm", asked="need:stalking", waiting_topic="ask_penalty")
    assert texts.phrase("need_stalking_answer", "ru") in said.text
    assert texts.phrase("penalty_intro", "ru") in said.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_that_is_not_it_asks_which_it_is(texts: Texts, language: str) -> None:
    said = await run("action_deny", language, asked="need:stalking")
    assert said.text == texts.phrase("ask_need", language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", [None, "place", "need:parking", "nonsense"])
async def test_yes_to_nothing_asks_what_is_wanted(
    texts: Texts, asked: str | None, language: str
) -> None:
    said = await run("action_affirm", language, asked=asked)
    assert said.text == texts.phrase("affirm_which", language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", [None, "place"])
async def test_no_to_nothing_leaves_the_person_in_peace(
    texts: Texts, asked: str | None, language: str
) -> None:
    said = await run("action_deny", language, asked=asked)
    assert said.text == texts.phrase("deny_all_right", language)
    assert "local:exit" in said.payloads


@pytest.mark.parametrize("last", ["utter_thank", "utter_ask_safety_plan"])
async def test_a_question_is_no_longer_open_after_a_fixed_response(texts: Texts, last: str) -> None:
    said = await run("action_affirm", asked="danger_now", need="stalking", last=last)
    assert said.text == texts.phrase("affirm_which", "ru")
    said = await run("action_deny", asked="need:stalking", last=last)
    assert said.text == texts.phrase("deny_all_right", "ru")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_fear_is_answered_with_care_and_the_question_of_danger(
    texts: Texts, language: str
) -> None:
    said = await run("action_affirm", language, entities={"follow_up": "afraid"})
    assert said.text == texts.phrase("afraid_answer", language)
    assert said.payloads[0] == "local:emergency"
    assert said.slots["asked"] == "danger_now"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_now_is_no_yes_to_the_question_of_danger(texts: Texts, language: str) -> None:
    said = await run(
        "action_affirm", language, entities={"follow_up": "what_now"}, asked="danger_now"
    )
    assert said.text == texts.phrase("affirm_which", language)


@pytest.mark.parametrize(
    ("last", "intro"),
    [("action_ask_protection_order", "order_intro"), ("action_ask_penalty", "penalty_intro")],
)
async def test_how_long_is_of_what_was_spoken_of_last(texts: Texts, last: str, intro: str) -> None:
    said = await run(
        "action_ask_penalty", entities={"follow_up": "how_long"}, last=last,
        need="domestic_violence",
    )  # fmt: skip
    assert said.text.startswith(texts.phrase(intro, "ru"))


# --- not understood ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_first_time_a_likely_need_is_asked_back(texts: Texts, language: str) -> None:
    ranking = [("greet", 0.11), ("stalking", 0.1), ("bullying", 0.03)]
    said = await run("action_fallback", language, ranking=ranking)
    name = texts.phrase("need_stalking_name", language)
    assert said.text == texts.phrase("fallback_guess", language, need=name)
    assert said.payloads == ["/stalking", "/deny", "local:emergency"]
    assert said.slots["asked"] == "need:stalking"
    assert said.slots["not_understood"] == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ranking", [[], [("stalking", 0.03)], [("greet", 0.1), ("thank", 0.1)]])
async def test_the_first_time_without_a_likely_need_a_person_is_named(
    texts: Texts, ranking: list[tuple[str, float]], language: str
) -> None:
    said = await run("action_fallback", language, ranking=ranking)
    assert said.text == texts.phrase("fallback_first", language)
    assert "111" in said.text
    assert said.slots["asked"] is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "names",
    [("stalking", "bullying"), ("ask_rights", "stalking"), ("ask_privacy", "ask_police_inaction")],
)
async def test_two_close_readings_become_two_buttons(
    texts: Texts, names: tuple[str, str], language: str
) -> None:
    ranking = [("nlu_fallback", 0.3), ("thank", 0.3), (names[0], 0.29), (names[1], 0.28)]
    said = await run("action_fallback", language, ranking=ranking)
    assert said.text == texts.phrase("fallback_choose", language)
    assert said.payloads == [f"/{names[0]}", f"/{names[1]}", "/deny", "local:emergency"]
    assert said.slots["asked"] is None


def test_every_need_and_question_can_be_offered_as_a_guess(texts: Texts) -> None:
    for language in LANGUAGES:
        for key in fallback._TOPICS.values():
            assert texts.phrase(key, language)
    asked = {intent for intent in allowed_intents() if intent.startswith("ask_")}
    assert set(fallback._TOPICS) == asked


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 2, 9, 50])
async def test_the_second_time_a_living_person_is_offered_and_no_guess(
    texts: Texts, count: int, language: str
) -> None:
    ranking = [("stalking", 0.5)]
    said = await run("action_fallback", language, ranking=ranking, not_understood=count)
    assert said.text == texts.phrase("fallback_second", language)
    assert "/ask_contacts" in said.payloads
    assert said.slots["not_understood"] == min(count + 1, 9)


async def test_a_fixed_response_between_begins_the_count_anew(texts: Texts) -> None:
    said = await run("action_fallback", not_understood=1, last="utter_greet")
    assert said.text == texts.phrase("fallback_first", "ru")
    assert said.slots["not_understood"] == 1


# --- clearing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_words_about_clearing_clear_nothing_but_show_the_button(
    texts: Texts, language: str
) -> None:
    said = await run("action_clear_chat", language, need="stalking", place="semey")
    assert said.text == texts.phrase("clear_chat_ask", language)
    assert said.payloads == ["local:wipe", "local:exit"]
    assert "need" not in said.slots
    assert {event["event"] for event in said.events} == {"slot"}
