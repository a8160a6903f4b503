"""Adds the language of the message as entity ``language`` (kk, ru or en)."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu import language as language_tool
from nlu.components.fingerprint import sources_fingerprint
from nlu.components.whole_message_entity import add_entity


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(GraphComponent):
    """Wraps :mod:`nlu.language`.

    The bot sends the language it answers in as metadata ``language``; it decides when the message
    itself says too little. Without it (``rasa shell``, ``/model/parse``) no entity is added then.
    """

    def __init__(self, model: language_tool.LanguageModel) -> None:
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        return cls(language_tool.LanguageModel.load())

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        return sources_fingerprint(language_tool.__file__, language_tool.MODEL)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            previous = (message.get("metadata") or {}).get("language")
            found = self._model.detect(text, previous)
            if found:
                add_entity(message, "language", found, type(self).__name__)
        return messages
