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
from dataclasses import dataclass, replace
from pathlib import Path

from nlu.features import character_features, stem_features, word_features

TABLE = Path(__file__).resolve().parent / "lexicons" / "danger_score.json"
BLOCKS = {"words": word_features, "characters": character_features, "stems": stem_features}
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
    """How much a message speaks of danger (0 is the border of the training), and of which kind."""

    value: float
    kind: str
    is_long: bool = False


@dataclass(frozen=True)
class Bounds:
    """From which score on a message is danger.

    ``more_if_long`` is added for long texts: with many pieces one stands out by chance.
    """

    alone: float
    with_rule: float
    more_if_long: float


class DangerScore:
    """The table of weights; build with :meth:`load`."""

    def __init__(
        self,
        kinds: list[str],
        bias: list[float],
        weights: dict[str, dict[str, list[float]]],
        bounds: Bounds,
    ) -> None:
        # Column 0 is danger or not; the others tell the kinds of danger apart.
        self._kinds = kinds
        self._bias = bias
        self._weights = weights
        self._bounds = bounds

    @classmethod
    def load(cls, path: Path = TABLE) -> DangerScore:
        """Read the table; a broken one is a ValueError that says how to make it again."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                content["kinds"],
                content["bias"],
                content["weights"],
                Bounds(**content["bounds"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path.name} cannot be read ({type(error).__name__}); make it again with "
                "`.venv-model/bin/python -m scripts.build_danger_score`"
            ) from None

    def is_danger(self, score: Score) -> bool:
        """Tell whether the score is high enough by itself."""
        more = self._bounds.more_if_long if score.is_long else 0.0
        return score.value >= self._bounds.alone + more

    def backs_rule(self, folded: str) -> bool:
        """Tell whether these words, in which a rule fired, are danger."""
        return self._score(folded).value >= self._bounds.with_rule

    def score(self, folded: str) -> Score:
        """The highest score of the message and, if it is long, of its pieces."""
        parts = list(pieces(folded))
        best = max((self._score(part) for part in parts), key=lambda score: score.value)
        return replace(best, is_long=len(parts) > 1)

    def _score(self, folded: str) -> Score:
        sums = list(self._bias)
        for name, features in BLOCKS.items():
            table = self._weights[name]
            found = set(features(folded))
            scale = 1.0 / math.sqrt(len(found) or 1)
            for feature in found:
                weights = table.get(feature)
                if weights is not None:
                    for column, weight in enumerate(weights):
                        sums[column] += weight * scale
        kind = max(range(1, len(sums)), key=sums.__getitem__)
        return Score(sums[0], self._kinds[kind - 1])
