"""The frame of an action: what is known of the talk, how it speaks, what happens on failure."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import texts
from common.texts import LANGUAGES, Button
from knowledge.seed_schema import AUDIENCES, NEEDS

log = logging.getLogger(__name__)
Events = list[dict[str, Any]]
# A button in an action: the key of its words, and its payload.
ButtonKey = tuple[str, str]
_SILENT_ACTIONS = ("action_listen", "action_session_start", "action_extract_slots")


class Talk:
    """What an action knows of the talk, and how it says something. Slots are coded, never text."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self._tracker = tracker
        self._assumed_need: str | None = None
        who = self._slot("who")
        self.who: str | None = who if who in AUDIENCES else None
        """For whom the person asks, as they said by a button; None: for themself."""

    @property
    def language(self) -> str:
        value = self._slot("language")
        return value if value in LANGUAGES else "ru"

    @property
    def need(self) -> str | None:
        value = self._assumed_need or self._slot("need")
        return value if value in NEEDS else None

    def assume_need(self, need: str) -> None:
        """Take a need that the person has just confirmed as told."""
        self._assumed_need = need

    @property
    def place(self) -> str | None:
        return self._slot("place")

    @property
    def region(self) -> str | None:
        return self._slot("region")

    @property
    def waiting_topic(self) -> str | None:
        return self._slot("waiting_topic")

    @property
    def asked(self) -> str | None:
        """The question that the bot's last message ended with, as a code."""
        return self._slot("asked") if self._last_spoke_an_action() else None

    @property
    def not_understood(self) -> int:
        value = self._tracker.get_slot("not_understood")
        if not isinstance(value, int | float) or not self._last_spoke_an_action():
            return 0
        return int(value)

    @property
    def source_said(self) -> bool:
        return bool(self._tracker.get_slot("source_said"))

    @property
    def question(self) -> str | None:
        """The question that a button or a follow-up named, or None."""
        return next(self._tracker.get_latest_entity_values("question"), None)

    @property
    def follow_up(self) -> str | None:
        """Which short follow-up the message is (``nlu/lexicons/follow_ups.yml``), or None."""
        return next(self._tracker.get_latest_entity_values("follow_up"), None)

    @property
    def last_spoken(self) -> str | None:
        """The name of the action or response that our last message came from."""
        events = list(self._tracker.events)
        while events and events[-1].get("event") != "user":
            events.pop()
        for event in reversed(events):
            name = str(event.get("name") or "")
            is_ours = event.get("event") == "action" and name.startswith(("utter_", "action_"))
            if is_ours and name not in _SILENT_ACTIONS:
                return name
        return None

    @property
    def intents(self) -> list[tuple[str, float]]:
        """What the message may mean, by confidence."""
        ranking = self._tracker.latest_message.get("intent_ranking") or []
        return [(str(one.get("name")), float(one.get("confidence", 0))) for one in ranking]

    @property
    def named_places(self) -> list[str]:
        """The places that this message names."""
        return list(self._tracker.get_latest_entity_values("place"))

    @property
    def named_regions(self) -> list[str]:
        """The regions that this message names."""
        return list(self._tracker.get_latest_entity_values("region"))

    def phrase(self, key: str, **values: object) -> str:
        return texts().phrase(key, self.language, **values)

    def say(self, text: str, buttons: Sequence[ButtonKey] = ()) -> None:
        """Say a text with buttons whose words are phrases."""
        shown = [Button(self.phrase(key), payload) for key, payload in buttons]
        self.say_with(text, shown)

    def say_with(self, text: str, buttons: Sequence[Button]) -> None:
        """Say a text with ready buttons."""
        self._dispatcher.utter_message(
            text=text, buttons=[{"title": b.title, "payload": b.payload} for b in buttons]
        )

    def _last_spoke_an_action(self) -> bool:
        """Tell whether our last message came from an action: fixed responses end what was open."""
        return (self.last_spoken or "").startswith("action_")

    def _slot(self, name: str) -> str | None:
        value = self._tracker.get_slot(name)
        if isinstance(value, list):
            # Several places in one message: the last one is where the sentence led.
            value = value[-1] if value else None
        return str(value) if value else None


class TirekAction(Action):
    """Base of all our actions: subclasses say what in :meth:`answer`.

    Whatever fails, the person gets the emergency card, and nothing of the message reaches a log
    or the answer to Rasa.
    """

    def name(self) -> str:
        raise TypeError(f"{type(self).__name__} is a base class and has no name")

    async def answer(self, talk: Talk) -> Events:
        """Say the answer; return slot events besides those that every turn sets."""
        raise TypeError(f"{type(self).__name__} is a base class and answers nothing")

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        talk = Talk(dispatcher, tracker)
        # What was open is open for one message only, and being understood ends the count.
        events = [
            SlotSet("asked", None),
            SlotSet("not_understood", 0),
            SlotSet("waiting_topic", None),
        ]
        try:
            return [*events, *await self.answer(talk)]
        except Exception as error:
            # The type only: the message of an error may hold what the person wrote.
            log.error("%s failed: %s", self.name(), type(error).__name__)
            dispatcher.messages.clear()
            talk.say(f"{talk.phrase('service_down')}\n\n{talk.phrase('emergency_card')}")
            return []
