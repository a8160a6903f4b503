"""Features of a folded text, for the intent model and the danger score. Standard library only."""

from __future__ import annotations

import itertools


def word_features(folded: str) -> list[str]:
    """Words and pairs of neighbours."""
    words = folded.split()
    return words + [f"{a} {b}" for a, b in itertools.pairwise(words)]


def character_features(folded: str) -> list[str]:
    """Runs of 2 to 5 characters inside words, borders included."""
    found = []
    for word in folded.split():
        padded = f" {word} "
        length = len(padded)
        for size in (2, 3, 4, 5):
            if size > length:
                break
            found += [padded[i : i + size] for i in range(length - size + 1)]
    return found


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
