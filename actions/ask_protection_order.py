"""What a protection order is, how to get it, what happens when it is broken."""

from __future__ import annotations

from actions.topic import TopicAction


class ActionAskProtectionOrder(TopicAction):
    """Answers ``ask_protection_order``."""

    topic = "ask_protection_order"
    intro = "order_intro"
    buttons = (
        ("button_order_broken", '/ask_protection_order{"question": "protection-order-broken"}'),
        ("button_report", "/ask_report_police"),
        ("button_legal_aid", "/ask_legal_aid"),
    )

    def name(self) -> str:
        return "action_ask_protection_order"
