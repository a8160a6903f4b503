"""The model behind intent recognition: linear SVMs over TF-IDF of words, characters and stems.

Two classifiers read one matrix of features. The first names one of all intents. The second only
tells which of the eleven needs is told of, or none; it is read over every sentence and over the
whole message, so that a need in the middle of a long, rambling story is found. It also reads
concepts (words by meaning, see :mod:`nlu.concepts`) and learns from the examples of the danger
check: both make it better on text of other minds and neither helps the first.

Needs numpy, scipy and scikit-learn (the model runtime has them), but not Rasa. What is saved are
arrays and word lists, nothing that could run code when it is loaded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.svm import LinearSVC

from nlu.concepts import concept_features
from nlu.features import character_features, stem_features, word_features
from nlu.messages_reader import DangerExample
from nlu.normalize import fold

NEEDS = (
    "domestic_violence", "sexual_violence", "harassment", "bullying", "cyberbullying",
    "image_abuse", "stalking", "child_abuse", "forced_marriage", "immediate_danger", "self_harm",
)  # fmt: skip
NO_NEED = "none"
# The second net behind the danger check: no question beside these two goes before them.
_URGENT = ("immediate_danger", "self_harm")
# Not taken over into training of the second classifier: what is asked for is no need told of.
_ASKED_FOR = "ask_"
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_MAX_SENTENCES = 60
# In a message this long, something is asked for only if one sentence of it asks for it.
_LONG_WORDS = 25
_ASKS_FROM = 0.0
_TOLD_WORDS = 4
_CLEAR = 0.5
# "He beats me, what are my rights?": what the last clause asks for this clearly is asked for.
_CLAUSE = re.compile(r"(?<=[.!?…])\s+|\n+|[,;]\s|\s[-–—]\s")
_CLAUSE_WORDS = 3
_ASKS_AT_END_FROM = 0.4


BLOCKS = {
    "words": word_features,
    "characters": character_features,
    "stems": stem_features,
    "concepts": concept_features,
}
# Concepts come last, so that the first classifier can leave them out as the last columns.
_NOT_FOR_INTENTS = "concepts"
_SCALE = {"concepts": 0.5}
# What an example of the danger check tells of, by its kind.
_NEED_OF_DANGER = {
    "self_harm": "self_harm",
    "rape_recent": "sexual_violence",
    "child_in_danger": "child_abuse",
    "abduction": "forced_marriage",
    "image_blackmail": "image_abuse",
}


def sentences(text: str) -> list[str]:
    """Cut a message into sentences; without punctuation it is one."""
    found = [part for part in _SENTENCE.split(text) if part.strip()]
    return found[:_MAX_SENTENCES]


def _first(name: str, ranking: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Put ``name`` first; it and the one that stood there change confidences."""
    (old, high), low = ranking[0], dict(ranking)[name]
    rest = [one for one in ranking[1:] if one[0] != name] + ([(old, low)] if old != name else [])
    return [(name, high), *sorted(rest, key=lambda one: -one[1])]


def last_clause(text: str) -> str | None:
    """The last of several clauses, if it has enough words to ask for something."""
    clauses = [part for part in _CLAUSE.split(text) if part.strip()]
    if len(clauses) < 2 or len(clauses[-1].split()) < _CLAUSE_WORDS:
        return None
    return clauses[-1]


class Features:
    """TF-IDF over the blocks of :data:`BLOCKS`, each block of a fixed length."""

    def __init__(self, vocabularies: dict[str, dict[str, int]], idf: dict[str, np.ndarray]) -> None:
        self._idf = idf
        self._vocabularies = vocabularies
        self._offsets: dict[str, int] = {}
        self.size = 0
        for name, vocabulary in vocabularies.items():
            self._offsets[name] = self.size
            self.size += len(vocabulary)

    @classmethod
    def fit(cls, folded: Sequence[str], min_documents: int = 2) -> Features:
        """Learn vocabularies and inverse document frequencies."""
        vocabularies, idf = {}, {}
        for name, analyzer in BLOCKS.items():
            counter = CountVectorizer(analyzer=analyzer, min_df=min_documents)
            counts = counter.fit_transform(folded)
            vocabularies[name] = {k: int(v) for k, v in counter.vocabulary_.items()}
            idf[name] = TfidfTransformer().fit(counts).idf_.astype(np.float32)
        return cls(vocabularies, idf)

    def row(self, folded: str) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values of one text, columns in rising order."""
        columns, values = [], []
        for name, vocabulary in self._vocabularies.items():
            known = [i for f in BLOCKS[name](folded) if (i := vocabulary.get(f)) is not None]
            found, counts = np.unique(np.array(known, dtype=np.int32), return_counts=True)
            weights = (np.log(counts) + 1.0) * self._idf[name][found]
            length = float(np.sqrt(weights @ weights)) or 1.0
            columns.append(found + self._offsets[name])
            values.append(weights * (_SCALE.get(name, 1.0) / length))
        return np.concatenate(columns), np.concatenate(values).astype(np.float32)

    def transform(self, folded: Sequence[str]) -> Any:
        """Sparse matrix (messages x features), float32."""
        rows = [self.row(text) for text in folded]
        starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return sparse.csr_matrix((values, columns, starts), shape=(len(rows), self.size))

    @property
    def intent_columns(self) -> int:
        """How many columns, from the left, are for the first classifier."""
        return sum(len(v) for name, v in self._vocabularies.items() if name != _NOT_FOR_INTENTS)

    def save(self, folder: Path) -> None:
        for name, vocabulary in self._vocabularies.items():
            ordered = sorted(vocabulary, key=vocabulary.__getitem__)
            (folder / f"{name}.json").write_text(json.dumps(ordered, ensure_ascii=False))
            np.save(folder / f"{name}_idf.npy", self._idf[name], allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Features:
        vocabularies, idf = {}, {}
        for name in BLOCKS:
            ordered = json.loads((folder / f"{name}.json").read_text())
            vocabularies[name] = {feature: index for index, feature in enumerate(ordered)}
            idf[name] = np.load(folder / f"{name}_idf.npy", allow_pickle=False)
        return cls(vocabularies, idf)


@dataclass
class LinearClassifier:
    """One-against-rest linear classifier: ``weights`` (features x classes), ``bias`` (classes)."""

    classes: list[str]
    weights: np.ndarray
    bias: np.ndarray

    @classmethod
    def fit(cls, matrix: Any, labels: Sequence[str], c: float) -> LinearClassifier:
        machine = LinearSVC(C=c, class_weight="balanced", random_state=0).fit(matrix, labels)
        return cls(
            [str(name) for name in machine.classes_],
            np.ascontiguousarray(machine.coef_.T, dtype=np.float32),
            machine.intercept_.astype(np.float32),
        )

    def margins(self, columns: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Signed distances (classes) of one row; columns that were not trained on are left out."""
        known = np.searchsorted(columns, len(self.weights))
        return np.asarray(values[:known] @ self.weights[columns[:known]]) + self.bias

    def save(self, folder: Path, name: str) -> None:
        np.save(folder / f"{name}_weights.npy", self.weights.astype(np.float16), allow_pickle=False)
        np.save(folder / f"{name}_bias.npy", self.bias, allow_pickle=False)
        (folder / f"{name}.json").write_text(json.dumps(self.classes))

    @classmethod
    def load(cls, folder: Path, name: str) -> LinearClassifier:
        weights = np.load(folder / f"{name}_weights.npy", allow_pickle=False)
        return cls(
            json.loads((folder / f"{name}.json").read_text()),
            weights.astype(np.float32),
            np.load(folder / f"{name}_bias.npy", allow_pickle=False),
        )


@dataclass(frozen=True)
class Reading:
    """What the model makes of a message: intents by confidence (0 to 1), and the need margin.

    ``need_margin`` is how far ``need`` stands above "none": the mean of the two parts of the
    message (it as a whole, its sentences) where it shows most. ``told_need`` is the need that is
    told of beside whatever is asked ("he beats me, what are my rights"), or None.
    """

    ranking: list[tuple[str, float]]
    need: str
    need_margin: float
    told_need: str | None


class IntentModel:
    """Both classifiers over one set of features."""

    def __init__(
        self,
        features: Features,
        intents: LinearClassifier,
        needs: LinearClassifier,
        temperature: float,
        need_from: float,
        no_need_below: float,
        told_from: float,
    ) -> None:
        self._features = features
        self._intents = intents
        self._needs = needs
        self._temperature = temperature
        self._need_from = need_from
        self._no_need_below = no_need_below
        self._told_from = told_from
        self._none = needs.classes.index(NO_NEED)

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        danger_examples: Sequence[DangerExample] = (),
        c: float = 0.5,
        temperature: float = 4.0,
        need_from: float = 1.0,
        no_need_below: float = 0.0,
        told_from: float = 0.3,
    ) -> IntentModel:
        """Train on messages and their intents; the result is the same each time.

        ``need_from``, ``no_need_below`` and ``told_from`` are margins of the second classifier:
        see :meth:`_weigh_need` and :attr:`Reading.told_need`.
        """
        folded = [fold(text) for text in texts]
        told = [i for i, intent in enumerate(intents) if not intent.startswith(_ASKED_FOR)]
        needs = [intents[i] if intents[i] in NEEDS else NO_NEED for i in told]
        dangers = [example for example in danger_examples if example.is_danger]
        needs += [_NEED_OF_DANGER.get(example.kind, "immediate_danger") for example in dangers]
        folded_dangers = [fold(example.text) for example in dangers]
        features = Features.fit([*folded, *folded_dangers])
        matrix = features.transform(folded)
        columns = features.intent_columns
        need_rows = matrix[told]
        if dangers:
            need_rows = sparse.vstack([need_rows, features.transform(folded_dangers)], "csr")
        return cls(
            features,
            LinearClassifier.fit(matrix[:, :columns], intents, c),
            LinearClassifier.fit(need_rows, needs, c),
            temperature,
            need_from,
            no_need_below,
            told_from,
        )

    def read(self, text: str) -> Reading:
        """Understand one message."""
        whole = fold(text)
        parts = [whole]
        pieces = sentences(text)
        if len(pieces) > 1:
            parts += [fold(piece) for piece in pieces]
        rows = [self._features.row(part) for part in parts]
        margins = np.stack([self._intents.margins(*row) for row in rows])
        need, need_margin = self._read_need(np.stack([self._needs.margins(*row) for row in rows]))
        scores = np.exp(self._temperature * (margins[0] - margins[0].max()))
        scores /= scores.sum()
        ranking = sorted(
            zip(self._intents.classes, (float(s) for s in scores), strict=True),
            key=lambda item: -item[1],
        )
        is_told = need_margin >= self._told_from
        told_first = ranking[0][0] in NEEDS and ranking[0][0] not in _URGENT
        asked = self._asked_at_end(text) if told_first else None
        if asked is not None:
            need, is_told = ranking[0][0], True
            ranking = _first(asked, ranking)
        elif is_told and self._only_seems_to_ask(ranking[0][0], whole, margins):
            ranking = _first(need, ranking)
        else:
            ranking = self._weigh_need(ranking, need, need_margin)
        first, confidence = ranking[0]
        if first in NEEDS and need_margin >= self._need_from:
            # Clear to the second classifier: no reason to ask back.
            ranking[0] = (first, max(confidence, _CLEAR))
        # A few words beside something else are too little to tell of a need.
        is_told = is_told and len(whole.split()) >= _TOLD_WORDS
        told = first if first in NEEDS else need if is_told else None
        return Reading(ranking, need, need_margin, told)

    def _asked_at_end(self, text: str) -> str | None:
        """What the last clause clearly asks for, or None."""
        clause = last_clause(text)
        if clause is None:
            return None
        margins = self._intents.margins(*self._features.row(fold(clause)))
        best = int(margins.argmax())
        name = self._intents.classes[best]
        clear = name.startswith(_ASKED_FOR) and margins[best] >= _ASKS_AT_END_FROM
        return name if clear else None

    def _only_seems_to_ask(self, first: str, folded: str, margins: np.ndarray) -> bool:
        """Tell whether a long message as a whole reads like a question that no sentence asks."""
        if not first.startswith(_ASKED_FOR) or len(margins) < 3:
            return False
        if len(folded.split()) < _LONG_WORDS:
            return False
        column = self._intents.classes.index(first)
        return float(margins[1:, column].max()) < _ASKS_FROM

    def _read_need(self, margins: np.ndarray) -> tuple[str, float]:
        """The need that stands out most in any part, and its margin (see :class:`Reading`)."""
        above_none = margins - margins[:, [self._none]]
        above_none[:, self._none] = -np.inf
        by_part = above_none.max(axis=1)
        column = int(above_none[int(by_part.argmax())].argmax())
        return self._needs.classes[column], float(np.sort(by_part)[-2:].mean())

    def _weigh_need(
        self, ranking: list[tuple[str, float]], need: str, margin: float
    ) -> list[tuple[str, float]]:
        """Let the second classifier correct the first.

        A need that stands out somewhere in the message goes before small talk and "out of scope";
        one that the second classifier does not see at all goes behind the best other reading.
        What is asked for (``ask_``) stays: a counsellor would act on that first.
        """
        first = ranking[0][0]
        if first in NEEDS and margin < self._no_need_below:
            better = next(name for name, _ in ranking if name not in NEEDS)
        elif first not in NEEDS and not first.startswith(_ASKED_FOR) and margin >= self._need_from:
            better = need
        else:
            return ranking
        return _first(better, ranking)

    def save(self, folder: Path) -> None:
        self._features.save(folder)
        self._intents.save(folder, "intents")
        self._needs.save(folder, "needs")
        settings = {
            "temperature": self._temperature,
            "need_from": self._need_from,
            "no_need_below": self._no_need_below,
            "told_from": self._told_from,
        }
        (folder / "settings.json").write_text(json.dumps(settings))

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        settings = json.loads((folder / "settings.json").read_text())
        return cls(
            Features.load(folder),
            LinearClassifier.load(folder, "intents"),
            LinearClassifier.load(folder, "needs"),
            settings["temperature"],
            settings["need_from"],
            settings["no_need_below"],
            settings["told_from"],
        )
