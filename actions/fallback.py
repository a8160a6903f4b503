"""A message that is not understood: a guess first, a living person at the second time."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import Events, Talk, TirekAction
from common.texts import Button
from knowledge.seed_schema import NEEDS

# Below this a guess would be a game of chance.
_GUESS_FROM = 0.15


class ActionFallback(TirekAction):
    """Answers ``nlu_fallback``."""

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
        guess = next((n for n, c in talk.intents if n in NEEDS and c >= _GUESS_FROM), None)
        if guess is not None:
            name = talk.phrase(f"need_{guess}_name")
            talk.say_with(
                talk.phrase("fallback_guess", need=name),
                (
                    Button(talk.phrase("button_yes"), f"/{guess}"),
                    Button(talk.phrase("button_no_other"), "/deny"),
                    Button(talk.phrase("button_emergency"), "local:emergency"),
                ),
            )
            return [*count, SlotSet("asked", f"need:{guess}")]
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
