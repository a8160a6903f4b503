"""Buttons fit into Telegram's 64 bytes, and data that we did not make says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.payload import Press, allowed_intents, parse, shorten


@pytest.mark.parametrize(
    ("payload", "short", "press"),
    [
        ("/ask_rights", "ask_rights", Press(intent="ask_rights")),
        (
            '/ask_rights{"need": "stalking"}',
            "ask_rights|need=stalking",
            Press(intent="ask_rights", entities={"need": "stalking"}),
        ),
        (
            '/ask_penalty{"question": "needs-2"}',
            "ask_penalty|question=needs-2",
            Press(intent="ask_penalty", entities={"question": "needs-2"}),
        ),
        ("local:exit", "local:exit", Press(local="exit")),
    ],
)
def test_a_payload_comes_back_as_it_was_meant(payload: str, short: str, press: Press) -> None:
    assert shorten(payload) == short
    assert parse(short) == press


@pytest.mark.parametrize(
    "payload",
    [
        "ask_rights",
        "/no_such_intent",
        "/restart",
        "/session_start",
        '/ask_rights{"language": "kk"}',
        '/ask_rights{"need": "stalking", "question": "x"}',
        '/ask_rights{"need": "Бұл"}',
        '/ask_protection_order{"question": "' + "q" * 48 + '"}',
        "local:",
        "local:EXIT",
        "/",
        "",
    ],
)
def test_a_payload_that_cannot_be_pressed_is_an_error_of_ours(payload: str) -> None:
    with pytest.raises(ValueError, match="payload"):
        shorten(payload)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "/ask_rights",
        "restart",
        "session_start",
        "nlu_fallback",
        "ask_rights|language=kk",
        "ask_rights|need=",
        "ask_rights|need=a b",
        "ask_rights|need=x|question=y",
        "ask_rights\n",
        "local:exit\n",
        "local:exit; wipe",
        'ask_rights{"need": "stalking"}',
        "ask_rights|need=" + "x" * 49,
        "ASK_RIGHTS",
    ],
)
def test_data_that_we_did_not_make_is_refused(data: str) -> None:
    assert parse(data) is None


@given(st.text(max_size=80))
def test_any_data_is_refused_or_names_an_allowed_intent(data: str) -> None:
    press = parse(data)
    if press is not None:
        assert press.intent in allowed_intents() or press.local
        assert set(press.entities) <= {"need", "question"}


@given(st.sampled_from(sorted(allowed_intents())), st.text("abcdefghij-_0123456789", min_size=1))
def test_what_fits_comes_back_and_what_does_not_is_refused(intent: str, value: str) -> None:
    payload = f'/{intent}{{"question": "{value}"}}'
    if len(value) <= 48 and len(f"{intent}|question={value}") <= 64:
        assert parse(shorten(payload)) == Press(intent=intent, entities={"question": value})
    else:
        with pytest.raises(ValueError, match="payload"):
            shorten(payload)


def test_no_internal_intent_can_be_named() -> None:
    assert "ask_rights" in allowed_intents()
    assert not {"restart", "back", "session_start", "nlu_fallback"} & allowed_intents()
