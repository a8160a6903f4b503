"""What may be asked after an answer: further questions of its topic, and who is asking.

A topic offers them by two buttons. "more" pages through the further questions; "who" lets the
person say for whom they ask, and the topic is then answered for them. Who asks is never guessed:
a message says it too rarely.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from actions.base import ButtonKey, Events, Talk
from actions.context import ask_knowledge
from common.texts import Button
from knowledge import queries
from knowledge.seed_schema import AUDIENCES

__all__ = ["MAX_BUTTONS", "WHO", "ask_who", "audience_of", "offered", "say_more", "with_offers"]

MAX_BUTTONS = 4
MORE, WHO = "more", "who"
_ON_A_PAGE = MAX_BUTTONS - 1


def audience_of(question: str | None) -> str | None:
    """Who asks, if a button says so ("who-minor")."""
    name = (question or "").removeprefix(f"{WHO}-")
    return name if name != question and name in (*AUDIENCES, "self") else None


def with_offers(
    topic: str, buttons: Sequence[ButtonKey], *, more: bool, who: bool
) -> list[ButtonKey]:
    """The buttons below an answer: its own as far as they fit, further questions, who asks.

    Those that do not fit open the pages of further questions.
    """
    offers: list[ButtonKey] = []
    if more or len(buttons) > MAX_BUTTONS:
        offers.append(("button_more_questions", f'/{topic}{{"question": "{MORE}-1"}}'))
    if who:
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


async def offered(topic: str, need: str | None) -> list[queries.Offer]:
    """The further questions of a topic."""

    def ask(session: Session) -> list[queries.Offer]:
        return queries.related(session, topic, need)

    return await ask_knowledge(ask)


async def say_more(talk: Talk, topic: str, hidden: Sequence[ButtonKey]) -> Events:
    """One page of further questions; ``hidden`` are buttons that had no room below the answer."""
    further = await offered(topic, talk.need)
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
