"""Weighs whether a name in a text is meant as a place.

Many names are also something else; the words around them, the ending, a capital letter and the
other places of the text tell. See :class:`nlu.place_types.Level` and :meth:`Surroundings.support`.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from nlu.place_forms import Ending
from nlu.place_index import Name
from nlu.place_parts import Part
from nlu.place_types import Level
from nlu.place_words import (
    ARRIVING,
    CAPITAL_CITY,
    ENGLISH_PREPOSITIONS,
    FILLER,
    LIVE_AFTER,
    LIVE_AFTER_EVERYDAY,
    LIVE_BEFORE,
    PREPOSITIONS,
    SPEAKER,
    Near,
)

_NEIGHBOURHOOD = 8  # words; more than the longest name and the gap together
_SHORT = 6  # words of a message that may begin with where
_SENTENCE = re.compile(r"[.!?\n…]")


class Support(enum.IntEnum):
    """What the surroundings of a name say for it."""

    NONE = 0
    ENOUGH = 1
    ALONE = 2  # the message says nothing else
    STRONG = 3


@dataclass(frozen=True)
class Candidate:
    """A name found in a text, with the word beside it that belongs to it."""

    name: Name
    first: int
    last: int  # one past
    ending: Ending
    typo: bool
    near: Near  # the word beside it that belongs to it
    left: bool  # ... on its left
    outer_first: int
    outer_last: int
    adjective: bool

    @property
    def rank(self) -> tuple[int, ...]:
        """Sort key: what explains most of the text, most exactly, comes first."""
        fits = self.name.needs is not Near.OTHER and self.name.needs is self.near
        return (
            self.last - self.first,
            not self.typo,
            fits,
            self.near is not Near.REGION or self.name.place.kind == "region",
            self.near is not Near.OTHER,
        )

    @property
    def level(self) -> Level:
        """Give the level of the name as it stands: "Абай облысы" is clear, "Абай" is not."""
        if self.name.needs is not Near.OTHER and self.near is self.name.needs:
            return Level.CLEAR
        if self.near is Near.REGION:
            return Level.CLEAR
        return self.name.level


class Surroundings:
    """What stands around the names in one text."""

    def __init__(self, text: str, parts: list[Part]) -> None:
        self.text = text
        self.parts = parts
        # The names that need no support, by their first word: they are support for the others.
        self.clear_at: dict[int, Candidate] = {}

    def support(self, c: Candidate) -> Support:
        """Weigh what speaks for the name being meant as a place."""
        level = c.level
        if level is Level.CLEAR:
            return Support.STRONG
        part = self.parts[c.first]
        if "ь" in part.raw and not c.name.soft_sign:
            return Support.NONE  # "с моей семьей" folds like Семей
        if c.near is not Near.OTHER:
            return Support.STRONG
        before = self._before(c, 1)
        if c.adjective or (level is Level.PERSON and before and before.raw in ("на", "по")):
            return Support.NONE  # "живу на Абая"
        if c.name.lemmas[0] == CAPITAL_CITY and self._of_another_country(c):
            return Support.NONE
        if c.ending is Ending.KAZAKH_HERE or self._says_living(c, level):
            return Support.STRONG
        if c.ending is Ending.KAZAKH_OTHER and self._says_arriving(c):
            return Support.STRONG
        if self._beside_its_region(c):
            return Support.STRONG
        if self._only_a_place(c, level):
            return Support.ALONE
        after_preposition = self._after_preposition(c)
        if level >= Level.EVERYDAY_KAZAKH:
            russian = c.ending is Ending.RUSSIAN or part.raw.isascii()
            enough = level is Level.EVERYDAY_KAZAKH and russian and after_preposition
        else:
            enough = c.ending is Ending.KAZAKH_PLACE or after_preposition
        if level is Level.WORD and not enough:
            enough = self._capital_inside(c) or self._whole_sentence(c)
        return Support.ENOUGH if enough else Support.NONE

    def _of_another_country(self, c: Candidate) -> bool:
        """Tell whether "столица" is followed by a name that is not Kazakhstan's."""
        if c.last >= len(self.parts) or self.parts[c.last].breaks:
            return False
        after = self.parts[c.last]
        return self.text[after.start].isupper() and not after.folded.startswith("казахстан")

    def _before(self, c: Candidate, distance: int) -> Part | None:
        """Give a part left of the name, unless a comma or the like stands between."""
        i = c.first - distance
        if i < 0 or any(self.parts[k].breaks for k in range(i + 1, c.first + 1)):
            return None
        return self.parts[i]

    def _says_living(self, c: Candidate, level: Level) -> bool:
        before = self._before(c, 1)
        if before is not None and c.ending in (Ending.NONE, Ending.RUSSIAN):
            preposition = before.raw in PREPOSITIONS or before.raw in ENGLISH_PREPOSITIONS
            if before.folded in LIVE_BEFORE:
                return True
            if preposition or (before.raw in ("с", "s", "со") and level is Level.WORD):
                second = self._before(c, 2)
                if second is not None and second.folded in SPEAKER:
                    return True
            if preposition:
                if before.raw in ("from", "in") and self._english_speaker(c):
                    return True
                for distance in (2, 3):
                    earlier = self._before(c, distance)
                    if earlier is not None and earlier.folded in LIVE_BEFORE:
                        return True
        in_russian = c.ending is Ending.RUSSIAN and self._after_preposition(c)
        if c.ending not in (Ending.NONE, Ending.KAZAKH_PLACE) and not in_russian:
            return False
        if c.ending is Ending.NONE and (level > Level.WORD or self._like_genitive(c)):
            return False
        everyday = level >= Level.EVERYDAY_KAZAKH
        words = LIVE_AFTER_EVERYDAY if everyday else LIVE_AFTER
        reach = 1 if everyday else 3
        for i in range(c.last, min(c.last + reach, len(self.parts))):
            if self.parts[i].breaks:
                return False
            if self.parts[i].folded in words:
                return True
        return False

    def _says_arriving(self, c: Candidate) -> bool:
        """Tell "Ақтауға келдім" (I came to Aktau) from "ақтауға" (to acquit)."""
        if not self.parts[c.last - 1].folded.endswith(("га", "ге", "ка", "ке")):
            return False
        if c.last >= len(self.parts) or self.parts[c.last].breaks:
            return False
        return self.parts[c.last].folded in ARRIVING

    def _english_speaker(self, c: Candidate) -> bool:
        """Tell "I'm from Shu" from "in shu..."."""
        second = self._before(c, 2)
        return second is not None and (
            second.raw in ("i'm", "i’m", "im", "am", "are", "we're") or second.folded in LIVE_BEFORE
        )

    def _after_preposition(self, c: Candidate) -> bool:
        before = self._before(c, 1)
        if before is None or c.ending not in (Ending.NONE, Ending.RUSSIAN):
            return False
        part = self.parts[c.first]
        if before.raw in ENGLISH_PREPOSITIONS:
            ends = c.last >= len(self.parts) or self.parts[c.last].breaks
            return ends or self.text[part.start].isupper()
        if before.raw not in PREPOSITIONS:
            return False
        return not self._like_genitive(c)

    def _like_genitive(self, c: Candidate) -> bool:
        """Tell a Russian genitive plural that is also a name: "дети из семей"."""
        part = self.parts[c.first]
        return part.raw.endswith("ей") and self.text[part.start].islower()

    def _beside_its_region(self, c: Candidate) -> bool:
        """Tell whether the region, or a town in it, is named within three words."""
        if c.ending is Ending.RUSSIAN and not self._after_preposition(c):
            return False
        if c.ending in (Ending.KAZAKH_OTHER, Ending.ENGLISH):
            return False
        for i in range(c.first - _NEIGHBOURHOOD, c.last + _NEIGHBOURHOOD):
            other = self.clear_at.get(i)
            if other is None or other.first == c.first:
                continue
            if other.name.place.region != c.name.place.region:
                continue
            gap = max(other.outer_first - c.last, c.first - other.outer_last)
            region = other.name.place.kind == "region"
            if gap <= 1 or (region and gap <= 3 and c.name.level < Level.EVERYDAY_KAZAKH):
                return region or c.name.level is Level.WORD
        return False

    def _only_a_place(self, c: Candidate, level: Level) -> bool:
        """Tell whether the message says nothing but where."""
        if level >= Level.EVERYDAY_KAZAKH and "!" in self.text:
            return False  # "Караул!" is a cry for help, "Алға!" is "forward!"
        if len(self.parts) > 10 or c.ending in (Ending.KAZAKH_OTHER, Ending.ENGLISH):
            return False
        if c.ending is Ending.RUSSIAN and c.first == 0 and c.name.level > Level.WORD:
            return False  # "Абая": a street, most likely
        taken = set(range(c.outer_first, c.outer_last))
        for other in self.clear_at.values():
            taken.update(range(other.outer_first, other.outer_last))
        rest = [self.parts[i].folded for i in range(len(self.parts)) if i not in taken]
        return all(word in FILLER for word in rest)

    def _capital_inside(self, c: Candidate) -> bool:
        """Tell whether the name alone is written with a capital, and not as a sentence's first."""
        written = self.text[self.parts[c.first].start : self.parts[c.last - 1].end]
        if c.ending is Ending.KAZAKH_OTHER or not written[:1].isupper() or written.isupper():
            return False
        before = self.text[: self.parts[c.first].start].rstrip(" \"«“'(")
        return bool(before) and before[-1] not in ".!?\n…-–—•:;"

    def _whole_sentence(self, c: Candidate) -> bool:
        if c.ending is not Ending.NONE:
            return False
        before = self.text[: self.parts[c.outer_first].start].rstrip(" ")
        after = self.text[self.parts[c.outer_last - 1].end :].lstrip(" ")
        if not before and after[:1] == "," and len(self.parts) <= _SHORT:
            return True  # "Semey, left bank"
        return (not before or _SENTENCE.match(before[-1]) is not None) and (
            not after or _SENTENCE.match(after[0]) is not None
        )
