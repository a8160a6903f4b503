"""Whom to call or write to: settlement, region, whole country; never empty."""

from __future__ import annotations

from actions.base import Events, Talk, TirekAction
from actions.topic import say_contacts

BUTTONS = (
    ("button_rights", "/ask_rights"),
    ("button_psychologist", "/ask_psychological_help"),
    ("button_legal_aid", "/ask_legal_aid"),
    ("button_shelter", "/ask_shelter"),
)


class ActionAskContacts(TirekAction):
    """Answers ``ask_contacts``."""

    def name(self) -> str:
        return "action_ask_contacts"

    async def answer(self, talk: Talk) -> Events:
        return await say_contacts(talk, "ask_contacts", (), BUTTONS)
