"""What changed on 15 April 2024 and later, and since when."""

from __future__ import annotations

from actions.topic import TopicAction


class ActionAskNewLaw(TopicAction):
    """Answers ``ask_new_law``."""

    topic = "ask_new_law"
    intro = "new_law_intro"
    buttons = (
        ("button_new_law_later", '/ask_new_law{"question": "what-changed-2025-2026"}'),
        ("button_rights", "/ask_rights"),
        ("button_penalty", "/ask_penalty"),
    )

    def name(self) -> str:
        return "action_ask_new_law"
