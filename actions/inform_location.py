"""The person names a place: what waited for it is answered, else the contacts there."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions import (
    ask_contacts,
    ask_legal_aid,
    ask_medical_help,
    ask_psychological_help,
    ask_shelter,
)
from actions.base import Events, Talk, TirekAction
from actions.topic import TopicAction, say_contacts

_WITH_SERVICES: dict[str, type[TopicAction]] = {
    "ask_shelter": ask_shelter.ActionAskShelter,
    "ask_legal_aid": ask_legal_aid.ActionAskLegalAid,
    "ask_medical_help": ask_medical_help.ActionAskMedicalHelp,
    "ask_psychological_help": ask_psychological_help.ActionAskPsychologicalHelp,
}


class ActionInformLocation(TirekAction):
    """Answers ``inform_location``."""

    def name(self) -> str:
        return "action_inform_location"

    async def answer(self, talk: Talk) -> Events:
        if not talk.named_places and not talk.named_regions:
            talk.say(
                talk.phrase("place_unknown"),
                (("button_contacts", "/ask_contacts"), ("button_emergency", "local:emergency")),
            )
            # The old place is no longer meant, and the new one is not known.
            return [SlotSet("place", None), SlotSet("region", None), SlotSet("asked", "place")]
        topic = _WITH_SERVICES.get(talk.waiting_topic or "")
        if topic is not None:
            return await say_contacts(talk, topic.topic, topic.kinds, topic.buttons)
        return await say_contacts(talk, "ask_contacts", (), ask_contacts.BUTTONS)
