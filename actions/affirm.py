"""A plain "yes", "what now" or "I am afraid": what it means depends on what was said last."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import Events, Talk, TirekAction
from actions.needs import ActionNeed
from knowledge.seed_schema import NEEDS

BUTTONS = (
    ("button_rights", "/ask_rights"),
    ("button_contacts", "/ask_contacts"),
    ("button_report", "/ask_report_police"),
    ("button_safety_plan", "/ask_safety_plan"),
)
AFRAID_BUTTONS = (
    ("button_yes_now", "local:emergency"),
    ("button_contacts", "/ask_contacts"),
    ("button_psychologist", "/ask_psychological_help"),
    ("button_safety_plan", "/ask_safety_plan"),
)


class ActionAffirm(TirekAction):
    """Answers ``affirm``."""

    def name(self) -> str:
        return "action_affirm"

    async def answer(self, talk: Talk) -> Events:
        if talk.follow_up == "afraid":
            talk.say(talk.phrase("afraid_answer"), AFRAID_BUTTONS)
            return [SlotSet("asked", "danger_now")]
        if talk.follow_up == "what_now":
            # This is no "yes" to what was asked last.
            talk.say(talk.phrase("affirm_which"), BUTTONS)
            return []
        if talk.asked == "danger_now":
            talk.say(
                talk.phrase("danger_attack_now"),
                (
                    ("button_safe_now", "local:safe_now"),
                    ("button_wrong_understood", "local:misread"),
                    ("button_contacts", "/ask_contacts"),
                ),
            )
            return []
        guessed = (talk.asked or "").removeprefix("need:")
        if guessed in NEEDS:
            talk.assume_need(guessed)
            return [SlotSet("need", guessed), *await ActionNeed().answer(talk)]
        talk.say(talk.phrase("affirm_which"), BUTTONS)
        return []
