"""Adds entities ``place`` and ``region`` with ids of the gazetteer."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_CONFIDENCE,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from nlu import (
    normalize,
    place_forms,
    place_index,
    place_parts,
    place_reading,
    place_support,
    place_types,
    place_words,
    places,
)
from nlu.components.fingerprint import sources_fingerprint


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlaceExtractor(GraphComponent):
    """Wraps :class:`nlu.places.Gazetteer`: a settlement gives both entities, a region one."""

    def __init__(self, gazetteer: places.Gazetteer) -> None:
        self._gazetteer = gazetteer

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlaceExtractor:
        return cls(places.Gazetteer.load())

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        return sources_fingerprint(
            places.__file__,
            place_forms.__file__,
            place_index.__file__,
            place_parts.__file__,
            place_reading.__file__,
            place_support.__file__,
            place_types.__file__,
            place_words.__file__,
            normalize.__file__,
            places.DEFAULT_PATH,
        )

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found: list[dict[str, Any]] = []
            for mention in self._gazetteer.find(message.get(TEXT) or ""):
                kinds = [("region", mention.region)]
                if self._gazetteer.places[mention.place].kind != "region":
                    kinds.append(("place", mention.place))
                found += [
                    {
                        ENTITY_ATTRIBUTE_TYPE: kind,
                        ENTITY_ATTRIBUTE_START: mention.start,
                        ENTITY_ATTRIBUTE_END: mention.end,
                        ENTITY_ATTRIBUTE_VALUE: value,
                        f"{ENTITY_ATTRIBUTE_CONFIDENCE}_entity": mention.score,
                        "extractor": "PlaceExtractor",
                    }
                    for kind, value in kinds
                ]
            if found:
                message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages
