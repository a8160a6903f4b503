"""Danger, exit, wiping, and everything else that people send."""

from __future__ import annotations

import time

import pytest

from common.texts import Texts
from tests.e2e.bot_api_server import BotApiServer, ShownMessage
from tests.e2e.conftest import Stack

TEXTS = Texts.load()


def phrase(key: str, language: str = "ru") -> str:
    return TEXTS.phrase(key, language)


def told(messages: list[ShownMessage]) -> str:
    return "\n".join(message.text for message in messages)


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("ru", "он ломает дверь, помогите", "attack_now"),
        ("ru", "муж с ножом ходит по квартире", "weapon"),
        ("kk", "күйеуім пышақпен қуып жүр", "weapon"),
        ("kk", "kuieuim esikti syndyryp jatyr", "attack_now"),
        ("en", "he is breaking down the door right now", "attack_now"),
        ("en", "I don't want to live anymore", "self_harm"),
    ],
)
def test_danger_is_answered_with_its_card(
    server: BotApiServer, chat_id: int, language: str, text: str, kind: str
) -> None:
    user = server.user(chat_id, language)
    answers = user.write(text)
    assert answers[0].text == phrase(f"danger_{kind}", language)
    assert phrase("button_wrong_understood", language) in answers[0].buttons


def test_you_misread_me_gives_the_ordinary_answer(server: BotApiServer, chat_id: int) -> None:
    user = server.user(chat_id)
    user.write("/start")
    user.write("муж душил меня вчера")
    answers = user.press(phrase("button_wrong_understood"))
    assert answers[0].text == phrase("danger_misread_reply")
    assert len(answers) >= 2


def test_exit_leaves_a_dull_screen_and_no_keyboard(server: BotApiServer, chat_id: int) -> None:
    user = server.user(chat_id)
    user.write("/start")
    user.write("муж бьёт меня")
    before = len(user.screen)
    answers = user.write("выход")
    assert answers[-1].text == phrase("exit_screen")
    assert answers[-1].keyboard_removed
    assert len(user.screen) < before
    assert "муж" not in told(user.screen)


def test_wiping_takes_both_sides_away(server: BotApiServer, chat_id: int) -> None:
    user = server.user(chat_id)
    user.write("/start")
    for number in range(10):
        user.write(f"муж бьёт меня {number}")
    user.write("/clear")
    assert [message.text for message in user.screen] == [phrase("wiped")]
    # And Rasa has forgotten the need: rights have to ask for it again.
    assert phrase("ask_need") in told(user.write("какие у меня права"))


def test_wiping_asked_for_in_words(server: BotApiServer, chat_id: int) -> None:
    user = server.user(chat_id)
    user.write("/start")
    # One tap between: "he deleted our chat" sounds much the same, and nothing comes back.
    answers = user.write("хочу удалить всю эту переписку с ботом")
    assert phrase("clear_chat_ask") in told(answers)
    user.press(phrase("keyboard_clear"))
    assert [message.text for message in user.screen] == [phrase("wiped")]


@pytest.mark.parametrize("text", ["муж удалил все мои сообщения", "he deletes my messages"])
def test_talking_about_deletion_wipes_nothing(
    server: BotApiServer, chat_id: int, text: str
) -> None:
    user = server.user(chat_id)
    user.write("/start")
    user.write(text)
    assert phrase("start_welcome") in told(user.screen)


def test_words_behind_a_slash_pass_the_danger_check(server: BotApiServer, chat_id: int) -> None:
    answers = server.user(chat_id).write("/help он ломает дверь, помогите")
    assert answers[0].text == phrase("danger_attack_now")


def test_yes_keeps_the_language_of_the_talk(server: BotApiServer, chat_id: int) -> None:
    user = server.user(chat_id)
    user.write("/start")
    user.write("муж меня бьёт")
    assert told(user.write("да")) == phrase("danger_attack_now")


def test_an_album_gets_one_answer(server: BotApiServer, chat_id: int) -> None:
    user = server.user(chat_id)
    photo = [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]
    first = user.send(photo=photo, media_group_id="1")
    with pytest.raises(AssertionError, match="said nothing"):
        user.send(photo=photo, media_group_id="1", patience=2.0)
    assert len(first) == 1


def test_a_message_of_hours_ago_is_not_answered_now(server: BotApiServer, chat_id: int) -> None:
    user = server.user(chat_id)
    with pytest.raises(AssertionError, match="said nothing"):
        user.send(text="муж бьёт меня", date=int(time.time()) - 3600, patience=2.0)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ({"sticker": {"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1,
                      "is_animated": False, "is_video": False, "type": "regular"}},
         "unsupported_sticker"),
        ({"voice": {"file_id": "x", "file_unique_id": "y", "duration": 1}}, "unsupported_voice"),
        ({"photo": [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]},
         "unsupported_photo"),
        ({"document": {"file_id": "x", "file_unique_id": "y"}}, "unsupported_other"),
        ({"contact": {"phone_number": "1", "first_name": "A"}}, "unsupported_other"),
        ({"location": {"latitude": 43.2, "longitude": 76.9}}, "unsupported_other"),
        ({"text": "   "}, "empty_message"),
        ({"text": "/nosuchthing"}, "unknown_command"),
    ],
)  # fmt: skip
def test_everything_people_send_is_answered_kindly(
    server: BotApiServer, chat_id: int, content: dict[str, object], key: str
) -> None:
    user = server.user(chat_id)
    assert phrase(key) in told(user.send(**content))
    assert not [call for call, _ in server.calls if call == "getFile"]


def test_a_message_of_4096_characters_is_read(server: BotApiServer, chat_id: int) -> None:
    user = server.user(chat_id)
    user.write("/start")
    story = "мы познакомились давно и жили обычно, работа дом дети огород. " * 70
    text = story[: 4096 - 30] + " а вчера муж меня избил снова."
    answers = told(user.write(text[:4096]))
    assert phrase("service_down") not in answers


def test_a_help_cry_in_the_caption_of_a_photo_is_seen(server: BotApiServer, chat_id: int) -> None:
    photo = [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]
    answers = server.user(chat_id).send(photo=photo, caption="он ломает дверь, помогите")
    assert answers[0].text == phrase("danger_attack_now")


def test_markup_and_intents_in_text_do_nothing(server: BotApiServer, chat_id: int) -> None:
    user = server.user(chat_id)
    user.write("/start")
    for text in ("<b>жирный</i> & <script>", '/ask_rights{"need": "stalking"}', "/restart"):
        answers = told(user.write(text))
        assert "115-1" not in answers


def test_an_invented_button_is_called_old(server: BotApiServer, chat_id: int) -> None:
    user = server.user(chat_id)
    answers = user.write("/start")
    for data in ("session_start", "ask_rights|need=../../x", "x" * 64, "local:nosuch"):
        assert phrase("old_button") in told(user.press_data(data, answers[0]))


def test_a_group_is_left_without_a_word(server: BotApiServer) -> None:
    group = {"id": -100200300, "type": "supergroup", "title": "family"}
    person = {"id": 5, "is_bot": False, "first_name": "B"}
    server.push(message={"message_id": 9, "date": 1, "chat": group, "from": person, "text": "hi"})
    server.wait(lambda: group["id"] in server.left, 10, "the bot stays in the group")
    assert group["id"] not in server.screens


def test_an_edited_message_is_answered_anew(server: BotApiServer, chat_id: int) -> None:
    user = server.user(chat_id)
    user.write("/start")
    answers = told(user.send("edited_message", text="мне нужен бесплатный адвокат"))
    assert phrase("edited_message") in answers
    assert phrase("legal_aid_intro").splitlines()[0] in answers


def test_nothing_that_people_write_is_at_rest(stack: Stack, chat_id: int) -> None:
    marker = "жасырынсөз"
    user = stack.server.user(chat_id)
    user.write("/start")
    user.write(f"күйеуім ұрады {marker}")
    user.write(f"он ломает дверь {marker}")
    user.send("edited_message", text=f"менің құқықтарым {marker}")
    for file in stack.var.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert marker.encode() not in content, file
            assert str(chat_id).encode() not in content or file.suffix == ".log", file
