"""How to report, step by step, and what the person gets in return."""

from __future__ import annotations

from actions.topic import TopicAction


class ActionAskReportPolice(TopicAction):
    """Answers ``ask_report_police``."""

    topic = "ask_report_police"
    intro = "report_intro"
    buttons = (
        ("button_evidence", "/ask_evidence"),
        ("button_protection_order", "/ask_protection_order"),
        ("button_legal_aid", "/ask_legal_aid"),
        ("button_contacts", "/ask_contacts"),
    )

    def name(self) -> str:
        return "action_ask_report_police"
