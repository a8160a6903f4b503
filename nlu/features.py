"""Features of a folded text, for the intent model and the danger score. Standard library only."""

from __future__ import annotations

import itertools
from functools import lru_cache


def word_features(folded: str) -> list[str]:
    """Words and pairs of neighbours."""
    words = folded.split()
    return words + [f"{a} {b}" for a, b in itertools.pairwise(words)]


def character_features(folded: str) -> list[str]:
    """Runs of 2 to 5 characters inside words, borders included."""
    return [run for word in folded.split() for run in _character_runs(word)]


# The same words come again and again, most of all within one long message.
@lru_cache(maxsize=20_000)
def _character_runs(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    length = len(padded)
    sizes = range(2, min(5, length) + 1)
    return tuple(padded[i : i + size] for size in sizes for i in range(length - size + 1))


def stem_features(folded: str) -> list[str]:
    """Word beginnings (4 and 5 letters) alone and in a row: Kazakh and Russian bend word ends."""
    words = folded.split()
    found: list[str] = []
    for length, longest_run in ((4, 3), (5, 2)):
        stems = [word[:length] for word in words]
        for run in range(1, longest_run + 1):
            found += [
                f"{length}:" + " ".join(stems[i : i + run]) for i in range(len(stems) - run + 1)
            ]
    return found
