"""Divorce, children, support and property."""

from __future__ import annotations

from actions.topic import TopicAction


class ActionAskDivorceCustody(TopicAction):
    """Answers ``ask_divorce_custody``."""

    topic = "ask_divorce_custody"
    intro = "divorce_intro"
    buttons = (
        ("button_divorce", '/ask_divorce_custody{"question": "divorce"}'),
        ("button_custody", '/ask_divorce_custody{"question": "custody"}'),
        ("button_alimony", '/ask_divorce_custody{"question": "alimony"}'),
        ("button_legal_aid", "/ask_legal_aid"),
    )

    def name(self) -> str:
        return "action_ask_divorce_custody"
