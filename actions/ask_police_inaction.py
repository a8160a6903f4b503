"""What to do when the police refuse or do nothing."""

from __future__ import annotations

from actions.topic import TopicAction


class ActionAskPoliceInaction(TopicAction):
    """Answers ``ask_police_inaction``."""

    topic = "ask_police_inaction"
    intro = "police_inaction_intro"
    buttons = (
        ("button_legal_aid", "/ask_legal_aid"),
        ("button_contacts", "/ask_contacts"),
        ("button_evidence", "/ask_evidence"),
    )

    def name(self) -> str:
        return "action_ask_police_inaction"
