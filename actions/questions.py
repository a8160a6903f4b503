"""What may be asked after an answer: further questions of its topic, and who is asking.

A topic offers them by two buttons. "more" pages through the further questions; "who" lets the
person say for whom they ask, and the topic is then answered for them. Who asks is never guessed:
a message says it too rarely.
"""

from __future__ import annotations

from collections.abc import Sequence

from actions.base import ButtonKey, Events, Talk
from common.texts import Button
from knowledge import queries
from knowledge.seed_schema import AUDIENCES

__all__ = ["MAX_BUTTONS", "WHO", "ask_who", "audience_of", "is_page", "say_more", "with_offers"]

MAX_BUTTONS = 4
MORE, WHO = "more", "who"
_ON_A_PAGE = MAX_BUTTONS - 1


def audience_of(question: str | None) -> str | None:
    """Who asks, if a button says so ("who-minor")."""
    name = (question or "").removeprefix(f"{WHO}-")
    return name if name != question and name in (*AUDIENCES, "self") else None


def is_page(question: str | None) -> bool:
    """Whether a button asks for a page of further questions."""
    return (question or "").startswith(f"{MORE}-")


def with_offers(
    topic: str, buttons: Sequence[ButtonKey], routes: queries.TopicRoutes
) -> list[ButtonKey]:
    """The buttons below an answer: its own as far as they fit, further questions, who asks.

    Those that do not fit stand on the last page of the further questions.
    """
    offers: list[ButtonKey] = []
    if routes.more:
        offers.append(("button_more_questions", f'/{topic}{{"question": "{MORE}-1"}}'))
    if routes.has_variants:
        offers.append(("button_who", f'/{topic}{{"question": "{WHO}"}}'))
    return [*buttons[: MAX_BUTTONS - len(offers)], *offers]


def ask_who(talk: Talk, topic: str) -> Events:
    """Ask for whom the person asks."""
    current = talk.who or "self"
    choices = [one for one in (*AUDIENCES, "self") if one != current]
    talk.say(
        talk.phrase("who_ask"),
        [(f"button_who_{one}", f'/{topic}{{"question": "{WHO}-{one}"}}') for one in choices],
    )
    return []


def say_more(
    talk: Talk, topic: str, further: Sequence[queries.Offer], hidden: Sequence[ButtonKey]
) -> Events:
    """One page of further questions; ``hidden`` are buttons that had no room below the answer."""
    buttons = [
        Button(one.label.get(talk.language), f'/{topic}{{"question": "{one.question_id}"}}')
        for one in further
    ]
    buttons += [Button(talk.phrase(key), payload) for key, payload in hidden]
    pages = max(1, -(-len(buttons) // _ON_A_PAGE))
    number = (talk.question or "").removeprefix(f"{MORE}-")
    page = int(number) if number.isdigit() and 1 <= int(number) <= pages else 1
    shown = buttons[(page - 1) * _ON_A_PAGE : page * _ON_A_PAGE]
    if pages > 1:
        following = page % pages + 1
        shown.append(
            Button(talk.phrase("button_more"), f'/{topic}{{"question": "{MORE}-{following}"}}')
        )
    talk.say_with(talk.phrase("more_questions"), shown)
    return []
