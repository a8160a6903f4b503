"""Both tracker stores: nothing of what was said is held, and a conversation can be forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core import events as e
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from dialogue import tracker_store
from dialogue.tracker_store import (
    CODED_SLOTS,
    KEEP_SECONDS,
    DeletableStore,
    RedactingMemoryStore,
    RedactingRedisStore,
    redacted_event,
    redacted_tracker,
)
from tests.model.stack import ROOT, Redis, free_port

CODED = {
    "language": "kk",
    "need": "stalking",
    "offender": "partner",
    "concerns": "self",
    "minor": "yes",
    "who": "minor",
    "place": "taraz",
    "region": "zhambyl",
    "waiting_topic": "ask_shelter",
    "asked": "need:stalking",
    "not_understood": 2,
    "source_said": True,
}


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@dataclass
class Held:
    """A store, and what it really holds."""

    store: Any
    client: redis.Redis[bytes] | None

    def raw(self) -> bytes:
        if self.client is None:
            return json.dumps(self.store.store).encode()
        return b"\n".join(key + (self.client.get(key) or b"") for key in self.client.keys("*"))

    def events(self, sender: str) -> list[dict[str, Any]]:
        if self.client is None:
            return json.loads(self.store.store[sender])["events"]
        return json.loads(self.client.get(f"tracker:{sender}") or b"")["events"]


@pytest.fixture
def redis_client(redis_server: Redis) -> Iterator[redis.Redis[bytes]]:
    """A database of Redis apart from that of the running server, empty."""
    with redis.Redis(port=redis_server.port, db=7) as client:
        client.flushdb()
        yield client


@pytest.fixture(params=["memory", "redis"])
def held(request: pytest.FixtureRequest, domain: Domain) -> Held:
    if request.param == "memory":
        return Held(RedactingMemoryStore(domain), None)
    client = request.getfixturevalue("redis_client")
    port = client.get_connection_kwargs()["port"]
    return Held(RedactingRedisStore(domain, host="127.0.0.1", port=port, db=7), client)


def new_tracker(domain: Domain, sender: str) -> DialogueStateTracker:
    """An empty conversation; beside the slots of the domain it has one for free text."""
    story = TextSlot("story", mappings=[{"type": "custom"}], influence_conversation=False)
    return DialogueStateTracker(sender, [*domain.slots, story])


def turn(marker: str) -> list[e.Event]:
    """One message and its answer, with ``marker`` wherever words can stand."""
    parse_data: Any = {
        "text": f"words {marker}",
        "intent": {"name": "stalking", "confidence": 0.9},
        "entities": [
            {"entity": "place", "value": "taraz", "start": 0, "end": 5, "extractor": "x"},
            {"entity": "person", "value": marker, "start": 7, "end": 9, "role": marker},
        ],
        "intent_ranking": [{"name": "stalking", "confidence": 0.9}],
        "response_selector": {"text": marker},
        "text_tokens": [marker],
        "metadata": {"note": marker},
    }
    return [
        e.UserUttered(
            f"words {marker}",
            parse_data["intent"],
            parse_data["entities"],
            parse_data,
            input_channel="tirek",
            message_id=marker,
            metadata={"language": "kk", "note": marker},
        ),
        *(e.SlotSet(name, value) for name, value in CODED.items()),
        e.SlotSet("story", f"free text {marker}"),
        e.DefinePrevUserUtteredFeaturization(False),
        e.ActionExecuted("action_need", policy="RulePolicy", confidence=1.0),
        e.BotUttered(
            f"answer to {marker}",
            {"buttons": [{"title": marker, "payload": "/x"}], "custom": {"x": marker}},
            metadata={"utter_action": marker},
        ),
        e.ActionExecuted(action_text=f"said {marker}"),
        e.ActionExecuted("action_listen", policy="RulePolicy", confidence=1.0),
    ]


def session(marker: str) -> list[e.Event]:
    """How Rasa begins a session: with the metadata of the first message in a slot."""
    return [
        e.SlotSet("session_started_metadata", {"note": marker}),
        e.ActionExecuted("action_session_start", confidence=1.0),
        e.SessionStarted(),
        e.ActionExecuted("action_listen"),
    ]


def play(tracker: DialogueStateTracker, domain: Domain, *parts: list[e.Event]) -> None:
    """Let ``tracker`` live through events, each a moment after the last."""
    moment = tracker.events[-1].timestamp if tracker.events else 1_000_000.0
    for event in (event for part in parts for event in part):
        moment += 1
        event.timestamp = moment
        tracker.update(event, domain)


# --- nothing that was said ------------------------------------------------------------------------


async def test_no_words_are_held(held: Held, domain: Domain, sender: str, marker: str) -> None:
    tracker = new_tracker(domain, sender)
    play(tracker, domain, session(marker), turn(marker))
    assert marker in json.dumps([event.as_dict() for event in tracker.events])
    await held.store.save(tracker)
    assert len(held.events(sender)) == len(tracker.events)
    assert marker.encode() not in held.raw()


async def test_no_words_are_held_after_more_turns(
    held: Held, domain: Domain, sender: str, marker: str
) -> None:
    tracker = new_tracker(domain, sender)
    play(tracker, domain, session(marker), turn(marker))
    await held.store.save(tracker)
    for _ in range(3):
        tracker = await held.store.retrieve(sender)
        play(tracker, domain, turn(marker))
        await held.store.save(tracker)
    # A session later: the old one stays in the store until it is forgotten.
    play(tracker, domain, session(marker), turn(marker))
    await held.store.save(tracker)
    full = await held.store.retrieve_full_tracker(sender)
    assert [type(event) for event in full.events].count(e.SessionStarted) == 2
    assert marker.encode() not in held.raw()


async def test_the_turn_itself_keeps_its_words(
    held: Held, domain: Domain, sender: str, marker: str
) -> None:
    """Saving redacts a copy: the actions of the same turn still need what was said."""
    tracker = new_tracker(domain, sender)
    play(tracker, domain, turn(marker))
    before = [event.as_dict() for event in tracker.events]
    await held.store.save(tracker)
    assert [event.as_dict() for event in tracker.events] == before
    assert tracker.latest_message is not None
    assert tracker.latest_message.text == f"words {marker}"


async def test_what_is_retrieved_has_no_words(
    held: Held, domain: Domain, sender: str, marker: str
) -> None:
    tracker = new_tracker(domain, sender)
    play(tracker, domain, session(marker), turn(marker))
    await held.store.save(tracker)
    for read in (
        await held.store.retrieve(sender),
        await held.store.retrieve_full_tracker(sender),
    ):
        assert read.latest_message.text == ""
        assert marker not in json.dumps([event.as_dict() for event in read.events])
        assert marker not in json.dumps(read.current_slot_values())


EVENTS = {
    "user": lambda m: turn(m)[0],
    "bot": lambda m: e.BotUttered(m, {"x": m}, {"x": m}),
    "free slot": lambda m: e.SlotSet("story", m),
    "session metadata": lambda m: e.SlotSet("session_started_metadata", {"x": m}),
    "action text": lambda m: e.ActionExecuted(action_text=m),
}
OPEN_EVENTS = {
    "agent": lambda m: e.AgentUttered(m, {"x": m}),
    "entities of a policy": lambda m: e.EntitiesAdded(
        [{"entity": "person", "value": m, "start": 0, "end": 3}]
    ),
    "reminder": lambda m: e.ReminderScheduled(
        "x", datetime(2026, 1, 1, tzinfo=timezone.utc), [{"entity": "person", "value": m}]
    ),
    "metadata of an action": lambda m: e.ActionExecuted("action_need", metadata={"x": m}),
    "metadata of a coded slot": lambda m: e.SlotSet("need", "stalking", metadata={"x": m}),
    "metadata of a session": lambda m: e.SessionStarted(metadata={"x": m}),
}


@pytest.mark.parametrize(
    "kind",
    [
        *EVENTS,
        *(
            pytest.param(
                kind,
            )
            for kind in OPEN_EVENTS
        ),
    ],
)
def test_every_kind_of_event_is_redacted(kind: str, marker: str) -> None:
    event = {**EVENTS, **OPEN_EVENTS}[kind](marker)
    stored = json.dumps(event.as_dict(), default=str)
    assert marker in stored
    clean = redacted_event(event)
    assert type(clean) is type(event)
    assert clean.timestamp == event.timestamp
    assert marker not in json.dumps(clean.as_dict(), default=str)
    assert json.dumps(event.as_dict(), default=str) == stored, "the event itself was changed"


async def test_a_store_that_is_down_leaves_no_words(
    domain: Domain, sender: str, marker: str
) -> None:
    """Rasa then keeps the conversation in a memory store of its own, as it gets it."""
    store = RedactingRedisStore(domain, host="127.0.0.1", port=free_port())
    wrapped = FailSafeTrackerStore(store)
    tracker = new_tracker(domain, sender)
    play(tracker, domain, turn(marker))
    await wrapped.save(tracker)
    hidden = wrapped.fallback_tracker_store
    assert isinstance(hidden, InMemoryTrackerStore)
    assert marker not in json.dumps(hidden.store)


# --- everything that is needed for the talk -------------------------------------------------------


async def test_one_event_out_for_each_event_in(
    held: Held, domain: Domain, sender: str, marker: str
) -> None:
    tracker = new_tracker(domain, sender)
    play(tracker, domain, session(marker), turn(marker))
    await held.store.save(tracker)
    expected = [(event.type_name, event.timestamp) for event in tracker.events]
    assert [(ev["event"], ev["timestamp"]) for ev in held.events(sender)] == expected


async def test_every_message_is_held_once(
    held: Held, domain: Domain, sender: str, marker: str, request: pytest.FixtureRequest
) -> None:
    """As Rasa does it: each turn goes on from what the store gave back."""
    tracker = new_tracker(domain, sender)
    play(tracker, domain, session(marker), turn(marker))
    await held.store.save(tracker)
    for _ in range(3):
        tracker = await held.store.retrieve(sender)
        play(tracker, domain, turn(marker))
        await held.store.save(tracker)
    kinds = [event["event"] for event in held.events(sender)]
    assert kinds.count("user") == kinds.count("bot") == 4


def test_a_redacted_event_survives_the_store(marker: str) -> None:
    """What is read back and redacted again is what was stored."""
    for event in turn(marker):
        stored = redacted_event(event).as_dict()
        again = e.Event.from_parameters(json.loads(json.dumps(stored)))
        assert again is not None
        if isinstance(event, e.UserUttered):
            # See test_every_message_is_held_once.
            stored["parse_data"].pop("message_id", None)
            again.parse_data.pop("message_id", None)  # type: ignore[attr-defined]
        assert again.as_dict() == stored


async def test_coded_values_stay(held: Held, domain: Domain, sender: str, marker: str) -> None:
    tracker = new_tracker(domain, sender)
    play(tracker, domain, turn(marker))
    await held.store.save(tracker)
    read = await held.store.retrieve(sender)
    assert {name: read.get_slot(name) for name in CODED} == CODED
    assert read.get_slot("story") is None
    assert read.latest_message.intent == {"name": "stalking", "confidence": 0.9}
    assert read.latest_message.entities == [
        {"entity": "place", "value": "taraz", "start": 0, "end": 0},
        {"entity": "person", "value": "", "start": 0, "end": 0},
    ]
    assert read.latest_action_name == "action_listen"
    assert read.get_latest_input_channel() == "tirek"


def test_every_slot_of_the_domain_is_coded(domain: Domain) -> None:
    """A new slot must be decided on: coded, or empty in the next turn."""
    ours = {slot.name for slot in domain.slots} - {"session_started_metadata"}
    assert ours == CODED_SLOTS == set(CODED)


def test_the_copy_keeps_the_limit_of_events(domain: Domain, marker: str) -> None:
    tracker = DialogueStateTracker("x", domain.slots, max_event_history=3)
    play(tracker, domain, turn(marker))
    assert redacted_tracker(tracker).events.maxlen == 3
    assert len(redacted_tracker(tracker).events) == 3


# --- forgetting -----------------------------------------------------------------------------------


async def test_delete(held: Held, domain: Domain, sender: str, marker: str) -> None:
    assert isinstance(held.store, DeletableStore)
    other = sender[::-1]
    for one in (sender, other):
        tracker = new_tracker(domain, one)
        play(tracker, domain, turn(marker))
        await held.store.save(tracker)
    await held.store.delete(sender)
    assert await held.store.retrieve(sender) is None
    assert sender.encode() not in held.raw()
    assert (await held.store.retrieve(other)).get_slot("need") == "stalking"
    await held.store.delete(sender)


async def test_a_deleted_conversation_begins_anew(
    held: Held, domain: Domain, sender: str, marker: str
) -> None:
    tracker = new_tracker(domain, sender)
    play(tracker, domain, turn(marker))
    await held.store.save(tracker)
    await held.store.delete(sender)
    fresh = new_tracker(domain, sender)
    play(fresh, domain, session(marker))
    await held.store.save(fresh)
    assert len(held.events(sender)) == 4
    assert (await held.store.retrieve(sender)).get_slot("need") is None


class Clock:
    """Stands in for the module ``time`` in ``dialogue.tracker_store``."""

    def __init__(self) -> None:
        self.now = 50_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    # Only there: the event loop of the test looks at the real clock.
    monkeypatch.setattr(tracker_store, "time", SimpleNamespace(monotonic=made.monotonic))
    return made


async def saved_at(store: RedactingMemoryStore, domain: Domain, *senders: str) -> None:
    for one in senders:
        tracker = new_tracker(domain, one)
        play(tracker, domain, turn("x"))
        await store.save(tracker)


async def test_memory_is_forgotten_after_a_day(domain: Domain, clock: Clock) -> None:
    assert KEEP_SECONDS == 24 * 60 * 60
    store = RedactingMemoryStore(domain)
    await saved_at(store, domain, "first", "second")
    clock.now += KEEP_SECONDS / 2
    await saved_at(store, domain, "second", "third")
    clock.now += KEEP_SECONDS / 2 - 1
    await saved_at(store, domain, "fourth")
    assert set(store.store) == {"first", "second", "third", "fourth"}
    clock.now += 1
    await saved_at(store, domain, "fourth")
    # "second" was silent for half a day only.
    assert set(store.store) == {"second", "third", "fourth"}
    assert await store.retrieve("first") is None
    clock.now += KEEP_SECONDS
    await saved_at(store, domain, "fifth")
    assert set(store.store) == {"fifth"}
    assert set(store._saved_at) == {"fifth"}


async def test_memory_is_forgotten_when_nobody_writes(domain: Domain, clock: Clock) -> None:
    store = RedactingMemoryStore(domain)
    await saved_at(store, domain, "first")
    clock.now += KEEP_SECONDS + 1
    assert await store.retrieve("first") is None


async def test_redis_forgets_by_itself(
    redis_client: redis.Redis[bytes], domain: Domain, sender: str, marker: str
) -> None:
    port = redis_client.get_connection_kwargs()["port"]
    # Nothing in endpoints.yml can switch it off.
    store = RedactingRedisStore(domain, host="127.0.0.1", port=port, db=7, record_exp=None)
    tracker = new_tracker(domain, sender)
    play(tracker, domain, turn(marker))
    await store.save(tracker)
    key = f"tracker:{sender}"
    assert KEEP_SECONDS - 60 < redis_client.ttl(key) <= KEEP_SECONDS
    redis_client.expire(key, 100)
    await store.save(tracker)
    assert KEEP_SECONDS - 60 < redis_client.ttl(key) <= KEEP_SECONDS
