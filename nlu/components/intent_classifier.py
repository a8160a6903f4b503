"""Names the intent and the need of a message; wraps :mod:`nlu.intent_model`."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu import concepts, features, intent_model, normalize, pattern_compiler, word_patterns
from nlu.components.fingerprint import sources_fingerprint
from nlu.components.whole_message_entity import add_entity
from nlu.messages_reader import DANGER_EXAMPLES, read_danger_examples

_RANKING_LENGTH = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Linear SVMs on folded text. Options are those of :meth:`nlu.intent_model.IntentModel.fit`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "c": 0.5,
            "temperature": 4.0,
            "need_from": 1.0,
            "no_need_below": 0.0,
            "told_from": 0.3,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: intent_model.IntentModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        return sources_fingerprint(
            intent_model.__file__,
            features.__file__,
            normalize.__file__,
            concepts.__file__,
            pattern_compiler.__file__,
            word_patterns.__file__,
            concepts.DEFAULT_LEXICON,
            *sorted(DANGER_EXAMPLES.glob("*.txt")),
        )

    def train(self, training_data: TrainingData) -> Resource:
        examples = training_data.intent_examples
        self._model = intent_model.IntentModel.fit(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT) for example in examples],
            list(read_danger_examples()),
            c=self._config["c"],
            temperature=self._config["temperature"],
            need_from=self._config["need_from"],
            no_need_below=self._config["no_need_below"],
            told_from=self._config["told_from"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        # A model that cannot be read must stop the server, not answer at random.
        with model_storage.read_from(resource) as folder:
            model = intent_model.IntentModel.load(folder)
        return cls(config, model_storage, resource, model)

    def process(self, messages: list[Message]) -> list[Message]:
        if self._model is None:
            raise RuntimeError("the intent classifier is used before it was trained or loaded")
        for message in messages:
            reading = self._model.read(message.get(TEXT) or "")
            ranking = [
                {"name": name, "confidence": confidence}
                for name, confidence in reading.ranking[:_RANKING_LENGTH]
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            if reading.told_need is not None:
                add_entity(message, "need", reading.told_need, type(self).__name__)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
