"""Where to stay away from home; addresses are never shown, only the line that leads there."""

from __future__ import annotations

from actions.topic import TopicAction


class ActionAskShelter(TopicAction):
    """Answers ``ask_shelter``."""

    topic = "ask_shelter"
    intro = "shelter_intro"
    kinds = (
        "crisis_centre",
        "shelter",
        "family_support_centre",
    )
    buttons = (
        ("button_safety_plan", "/ask_safety_plan"),
        ("button_contacts", "/ask_contacts"),
        ("button_legal_aid", "/ask_legal_aid"),
    )

    def name(self) -> str:
        return "action_ask_shelter"
