"""A message that is not understood: a choice of two first, a living person at the second time."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import Events, Talk, TirekAction
from common.texts import Button
from knowledge.seed_schema import NEEDS

# Below this a guess would be a game of chance; above it comes what the model holds possible.
_GUESS_FROM = 0.04
_MOST_GUESSES = 2
# What may be offered as a guess besides the needs, and the words on its button.
_TOPICS = {
    "ask_rights": "button_rights",
    "ask_contacts": "button_contacts",
    "ask_shelter": "button_shelter",
    "ask_legal_aid": "button_legal_aid",
    "ask_psychological_help": "button_psychologist",
    "ask_medical_help": "button_medical",
    "ask_protection_order": "button_protection_order",
    "ask_report_police": "button_report",
    "ask_police_inaction": "button_police_inaction",
    "ask_penalty": "button_penalty",
    "ask_evidence": "button_evidence",
    "ask_divorce_custody": "button_divorce",
    "ask_new_law": "button_new_law",
    "ask_privacy": "button_privacy",
    "ask_help_someone": "button_help_someone",
    "ask_abuser_help": "button_abuser_help",
    "ask_safety_plan": "button_safety_plan",
}


class ActionFallback(TirekAction):
    """Answers ``nlu_fallback``: nothing fits well enough, or two readings are too close."""

    def name(self) -> str:
        return "action_fallback"

    async def answer(self, talk: Talk) -> Events:
        times = talk.not_understood + 1
        count = [SlotSet("not_understood", min(times, 9))]
        if times >= 2:
            talk.say(
                talk.phrase("fallback_second"),
                (
                    ("button_contacts", "/ask_contacts"),
                    ("button_rights", "/ask_rights"),
                    ("button_emergency", "local:emergency"),
                    ("button_exit", "local:exit"),
                ),
            )
            return count
        guesses = [
            name
            for name, confidence in talk.intents
            if confidence >= _GUESS_FROM and (name in NEEDS or name in _TOPICS)
        ][:_MOST_GUESSES]
        if len(guesses) == 1 and guesses[0] in NEEDS:
            guess = guesses[0]
            talk.say_with(
                talk.phrase("fallback_guess", need=talk.phrase(f"need_{guess}_name")),
                (
                    Button(talk.phrase("button_yes"), f"/{guess}"),
                    Button(talk.phrase("button_no_other"), "/deny"),
                    Button(talk.phrase("button_emergency"), "local:emergency"),
                ),
            )
            return [*count, SlotSet("asked", f"need:{guess}")]
        if guesses:
            talk.say(
                talk.phrase("fallback_choose"),
                (
                    *((_TOPICS.get(name, f"need_{name}_name"), f"/{name}") for name in guesses),
                    ("button_no_other", "/deny"),
                    ("button_emergency", "local:emergency"),
                ),
            )
            return count
        talk.say(
            talk.phrase("fallback_first"),
            (
                ("button_rights", "/ask_rights"),
                ("button_contacts", "/ask_contacts"),
                ("button_safety_plan", "/ask_safety_plan"),
                ("button_emergency", "local:emergency"),
            ),
        )
        return count
