"""Make ``nlu/lexicons/danger_score.json`` again.

``.venv-model/bin/python -m scripts.build_danger_score`` learns from ``nlu/danger_examples`` (danger
and look-alikes) and from the training messages: those of ``immediate_danger`` and ``self_harm`` are
danger, those of the needs in which danger and telling of the past mix are left out, all others are
not danger. The bounds were set on the steering half of ``benchmarks/data/danger.*.jsonl``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.svm import LinearSVC

from nlu.danger_score import BLOCKS, FEWEST, TABLE, pieces
from nlu.messages_reader import TrainingMessage, read_danger_examples, read_messages
from nlu.normalize import fold

_DANGER_INTENTS = {"immediate_danger": "attack_now", "self_harm": "self_harm"}
_MIXED_INTENTS = ("sexual_violence", "forced_marriage", "child_abuse", "image_abuse")
# Look-alikes and harmless talk weigh most: they draw the border (measured on the steering half).
_DANGER_WEIGHT = 2.0
_LOOK_ALIKE_WEIGHT = 4.0
_STORY_WEIGHT = 0.5
_HARMLESS_WEIGHT = 8.0
_KIND_FEATURES = 20_000
_SMALLEST_WEIGHT = 0.02
BOUNDS = {
    "alone": 0.1,
    "more_if_long": 0.7,
    "rule_bonus": 0.3,
    "at_rule": 0.1,
    "around_rule": 0.0,
}


def messages() -> Iterator[tuple[str, str | None, float]]:
    """(text, kind of danger or None, weight)."""
    for message in read_messages():
        if message.intent in _DANGER_INTENTS:
            yield message.text, _DANGER_INTENTS[message.intent], 1.0
        elif message.intent not in _MIXED_INTENTS:
            yield message.text, None, _weight(message)
            # Long messages are read in pieces, so their pieces are learnt from as well.
            parts = list(pieces(fold(message.text)))
            if len(parts) > 1:
                for part in parts:
                    yield part, None, _STORY_WEIGHT
    for example in read_danger_examples():
        if example.is_danger:
            yield example.text, example.kind, _DANGER_WEIGHT
        else:
            yield example.text, None, _LOOK_ALIKE_WEIGHT


def _weight(message: TrainingMessage) -> float:
    if message.style == "story":
        return _STORY_WEIGHT
    return _HARMLESS_WEIGHT if message.intent == "out_of_scope" else 1.0


def main() -> None:
    rows = list(messages())
    folded = [fold(text) for text, _, _ in rows]
    counters, blocks = {}, []
    for name, features in BLOCKS.items():
        counters[name] = CountVectorizer(analyzer=features, binary=True, min_df=2).fit(folded)
        matrix = counters[name].transform(folded).astype(np.float64)
        sizes = np.array([max(FEWEST[name], len(set(features(text)))) for text in folded])
        blocks.append(sparse.diags(1.0 / np.sqrt(sizes)) @ matrix)
    matrix = sparse.hstack(blocks).tocsr()
    is_danger = np.array([kind is not None for _, kind, _ in rows])
    weight = np.array([weight for _, _, weight in rows])
    danger = LinearSVC(C=0.2, class_weight="balanced", random_state=0)
    danger.fit(matrix, is_danger, sample_weight=weight)
    kinds = LinearSVC(C=0.2, class_weight="balanced", random_state=0)
    kinds.fit(matrix[is_danger], [kind for _, kind, _ in rows if kind is not None])
    strength = np.abs(kinds.coef_).max(axis=0)
    telling = set(np.argsort(-strength)[:_KIND_FEATURES].tolist())
    weights: dict[str, dict[str, float]] = {}
    kind_weights: dict[str, dict[str, list[float]]] = {}
    start = 0
    for name, counter in counters.items():
        names = [str(feature) for feature in counter.get_feature_names_out()]
        own = danger.coef_[0][start : start + len(names)]
        # What sways nothing makes the table large and the answer no better.
        weights[name] = {
            feature: round(float(value), 2)
            for feature, value in zip(names, own, strict=True)
            if abs(value) >= _SMALLEST_WEIGHT
        }
        kind_weights[name] = {
            feature: [round(float(value), 1) for value in kinds.coef_[:, start + index]]
            for index, feature in enumerate(names)
            if start + index in telling
        }
        start += len(names)
    content = {
        "bounds": BOUNDS,
        "bias": float(danger.intercept_[0]),
        "kinds": [str(kind) for kind in kinds.classes_],
        "kind_bias": [round(float(value), 3) for value in kinds.intercept_],
        "weights": weights,
        "kind_weights": kind_weights,
    }
    TABLE.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
