"""Somebody to talk to, and two things that help at once."""

from __future__ import annotations

from actions.topic import TopicAction


class ActionAskPsychologicalHelp(TopicAction):
    """Answers ``ask_psychological_help``."""

    topic = "ask_psychological_help"
    intro = "psychological_intro"
    kinds = ("psychological_help",)
    buttons = (
        ("button_contacts", "/ask_contacts"),
        ("button_safety_plan", "/ask_safety_plan"),
        ("button_rights", "/ask_rights"),
    )

    def name(self) -> str:
        return "action_ask_psychological_help"
