"""A danger score that needs no library: a linear sum over words, letters and word beginnings.

Rules alone see what their authors thought of. The score has learnt from thousands of hand-written
messages of danger and harmless ones that look like them (``nlu/danger_examples``). It is a fixed
table like the lexicon, runs in the bot with everything else down, and gives the same answer each
time. Made by ``.venv-model/bin/python -m scripts.build_danger_score``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.features import character_features, stem_features, word_features

TABLE = Path(__file__).resolve().parent / "lexicons" / "danger_score.json"
BLOCKS = {"words": word_features, "characters": character_features, "stems": stem_features}
# A text with fewer features than this is weighed as if it had so many: two words are little proof.
FEWEST = {"words": 20, "characters": 60, "stems": 40}
# A long story is read in overlapping pieces, as if each had been sent alone.
_PIECE_WORDS = 40
_STEP_WORDS = 20


def pieces(folded: str) -> Iterator[str]:
    """The text itself if it is short, else its overlapping pieces."""
    words = folded.split()
    if len(words) <= _PIECE_WORDS:
        yield folded
        return
    for start in range(0, len(words) - _STEP_WORDS, _STEP_WORDS):
        yield " ".join(words[start : start + _PIECE_WORDS])


@dataclass(frozen=True)
class Score:
    """How much the most dangerous ``piece`` of a message speaks of danger (0 is the border)."""

    value: float
    piece: str
    is_long: bool


@dataclass(frozen=True)
class Bounds:
    """From which score on a message is danger.

    ``alone`` is for the whole message, or for a piece of a long one with ``more_if_long`` added:
    with many pieces one stands out by chance. If a rule fires, too, a short message gets
    ``rule_bonus``; in a long one the words near the rule decide: the few in which it fired from
    ``at_rule`` on, these and those around from ``around_rule`` on.
    """

    alone: float
    more_if_long: float
    rule_bonus: float
    at_rule: float
    around_rule: float


class DangerScore:
    """The table of weights; build with :meth:`load`."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._bounds = Bounds(**content["bounds"])
        self._bias = float(content["bias"])
        self._weights: dict[str, dict[str, float]] = content["weights"]
        self._kinds: list[str] = content["kinds"]
        self._kind_bias: list[float] = content["kind_bias"]
        self._kind_weights: dict[str, dict[str, list[float]]] = content["kind_weights"]

    @classmethod
    def load(cls, path: Path = TABLE) -> DangerScore:
        """Read the table; a broken one is a ValueError that says how to make it again."""
        try:
            return cls(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path.name} cannot be read ({type(error).__name__}); make it again with "
                "`.venv-model/bin/python -m scripts.build_danger_score`"
            ) from None

    def is_danger(self, score: Score, near_rule: tuple[str, str] | None) -> bool:
        """Tell whether the score is high enough.

        ``near_rule``: the words in which a rule fired, and these with more around, or None.
        """
        bounds = self._bounds
        if near_rule is None:
            return score.value >= bounds.alone + (bounds.more_if_long if score.is_long else 0.0)
        if not score.is_long:
            return (
                score.value + bounds.rule_bonus >= bounds.alone
                or self._value(near_rule[1]) >= bounds.around_rule
            )
        return (
            score.value >= bounds.alone + bounds.more_if_long
            or self._value(near_rule[0]) >= bounds.at_rule
            or self._value(near_rule[1]) >= bounds.around_rule
        )

    def score(self, folded: str) -> Score:
        """The highest score of the message and, if it is long, of its pieces."""
        parts = list(pieces(folded))
        values = [self._value(part) for part in parts]
        best = max(range(len(parts)), key=values.__getitem__)
        return Score(values[best], parts[best], is_long=len(parts) > 1)

    def kind(self, folded: str) -> str:
        """Which kind of danger these words speak of, given that they speak of danger."""
        sums = list(self._kind_bias)
        for name, features in BLOCKS.items():
            table = self._kind_weights[name]
            found = set(features(folded))
            scale = 1.0 / math.sqrt(len(found) or 1)
            for feature in found:
                for column, weight in enumerate(table.get(feature, ())):
                    sums[column] += weight * scale
        return self._kinds[max(range(len(sums)), key=sums.__getitem__)]

    def _value(self, folded: str) -> float:
        total = self._bias
        for name, features in BLOCKS.items():
            table = self._weights[name]
            found = set(features(folded))
            scale = math.sqrt(max(len(found), FEWEST[name]))
            total += sum(table.get(feature, 0.0) for feature in found) / scale
        return total
