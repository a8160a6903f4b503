"""Entities that the message as a whole says, rather than a word in it."""

from __future__ import annotations

from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message


def add_entity(message: Message, kind: str, value: str, extractor: str) -> None:
    """Add an entity that spans the whole message."""
    entity = {
        ENTITY_ATTRIBUTE_TYPE: kind,
        ENTITY_ATTRIBUTE_START: 0,
        ENTITY_ATTRIBUTE_END: len(message.get(TEXT) or ""),
        ENTITY_ATTRIBUTE_VALUE: value,
        "extractor": extractor,
    }
    message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)


def entity_value(message: Message, kind: str) -> str | None:
    """The value of the first entity of this kind, or None."""
    found = (one for one in message.get(ENTITIES, []) if one[ENTITY_ATTRIBUTE_TYPE] == kind)
    entity = next(found, None)
    return None if entity is None else str(entity[ENTITY_ATTRIBUTE_VALUE])
