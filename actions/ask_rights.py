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


# Answers for a part of a need, and the words on their button.
NARROWER = {"harassment-at-work": "button_at_work"}
MAX_BUTTONS = 4


class ActionAskRights(TirekAction):
    """Answers ``ask_rights``; without a need it asks for one and remembers the question."""

    def name(self) -> str:
        return "action_ask_rights"

    async def answer(self, talk: Talk) -> Events:
        wanted = talk.question
        if talk.need is None or (wanted and wanted not in NARROWER):
            return ask_need(talk, "ask_rights")
        return await say_rights(talk, talk.need, wanted)


async def say_rights(talk: Talk, need: str, wanted: str | None = None) -> Events:
    """Say the rights for a need, article and date of the text included.

    A need with a narrower answer offers it as a button; ``wanted`` is its question.
    """

    def ask(session: Session) -> list[queries.Answer]:
        return queries.answers(session, "ask_rights", need, today())

    found = await ask_knowledge(ask)
    shown = next((one for one in found if one.question_id == wanted), found[0])
    body = rendering.answer(texts(), talk.language, shown, disclaimer=not talk.source_said)
    narrower = [
        (NARROWER[one.question_id], f'/ask_rights{{"question": "{one.question_id}"}}')
        for one in found
        if one.question_id in NARROWER and one is not shown
    ]
    # Four buttons at most: the narrower answer takes the place of the last one.
    buttons = [*narrower, *BUTTONS][:MAX_BUTTONS]
    talk.say(f"{talk.phrase('rights_intro')}\n\n{body}", buttons)
    return [SlotSet("source_said", True)]
