"""Telegram's updates are read whatever they hold, and answers go out whole, escaped and small."""

from __future__ import annotations

import asyncio
import html
import logging
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, Update
from telegram.constants import MessageLimit
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder

from bot import telegram_adapter
from bot.core import Core
from bot.message_log import MessageLog
from bot.messages import Button, Incoming, Kind, Say
from bot.rasa_client import RasaMessage
from bot.telegram_adapter import (
    ALLOWED_UPDATES,
    MENU,
    TelegramAdapter,
    cut,
    inline_keyboard,
    read_update,
)
from common.texts import LANGUAGES, Texts
from knowledge.database import connect

HASH = "a" * 64
KEY = b"k" * 32
NOW = int(time.time())
ME = {"id": 5, "is_bot": False, "first_name": "A", "language_code": "kk-KZ"}
PRIVATE = {"id": 5, "type": "private", "first_name": "A"}
FILE = {"file_id": "f", "file_unique_id": "u"}
PHOTO = [{**FILE, "width": 1, "height": 1}]
CLIP = {**FILE, "width": 1, "height": 1, "duration": 1}


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 7, "date": NOW, "chat": PRIVATE, "from": ME, **content}


def update(**content: Any) -> Update:
    found = Update.de_json({"update_id": 1, **content}, None)
    assert found is not None
    return found


def sent(**content: Any) -> Update:
    return update(message=message(**content))


def pressed(data: str | None, **content: Any) -> Update:
    query = {"id": "9", "from": ME, "chat_instance": "c", "message": message(text="x"), **content}
    return update(callback_query=query if data is None else {**query, "data": data})


# --- reading -------------------------------------------------------------------------------------

KINDS: dict[str, tuple[dict[str, Any], Kind, str]] = {
    "words": ({"text": "сәлем"}, Kind.TEXT, "сәлем"),
    "a command": ({"text": "/start"}, Kind.COMMAND, "start"),
    "a command to a name": ({"text": "/start@tirek_bot"}, Kind.COMMAND, "start"),
    "a command with a deep link": ({"text": "/start from-poster"}, Kind.COMMAND, "start"),
    "a command in capitals": ({"text": "/Start "}, Kind.COMMAND, "Start"),
    "words behind a command": ({"text": "/help он здесь"}, Kind.TEXT, "help он здесь"),
    "an intent of Rasa": (
        {"text": '/ask_rights{"need": "stalking"}'},
        Kind.TEXT,
        'ask_rights{"need": "stalking"}',
    ),
    "a slash alone": ({"text": "/"}, Kind.TEXT, " "),
    "a slash and words": ({"text": "/ помогите"}, Kind.TEXT, " помогите"),
    "a voice": ({"voice": {**FILE, "duration": 1}}, Kind.VOICE, ""),
    "music": ({"audio": {**FILE, "duration": 1}}, Kind.VOICE, ""),
    "a round video": ({"video_note": {**FILE, "length": 1, "duration": 1}}, Kind.VOICE, ""),
    "a photo": ({"photo": PHOTO}, Kind.PHOTO, ""),
    "a photo with words": ({"photo": PHOTO, "caption": "он меня бьёт"}, Kind.TEXT, "он меня бьёт"),
    "a video": ({"video": CLIP}, Kind.PHOTO, ""),
    "an animation": ({"animation": CLIP, "document": FILE}, Kind.PHOTO, ""),
    "a voice with words": (
        {"voice": {**FILE, "duration": 1}, "caption": "help me"},
        Kind.TEXT,
        "help me",
    ),
    "a sticker": (
        {"sticker": {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False,
                     "is_video": False}},
        Kind.STICKER,
        "",
    ),
    "a file": ({"document": FILE}, Kind.OTHER, ""),
    "a file with words": ({"document": FILE, "caption": "көмек"}, Kind.TEXT, "көмек"),
    "a contact": ({"contact": {"phone_number": "1", "first_name": "B"}}, Kind.OTHER, ""),
    "a position": ({"location": {"longitude": 1.0, "latitude": 1.0}}, Kind.OTHER, ""),
    "a venue": (
        {"venue": {"location": {"longitude": 1.0, "latitude": 1.0}, "title": "t", "address": "a"}},
        Kind.OTHER,
        "",
    ),
    "a poll": (
        {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0,
                  "is_closed": False, "is_anonymous": True, "type": "regular",
                  "allows_multiple_answers": False, "allows_revoting": False,
                  "members_only": False}},
        Kind.OTHER,
        "",
    ),
    "a dice": ({"dice": {"value": 1, "emoji": "🎲"}}, Kind.OTHER, ""),
    "a story": ({"story": {"id": 1, "chat": PRIVATE}}, Kind.OTHER, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_message_is_read(name: str) -> None:
    content, kind, text = KINDS[name]
    assert read_update(sent(**content), HASH) == Incoming(HASH, kind, text, "kk")


def test_an_edited_message_is_read_as_words_and_never_as_a_command() -> None:
    assert read_update(update(edited_message=message(text="новый текст")), HASH) == Incoming(
        HASH, Kind.EDITED, "новый текст", "kk"
    )
    assert read_update(update(edited_message=message(text="/clear")), HASH) == Incoming(
        HASH, Kind.EDITED, "clear", "kk"
    )


@pytest.mark.parametrize(
    "content",
    [
        {"location": {"longitude": 1.0, "latitude": 1.0, "live_period": 900}},
        {"photo": PHOTO},
        {"document": FILE},
    ],
)
def test_a_live_location_that_moves_and_a_picture_that_changes_need_no_answer(
    content: dict[str, Any],
) -> None:
    assert read_update(update(edited_message=message(**content)), HASH) is None


def test_an_edited_caption_is_read_as_words() -> None:
    found = read_update(update(edited_message=message(photo=PHOTO, caption="он бьёт")), HASH)
    assert found is not None
    assert found.text == "он бьёт"


def test_a_button_is_read_by_its_data() -> None:
    assert read_update(pressed("ask_rights"), HASH) == Incoming(
        HASH, Kind.BUTTON, "ask_rights", "kk"
    )
    assert read_update(pressed(None, game_short_name="g"), HASH) == Incoming(
        HASH, Kind.BUTTON, "", "kk"
    )


@pytest.mark.parametrize(
    "service",
    [
        {"new_chat_members": [ME]},
        {"pinned_message": message(text="x")},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
        {},
    ],
)
def test_service_messages_need_no_answer(service: dict[str, Any]) -> None:
    assert read_update(sent(**service), HASH) is None


def test_a_block_of_the_bot_needs_no_answer() -> None:
    member = {"user": {"id": 1, "is_bot": True, "first_name": "T"}}
    changed = update(
        my_chat_member={
            "chat": PRIVATE, "from": ME, "date": NOW,
            "old_chat_member": {**member, "status": "member"},
            "new_chat_member": {**member, "status": "kicked", "until_date": 0},
        }
    )  # fmt: skip
    assert read_update(changed, HASH) is None


@pytest.mark.parametrize(("code", "hint"), [("ru", "ru"), ("en-GB", "en"), (None, "")])
def test_the_language_of_telegram_is_taken_as_a_hint(code: str | None, hint: str) -> None:
    user = {key: value for key, value in ME.items() if key != "language_code"}
    if code:
        user["language_code"] = code
    found = read_update(update(message=message(text="x", **{"from": user})), HASH)
    assert found is not None
    assert (found.language_hint or "") == hint


# --- cutting -------------------------------------------------------------------------------------


def test_a_text_that_fits_stays_whole() -> None:
    text = "Первая строка.\n\nВторая строка."
    assert list(cut(text)) == [text]
    assert list(cut("x" * 4000)) == ["x" * 4000]


def test_a_long_text_is_cut_between_paragraphs_first() -> None:
    text = "a" * 30 + "\n\n" + "b" * 30 + "\n\n" + "c" * 30
    assert list(cut(text, 70)) == ["a" * 30 + "\n\n" + "b" * 30, "c" * 30]


def test_a_long_paragraph_is_cut_at_the_end_of_a_sentence() -> None:
    text = "One two three. Four five six. Seven eight nine."
    assert list(cut(text, 32)) == ["One two three. Four five six.", "Seven eight nine."]


def test_a_long_sentence_is_cut_between_words() -> None:
    pieces = list(cut("word " * 40, 33))
    assert " ".join(pieces) == ("word " * 40).strip()
    assert set(" ".join(pieces).split()) == {"word"}


def test_a_word_longer_than_a_message_is_cut_where_it_must() -> None:
    assert list(cut("x" * 25, 10)) == ["x" * 10, "x" * 10, "x" * 5]


PIECES = ["а", "слово", "Ұ" * 7, ".", ". ", " ", "\n", "\n\n", "&"]


@given(st.lists(st.sampled_from(PIECES), max_size=300), st.integers(12, 120))
def test_nothing_is_lost_and_no_piece_is_too_long(words: list[str], limit: int) -> None:
    text = "".join(words)
    pieces = list(cut(text, limit))
    assert all(len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_piece_fits_telegram_by_default() -> None:
    text = "Это предложение из нескольких слов. " * 500
    assert all(len(piece) <= MessageLimit.MAX_TEXT_LENGTH for piece in cut(text))


# --- buttons -------------------------------------------------------------------------------------


def layout(*titles: str) -> list[list[str]]:
    markup = inline_keyboard(Say("x", tuple(Button(title, "/greet") for title in titles)))
    return [[button.text for button in row] for row in markup.inline_keyboard]


def test_short_buttons_stand_two_in_a_row_and_long_ones_alone() -> None:
    assert layout("Иә", "Жоқ", "Clear") == [["Иә", "Жоқ"], ["Clear"]]
    long = "Какое может быть наказание"
    assert layout(long, "Иә", "Жоқ") == [[long], ["Иә", "Жоқ"]]
    assert layout("Иә", long, "Жоқ") == [["Иә"], [long], ["Жоқ"]]
    assert layout(long, long) == [[long], [long]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_of_all_responses_fit(texts: Texts, language: str) -> None:
    for by_language in texts.responses.values():
        response = by_language[language]
        if not response.buttons:
            continue
        markup = inline_keyboard(Say(response.text, response.buttons))
        shown = [button for row in markup.inline_keyboard for button in row]
        assert [button.text for button in shown] == [button.title for button in response.buttons]
        for button in shown:
            assert isinstance(button.callback_data, str)
            assert len(button.callback_data.encode()) <= 64
        assert all(len(row) <= 2 for row in markup.inline_keyboard)


# --- showing -------------------------------------------------------------------------------------


class Telegram:
    """Stands in for Telegram's side: notes the calls, refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.fails: dict[str, Exception] = {}
        self.fails_once: dict[str, Exception] = {}
        self.undeletable: set[int] = set()
        self.next_id = 100

    def __getattr__(self, name: str) -> Callable[..., Any]:
        async def call(*args: Any, **kwargs: Any) -> Any:
            self.calls.append((name, args, kwargs))
            if name in self.fails:
                raise self.fails[name]
            if name in self.fails_once:
                raise self.fails_once.pop(name)
            if name == "delete_messages" and self.undeletable & set(args[1]):
                raise BadRequest("message can't be deleted")
            self.next_id += name == "send_message"
            return SimpleNamespace(message_id=self.next_id)

        return call

    def named(self, name: str) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
        return [(args, kwargs) for called, args, kwargs in self.calls if called == name]

    @property
    def texts(self) -> list[str]:
        return [args[1] for args, _ in self.named("send_message")]


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> Telegram:
    monkeypatch.setattr(telegram_adapter, "_PAUSES_SECONDS", (0, 0))
    return Telegram()


@pytest.fixture
def adapter(core: Core, texts: Texts) -> TelegramAdapter:
    return TelegramAdapter(core, MessageLog(None), texts, KEY)


@pytest.fixture
def give(adapter: TelegramAdapter, telegram: Telegram) -> Callable[[Update], Any]:
    async def give(one: Update) -> None:
        await adapter.on_update(one, SimpleNamespace(bot=telegram, error=None))  # type: ignore[arg-type]
        # Side calls (the typing sign) come to their end.
        await asyncio.gather(*adapter._side_tasks, return_exceptions=True)

    return give


async def test_what_is_shown_is_escaped_and_links_show_no_preview(
    give: Callable[[Update], Any], telegram: Telegram, rasa: Any
) -> None:
    raw = "1 < 2 & <b>3</b> \"quoted\" 'too' https://example.org"
    rasa.messages = [RasaMessage(raw)]
    await give(sent(text="мне нужен юрист, хочу посоветоваться"))
    args, options = telegram.named("send_message")[-1]
    assert args[0] == 5
    assert args[1] == "1 &lt; 2 &amp; &lt;b&gt;3&lt;/b&gt; \"quoted\" 'too' https://example.org"
    assert html.unescape(args[1]) == raw
    assert options["parse_mode"] == "HTML"
    assert options["link_preview_options"].is_disabled is True


async def test_a_long_answer_has_its_buttons_under_the_last_piece(
    give: Callable[[Update], Any], telegram: Telegram, rasa: Any
) -> None:
    rasa.messages = [RasaMessage("Одно предложение. " * 500, (Button("Права", "/ask_rights"),))]
    await give(sent(text="мне нужен юрист, хочу посоветоваться"))
    answers = telegram.named("send_message")[1:]
    assert len(answers) == 3
    assert [options["reply_markup"] is not None for _, options in answers] == [False, False, True]
    assert all(len(args[1]) <= 4096 for args, _ in answers)


async def test_the_small_keyboard_comes_with_the_greeting(
    give: Callable[[Update], Any], telegram: Telegram, texts: Texts
) -> None:
    await give(sent(text="/start"))
    markup = telegram.named("send_message")[-1][1]["reply_markup"]
    assert [[button.text for button in row] for row in markup.keyboard] == [
        ["Шұғыл", "Құқық"], ["Байланыс", "Тазалау"], ["Тез шығу"],
    ]  # fmt: skip


async def test_a_button_stops_spinning_even_if_telegram_refuses(
    adapter: TelegramAdapter, telegram: Telegram, give: Callable[[Update], Any]
) -> None:
    refused = pressed("local:emergency")
    assert refused.callback_query is not None
    # Telegram's own object, bound to the bot that fails.
    refused.callback_query.set_bot(telegram)  # type: ignore[arg-type]
    telegram.fails["answer_callback_query"] = BadRequest("query is too old")
    await give(refused)
    assert len(telegram.named("answer_callback_query")) == 1
    assert "102" in telegram.texts[0]


async def test_a_typing_sign_is_shown_while_the_answer_takes_time_and_may_fail(
    give: Callable[[Update], Any],
    telegram: Telegram,
    rasa: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(telegram_adapter, "_TYPING_AFTER_SECONDS", 0)
    telegram.fails["send_chat_action"] = NetworkError("away")
    await give(sent(text="/language"))
    rasa.gate.clear()
    await give(sent(text="/start"))
    assert telegram.named("send_chat_action") == []
    telegram.calls.clear()
    answering = asyncio.create_task(give(sent(text="мне нужен юрист, хочу посоветоваться")))
    for _ in range(20):
        await asyncio.sleep(0)
    assert telegram.named("send_chat_action") == [((5, "typing"), {})]
    rasa.gate.set()
    await answering
    assert telegram.texts == ["an answer of Rasa"]


async def test_a_quick_answer_shows_no_typing_sign(
    give: Callable[[Update], Any], telegram: Telegram
) -> None:
    await give(sent(text="/sos"))
    assert [name for name, _, _ in telegram.calls] == ["send_message"]


async def test_a_message_that_the_network_lost_is_sent_again(
    give: Callable[[Update], Any], telegram: Telegram
) -> None:
    telegram.fails_once["send_message"] = NetworkError("away")
    await give(sent(text="срочно"))
    assert len(telegram.texts) == 2
    assert telegram.texts[0] == telegram.texts[1]


async def test_quick_exit_covers_the_screen_first_and_then_takes_it_away(
    give: Callable[[Update], Any], telegram: Telegram, texts: Texts
) -> None:
    await give(sent(text="/start", message_id=50))
    await give(sent(text="выход", message_id=51))
    assert telegram.texts[-1] in texts.phrases["exit_screen"].values()
    names = [name for name, _, _ in telegram.calls]
    assert names[-2:] == ["send_message", "delete_messages"]
    assert telegram.named("delete_messages") == [((5, [50, 51, 101, 102]), {})]
    removed = telegram.named("send_message")[-1][1]["reply_markup"]
    assert removed.remove_keyboard is True


@pytest.mark.parametrize("word", ["выход", "удали всё"])
@pytest.mark.parametrize("call", ["delete_messages", "send_message"])
async def test_a_network_that_fails_during_exit_or_wipe_never_shows_the_emergency_card(
    give: Callable[[Update], Any],
    telegram: Telegram,
    caplog: pytest.LogCaptureFixture,
    word: str,
    call: str,
) -> None:
    telegram.fails[call] = NetworkError("MARKED")
    # Nothing is raised, so that the last net has nothing to catch.
    await give(sent(text=word))
    assert not [text for text in telegram.texts if "102" in text]
    assert "MARKED" not in caplog.text
    assert "NetworkError" in caplog.text


async def test_a_wipe_deletes_both_sides_a_hundred_at_a_time(
    give: Callable[[Update], Any], telegram: Telegram, adapter: TelegramAdapter
) -> None:
    hashed = adapter.chat_hash(5)
    for number in range(1, 151):
        adapter._numbers.remember(hashed, number)
    await give(sent(text="удали всё", message_id=500))
    batches = [args[1] for args, _ in telegram.named("delete_messages")]
    assert [len(batch) for batch in batches] == [100, 51]
    assert sorted(n for batch in batches for n in batch) == [*range(1, 151), 500]


async def test_a_whole_wipe_says_only_that_it_is_done(
    core: Core, texts: Texts, telegram: Telegram, tmp_path: Path
) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'numbers.db'}")
    numbers = MessageLog(engine)
    adapter = TelegramAdapter(core, numbers, texts, KEY)
    await adapter.on_update(sent(text="удали всё"), SimpleNamespace(bot=telegram))  # type: ignore[arg-type]
    await numbers.close()
    engine.dispose()
    assert telegram.texts == [texts.phrase("wiped", "ru")]
    assert telegram.named("send_message")[0][1]["reply_markup"].remove_keyboard is True


async def test_a_wipe_without_the_database_says_that_something_may_be_left(
    give: Callable[[Update], Any], telegram: Telegram, texts: Texts
) -> None:
    await give(sent(text="удали всё"))
    assert telegram.texts == [html.escape(texts.phrase("wipe_partly", "ru"), quote=False)]


async def test_one_message_that_cannot_be_deleted_does_not_keep_the_others(
    give: Callable[[Update], Any], telegram: Telegram, adapter: TelegramAdapter
) -> None:
    hashed = adapter.chat_hash(5)
    for number in (1, 2, 3):
        adapter._numbers.remember(hashed, number)
    telegram.undeletable = {2}
    await give(sent(text="удали всё", message_id=4))
    assert [args[1] for args, _ in telegram.named("delete_messages")] == [
        [1, 2, 3, 4], [1], [2], [3], [4],
    ]  # fmt: skip
    assert 2 in (await adapter._numbers.all_of(hashed)).numbers
    assert not {1, 3, 4} & set((await adapter._numbers.all_of(hashed)).numbers)


async def test_what_a_broken_network_left_is_deleted_by_the_next_wipe(
    give: Callable[[Update], Any], telegram: Telegram
) -> None:
    telegram.fails["delete_messages"] = NetworkError("away")
    await give(sent(text="удали всё", message_id=60))
    telegram.fails.clear()
    telegram.calls.clear()
    await give(sent(text="удали всё", message_id=61))
    assert [args[1] for args, _ in telegram.named("delete_messages")] == [[60, 61, 101]]


async def test_a_second_wipe_has_only_the_new_messages(
    give: Callable[[Update], Any], telegram: Telegram
) -> None:
    await give(sent(text="удали всё", message_id=60))
    await give(sent(text="удали всё", message_id=61))
    assert [args[1] for args, _ in telegram.named("delete_messages")] == [[60], [61, 101]]


# --- late messages and albums --------------------------------------------------------------------


async def test_a_message_that_arrives_late_is_not_answered_but_can_be_wiped(
    give: Callable[[Update], Any], telegram: Telegram, rasa: Any
) -> None:
    await give(sent(text="у него нож, он ломает дверь", message_id=30, date=NOW - 3600))
    assert telegram.calls == []
    assert rasa.texts == []
    await give(sent(text="удали всё", message_id=31))
    assert telegram.named("delete_messages") == [((5, [30, 31]), {})]


async def test_an_old_message_that_is_edited_now_is_answered(
    give: Callable[[Update], Any], telegram: Telegram
) -> None:
    old = message(text="у него нож, он ломает дверь", date=NOW - 3600, edit_date=NOW)
    await give(update(edited_message=old))
    assert telegram.texts[0].startswith("102")


async def test_an_album_gets_one_answer(
    give: Callable[[Update], Any], telegram: Telegram, texts: Texts
) -> None:
    for number in range(3):
        await give(sent(photo=PHOTO, media_group_id="album", message_id=number + 1))
    await give(sent(photo=PHOTO, media_group_id="another", message_id=9))
    photo = texts.phrase("unsupported_photo", "kk")
    assert telegram.texts == [photo, photo]


async def test_words_in_an_album_are_read_wherever_they_stand(
    give: Callable[[Update], Any], telegram: Telegram
) -> None:
    await give(sent(photo=PHOTO, media_group_id="album", message_id=1))
    caption = "у него нож, он ломает дверь"
    await give(sent(photo=PHOTO, media_group_id="album", message_id=2, caption=caption))
    assert telegram.texts[-1].startswith("102")


# --- groups, errors, profile ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_in_a_group_the_bot_says_nothing_and_leaves(
    give: Callable[[Update], Any], telegram: Telegram, rasa: Any, kind: str
) -> None:
    group = {"id": -7, "type": kind, "title": "G"}
    where = "channel_post" if kind == "channel" else "message"
    await give(update(**{where: message(text="у него нож", chat=group)}))
    assert telegram.named("leave_chat") == [((-7,), {})]
    assert telegram.named("send_message") == []
    assert rasa.texts == []


async def test_removed_from_a_group_the_bot_does_not_try_to_leave(
    give: Callable[[Update], Any], telegram: Telegram
) -> None:
    member = {"user": {"id": 1, "is_bot": True, "first_name": "T"}}
    await give(
        update(
            my_chat_member={
                "chat": {"id": -7, "type": "group", "title": "G"}, "from": ME,
                "date": NOW,
                "old_chat_member": {**member, "status": "member"},
                "new_chat_member": {**member, "status": "kicked", "until_date": 0},
            }
        )
    )  # fmt: skip
    assert telegram.calls == []


async def fail(adapter: TelegramAdapter, telegram: Telegram, error: Exception, one: object) -> None:
    await adapter.on_error(one, SimpleNamespace(bot=telegram, error=error))  # type: ignore[arg-type]


async def test_whatever_fails_the_person_gets_the_card_and_the_log_no_words(
    adapter: TelegramAdapter, telegram: Telegram, texts: Texts, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await fail(adapter, telegram, RuntimeError("MARKED"), sent(text="MARKED words"))
    assert texts.phrase("emergency_card", "ru") in telegram.texts[0]
    assert "update 1 failed: RuntimeError" in caplog.text
    assert "MARKED" not in caplog.text


async def test_a_person_who_blocked_the_bot_is_left_alone(
    adapter: TelegramAdapter, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    await fail(adapter, telegram, Forbidden("bot was blocked"), sent(text="x"))
    assert telegram.calls == []
    assert caplog.text == ""


async def test_a_card_that_cannot_be_sent_either_is_only_logged(
    adapter: TelegramAdapter, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fails["send_message"] = NetworkError("MARKED")
    await fail(adapter, telegram, NetworkError("MARKED"), sent(text="x"))
    assert "could not be sent either: NetworkError" in caplog.text
    assert "MARKED" not in caplog.text


async def test_an_error_outside_any_update_is_only_logged(
    adapter: TelegramAdapter, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    await fail(adapter, telegram, NetworkError("MARKED"), None)
    assert telegram.calls == []
    assert "update None failed: NetworkError" in caplog.text


def test_a_chat_is_known_only_by_a_keyed_hash(core: Core, texts: Texts) -> None:
    one = TelegramAdapter(core, MessageLog(None), texts, KEY)
    other = TelegramAdapter(core, MessageLog(None), texts, b"o" * 32)
    assert one.chat_hash(5) == one.chat_hash(5)
    assert one.chat_hash(5) != one.chat_hash(6)
    assert one.chat_hash(5) != other.chat_hash(5)
    assert len(one.chat_hash(5)) == 64


async def test_the_menu_is_set_in_each_language_and_is_neutral(
    adapter: TelegramAdapter, telegram: Telegram, texts: Texts
) -> None:
    await adapter.set_profile(SimpleNamespace(bot=telegram))  # type: ignore[arg-type]
    calls = telegram.named("set_my_commands")
    assert [options["language_code"] for _, options in calls] == [None, "kk", "ru", "en"]
    for args, options in calls:
        language = options["language_code"] or "ru"
        assert [command.command for command in args[0]] == list(MENU)
        assert [command.description for command in args[0]] == [
            texts.phrase(f"command_{name}", language) for name in MENU
        ]
    telling = ("зорлық", "насил", "violence", "police", "полиц")
    shown = " ".join(command.description for args, _ in calls for command in args[0]).lower()
    assert not [word for word in telling if word in shown]


async def test_a_menu_that_cannot_be_set_stops_nothing(
    adapter: TelegramAdapter, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fails["set_my_commands"] = TelegramError("MARKED")
    await adapter.set_profile(SimpleNamespace(bot=telegram))  # type: ignore[arg-type]
    assert "TelegramError" in caplog.text
    assert "MARKED" not in caplog.text


def test_the_adapter_registers_for_every_update_it_asks_for(adapter: TelegramAdapter) -> None:
    application: Application[Any, Any, Any, Any, Any, Any] = (
        ApplicationBuilder().bot(Bot("123456789:AAExxxxxxxxxxxxxxxxxxxxxxxxxxxx")).build()
    )
    adapter.register(application)
    handlers = [one for group in application.handlers.values() for one in group]
    assert all(handlers[0].check_update(one) is not None for one in (sent(text="x"), pressed("x")))
    assert adapter.on_error in application.error_handlers
    assert {"message", "edited_message", "callback_query"} <= set(ALLOWED_UPDATES)
