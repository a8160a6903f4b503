"""Gives short follow-ups their intent, and takes it from messages that say nothing."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from nlu import follow_ups, normalize
from nlu.components.fingerprint import sources_fingerprint
from nlu.components.whole_message_entity import add_entity


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FollowUpReader(GraphComponent):
    """Wraps :class:`nlu.follow_ups.FollowUps`; must stand after the classifier.

    Entity ``follow_up`` tells the actions which one it was: they know what was said before.
    """

    def __init__(self, lexicon: follow_ups.FollowUps) -> None:
        self._lexicon = lexicon

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FollowUpReader:
        return cls(follow_ups.FollowUps.load())

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        return sources_fingerprint(
            follow_ups.__file__, normalize.__file__, follow_ups.DEFAULT_LEXICON
        )

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            found = self._lexicon.find(text)
            if found is not None:
                self._name(message, found)
            elif self._lexicon.says_nothing(text):
                # Nothing but the classifier's habit speaks here; the fallback takes over.
                ranking = [
                    {**one, PREDICTED_CONFIDENCE_KEY: 0.0}
                    for one in message.get(INTENT_RANKING_KEY) or []
                ]
                if ranking:
                    message.set(INTENT, ranking[0], add_to_output=True)
                    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _name(self, message: Message, found: follow_ups.FollowUp) -> None:
        intent = {INTENT_NAME_KEY: found.intent, PREDICTED_CONFIDENCE_KEY: 1.0}
        others = [
            {**one, PREDICTED_CONFIDENCE_KEY: 0.0}
            for one in message.get(INTENT_RANKING_KEY) or []
            if one[INTENT_NAME_KEY] != found.intent
        ]
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [intent, *others], add_to_output=True)
        name = type(self).__name__
        add_entity(message, "follow_up", found.kind, name)
        if found.question is not None:
            add_entity(message, "question", found.question, name)
