"""The core answers whatever comes in and whatever is down; danger goes before everything."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import bot.chat_state
import bot.core
from bot.chat_state import BURST, BURST_SECONDS, KEEP_SECONDS
from bot.core import Core
from bot.local_commands import COMMANDS, KEYBOARD
from bot.messages import Button, Incoming, Kind, Outgoing, Replace, Say, Wipe
from bot.payload import Press
from bot.rasa_client import RasaMessage
from common.texts import LANGUAGES, Texts

if TYPE_CHECKING:
    from tests.unit.conftest import FakeRasa
else:
    FakeRasa = Any

CHAT, OTHER = "a" * 64, "b" * 64
DANGER = {
    "kk": "қолында пышақ бар, маған ұмтылып жатыр",
    "ru": "у него нож, он ломает дверь",
    "en": "he has a knife, he is breaking the door",
}
PLAIN = {
    "kk": "маған заңгер керек еді, кеңес алайын деп едім",
    "ru": "мне нужен юрист, хочу посоветоваться",
    "en": "I need a lawyer, I would like some advice",
}


class Clock:
    """Seconds as the test wants them."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(bot.core, "time", clock)
    monkeypatch.setattr(bot.chat_state, "time", clock)
    return clock


async def send(
    core: Core, text: str = "", kind: Kind = Kind.TEXT, chat: str = CHAT, hint: str | None = None
) -> list[Outgoing]:
    return [one async for one in core.handle(Incoming(chat, kind, text, hint))]


async def press(core: Core, data: str, chat: str = CHAT) -> list[Outgoing]:
    return await send(core, data, Kind.BUTTON, chat)


def said(shown: list[Outgoing]) -> list[str]:
    return [one.text for one in shown if isinstance(one, Say)]


async def settle() -> None:
    """Let everything go on that can."""
    for _ in range(20):
        await asyncio.sleep(0)


def payloads(one: Outgoing) -> list[str]:
    assert isinstance(one, Say)
    return [button.payload for button in one.buttons]


async def known_chat(core: Core, language: str, chat: str = CHAT) -> None:
    """A chat that has been greeted in its language."""
    await press(core, f"local:language_{language}", chat)


# --- danger --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_danger_is_answered_before_rasa_is_asked(
    core: Core, rasa: FakeRasa, texts: Texts, language: str
) -> None:
    answers = core.handle(Incoming(CHAT, Kind.TEXT, DANGER[language], None))
    first = await anext(answers)
    assert isinstance(first, Say)
    assert first.text == texts.phrase("danger_weapon", language)
    assert payloads(first) == ["local:safe_now", "local:misread", "/ask_contacts", "local:exit"]
    assert rasa.texts == []
    assert [one async for one in answers] == []
    # Rasa reads it too, so that it knows the need afterwards; its answer is kept back.
    await settle()
    assert rasa.texts == [(CHAT, language, DANGER[language])]


async def test_danger_does_not_wait_for_an_answer_of_rasa_to_the_last_message(
    core: Core, rasa: FakeRasa, texts: Texts
) -> None:
    rasa.gate.clear()
    for _ in range(3):
        assert said(await send(core, DANGER["ru"])) == [texts.phrase("danger_weapon", "ru")]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_danger_is_answered_with_rasa_down(
    core: Core, rasa: FakeRasa, texts: Texts, language: str
) -> None:
    rasa.down = True
    assert said(await send(core, DANGER[language])) == [texts.phrase("danger_weapon", language)]


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.EDITED])
async def test_danger_is_answered_in_every_state(core: Core, texts: Texts, kind: Kind) -> None:
    card = texts.phrase("danger_weapon", "ru")
    for before in ("/start", PLAIN["ru"], DANGER["ru"], "", "выход", "Очистить"):
        await send(core, before)
        assert said(await send(core, DANGER["ru"], kind)) == [card]


async def test_danger_at_the_end_of_a_text_that_is_too_long_is_answered(
    core: Core, rasa: FakeRasa, texts: Texts
) -> None:
    text = "сегодня была хорошая погода. " * 150 + DANGER["ru"]
    assert len(text) > 4096
    assert said(await send(core, text)) == [texts.phrase("danger_weapon", "ru")]
    assert rasa.texts == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_misread_shows_the_answer_that_was_kept_back(
    core: Core, rasa: FakeRasa, texts: Texts, language: str
) -> None:
    button = Button("Rights", "/ask_rights")
    rasa.messages = [
        RasaMessage("first", (button,)),
        RasaMessage("second"),
    ]
    await send(core, DANGER[language])
    await settle()
    rasa.down = True
    shown = await press(core, "local:misread")
    assert shown == [
        Say(texts.phrase("danger_misread_reply", language)), Say("first", (button,)), Say("second"),
    ]  # fmt: skip
    # Once: the second time there is nothing left to show.
    assert said(await press(core, "local:misread")) == [
        texts.phrase("danger_misread_empty", language)
    ]


async def test_misread_without_a_kept_answer_asks_to_say_it_another_way(
    core: Core, rasa: FakeRasa, texts: Texts
) -> None:
    rasa.down = True
    await send(core, DANGER["ru"])
    shown = await press(core, "local:misread")
    assert said(shown) == [texts.phrase("danger_misread_empty", "ru")]
    assert "local:emergency" in payloads(shown[0])


async def test_misread_waits_for_an_answer_that_is_on_its_way(
    core: Core, rasa: FakeRasa, texts: Texts
) -> None:
    rasa.gate.clear()
    await send(core, DANGER["ru"])
    waiting = asyncio.create_task(press(core, "local:misread"))
    await settle()
    assert not waiting.done()
    rasa.gate.set()
    assert said(await waiting) == [texts.phrase("danger_misread_reply", "ru"), "an answer of Rasa"]


async def test_misread_never_shows_another_danger_card(
    core: Core, rasa: FakeRasa, texts: Texts
) -> None:
    rasa.messages = [RasaMessage("102", (Button("You misread me", "local:misread"),))]
    await send(core, DANGER["ru"])
    assert said(await press(core, "local:misread")) == [texts.phrase("danger_misread_empty", "ru")]


async def test_rasa_reads_the_messages_in_the_order_they_were_written(
    core: Core, rasa: FakeRasa
) -> None:
    await known_chat(core, "ru")
    rasa.gate.clear()
    await send(core, DANGER["ru"])
    await settle()
    after = asyncio.create_task(send(core, PLAIN["ru"]))
    await settle()
    assert [text for _, _, text in rasa.texts] == [DANGER["ru"]]
    rasa.gate.set()
    assert said(await after) == ["an answer of Rasa"]
    assert [text for _, _, text in rasa.texts] == [DANGER["ru"], PLAIN["ru"]]


async def test_a_kept_answer_is_that_of_the_last_danger_message(
    core: Core, rasa: FakeRasa, texts: Texts
) -> None:
    await send(core, DANGER["ru"])
    await settle()
    rasa.messages = [RasaMessage("the newer answer")]
    await send(core, DANGER["ru"])
    assert said(await press(core, "local:misread"))[1:] == ["the newer answer"]


async def test_an_older_kept_answer_does_not_stand_in_for_a_text_that_was_too_long(
    core: Core, texts: Texts
) -> None:
    await send(core, DANGER["ru"])
    await send(core, "сегодня была хорошая погода. " * 150 + DANGER["ru"])
    assert said(await press(core, "local:misread")) == [texts.phrase("danger_misread_empty", "ru")]


async def test_a_kept_answer_is_not_shown_to_another_chat(core: Core, texts: Texts) -> None:
    await send(core, DANGER["ru"])
    assert said(await press(core, "local:misread", OTHER)) == [
        texts.phrase("danger_misread_empty", "ru")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_safe_now_offers_the_next_steps_and_forgets_the_kept_answer(
    core: Core, texts: Texts, language: str
) -> None:
    await send(core, DANGER[language])
    shown = await press(core, "local:safe_now")
    assert said(shown) == [texts.phrase("danger_safe_now_reply", language)]
    assert {"/ask_rights", "/ask_contacts", "/ask_safety_plan"} <= set(payloads(shown[0]))
    assert said(await press(core, "local:misread")) == [
        texts.phrase("danger_misread_empty", language)
    ]


# --- local words ---------------------------------------------------------------------------------

WORDS = {
    "exit": ["Шығу", "шыгу", "shygu", "выход", "ВЫХОД", "exit", "Быстрый выход", "Тез шығу"],
    "wipe": ["Тазалау", "тазала", "удали всё", "удали все", "Clear", "delete everything"],
    "emergency": ["Шұғыл", "шугыл", "срочно", "Срочно", "urgent", "help now"],
}


@pytest.mark.parametrize("word", WORDS["exit"])
async def test_a_word_of_exit_leaves_dull_text_and_nothing_in_rasa(
    core: Core, rasa: FakeRasa, texts: Texts, word: str
) -> None:
    shown = await send(core, word)
    assert len(shown) == 1
    assert isinstance(shown[0], Replace)
    assert shown[0].text in texts.phrases["exit_screen"].values()
    assert rasa.forgotten == [CHAT]
    assert rasa.texts == []


@pytest.mark.parametrize("word", WORDS["wipe"])
async def test_a_word_of_clearing_wipes(core: Core, rasa: FakeRasa, word: str) -> None:
    shown = await send(core, word)
    assert [type(one) for one in shown] == [Wipe]
    assert rasa.forgotten == [CHAT]
    assert rasa.texts == []


@pytest.mark.parametrize("word", WORDS["emergency"])
async def test_the_safe_word_brings_the_emergency_card_with_everything_down(
    core: Core, rasa: FakeRasa, texts: Texts, word: str
) -> None:
    rasa.down = True
    shown = await send(core, word)
    assert len(shown) == 1
    assert isinstance(shown[0], Say)
    assert shown[0].text in texts.phrases["emergency_card"].values()
    assert payloads(shown[0]) == ["local:safe_now", "/ask_contacts", "local:exit"]


@pytest.mark.parametrize("text", ["как мне найти выход из ситуации", "urgent question about law"])
async def test_a_sentence_with_such_a_word_is_no_command(
    core: Core, rasa: FakeRasa, text: str
) -> None:
    await send(core, text)
    assert [sent[2] for sent in rasa.texts] == [text]
    assert rasa.forgotten == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_exit_and_wipe_work_with_rasa_down(
    core: Core, rasa: FakeRasa, texts: Texts, language: str
) -> None:
    await known_chat(core, language)
    rasa.down = True
    assert await press(core, "local:exit") == [Replace(texts.phrase("exit_screen", language))]
    assert await press(core, "local:wipe") == [
        Wipe(
            texts.phrase("wiped", language),
            texts.phrase("wipe_partly", language),
            Button(texts.phrase("button_more", language), "local:wipe_limits"),
        )
    ]
    assert said(await press(core, "local:wipe_limits")) == [texts.phrase("wipe_limits", language)]


@pytest.mark.parametrize("data", ["local:exit", "local:wipe"])
async def test_after_leaving_the_chat_is_new_but_keeps_its_language(
    core: Core, texts: Texts, data: str
) -> None:
    await send(core, DANGER["kk"])
    await press(core, data)
    assert said(await press(core, "local:misread")) == [texts.phrase("danger_misread_empty", "kk")]
    assert said(await send(core, PLAIN["kk"]))[0] == texts.phrase("start_welcome", "kk")


@pytest.mark.parametrize("data", ["local:exit", "local:wipe"])
async def test_the_screen_changes_before_rasa_is_told_to_forget(
    core: Core, rasa: FakeRasa, data: str
) -> None:
    answers = core.handle(Incoming(CHAT, Kind.BUTTON, data, None))
    assert isinstance(await anext(answers), Replace | Wipe)
    assert rasa.forgotten == []
    assert [one async for one in answers] == []
    assert rasa.forgotten == [CHAT]


async def test_what_rasa_could_not_forget_is_forgotten_before_it_is_asked_again(
    core: Core, rasa: FakeRasa, texts: Texts
) -> None:
    await known_chat(core, "ru")
    rasa.down = True
    await press(core, "local:wipe")
    # Still down: it is tried again, and no old talk is answered from.
    assert texts.phrase("emergency_card", "ru") in said(await press(core, "ask_rights"))[0]
    assert rasa.presses == []
    rasa.down = False
    assert said(await press(core, "ask_rights")) == ["an answer of Rasa"]
    assert rasa.forgotten == [CHAT] * 3
    # Once it is done it is done.
    await press(core, "ask_rights")
    assert rasa.forgotten == [CHAT] * 3


@pytest.mark.parametrize("language", LANGUAGES)
async def test_labels_of_the_keyboard_do_what_they_say(
    core: Core, rasa: FakeRasa, texts: Texts, language: str
) -> None:
    assert core.keyboard(language) == tuple(texts.phrase(key, language) for key in KEYBOARD)
    for key, data in KEYBOARD.items():
        rasa.presses.clear()
        rasa.forgotten.clear()
        shown = await send(core, texts.phrase(key, language))
        if data == "local:emergency":
            assert said(shown) != []
            assert "102" in said(shown)[0]
        elif data == "local:wipe":
            assert [type(one) for one in shown] == [Wipe]
        elif data == "local:exit":
            assert [type(one) for one in shown] == [Replace]
        else:
            assert [sent[2] for sent in rasa.presses] == [Press(intent=data)]
    assert rasa.texts == []


# --- commands and buttons ------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, to in COMMANDS.items() if ":" not in to])
async def test_a_command_of_the_menu_asks_rasa_by_its_intent(
    core: Core, rasa: FakeRasa, name: str
) -> None:
    for typed in (name, name.upper()):
        rasa.presses.clear()
        shown = await send(core, typed, Kind.COMMAND)
        assert [sent[2] for sent in rasa.presses] == [Press(intent=COMMANDS[name])]
        assert shown == [Say("an answer of Rasa")]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_start_says_the_five_facts_then_greets_with_the_keyboard(
    core: Core, texts: Texts, language: str
) -> None:
    shown = await send(core, "start", Kind.COMMAND, hint=language)
    assert said(shown) == [
        texts.phrase("start_welcome", language), texts.response("utter_greet", language).text,
    ]  # fmt: skip
    assert payloads(shown[0]) == [
        "local:language_kk", "local:language_ru", "local:language_en", "local:wipe",
    ]  # fmt: skip
    assert isinstance(shown[1], Say)
    assert shown[1].keyboard == core.keyboard(language)


async def test_the_other_local_commands_need_no_rasa(
    core: Core, rasa: FakeRasa, texts: Texts
) -> None:
    rasa.down = True
    assert "102" in said(await send(core, "sos", Kind.COMMAND))[0]
    shown = await send(core, "language", Kind.COMMAND)
    assert payloads(shown[0]) == ["local:language_kk", "local:language_ru", "local:language_en"]
    assert isinstance((await send(core, "clear", Kind.COMMAND))[0], Wipe)
    assert isinstance((await send(core, "exit", Kind.COMMAND))[0], Replace)


@pytest.mark.parametrize("name", ["restart", "session_start", "stalking", "ask_rights", "x", ""])
async def test_an_unknown_command_never_reaches_rasa(
    core: Core, rasa: FakeRasa, texts: Texts, name: str
) -> None:
    shown = await send(core, name, Kind.COMMAND, hint="en")
    assert said(shown) == [texts.phrase("unknown_command", "en")]
    assert (rasa.texts, rasa.presses) == ([], [])


@pytest.mark.parametrize(
    "text", ["/stalking", "/restart", '/ask_rights{"need": "stalking"}', "  /deny", "//greet"]
)
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.EDITED])
async def test_typed_text_never_names_an_intent(
    core: Core, rasa: FakeRasa, text: str, kind: Kind
) -> None:
    await send(core, text, kind)
    assert rasa.presses == []
    assert [sent[2] for sent in rasa.texts] in ([], [text])


@pytest.mark.parametrize(
    "data", ["", "restart", "/ask_rights", "local:nonsense", "local:language_de", "ask_rights|x=y"]
)
async def test_a_button_that_is_not_ours_is_called_old(
    core: Core, rasa: FakeRasa, texts: Texts, data: str
) -> None:
    shown = await press(core, data)
    assert said(shown) == [texts.phrase("old_button", "ru")]
    assert "local:emergency" in payloads(shown[0])
    assert (rasa.texts, rasa.presses) == ([], [])


async def test_a_button_carries_its_coded_value_to_rasa(core: Core, rasa: FakeRasa) -> None:
    await known_chat(core, "en")
    await press(core, "ask_penalty|question=needs-2")
    expected = Press(intent="ask_penalty", entities={"question": "needs-2"})
    assert rasa.presses == [(CHAT, "en", expected)]


# --- odd messages --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u00a0"])
async def test_an_empty_message_is_answered(
    core: Core, rasa: FakeRasa, texts: Texts, text: str
) -> None:
    assert said(await send(core, text, hint="kk")) == [texts.phrase("empty_message", "kk")]
    assert rasa.texts == []


async def test_the_longest_message_of_telegram_is_read_and_one_letter_more_is_not(
    core: Core, rasa: FakeRasa, texts: Texts
) -> None:
    await known_chat(core, "ru")
    longest = ("мне нужен совет. " * 300)[:4096]
    assert said(await send(core, longest)) == ["an answer of Rasa"]
    assert rasa.texts == [(CHAT, "ru", longest)]
    shown = await send(core, longest + "x")
    assert said(shown) == [texts.phrase("too_long", "ru")]
    assert len(rasa.texts) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [Kind.VOICE, Kind.PHOTO, Kind.STICKER, Kind.OTHER])
async def test_what_cannot_be_read_is_answered_kindly(
    core: Core, rasa: FakeRasa, texts: Texts, kind: Kind, language: str
) -> None:
    shown = await send(core, "", kind, hint=language)
    assert said(shown) == [texts.phrase(f"unsupported_{kind.value}", language)]
    assert "local:emergency" in payloads(shown[0])
    assert (rasa.texts, rasa.presses) == ([], [])


async def test_an_edited_message_is_answered_by_its_new_text(
    core: Core, rasa: FakeRasa, texts: Texts
) -> None:
    await known_chat(core, "ru")
    shown = await send(core, PLAIN["ru"], Kind.EDITED)
    assert said(shown) == [texts.phrase("edited_message", "ru"), "an answer of Rasa"]


@given(text=st.text(max_size=300))
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_any_text_gets_an_answer(core: Core, text: str) -> None:
    # Each in a chat of its own, or it would be a flood.
    chat = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    shown = await send(core, text, chat=chat)
    assert shown
    for one in shown:
        if isinstance(one, Say):
            assert one.text


# --- first words ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_whoever_writes_at_once_gets_the_five_facts_once_and_then_the_answer(
    core: Core, rasa: FakeRasa, texts: Texts, language: str
) -> None:
    shown = await send(core, PLAIN[language])
    assert shown[1:] == [Say("an answer of Rasa")]
    assert said(shown)[0] == texts.phrase("start_welcome", language)
    assert said(await send(core, PLAIN[language])) == ["an answer of Rasa"]


# --- language ------------------------------------------------------------------------------------


async def test_the_language_follows_the_message(core: Core, rasa: FakeRasa) -> None:
    for language in ("ru", "kk", "en", "ru"):
        await send(core, PLAIN[language])
    assert [sent[1] for sent in rasa.texts] == ["ru", "kk", "en", "ru"]


async def test_a_message_that_says_too_little_keeps_the_language(
    core: Core, rasa: FakeRasa
) -> None:
    for language in LANGUAGES:
        await send(core, PLAIN[language])
        await send(core, "👍")
        await send(core, "87")
    assert [sent[1] for sent in rasa.texts] == [x for x in LANGUAGES for _ in range(3)]


async def test_the_language_of_telegram_is_only_a_first_guess(
    core: Core, rasa: FakeRasa, texts: Texts
) -> None:
    assert said(await send(core, "", hint="en")) == [texts.phrase("empty_message", "en")]
    await send(core, PLAIN["kk"], hint="en")
    assert rasa.texts[-1][1] == "kk"
    assert said(await send(core, "", hint="en")) == [texts.phrase("empty_message", "kk")]


@pytest.mark.parametrize("hint", [None, "", "de", "zh"])
async def test_without_a_known_language_it_is_russian(
    core: Core, texts: Texts, hint: str | None
) -> None:
    assert said(await send(core, "", hint=hint)) == [texts.phrase("empty_message", "ru")]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_chosen_language_is_used_from_then_on(
    core: Core, rasa: FakeRasa, texts: Texts, language: str
) -> None:
    shown = await press(core, f"local:language_{language}")
    assert said(shown)[0] == texts.phrase("start_welcome", language)
    await press(core, "ask_rights")
    assert rasa.presses[-1][1] == language


# --- Rasa ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_with_rasa_down_there_are_emergency_numbers(
    core: Core,
    rasa: FakeRasa,
    texts: Texts,
    language: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await known_chat(core, language)
    rasa.down = True
    card = f"{texts.phrase('service_down', language)}\n\n{texts.phrase('emergency_card', language)}"
    with caplog.at_level(logging.DEBUG):
        assert said(await send(core, PLAIN[language])) == [card]
        assert said(await press(core, "ask_rights")) == [card]
    assert PLAIN[language] not in caplog.text
    assert "no answer from Rasa: ConnectError" in caplog.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_last_net_speaks_the_language_of_the_chat(
    core: Core, texts: Texts, language: str
) -> None:
    await known_chat(core, language)
    assert texts.phrase("emergency_card", language) in core.emergency(CHAT).text
    assert texts.phrase("emergency_card", "ru") in core.emergency(OTHER).text


async def test_all_messages_of_rasa_are_shown_in_order(core: Core, rasa: FakeRasa) -> None:
    button = Button("Rights", "/ask_rights")
    rasa.messages = [RasaMessage("one"), RasaMessage("two", (button,))]
    await known_chat(core, "ru")
    assert await send(core, PLAIN["ru"]) == [Say("one"), Say("two", (button,))]


# --- limits --------------------------------------------------------------------------------------


async def test_a_flood_is_slowed_down_once_and_danger_still_gets_through(
    core: Core, rasa: FakeRasa, texts: Texts, clock: Clock
) -> None:
    await known_chat(core, "ru")
    clock.now += BURST_SECONDS
    for _ in range(BURST):
        assert said(await send(core, PLAIN["ru"])) == ["an answer of Rasa"]
    assert said(await send(core, PLAIN["ru"])) == [texts.phrase("slow_down", "ru")]
    for _ in range(30):
        assert await send(core, PLAIN["ru"]) == []
    assert len(rasa.texts) == BURST
    assert said(await send(core, DANGER["ru"])) == [texts.phrase("danger_weapon", "ru")]
    assert isinstance((await send(core, "выход"))[0], Replace)


@pytest.mark.parametrize("kind", [Kind.BUTTON, Kind.COMMAND, Kind.VOICE, Kind.STICKER])
async def test_a_flood_of_anything_is_slowed_down(
    core: Core, texts: Texts, clock: Clock, kind: Kind
) -> None:
    text = {Kind.BUTTON: "ask_rights", Kind.COMMAND: "rights"}.get(kind, "")
    for _ in range(BURST):
        assert said(await send(core, text, kind)) != [texts.phrase("slow_down", "ru")]
    assert said(await send(core, text, kind)) == [texts.phrase("slow_down", "ru")]
    assert await send(core, text, kind) == []
    assert said(await send(core, DANGER["ru"])) == [texts.phrase("danger_weapon", "ru")]


async def test_another_chat_is_not_slowed_down(core: Core, rasa: FakeRasa, clock: Clock) -> None:
    await known_chat(core, "ru")
    await known_chat(core, "ru", OTHER)
    for _ in range(BURST + 5):
        await send(core, PLAIN["ru"])
    assert said(await send(core, PLAIN["ru"], chat=OTHER)) == ["an answer of Rasa"]


async def test_after_a_pause_a_flood_is_forgiven(core: Core, rasa: FakeRasa, clock: Clock) -> None:
    await known_chat(core, "ru")
    for _ in range(BURST + 5):
        await send(core, PLAIN["ru"])
    clock.now += BURST_SECONDS
    assert said(await send(core, PLAIN["ru"])) == ["an answer of Rasa"]


async def test_a_flood_that_goes_on_stays_slowed_down(
    core: Core, rasa: FakeRasa, clock: Clock
) -> None:
    await known_chat(core, "ru")
    clock.now += BURST_SECONDS
    for _ in range(4 * BURST):
        clock.now += BURST_SECONDS / (2 * BURST)
        await send(core, PLAIN["ru"])
    assert len(rasa.texts) == BURST


async def test_a_lively_talk_is_no_flood(core: Core, rasa: FakeRasa, clock: Clock) -> None:
    await known_chat(core, "ru")
    for _ in range(4 * BURST):
        clock.now += BURST_SECONDS / BURST + 0.01
        assert said(await send(core, PLAIN["ru"])) == ["an answer of Rasa"]


# --- forgetting ----------------------------------------------------------------------------------


async def test_after_a_day_the_chat_is_new(
    core: Core, rasa: FakeRasa, texts: Texts, clock: Clock
) -> None:
    await send(core, DANGER["en"])
    await send(core, PLAIN["en"])
    clock.now += KEEP_SECONDS
    # Neither the language nor the kept answer nor the greeting is remembered.
    assert said(await press(core, "local:misread")) == [texts.phrase("danger_misread_empty", "ru")]
    assert said(await send(core, PLAIN["kk"]))[0] == texts.phrase("start_welcome", "kk")


async def test_within_a_day_the_chat_is_known(core: Core, texts: Texts, clock: Clock) -> None:
    await send(core, DANGER["en"])
    clock.now += KEEP_SECONDS - 1
    assert said(await press(core, "local:misread"))[0] == texts.phrase("danger_misread_reply", "en")


async def test_each_message_keeps_the_chat_for_another_day(
    core: Core, texts: Texts, clock: Clock
) -> None:
    await known_chat(core, "en")
    for _ in range(3):
        clock.now += KEEP_SECONDS - 1
        assert said(await send(core, "")) == [texts.phrase("empty_message", "en")]


async def test_a_quiet_chat_is_forgotten_although_an_older_one_is_lively(
    core: Core, texts: Texts, clock: Clock
) -> None:
    await send(core, "", chat=CHAT)
    await send(core, DANGER["ru"], chat=OTHER)
    clock.now += KEEP_SECONDS - 1
    await send(core, "", chat=CHAT)
    clock.now += 2
    assert said(await press(core, "local:misread", OTHER)) == [
        texts.phrase("danger_misread_empty", "ru")
    ]


async def test_quiet_chats_leave_the_memory(core: Core, clock: Clock) -> None:
    for number in range(20):
        await send(core, "", chat=f"{number:064}")
    clock.now += KEEP_SECONDS
    await send(core, "", chat=OTHER)
    assert list(core._states._states) == [OTHER]


async def test_no_words_of_the_person_stay_in_the_memory(core: Core) -> None:
    await send(core, PLAIN["ru"])
    await send(core, DANGER["ru"])
    await settle()
    kept = repr(vars(core._states.get(CHAT)))
    assert PLAIN["ru"] not in kept
    assert DANGER["ru"] not in kept
