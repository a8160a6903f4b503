"""The index of all place names: every form of them, for looking up one word of a text.

:func:`build_index` derives it from the plain names; :meth:`Index.analyse` looks a word up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from nlu.normalize import fold_word
from nlu.place_forms import (
    ADJECTIVE_ENDINGS,
    CYRILLIC,
    KAZAKH,
    LONGEST_ENDING,
    Ending,
    adjective_stems,
    declined,
    is_adjective,
    kazakh_ending,
    latin_typed_on_cyrillic_layout,
    name_words,
    one_slip,
    typed_on_wrong_layout,
)
from nlu.place_parts import Part
from nlu.place_types import Level, Place
from nlu.place_words import DISTRICT_WORD, REGION_WORD, TOWN_IN_NAME, Near

_LONGEST_WORD = 40  # longer ones are not looked at for slips


@dataclass(frozen=True)
class Name:
    """One written name of a place, as the lemmas of its words."""

    place: Place
    lemmas: tuple[str, ...]
    level: Level
    soft_sign: bool  # some spelling of it has "ь"
    needs: Near  # the word that has to stand beside it: "Алматы" + облысы is another place


@dataclass(frozen=True)
class Analysis:
    """A word of a text as a form of a lemma."""

    lemma: str
    ending: Ending
    typo: bool = False


class Index:
    """Everything derived from the names, for looking up one folded word."""

    def __init__(self, not_places: Iterable[str]) -> None:
        self.forms: dict[str, list[tuple[str, Ending]]] = {}
        self.stems: set[str] = set()  # lemmas that take Kazakh endings
        self.abbreviations: set[str] = set()  # these only in capitals: ЗКОдан, but not "скота"
        self.names: dict[str, list[Name]] = {}  # by first lemma
        self.not_raw = frozenset(word.lower() for word in not_places)
        self.not_folded = frozenset(fold_word(word) for word in self.not_raw)
        self._slips: dict[str, list[str]] = {}
        self._slip_targets: set[str] = set()

    def add_form(self, form: str, lemma: str, ending: Ending) -> None:
        entry = (lemma, ending)
        known = self.forms.setdefault(form, [])
        if entry not in known:
            known.append(entry)

    def add_slips(self, form: str) -> None:
        """Make ``form`` reachable with one letter wrong."""
        self._slip_targets.add(form)
        for i in range(1, len(form)):  # the first letter has to be right
            known = self._slips.setdefault(form[:i] + form[i + 1 :], [])
            if form not in known:
                known.append(form)

    def analyse(self, part: Part) -> list[Analysis]:
        word = part.folded
        if part.raw in self.not_raw:
            return []
        found = [Analysis(lemma, ending) for lemma, ending in self.forms.get(word, ())]
        size = len(word)
        for cut in range(max(2, size - LONGEST_ENDING - 1), size):
            stem = word[:cut]
            if stem in self.stems or (part.capitals and stem in self.abbreviations):
                ending = kazakh_ending(stem, word[cut:])
                if ending is not None:
                    found.append(Analysis(stem, ending))
        if not found and part.raw.endswith(("'s", "’s")):
            found = [Analysis(lemma, Ending.ENGLISH) for lemma, _ in self.forms.get(word[:-1], ())]
        if not found and 5 <= size <= _LONGEST_WORD:
            found = list(self._with_slip(word))
        return found

    def _with_slip(self, word: str) -> Iterator[Analysis]:
        whole = list(self._slipped(word, None))
        if whole:
            yield from whole
            return
        for cut in range(max(5, len(word) - LONGEST_ENDING), len(word) - 1):
            ending = KAZAKH.get(word[cut:])
            if ending is not None:
                yield from self._slipped(word[:cut], ending)

    def _slipped(self, word: str, ending: Ending | None) -> Iterator[Analysis]:
        if word in self.not_folded:
            return
        # A letter is missing; a short name without its last one is too often another word.
        targets = {t for t in self._slips.get(word, ()) if len(t) > 6 or t[-1] == word[-1]}
        for i in range(1, len(word)):
            shorter = word[:i] + word[i + 1 :]
            if shorter in self._slips:
                targets.update(
                    t for t in self._slips[shorter] if len(t) == len(word) and one_slip(word, t)
                )
            if shorter in self._slip_targets:  # a letter too many
                targets.add(shorter)
        for target in sorted(targets):
            for lemma, own in self.forms[target]:
                if ending is None:
                    yield Analysis(lemma, own, typo=True)
                elif own is Ending.NONE and lemma in self.stems:
                    yield Analysis(lemma, ending, typo=True)


def build_index(
    places: Iterable[Place], levels: Mapping[str, Level], not_places: Iterable[str]
) -> Index:
    """Derive the index from the names of all places."""
    index = Index(not_places)
    for place in places:
        seen: set[tuple[tuple[str, ...], Near]] = set()
        for written in (*place.names.values(), *place.other_names):
            words = name_words(written)
            needs, words = _without_kind_word(words)
            # Written in one word too: "усткаменогорск".
            spellings = [words] if "-" not in written else [words, ["".join(words)]]
            for spelling in spellings:
                _add_name(index, place, written, spelling, needs, levels, seen)
    return index


def _without_kind_word(words: list[str]) -> tuple[Near, list[str]]:
    """Take "облысы", "район" or "city" off a name and tell which it was."""
    for near, pattern in (
        (Near.REGION, REGION_WORD),
        (Near.DISTRICT, DISTRICT_WORD),
        (Near.TOWN, TOWN_IN_NAME),
    ):
        kept = [w for w in words if not pattern.fullmatch(fold_word(w))]
        if kept and len(kept) < len(words):
            return near, kept
    return Near.OTHER, words


def _add_name(
    index: Index,
    place: Place,
    written: str,
    words: list[str],
    needs: Near,
    levels: Mapping[str, Level],
    seen: set[tuple[tuple[str, ...], Near]],
) -> None:
    level = levels.get(" ".join(map(fold_word, words)), Level.CLEAR)
    if len(words) == 1 and is_adjective(words[0]):
        level = max(level, levels.get(fold_word(words[0][:-2] + "ий"), Level.CLEAR))
    soft = any("ь" in n.lower() for n in (place.names["ru"], written))
    single = len(words) == 1
    abbreviation = single and (written.isupper() or (len(words[0]) <= 3 and place.kind == "region"))
    lemmas = []
    for word in words:
        lemma = fold_word(word)
        slips = level is Level.CLEAR and len(lemma) >= _slip_minimum(place, written)
        if is_adjective(word):
            stem = fold_word(word[:-2])
            lemma = stem + "~"  # kept apart from the noun: Уральск, уральский
            _add_adjective(index, stem)
        else:
            index.add_form(lemma, lemma, Ending.NONE)
            if abbreviation:
                index.abbreviations.add(lemma)
            else:
                index.stems.add(lemma)
            if slips:
                index.add_slips(lemma)
            if CYRILLIC.fullmatch(word) and len(word) > 2 and not abbreviation:
                for form, ending in declined(word):
                    folded = fold_word(form)
                    index.add_form(folded, lemma, ending)
                    if level is Level.CLEAR:
                        _add_wrong_layout(index, form, lemma, ending)
                    if slips and len(folded) >= 8:
                        index.add_slips(folded)
            if level is Level.CLEAR:
                _add_wrong_layout(index, word, lemma, Ending.NONE)
        lemmas.append(lemma)
    key = (tuple(lemmas), needs)
    if key not in seen:
        seen.add(key)
        index.names.setdefault(lemmas[0], []).append(Name(place, key[0], level, soft, needs))
    word = words[0]
    from_name = level is Level.CLEAR or word == place.names["ru"].lower()
    if (
        single
        and needs is Near.OTHER
        and place.kind != "region"
        and CYRILLIC.fullmatch(word)
        and len(word) > 3
        and from_name
        and not is_adjective(word)
    ):
        for adjective_stem in sorted(adjective_stems(word)):
            stem = fold_word(adjective_stem)
            own = max(level, levels.get(fold_word(adjective_stem + "ий"), Level.CLEAR))
            _add_adjective(index, stem)
            adjective = ((stem + "~",), needs)
            if adjective not in seen:
                seen.add(adjective)
                index.names.setdefault(stem + "~", []).append(
                    Name(place, adjective[0], own, soft, needs)
                )


def _slip_minimum(place: Place, written: str) -> int:
    """Give how many letters a name needs before one of them may be wrong.

    The smaller the place, the likelier it is that another word was meant.
    """
    primary = written in place.names.values()
    return {"region": 6, "city": 6, "town": 7}.get(place.kind, 8) + (not primary)


def _add_adjective(index: Index, stem: str) -> None:
    for end, ending in ADJECTIVE_ENDINGS.items():
        index.add_form(stem + end, stem + "~", ending)


def _add_wrong_layout(index: Index, word: str, lemma: str, ending: Ending) -> None:
    """Let "rfhfufylf" (Караганда) and "фыефтф" (astana) be found too.

    :func:`nlu.normalize.tokenize` sees the layout only in longer texts.
    """
    typed = typed_on_wrong_layout(word)
    if len(typed) >= 6 and typed.isalpha() and CYRILLIC.match(word):
        index.add_form(fold_word(typed), lemma, ending)
    if len(word) >= 6 and word.isascii() and word.isalpha():
        index.add_form(fold_word(latin_typed_on_cyrillic_layout(word)), lemma, ending)
