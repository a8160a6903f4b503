"""What to keep as proof, and where not to keep it."""

from __future__ import annotations

from actions.topic import TopicAction


class ActionAskEvidence(TopicAction):
    """Answers ``ask_evidence``."""

    topic = "ask_evidence"
    intro = "evidence_intro"
    buttons = (
        ("button_report", "/ask_report_police"),
        ("button_medical", "/ask_medical_help"),
        ("button_legal_aid", "/ask_legal_aid"),
    )

    def name(self) -> str:
        return "action_ask_evidence"
