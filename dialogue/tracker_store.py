"""Tracker stores that never hold what a person wrote or read, and can forget a conversation."""

from __future__ import annotations

import copy
import time
from collections import deque
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, RedisTrackerStore
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

# Slots and entities with coded values. Whatever is not named here is stored empty.
CODED_SLOTS = frozenset(
    {"language", "need", "place", "region", "waiting_topic", "asked", "not_understood",
     "source_said"}
)  # fmt: skip
CODED_ENTITIES = frozenset({"language", "need", "place", "region", "question"})
KEEP_SECONDS = 24 * 60 * 60


def redacted_event(event: Event) -> Event:
    """A copy of ``event`` without words; intents, coded entities, slots and actions stay."""
    if isinstance(event, UserUttered):
        clean = copy.copy(event)
        clean.text = ""
        clean.message_id = None
        clean.metadata = {}
        clean.entities = [_redacted_entity(entity) for entity in event.entities or []]
        clean.parse_data = {
            "text": "",
            "intent": event.intent,
            "entities": clean.entities,
            "metadata": {},
        }
        return clean
    if isinstance(event, BotUttered):
        clean = copy.copy(event)
        clean.text, clean.data, clean.metadata = "", {}, {}
        return clean
    if isinstance(event, SlotSet):
        if event.key in CODED_SLOTS:
            return event
        clean = copy.copy(event)
        clean.value = None
        return clean
    if isinstance(event, ActionExecuted) and event.action_text:
        clean = copy.copy(event)
        clean.action_text = ""
        return clean
    return event


def _redacted_entity(entity: dict[str, Any]) -> dict[str, Any]:
    value = entity.get("value") if entity.get("entity") in CODED_ENTITIES else ""
    return {"entity": entity.get("entity"), "value": value, "start": 0, "end": 0}


def redacted_tracker(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """A shallow copy whose events hold no words: one event out for each event in."""
    clean = copy.copy(tracker)
    clean.events = deque(
        (redacted_event(event) for event in tracker.events), maxlen=tracker.events.maxlen
    )
    return clean


class DeletableStore:
    """Marks our stores: what is saved is redacted, and a conversation can be deleted."""

    async def delete(self, sender_id: str) -> None:
        """Forget everything of this conversation; unknown ids are fine."""
        raise TypeError("subclasses say how")


class RedactingMemoryStore(DeletableStore, InMemoryTrackerStore):
    """Keeps conversations in memory, at most 24 hours after their last message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._saved_at: dict[str, float] = {}

    async def save(self, tracker: DialogueStateTracker) -> None:
        now = time.monotonic()
        # Moved to the end, so that the oldest stand first and purging looks at those only.
        self._saved_at.pop(tracker.sender_id, None)
        self._saved_at[tracker.sender_id] = now
        await super().save(redacted_tracker(tracker))
        while self._saved_at:
            oldest = next(iter(self._saved_at))
            if now - self._saved_at[oldest] < KEEP_SECONDS:
                break
            await self.delete(oldest)

    async def delete(self, sender_id: str) -> None:
        self._saved_at.pop(sender_id, None)
        self.store.pop(sender_id, None)


class RedactingRedisStore(DeletableStore, RedisTrackerStore):
    """Keeps conversations in Redis, which drops them 24 hours after their last message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "record_exp": KEEP_SECONDS})

    async def save(self, tracker: DialogueStateTracker, timeout: float | None = None) -> None:
        await super().save(redacted_tracker(tracker), timeout)

    async def delete(self, sender_id: str) -> None:
        self.red.delete(self.key_prefix + sender_id)
