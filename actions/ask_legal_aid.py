"""Who gives legal help for free, and lawyers' offices near the person."""

from __future__ import annotations

from actions.topic import TopicAction


class ActionAskLegalAid(TopicAction):
    """Answers ``ask_legal_aid``."""

    topic = "ask_legal_aid"
    intro = "legal_aid_intro"
    kinds = ("legal_aid",)
    buttons = (
        ("button_report", "/ask_report_police"),
        ("button_rights", "/ask_rights"),
        ("button_contacts", "/ask_contacts"),
    )

    def name(self) -> str:
        return "action_ask_legal_aid"
