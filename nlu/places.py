"""Find the places of Kazakhstan that a message names, the way people really write them.

:class:`Gazetteer` reads ``nlu/lexicons/places.yml`` and derives everything else from the plain
names in it: spelling without Kazakh letters and in Latin (through :mod:`nlu.normalize`),
Kazakh endings ("Алматыданмын"), Russian cases and adjectives ("из Караганды", "темиртауские"),
names typed on the wrong keyboard layout, and one slip of the finger in a long name. Looking up is
by dictionary, word by word; the number of places does not matter for the time a message takes.

Many names are also something else: "ақтау" is to acquit, "семей" is Russian for "of families", Abai
is a poet with a street in every town. The file lists those names, and they are believed only when
their surroundings support it: see :class:`nlu.place_types.Level` and
:meth:`nlu.place_support.Surroundings.support`.

Here are the gazetteer and the reading of its file. The forms of names are in
:mod:`nlu.place_forms`, the words around them in :mod:`nlu.place_words`, the index of them all in
:mod:`nlu.place_index`; :mod:`nlu.place_parts`, :mod:`nlu.place_reading` and
:mod:`nlu.place_support` read a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from nlu.normalize import Token, fold_word, tokenize
from nlu.place_forms import name_words
from nlu.place_index import build_index
from nlu.place_parts import split_parts
from nlu.place_reading import Reading
from nlu.place_types import Level, Place, PlaceMention

__all__ = ["Gazetteer", "GazetteerError", "Place", "PlaceMention"]

DEFAULT_PATH = Path(__file__).parent / "lexicons" / "places.yml"


class GazetteerError(ValueError):
    """The gazetteer file is broken; the message names the file and the entry."""


class Gazetteer:
    """The places and the way to find them in a text. Immutable, so threads may share it."""

    def __init__(
        self,
        places: Iterable[Place],
        levels: Mapping[str, Level] | None = None,
        not_places: Iterable[str] = (),
    ) -> None:
        by_id = {place.id: place for place in places}
        self.places: Mapping[str, Place] = MappingProxyType(by_id)
        self._index = build_index(by_id.values(), levels or {}, not_places)

    @classmethod
    def load(cls, path: Path | None = None) -> Gazetteer:
        """Read the gazetteer; a broken file is a :class:`GazetteerError` that says where."""
        path = DEFAULT_PATH if path is None else Path(path)
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise GazetteerError(f"{path}: cannot be read: {error.strerror}") from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise GazetteerError(f"{path}: not valid YAML: {error}") from error
        if not isinstance(data, dict) or not isinstance(data.get("places"), list):
            raise GazetteerError(f"{path}: needs a list under 'places'")
        places = _read_places(path, data["places"])
        levels = _read_levels(path, data.get("other_meanings") or {})
        not_places = data.get("not_places") or []
        if not isinstance(not_places, list) or not all(isinstance(w, str) for w in not_places):
            raise GazetteerError(f"{path}: 'not_places' has to be a list of words")
        return cls(places, levels, not_places)

    def find(self, text: str) -> list[PlaceMention]:
        """Find the places named in ``text``, in reading order, each place once."""
        tokens = tokenize(text)
        found = Reading(self._index, text, split_parts(text, tokens)).mentions()
        if not found and text.isascii():
            # A short Latin text may have been taken for Russian on the wrong layout.
            plain = [Token(t.start, t.end, fold_word(text[t.start : t.end])) for t in tokens]
            if plain != tokens:
                found = Reading(self._index, text, split_parts(text, plain)).mentions()
        return found


def _read_places(path: Path, entries: list[Any]) -> list[Place]:
    places: list[Place] = []
    seen: set[str] = set()
    for number, entry in enumerate(entries, 1):
        where = f"{path}: entry {number}"
        if not isinstance(entry, dict):
            raise GazetteerError(f"{where}: has to be a mapping")
        identity = entry.get("id")
        if not isinstance(identity, str) or not identity:
            raise GazetteerError(f"{where}: 'id' is missing")
        where += f" ({identity})"
        if identity in seen:
            raise GazetteerError(f"{where}: this id is used twice")
        seen.add(identity)
        places.append(_read_place(where, identity, entry))
    # A region, or a city with a region's rights, is its own region.
    regions = {place.id for place in places if place.region == place.id}
    for number, place in enumerate(places, 1):
        if place.region not in regions:
            raise GazetteerError(
                f"{path}: entry {number} ({place.id}): unknown region '{place.region}'"
            )
    return places


def _read_place(where: str, identity: str, entry: dict[str, Any]) -> Place:
    names = entry.get("names")
    if not isinstance(names, dict):
        raise GazetteerError(f"{where}: 'names' is missing")
    for language in ("kk", "ru", "en"):
        if not isinstance(names.get(language), str) or not names[language].strip():
            raise GazetteerError(f"{where}: the name in '{language}' is missing")
    for field in ("region", "kind"):
        if not isinstance(entry.get(field), str):
            raise GazetteerError(f"{where}: '{field}' is missing")
    others = entry.get("other_names") or []
    if not isinstance(others, list) or not all(isinstance(n, str) and n.strip() for n in others):
        raise GazetteerError(f"{where}: 'other_names' has to be a list of names")
    for field in ("latitude", "longitude"):
        if isinstance(entry.get(field), bool) or not isinstance(entry.get(field), (int, float)):
            raise GazetteerError(f"{where}: '{field}' has to be a number")
    population = entry.get("population")
    if population is not None and not isinstance(population, int):
        raise GazetteerError(f"{where}: 'population' has to be a number or null")
    ambiguous = entry.get("ambiguous")
    if not isinstance(ambiguous, bool):
        raise GazetteerError(f"{where}: 'ambiguous' has to be true or false")
    return Place(
        id=identity,
        region=entry["region"],
        kind=entry["kind"],
        names=MappingProxyType(dict(names)),
        other_names=tuple(others),
        latitude=float(entry["latitude"]),
        longitude=float(entry["longitude"]),
        population=population,
        ambiguous=ambiguous,
    )


def _read_levels(path: Path, lists: Any) -> dict[str, Level]:
    kinds = {
        "words": Level.WORD,
        "people": Level.PERSON,
        "everyday_kazakh": Level.EVERYDAY_KAZAKH,
        "everyday": Level.EVERYDAY,
    }
    levels: dict[str, Level] = {}
    if not isinstance(lists, dict):
        raise GazetteerError(f"{path}: 'other_meanings' has to be a mapping of lists")
    for kind, names in lists.items():
        if kind not in kinds or not isinstance(names, list):
            raise GazetteerError(f"{path}: 'other_meanings': '{kind}' is not one of its lists")
        for name in names:
            if not isinstance(name, str):
                raise GazetteerError(f"{path}: 'other_meanings', '{kind}': {name!r} is no name")
            key = " ".join(map(fold_word, name_words(name)))
            levels[key] = max(levels.get(key, Level.CLEAR), kinds[kind])
    return levels
