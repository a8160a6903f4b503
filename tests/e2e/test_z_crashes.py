"""Each process killed in turn. Named to run last: the stack is disturbed here."""

from __future__ import annotations

import time

from common.texts import Texts
from tests.e2e.bot_api_server import ShownMessage
from tests.e2e.conftest import Stack

TEXTS = Texts.load()


def phrase(key: str, language: str = "ru") -> str:
    return TEXTS.phrase(key, language)


def told(messages: list[ShownMessage]) -> str:
    return "\n".join(message.text for message in messages)


def wait_until_answered(stack: Stack, chat_id: int, text: str, wanted: str) -> None:
    user = stack.server.user(chat_id)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if wanted in told(user.write(text)):
            return
        # As a person would, not faster than the bot listens.
        time.sleep(2)
    raise AssertionError("the stack did not come back")


def test_without_rasa_there_is_the_emergency_card_within_3_seconds(
    stack: Stack, chat_id: int
) -> None:
    user = stack.server.user(chat_id)
    user.write("/start")
    user.write("муж бьёт меня")
    said = len(stack.output)
    stack.kill("rasa")
    started = time.monotonic()
    answers = user.write("какие у меня права")
    took = time.monotonic() - started
    assert phrase("emergency_card") in told(answers)
    assert took < 3, f"{took:.1f} s"
    # Danger needs nothing but the bot.
    assert user.write("он ломает дверь, помогите")[0].text == phrase("danger_attack_now")
    stack.wait_for(r"rasa ended .* starting it again", 30, since=said)
    stack.wait_for(r"rasa was started again", 30, since=said)
    wait_until_answered(stack, chat_id, "какие у меня права", phrase("ask_need"))


def test_without_actions_there_is_the_emergency_card(stack: Stack, chat_id: int) -> None:
    user = stack.server.user(chat_id)
    user.write("/start")
    said = len(stack.output)
    stack.kill("actions")
    assert phrase("emergency_card") in told(user.write("какие у меня права"))
    stack.wait_for(r"actions was started again", 30, since=said)
    wait_until_answered(stack, chat_id, "какие у меня права", phrase("ask_need"))


def test_a_killed_bot_comes_back_and_answers_what_waited(stack: Stack, chat_id: int) -> None:
    user = stack.server.user(chat_id)
    user.write("/start")
    said = len(stack.output)
    stack.kill("bot")
    answers = user.write("муж бьёт меня")
    assert phrase("need_domestic_violence_answer").splitlines()[0] in told(answers)
    stack.wait_for(r"bot was started again", 30, since=said)
    # Wiping still knows the messages from before the crash.
    user.write("/clear")
    assert [message.text for message in user.screen] == [phrase("wiped")]


def test_wiping_works_without_rasa(stack: Stack, chat_id: int) -> None:
    user = stack.server.user(chat_id)
    user.write("/start")
    stack.kill("rasa")
    user.write("/clear")
    assert [message.text for message in user.screen] == [phrase("wiped")]
    wait_until_answered(stack, chat_id, "какие у меня права", phrase("ask_need"))
