"""A plain "no": what it means depends on what was asked last."""

from __future__ import annotations

from actions.base import Events, Talk, TirekAction
from actions.needs import ask_need


class ActionDeny(TirekAction):
    """Answers ``deny``."""

    def name(self) -> str:
        return "action_deny"

    async def answer(self, talk: Talk) -> Events:
        if (talk.asked or "").startswith("need:"):
            return ask_need(talk, "ask_rights")
        if talk.asked == "danger_now":
            talk.say(
                talk.phrase("deny_danger"),
                (
                    ("button_rights", "/ask_rights"),
                    ("button_contacts", "/ask_contacts"),
                    ("button_safety_plan", "/ask_safety_plan"),
                    ("button_report", "/ask_report_police"),
                ),
            )
            return []
        talk.say(
            talk.phrase("deny_all_right"),
            (("button_contacts", "/ask_contacts"), ("button_exit", "local:exit")),
        )
        return []
