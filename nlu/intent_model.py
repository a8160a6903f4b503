"""The model behind intent recognition: linear SVMs over TF-IDF of words, characters and stems.

Two classifiers read the same features. The first names one of all intents. The second only tells
which of the eleven needs is told of, or none; it is read over every sentence and over the whole
message, so that a need in the middle of a long, rambling story is found.

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

from nlu.features import character_features, stem_features, word_features
from nlu.normalize import fold

NEEDS = (
    "domestic_violence", "sexual_violence", "harassment", "bullying", "cyberbullying",
    "image_abuse", "stalking", "child_abuse", "forced_marriage", "immediate_danger", "self_harm",
)  # fmt: skip
NO_NEED = "none"
# Not taken over into training of the second classifier: what is asked for is no need told of.
_ASKED_FOR = "ask_"
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_MAX_SENTENCES = 60


BLOCKS = {"words": word_features, "characters": character_features, "stems": stem_features}


def sentences(text: str) -> list[str]:
    """Cut a message into sentences; without punctuation it is one."""
    found = [part for part in _SENTENCE.split(text) if part.strip()]
    return found[:_MAX_SENTENCES]


class Features:
    """TF-IDF over the blocks of :data:`BLOCKS`, each block of unit length."""

    def __init__(self, vocabularies: dict[str, dict[str, int]], idf: dict[str, np.ndarray]) -> None:
        self._idf = idf
        self._vocabularies = vocabularies
        self._counters = {
            name: CountVectorizer(analyzer=BLOCKS[name], vocabulary=vocabulary, dtype=np.float32)
            for name, vocabulary in vocabularies.items()
        }

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

    def transform(self, folded: Sequence[str]) -> Any:
        """Sparse matrix (messages x features), float32."""
        blocks = []
        for name, counter in self._counters.items():
            counts = counter.transform(folded)
            counts.data = np.log(counts.data) + 1.0
            weighted = counts.multiply(self._idf[name]).tocsr()
            norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
            norms[norms == 0] = 1.0
            blocks.append(sparse.diags(1.0 / norms).dot(weighted))
        return sparse.hstack(blocks, format="csr", dtype=np.float32)

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

    def margins(self, matrix: Any) -> np.ndarray:
        """Signed distances (messages x classes)."""
        return np.asarray(matrix @ self.weights) + self.bias

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

    ``need_margin`` is how far ``need`` stands above "none" in the sentence where it shows most.
    """

    ranking: list[tuple[str, float]]
    need: str
    need_margin: float


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
    ) -> None:
        self._features = features
        self._intents = intents
        self._needs = needs
        self._temperature = temperature
        self._need_from = need_from
        self._no_need_below = no_need_below
        self._none = needs.classes.index(NO_NEED)

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        c: float = 0.5,
        temperature: float = 4.0,
        need_from: float = 1.0,
        no_need_below: float = 0.15,
    ) -> IntentModel:
        """Train on messages and their intents; the result is the same each time.

        ``need_from`` and ``no_need_below`` are margins of the second classifier, see
        :meth:`_weigh_need`.
        """
        folded = [fold(text) for text in texts]
        features = Features.fit(folded)
        matrix = features.transform(folded)
        told = [i for i, intent in enumerate(intents) if not intent.startswith(_ASKED_FOR)]
        needs = [intents[i] if intents[i] in NEEDS else NO_NEED for i in told]
        return cls(
            features,
            LinearClassifier.fit(matrix, intents, c),
            LinearClassifier.fit(matrix[told], needs, c),
            temperature,
            need_from,
            no_need_below,
        )

    def read(self, text: str) -> Reading:
        """Understand one message."""
        whole = fold(text)
        parts = [whole]
        pieces = sentences(text)
        if len(pieces) > 1:
            parts += [fold(piece) for piece in pieces]
        matrix = self._features.transform(parts)
        margins = self._intents.margins(matrix[0])[0]
        need_margins = self._needs.margins(matrix)
        above_none = need_margins - need_margins[:, [self._none]]
        above_none[:, self._none] = -np.inf
        row, column = np.unravel_index(np.argmax(above_none), above_none.shape)
        need, need_margin = self._needs.classes[column], float(above_none[row, column])
        scores = np.exp(self._temperature * (margins - margins.max()))
        scores /= scores.sum()
        ranking = sorted(
            zip(self._intents.classes, (float(s) for s in scores), strict=True),
            key=lambda item: -item[1],
        )
        return Reading(self._weigh_need(ranking, need, need_margin), need, need_margin)

    def _weigh_need(
        self, ranking: list[tuple[str, float]], need: str, margin: float
    ) -> list[tuple[str, float]]:
        """Let the second classifier correct the first.

        A need that stands out somewhere in the message goes before small talk and "out of scope";
        one that the second classifier does not see at all goes behind the best other reading.
        What is asked for (``ask_``) stays: a counsellor would act on that first.
        """
        first, confidence = ranking[0]
        if first in NEEDS and margin < self._no_need_below:
            better = next(name for name, _ in ranking if name not in NEEDS)
        elif first not in NEEDS and not first.startswith(_ASKED_FOR) and margin >= self._need_from:
            better = need
        else:
            return ranking
        return [(better, confidence), *(one for one in ranking if one[0] != better)]

    def save(self, folder: Path) -> None:
        self._features.save(folder)
        self._intents.save(folder, "intents")
        self._needs.save(folder, "needs")
        settings = {
            "temperature": self._temperature,
            "need_from": self._need_from,
            "no_need_below": self._no_need_below,
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
        )
