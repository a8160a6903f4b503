"""Tracker stores that never hold what a person wrote or read, and can forget a conversation."""

from __future__ import annotations

import copy
import logging
import re
import time
from collections import deque
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, RedisTrackerStore
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

log = logging.getLogger(__name__)
# Slots and entities with coded values. Whatever is not named here is stored empty.
CODED_SLOTS = frozenset(
    {"language", "need", "offender", "concerns", "minor", "who", "place", "region",
     "waiting_topic",
     "asked", "not_understood", "source_said"}
)  # fmt: skip
CODED_ENTITIES = frozenset(
    {"language", "need", "offender", "concerns", "minor", "place", "region", "follow_up",
     "question"}
)  # fmt: skip
# Events that hold names of ours only.
_WORDLESS = (ActionExecutionRejected, ActiveLoop, AllSlotsReset, Restarted, SessionStarted)
# Ids and codes look like this; anything else in a coded slot came from somewhere else.
_CODE = re.compile(r"[a-z0-9_:-]{1,64}")
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
            "message_id": None,
            "metadata": {},
        }
        return clean
    if isinstance(event, BotUttered):
        clean = copy.copy(event)
        clean.text, clean.data, clean.metadata = "", {}, {}
        return clean
    clean = copy.copy(event)
    clean.metadata = {}
    if isinstance(event, SlotSet):
        if event.key not in CODED_SLOTS or not _is_code(event.value):
            clean.value = None
    elif isinstance(event, ActionExecuted):
        clean.action_text = "" if event.action_text else event.action_text
    elif not isinstance(event, _WORDLESS):
        # An event of a kind that nothing of ours makes: its place is kept, its words are not.
        for name, value in vars(event).items():
            if name not in ("timestamp", "metadata") and isinstance(value, (str, list, dict)):
                setattr(clean, name, type(value)())
    return clean


def _is_code(value: Any) -> bool:
    """Tell whether a value is a code, a number, a flag, nothing, or a list of such."""
    if isinstance(value, list):
        return all(_is_code(one) for one in value)
    if isinstance(value, str):
        return _CODE.fullmatch(value) is not None
    return value is None or isinstance(value, (bool, int, float))


def _redacted_entity(entity: dict[str, Any]) -> dict[str, Any]:
    value = entity.get("value")
    if entity.get("entity") not in CODED_ENTITIES or not _is_code(value):
        value = ""
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

    async def _retrieve(
        self, sender_id: str, fetch_all_sessions: bool
    ) -> DialogueStateTracker | None:
        saved_at = self._saved_at.get(sender_id)
        if saved_at is not None and time.monotonic() - saved_at >= KEEP_SECONDS:
            await self.delete(sender_id)
        return await super()._retrieve(sender_id, fetch_all_sessions)

    async def delete(self, sender_id: str) -> None:
        self._saved_at.pop(sender_id, None)
        self.store.pop(sender_id, None)


class RedactingRedisStore(DeletableStore, RedisTrackerStore):
    """Keeps conversations in Redis, which drops them 24 hours after their last message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "record_exp": KEEP_SECONDS})

    async def save(self, tracker: DialogueStateTracker, timeout: float | None = None) -> None:
        try:
            await super().save(redacted_tracker(tracker), timeout)
        except Exception as error:
            # Raising would make Rasa keep the unredacted talk in a memory store of its own.
            log.error("a talk could not be saved: %s", type(error).__name__)

    async def delete(self, sender_id: str) -> None:
        self.red.delete(self.key_prefix + sender_id)
