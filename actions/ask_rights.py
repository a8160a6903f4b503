"""What the law gives the person, by need."""

from __future__ import annotations

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions import rendering
from actions.base import Events, Talk, TirekAction
from actions.context import ask_knowledge, texts, today
from actions.needs import ask_need
from knowledge import queries

BUTTONS = (
    ("button_penalty", "/ask_penalty"),
    ("button_report", "/ask_report_police"),
    ("button_contacts", "/ask_contacts"),
    ("button_change_need", '/ask_rights{"question": "other-need"}'),
)


class ActionAskRights(TirekAction):
    """Answers ``ask_rights``; without a need it asks for one and remembers the question."""

    def name(self) -> str:
        return "action_ask_rights"

    async def answer(self, talk: Talk) -> Events:
        if talk.need is None or talk.question:
            return ask_need(talk, "ask_rights")
        return await say_rights(talk, talk.need)


async def say_rights(talk: Talk, need: str) -> Events:
    """Say the rights for a need, article and date of the text included."""

    def ask(session: Session) -> list[queries.Answer]:
        return queries.answers(session, "ask_rights", need, today())

    found = await ask_knowledge(ask)
    body = rendering.answer(texts(), talk.language, found[0], disclaimer=not talk.source_said)
    talk.say(f"{talk.phrase('rights_intro')}\n\n{body}", BUTTONS)
    return [SlotSet("source_said", True)]
