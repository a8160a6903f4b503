"""What the place modules share: a place, a mention of it, and how far a name is believed.

Users of the gazetteer import the first two from :mod:`nlu.places`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One entry of the gazetteer."""

    id: str
    region: str
    kind: str
    names: Mapping[str, str]
    other_names: tuple[str, ...]
    latitude: float
    longitude: float
    population: int | None
    ambiguous: bool


@dataclass(frozen=True)
class PlaceMention:
    """A place named in a text; ``text[start:end]`` is how.

    ``ambiguous`` tells whether, as it stands in this text, the name may mean something else: ask
    before building on it.
    """

    start: int
    end: int
    place: str
    region: str
    score: float
    ambiguous: bool


class Level(enum.IntEnum):
    """How far a written name can be believed on its own."""

    CLEAR = 0
    WORD = 1  # also an ordinary word: an ending, a preposition or a capital letter is enough
    PERSON = 2  # also a person: the same, but a capital letter proves nothing
    EVERYDAY_KAZAKH = (
        3  # so common that a Kazakh "in / from" proves nothing: есіктен, from the door
    )
    EVERYDAY = 4  # the same in Russian: в шаре
