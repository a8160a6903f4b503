"""Injuries, examination, help after rape."""

from __future__ import annotations

from actions.topic import TopicAction


class ActionAskMedicalHelp(TopicAction):
    """Answers ``ask_medical_help``."""

    topic = "ask_medical_help"
    intro = "medical_intro"
    kinds = ("medical",)
    buttons = (
        ("button_evidence", "/ask_evidence"),
        ("button_contacts", "/ask_contacts"),
        ("button_psychologist", "/ask_psychological_help"),
    )

    def name(self) -> str:
        return "action_ask_medical_help"
