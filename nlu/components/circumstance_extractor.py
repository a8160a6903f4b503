"""Adds entities ``offender``, ``concerns`` and ``minor``: who did it, to whom, how old."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu import circumstances, concepts, normalize, pattern_compiler, word_patterns
from nlu.components.fingerprint import sources_fingerprint
from nlu.components.whole_message_entity import add_entity, entity_value


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CircumstanceExtractor(GraphComponent):
    """Wraps :class:`nlu.circumstances.CircumstanceReader`; must stand after the classifier.

    A message that tells of no need has no offender, so nothing is added to it but a sign that the
    writer is under 18.
    """

    def __init__(self, reader: circumstances.CircumstanceReader) -> None:
        self._reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CircumstanceExtractor:
        return cls(circumstances.CircumstanceReader.load())

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        return sources_fingerprint(
            circumstances.__file__,
            concepts.__file__,
            normalize.__file__,
            pattern_compiler.__file__,
            word_patterns.__file__,
            concepts.DEFAULT_LEXICON,
        )

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self._reader.read(message.get(TEXT) or "")
            name = type(self).__name__
            if entity_value(message, "need"):
                add_entity(message, "concerns", found.concerns, name)
                if found.offender:
                    add_entity(message, "offender", found.offender, name)
            if found.minor:
                add_entity(message, "minor", "yes", name)
        return messages
