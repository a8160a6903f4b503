"""Short messages that lean on what was said before."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.follow_ups import FollowUps
from nlu.pattern_compiler import LexiconError


@pytest.fixture(scope="module")
def follow_ups() -> FollowUps:
    return FollowUps.load()


@pytest.mark.parametrize(
    ("text", "kind", "intent"),
    [
        ("+", "yes", "affirm"),
        (" ++ ", "yes", "affirm"),
        ("ИЯ", "yes", "affirm"),
        ("iya", "yes", "affirm"),
        ("👍", "yes", "affirm"),
        ("-", "no", "deny"),
        ("неееет", "no", "deny"),
        ("жок", "no", "deny"),
        ("неше жыл", "how_long", "ask_penalty"),
        ("NESHE ZHYL?", "how_long", "ask_penalty"),
        ("Бузса ше", "order_broken", "ask_protection_order"),
        ("а если нарушит?", "order_broken", "ask_protection_order"),
        ("и что дальше...", "what_now", "affirm"),
        ("не істейм енді", "what_now", "affirm"),
        ("what do i do now?", "what_now", "affirm"),
        ("боюсь", "afraid", "affirm"),
        ("😭😭😭", "afraid", "affirm"),
        ("((", "afraid", "affirm"),
        ("тегин бе", "services", "ask_contacts"),
        ("балаларым ше", "children", "ask_divorce_custody"),
    ],
)
def test_what_people_type_is_found(
    follow_ups: FollowUps, text: str, kind: str, intent: str
) -> None:
    found = follow_ups.find(text)
    assert found is not None
    assert (found.kind, found.intent) == (kind, intent)


@pytest.mark.parametrize(
    "text", ["", "боюсь что он убьет меня", "нет, он меня бьет", "+7 701 000 00 00", "x" * 5000]
)
def test_a_message_that_says_more_is_none(follow_ups: FollowUps, text: str) -> None:
    assert follow_ups.find(text) is None


@pytest.mark.parametrize(
    ("text", "nothing"), [("…", True), ("?!", True), ("\u200b", True), ("да", False), ("😭", False)]
)
def test_a_message_without_words_says_nothing(text: str, nothing: bool) -> None:
    assert FollowUps.says_nothing(text) is nothing


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        ("a: {intent: affirm, messages: [да]}\nb: {intent: deny, messages: [ДА]}", "'ДА' stands"),
        ("a: {intent: affirm}", "needs intent and messages"),
        ("a: [да]", "needs intent and messages"),
    ],
)
def test_a_broken_lexicon_says_where(tmp_path: Path, content: str, advice: str) -> None:
    file = tmp_path / "follow_ups.yml"
    file.write_text(content)
    with pytest.raises(LexiconError, match=advice):
        FollowUps.load(file)
