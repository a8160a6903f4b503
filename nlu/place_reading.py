"""Reads one text: finds the names in it, chooses between them and makes mentions of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nlu.place_forms import ADJECTIVES, KAZAKH, Ending
from nlu.place_index import Analysis, Index, Name
from nlu.place_parts import Part
from nlu.place_support import Candidate, Support, Surroundings
from nlu.place_types import Level, PlaceMention
from nlu.place_words import (
    CALLED,
    COMPARED_TO,
    DATIVE,
    DISTRICT_WORD,
    HOUSE_LEFT_RAW,
    PLACE_NOUN,
    REGION_WORD,
    STREET_LEFT,
    STREET_LEFT_RAW,
    STREET_RIGHT,
    STREET_RIGHT_RAW,
    TOWN_LEFT,
    TOWN_OF,
    TOWN_RIGHT,
    UNIVERSITY,
    Near,
)


class Reading:
    """One text while its places are looked for."""

    def __init__(self, index: Index, text: str, parts: list[Part]) -> None:
        self.index = index
        self.text = text
        self.parts = parts
        self.analyses = [index.analyse(part) for part in self.parts]
        self.clear: list[Candidate] = []
        self.surroundings = Surroundings(text, parts)

    def mentions(self) -> list[PlaceMention]:
        starts = [i for i, found in enumerate(self.analyses) if found]
        if not starts:
            return []
        candidates: dict[int, list[Candidate]] = {}
        for i in starts:
            here = [c for c in self._starting_at(i) if not self._turned_back(c)]
            if here:
                candidates[i] = here
        # First those that need no support, since they are support for the others.
        clear = [c for c, _ in self._chosen(candidates, only_clear=True)]
        self.surroundings.clear_at = {c.first: c for c in clear}
        # One for each place is enough to know what is named, and keeps long texts cheap.
        self.clear = list({c.name.place.id: c for c in reversed(clear)}.values())
        found: list[PlaceMention] = []
        known: set[str] = set()
        for candidate, unsure in self._chosen(candidates, only_clear=False):
            mention = self._mention(candidate, unsure)
            if mention is not None and mention.place not in known:
                known.add(mention.place)
                found.append(mention)
        return found

    # -- candidates --

    def _starting_at(self, i: int) -> Iterator[Candidate]:
        for analysis in self.analyses[i]:
            for name in self.index.names.get(analysis.lemma, ()):
                ending, typo, last = analysis.ending, analysis.typo, i + 1
                for lemma in name.lemmas[1:]:
                    follow = self._form_of(lemma, last)
                    if follow is None:
                        break
                    ending, typo = follow.ending, typo or follow.typo
                    last += 1
                else:
                    yield from self._completed(name, i, last, ending, typo)

    def _form_of(self, lemma: str, i: int) -> Analysis | None:
        if i < len(self.parts) and not self.parts[i].breaks:
            for analysis in self.analyses[i]:
                if analysis.lemma == lemma:
                    return analysis
        return None

    def _completed(
        self, name: Name, first: int, last: int, ending: Ending, typo: bool
    ) -> Iterator[Candidate]:
        # A Kazakh ending behind a hyphen: "ЗКО-дан".
        if ending is Ending.NONE and last < len(self.parts) and self.parts[last].hyphen:
            tail = KAZAKH.get(self.parts[last].folded)
            if tail is not None:
                ending, last = tail, last + 1
        adjective = ending in ADJECTIVES
        near, left = self._near(name, first, last)
        if name.needs is not near and name.needs in (Near.REGION, Near.DISTRICT):
            # "алматинская" alone may be the region; "батыс қазақстан" is one in any case.
            alone = name.needs is Near.REGION and (adjective or len(name.lemmas) > 1)
            if not alone or near is not Near.OTHER:
                return
        outer_first, outer_last = first - left, last + (near is not Near.OTHER and not left)
        yield Candidate(
            name, first, last, ending, typo, near, left, outer_first, outer_last, adjective
        )
        if left and name.needs is Near.OTHER:
            # The word on the left may turn out to belong to the name before it.
            yield Candidate(
                name, first, last, ending, typo, Near.OTHER, False, first, last, adjective
            )

    def _near(self, name: Name, first: int, last: int) -> tuple[Near, bool]:
        """Find the word for region, district or town that belongs to the name.

        The right side goes first; the flag tells that it stands on the left.
        """
        if last < len(self.parts) and not self.parts[last].breaks:
            word = self.parts[last].folded
            if name.place.kind == "region" and REGION_WORD.fullmatch(word):
                return Near.REGION, False
            if DISTRICT_WORD.fullmatch(word) and name.place.kind != "region":
                return Near.DISTRICT, False
            if name.place.kind != "region" and (
                TOWN_RIGHT.fullmatch(word) or self.parts[last].raw == "қ"
            ):
                return Near.TOWN, False
        if first > 0 and not self.parts[first].breaks:
            before = self.parts[first - 1]
            if name.place.kind == "region":
                if REGION_WORD.fullmatch(before.folded):
                    return Near.REGION, True
            elif DISTRICT_WORD.fullmatch(before.folded):
                return Near.DISTRICT, True
            elif (
                TOWN_LEFT.fullmatch(before.folded)
                or self._abbreviated_village(first)
                or (before.raw == "of" and first > 1 and self.parts[first - 2].raw in TOWN_OF)
            ):
                return Near.TOWN, True
        return Near.OTHER, False

    def _abbreviated_village(self, i: int) -> bool:
        """Tell "с. Аса", "п. Топар" from the preposition "с"."""
        before = self.parts[i - 1]
        return before.raw in ("с", "п", "а") and self.text[before.end : before.end + 1] == "."

    def _turned_back(self, c: Candidate) -> bool:
        """Tell whether the name is that of a street, a house, a club or a school."""
        if c.first > 0 and not self.parts[c.first].breaks:
            before = self.parts[c.first - 1]
            if before.folded in STREET_LEFT or before.raw in STREET_LEFT_RAW:
                return True
            if before.raw in HOUSE_LEFT_RAW and self._undeclined(c):
                return True
            if self.parts[c.first].folded == COMPARED_TO and DATIVE.fullmatch(before.folded):
                return True
        if c.last >= len(self.parts) or self.parts[c.last].breaks:
            return False
        after = self.parts[c.last]
        if after.folded == CALLED and c.ending is Ending.NONE and not self._place_noun(c.last + 1):
            return True
        if after.folded in STREET_RIGHT or after.raw in STREET_RIGHT_RAW:
            return True
        if after.folded[0].isdigit():
            # "Абая 45", "Аксай-4"
            if after.hyphen and (c.name.level or c.name.place.kind == "region"):
                return True
            if c.name.level >= Level.PERSON:
                return True
            if c.name.level and c.ending is Ending.RUSSIAN:
                return True
        if c.ending is Ending.NONE or c.adjective:
            for i in range(c.last, min(c.last + 2, len(self.parts))):
                if self.parts[i].breaks:
                    break
                if UNIVERSITY.fullmatch(self.parts[i].folded):
                    return True
        return False

    def _place_noun(self, i: int) -> bool:
        return i < len(self.parts) and self.parts[i].folded in PLACE_NOUN

    def _undeclined(self, c: Candidate) -> bool:
        """Tell whether the last word can be a first case ("Алматы" is also a case of "Алмата")."""
        return any(a.ending is Ending.NONE for a in self.analyses[c.last - 1])

    # -- choosing --

    def _chosen(
        self, candidates: Mapping[int, list[Candidate]], *, only_clear: bool
    ) -> Iterator[tuple[Candidate, bool]]:
        """Go through the text from left to right; the longest, best fitting name wins.

        The flag tells that another place would have fitted as well.
        """
        used = 0
        for i in sorted(candidates):
            if i < used:
                continue
            here = [c for c in candidates[i] if not (c.left and c.outer_first < used)]
            if not only_clear:
                here = [c for c in here if self.surroundings.support(c)]
            elif any(c.level for c in here):
                here = [c for c in here if not c.level]
            if not here:
                continue
            best, unsure = self._best(here)
            used = best.outer_last
            yield best, unsure

    def _best(self, candidates: list[Candidate]) -> tuple[Candidate, bool]:
        top = max(c.rank for c in candidates)
        equal = [c for c in candidates if c.rank == top]
        if len({c.name.place.id for c in equal}) == 1:
            return min(equal, key=lambda c: (c.level, c.ending)), False
        regions = {c.name.place.region for c in self.clear if c.first != equal[0].first}
        named = [c for c in equal if c.name.place.region in regions]
        if named and len({c.name.place.region for c in equal}) > 1:
            equal = named
        if equal[0].adjective:
            return self._best_adjective(equal)
        unsure = len({c.name.place.region for c in equal}) > 1
        return max(equal, key=self._weight), unsure

    def _best_adjective(self, equal: list[Candidate]) -> tuple[Candidate, bool]:
        """Choose between a town ("алматинский") and its region ("алматинская" область)."""
        last = equal[0].last
        stands_alone = (
            last >= len(self.parts) or self.parts[last].breaks or self.parts[last].folded == "и"
        )
        wanted = stands_alone and any(c.ending is Ending.ADJECTIVE_FEMININE for c in equal)
        fitting = [c for c in equal if (c.name.place.kind == "region") is wanted] or equal
        unsure = len({c.name.place.region for c in equal}) > 1 and stands_alone
        return max(fitting, key=self._weight), unsure

    @staticmethod
    def _weight(c: Candidate) -> tuple[bool, int]:
        return c.name.place.kind == "region", c.name.place.population or 0

    # -- the result --

    def _mention(self, c: Candidate, unsure: bool) -> PlaceMention | None:
        level = c.level
        support = self.surroundings.support(c)
        place = c.name.place
        if c.near is Near.DISTRICT and c.name.needs is not Near.DISTRICT:
            # Towns have districts named after other towns: "Астана, Алматы ауданы".
            others = {o.name.place.region for o in self.clear if o.first != c.first}
            if level or place.kind == "city":
                if others - {place.region}:
                    return None
                unsure = unsure or place.kind == "city" or level is Level.PERSON
        score = 1.0
        if level:
            score = {Support.STRONG: 0.95, Support.ALONE: 0.85}.get(support, 0.75)
            unsure = unsure or (level >= Level.PERSON and support is not Support.STRONG)
        if c.typo:
            score -= 0.2
        if c.adjective and c.near is Near.OTHER:
            score -= 0.1
        if unsure:
            score -= 0.2
        return PlaceMention(
            start=self.parts[c.outer_first].start,
            end=self.parts[c.outer_last - 1].end,
            place=place.id,
            region=place.region,
            score=round(score, 2),
            ambiguous=unsure,
        )
