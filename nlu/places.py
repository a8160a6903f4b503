"""Find the places of Kazakhstan that a message names, the way people really write them.

:class:`Gazetteer` reads ``nlu/lexicons/places.yml`` and derives everything else from the plain
names in it: spelling without Kazakh letters and in Latin (through :mod:`nlu.normalize`),
Kazakh endings ("Алматыданмын"), Russian cases and adjectives ("из Караганды", "темиртауские"),
names typed on the wrong keyboard layout, and one slip of the finger in a long name. Looking up is
by dictionary, word by word; the number of places does not matter for the time a message takes.

Many names are also something else: "ақтау" is to acquit, "семей" is Russian for "of families", Abai
is a poet with a street in every town. The file lists those names, and they are believed only when
their surroundings support it: see :class:`_Level` and :meth:`_Reading.support`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from nlu.normalize import Token, fold_word, tokenize

__all__ = ["Gazetteer", "GazetteerError", "Place", "PlaceMention"]

DEFAULT_PATH = Path(__file__).parent / "lexicons" / "places.yml"


class GazetteerError(ValueError):
    """The gazetteer file is broken; the message names the file and the entry."""


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


class _Level(enum.IntEnum):
    """How far a written name can be believed on its own."""

    CLEAR = 0
    WORD = 1  # also an ordinary word: an ending, a preposition or a capital letter is enough
    PERSON = 2  # also a person: the same, but a capital letter proves nothing
    EVERYDAY_KAZAKH = (
        3  # so common that a Kazakh "in / from" proves nothing: есіктен, from the door
    )
    EVERYDAY = 4  # the same in Russian: в шаре


class _Support(enum.IntEnum):
    """What the surroundings of a name say for it."""

    NONE = 0
    ENOUGH = 1
    ALONE = 2  # the message says nothing else
    STRONG = 3


class _Ending(enum.IntEnum):
    """What a word form says about the name in it."""

    NONE = 0
    KAZAKH_PLACE = 1  # locative, ablative: Таразда, Тараздан, Тараздағы
    KAZAKH_HERE = 2  # with a personal ending: Тараздамын, Тараздықпын
    KAZAKH_OTHER = 3
    RUSSIAN = 4
    ADJECTIVE = 5
    ADJECTIVE_FEMININE = 6  # may agree with a left-out "область"
    ENGLISH = 7  # 's


_ADJECTIVES = (_Ending.ADJECTIVE, _Ending.ADJECTIVE_FEMININE)


class _Near(enum.IntEnum):
    """What kind of word stands beside a name."""

    OTHER = 0
    REGION = 1
    DISTRICT = 2
    TOWN = 3


# --- words around a name, in ordinary spelling ---------------------------------------------------

# Folded spellings. On the right only forms that belong to a name before them: "қаласы", but not
# "қала" ("жақсы қала" is a good town, not the town of Zhaksy).
_REGION_WORD = re.compile(r"обл|облас|област\w*|об[иу]?лис\w*|регион\w*|провин\w*")
_DISTRICT_WORD = re.compile(r"р-н\w*|раион\w*|аудани\w*|дистрикт\w*")
_TOWN_LEFT = re.compile(
    r"город(?:а|у|е|ом|ок|ке|ка)?|гор|г|пос|посел\w*|пгт|сел[оае]|аул(?:а|е)?|ауил|станци\w*|деревн\w*"
)
_TOWN_RIGHT = re.compile(
    r"калас\w*|ауили\w*|аули(?:н\w*)?|кенти\w*|селоси\w*|кити|тоун|вилаге|станци\w*"
)


_TOWN_OF = ("city", "town", "village")
_TOWN_IN_NAME = re.compile(r"каласи|кити")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _folded(text: str) -> frozenset[str]:
    return frozenset(fold_word(word) for word in text.split())


# Left of the name, the written word itself (folding would make "in" and "ин", "hotel" and "хотел"
# the same).
_PREPOSITIONS = _words("в во из под возле около близ v vo iz pod vozle okolo")
_ENGLISH_PREPOSITIONS = _words("in from near around")
_SPEAKER = _folded("я мы сама сам ya my")
_LIVE_BEFORE = _folded(
    "живу живем живет живут жила жили проживаю проживаем проживает нахожусь находимся находится "
    "родом приехала приехал переехала переехал переехали live lives living based zhivu jivu located"
)
_LIVE_AFTER = _folded(
    "тұрамын тұрам тұрамыз тұрады тұратын тұрып тұрған турамин жатырмын жатырмыз боламын "
    "жазып өмір "
    "живу живем живет нахожусь проживаю turam turamyn жүрмін жүрмыз тұрғынымын тұрғынымыз"
)
# "есікте тұрып" is standing at the door, so beside an everyday word only the first person counts.
_LIVE_AFTER_EVERYDAY = _folded("тұрамын тұрам тұрамыз turam turamyn")
_STREET_LEFT = _folded(
    "улица улицы улице улицу улицей ул көшесі проспект проспекте проспекта просп пр пр-т "
    "пр-кт пр-те "
    "переулок пер бульвар бульваре бульвара б-р площадь площади мкр мкр-н мкрн микрорайон "
    "микрорайоне микрорайона имени атындағы ulitsa ulica prospekt"
)
_STREET_LEFT_RAW = _words("им street avenue air эйр")
# Houses, clubs and firms with the name of a town: only when the name stands undeclined ("отель
# Алматы", but not "отель в Алматы" or "гостиница Астаны").
_HOUSE_LEFT_RAW = _words(
    "hotel hostel отель отеля отеле отелю гостиница гостинице гостиницу гостиницы хостел хостеле "
    "фк хк вк fc hc fk клуб клуба клубе команда команду команды банк банка банке ресторан кафе "
    "ресторане трц тц авиакомпания theatre театр школа гимназия лицей колледж магазин фирма "
    "компания жк сериал фильм группа газета санаторий қонақүй"
)
_STREET_RIGHT = _folded(
    "көшесі көшесінде көшесінің көшесіне көшесінен көше даңғылы даңғылында даңғылының даңғылына "
    "атындағы ықшамауданы ықшамауданында шағынауданы шағынауданында мөлтек проспектісі "
    "бульвары алаңы "
    "қонақүйі мейрамханасы куль куля куле кулю камчатский камчатском камчатского"
)
_STREET_RIGHT_RAW = _words(
    "street str st avenue ave road hotel hostel airlines air bank motors hub times fc hc fk "
    "край края "
    "крае фк хк қонақ арена arena"
)
_UNIVERSITY = re.compile(r"университет\w*|университи|академи\w*|институт\w*")

_CAPITAL_CITY = fold_word("столица")
# What may stand beside a place in a message that only answers "where?".
_FILLER = _folded(
    "я мы мой моя мое это из в во с со на ну вот тут здесь там сейчас пока щас тоже рядом "
    "около под регион г "
    "город городе живу мен біз біздің менің осы қазір қаласы жақта облыс облысы маңы менікі "
    "i am im in at from the a we are is it's its live now here city my to of by near "
    "town region "
    "казахстан қазақстан kazakhstan kz кз рк қр қ к и да пожалуйста pls please спасибо "
    "рахмет район аудан "
    "ya my iz v men qazir"
)

_BREAK = re.compile(r"[,;:!?()\n\"«»…—/]|\.\s|\.$|\s[-–]\s")
_SENTENCE = re.compile(r"[.!?\n…]")

# --- word forms ----------------------------------------------------------------------------------


def _kazakh_endings() -> dict[str, _Ending]:
    """Make the folded Kazakh endings of a place name, stacked the way people stack them.

    Vowel harmony is not checked: who types without Kazakh letters often breaks it.
    """
    ends: dict[str, _Ending] = {}
    here = _words("да де та те нда нде")
    from_ = _words("дан ден тан тен нан нен ндан нден")
    person = _words("мин бин пин син м миз биз пиз сиз мен мн")
    who = _words("лик дик тик")
    other = _words(
        "нин дин тин га ге ка ке на не ни ди ти мен бен пен менен даи деи таи теи "
        "ники дики тики ша ше лики лиги"
    )
    ends.update(dict.fromkeys(other, _Ending.KAZAKH_OTHER))
    for end in who:
        ends[end] = _Ending.KAZAKH_OTHER
        for tail in ("тар", "тер", "тарга", "терге", "тардин", "тердин", "ти", "тин"):
            ends[end + tail] = _Ending.KAZAKH_OTHER
        for tail in (*person, "терпиз", "тармиз", "терп"):
            ends[end + tail] = _Ending.KAZAKH_HERE
    for end in here:
        ends[end] = _Ending.KAZAKH_PLACE
        for tail in ("ги", "гилар", "гилер", "гинин", "гиден", "гидан", "гини", "гиге"):
            ends[end + tail] = _Ending.KAZAKH_PLACE
    for end in from_:
        ends[end] = _Ending.KAZAKH_PLACE
    for end in (*here, *from_):
        for tail in person:
            ends[end + tail] = _Ending.KAZAKH_HERE
    return ends


_KAZAKH = _kazakh_endings()
_LONGEST_ENDING = max(map(len, _KAZAKH))
_LONGEST_WORD = 40  # longer ones are not looked at for slips
# Before an ending, speakers put ы / і after a Russian cluster: Степногорскіде.
_LINKING = ("ск", "рг", "нд", "рск", "вл")

_ADJECTIVE_ENDINGS = {
    **dict.fromkeys(("и", "ого", "ому", "им", "ом", "ое", "ие", "их", "ими"), _Ending.ADJECTIVE),
    **dict.fromkeys(("ая", "ои", "ую", "ою"), _Ending.ADJECTIVE_FEMININE),
}
_CYRILLIC = re.compile(r"[а-яё]+")
_KAZAKH_LETTERS = str.maketrans("әғқңөұүһі", "агкноуухи")
_CYRILLIC_TO_KEYS = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
)


_DECLENSIONS = {
    "а": "ы и е у ой",
    "я": "и е ю ей",
    "ь": "я ю ем е и ью",
    "й": "я ю ем е",
    "о": "а у ом е",
}


def _declined(word: str) -> list[tuple[str, _Ending]]:
    """Give the Russian forms of one lower-case Cyrillic word, as written, without the first one."""
    if word.endswith(("ый", "ий", "ой", "ая", "ое", "ые")) and len(word) > 4:
        stem, ends = word[:-2], "ого ому ом ым ой ую ое ый ая"
    elif word[-1] in _DECLENSIONS:
        stem, ends = word[:-1], _DECLENSIONS[word[-1]]
    elif word[-1] in "бвгджзклмнпрстфхцчшщ":
        stem, ends = word, "а у ом ем е ым"
    else:
        return []
    return [(stem + end, _Ending.RUSSIAN) for end in ends.split()]


def _adjective_stems(word: str) -> set[str]:
    """Give the stems, up to "ск", of the Russian adjectives of a place name."""
    stem, last = word[:-1], word[-1]
    if word.endswith("ск"):
        return {word}
    if last == "а":
        return {stem + "инск", stem + "ск"}
    if last == "ы":
        return {stem + "инск", word + "нск"}
    if last == "е":
        return {stem + "инск"}
    if last == "о":
        return {stem + "ск"}
    if last == "и":
        return {word + "йск", word + "нск"}
    if last == "ь":
        return {word + "ск", stem + "ск"}
    return {word + "ск"}


# --- the index -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Name:
    """One written name of a place, as the lemmas of its words."""

    place: Place
    lemmas: tuple[str, ...]
    level: _Level
    soft_sign: bool  # some spelling of it has "ь"
    needs: _Near  # the word that has to stand beside it: "Алматы" + облысы is another place


@dataclass(frozen=True)
class _Analysis:
    """A word of a text as a form of a lemma."""

    lemma: str
    ending: _Ending
    typo: bool = False


@dataclass
class _Part:
    """A word of the text; the words of a hyphenated token are parts of their own."""

    start: int
    end: int
    folded: str
    raw: str
    hyphen: bool  # joined to the part before by a hyphen
    breaks: bool  # a comma or the like stands before it
    capitals: bool  # it begins with three of them


@dataclass(frozen=True)
class _Candidate:
    name: _Name
    first: int
    last: int  # one past
    ending: _Ending
    typo: bool
    near: _Near  # the word beside it that belongs to it
    left: bool  # ... on its left
    outer_first: int
    outer_last: int
    adjective: bool

    @property
    def rank(self) -> tuple[int, ...]:
        """Sort key: what explains most of the text, most exactly, comes first."""
        fits = self.name.needs is not _Near.OTHER and self.name.needs is self.near
        return (
            self.last - self.first,
            not self.typo,
            fits,
            self.near is not _Near.REGION or self.name.place.kind == "region",
            self.near is not _Near.OTHER,
        )


def _one_slip(word: str, target: str) -> bool:
    """Tell whether one letter was changed or two neighbours swapped (equal lengths)."""
    differ = [i for i, (a, b) in enumerate(zip(word, target, strict=True)) if a != b]
    if len(differ) == 1:
        return True
    return (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and word[differ[0]] == target[differ[1]]
        and word[differ[1]] == target[differ[0]]
    )


class _Index:
    """Everything derived from the names, for looking up one folded word."""

    def __init__(self, not_places: Iterable[str]) -> None:
        self.forms: dict[str, list[tuple[str, _Ending]]] = {}
        self.stems: set[str] = set()  # lemmas that take Kazakh endings
        self.abbreviations: set[str] = set()  # these only in capitals: ЗКОдан, but not "скота"
        self.names: dict[str, list[_Name]] = {}  # by first lemma
        self.not_raw = frozenset(word.lower() for word in not_places)
        self.not_folded = frozenset(fold_word(word) for word in self.not_raw)
        self._slips: dict[str, list[str]] = {}
        self._slip_targets: set[str] = set()

    def add_form(self, form: str, lemma: str, ending: _Ending) -> None:
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

    def analyse(self, part: _Part) -> list[_Analysis]:
        word = part.folded
        if part.raw in self.not_raw:
            return []
        found = [_Analysis(lemma, ending) for lemma, ending in self.forms.get(word, ())]
        size = len(word)
        for cut in range(max(2, size - _LONGEST_ENDING - 1), size):
            stem = word[:cut]
            if stem in self.stems or (part.capitals and stem in self.abbreviations):
                ending = self._kazakh(stem, word[cut:])
                if ending is not None:
                    found.append(_Analysis(stem, ending))
        if not found and part.raw.endswith(("'s", "’s")):
            found = [
                _Analysis(lemma, _Ending.ENGLISH) for lemma, _ in self.forms.get(word[:-1], ())
            ]
        if not found and 5 <= size <= _LONGEST_WORD:
            found = list(self._with_slip(word))
        return found

    @staticmethod
    def _kazakh(stem: str, rest: str) -> _Ending | None:
        if len(stem) < 4 and rest.startswith(("лик", "дик", "тик")):
            return None  # "шұлық" is a stocking
        ending = _KAZAKH.get(rest)
        if ending is None:
            # Folding makes one letter of two: Шымкент + те.
            ending = _KAZAKH.get(stem[-1] + rest)
        if ending is None and rest[0] == "и" and stem.endswith(_LINKING):
            ending = _KAZAKH.get(rest[1:])
        return ending

    def _with_slip(self, word: str) -> Iterator[_Analysis]:
        whole = list(self._slipped(word, None))
        if whole:
            yield from whole
            return
        for cut in range(max(5, len(word) - _LONGEST_ENDING), len(word) - 1):
            ending = _KAZAKH.get(word[cut:])
            if ending is not None:
                yield from self._slipped(word[:cut], ending)

    def _slipped(self, word: str, ending: _Ending | None) -> Iterator[_Analysis]:
        if word in self.not_folded:
            return
        # A letter is missing; a short name without its last one is too often another word.
        targets = {t for t in self._slips.get(word, ()) if len(t) > 6 or t[-1] == word[-1]}
        for i in range(1, len(word)):
            shorter = word[:i] + word[i + 1 :]
            if shorter in self._slips:
                targets.update(
                    t for t in self._slips[shorter] if len(t) == len(word) and _one_slip(word, t)
                )
            if shorter in self._slip_targets:  # a letter too many
                targets.add(shorter)
        for target in sorted(targets):
            for lemma, own in self.forms[target]:
                if ending is None:
                    yield _Analysis(lemma, own, typo=True)
                elif own is _Ending.NONE and lemma in self.stems:
                    yield _Analysis(lemma, ending, typo=True)


def _name_words(written: str) -> list[str]:
    return [w for w in re.split(r"[\s-]+", written.lower().replace("’", "")) if w]


def _build(
    places: Iterable[Place], levels: Mapping[str, _Level], not_places: Iterable[str]
) -> _Index:
    """Derive the index from the names of all places."""
    index = _Index(not_places)
    for place in places:
        seen: set[tuple[tuple[str, ...], _Near]] = set()
        for written in (*place.names.values(), *place.other_names):
            words = _name_words(written)
            needs, words = _without_kind_word(words)
            # Written in one word too: "усткаменогорск".
            spellings = [words] if "-" not in written else [words, ["".join(words)]]
            for spelling in spellings:
                _add_name(index, place, written, spelling, needs, levels, seen)
    return index


def _without_kind_word(words: list[str]) -> tuple[_Near, list[str]]:
    """Take "облысы", "район" or "city" off a name and tell which it was."""
    for near, pattern in (
        (_Near.REGION, _REGION_WORD),
        (_Near.DISTRICT, _DISTRICT_WORD),
        (_Near.TOWN, _TOWN_IN_NAME),
    ):
        kept = [w for w in words if not pattern.fullmatch(fold_word(w))]
        if kept and len(kept) < len(words):
            return near, kept
    return _Near.OTHER, words


def _add_name(
    index: _Index,
    place: Place,
    written: str,
    words: list[str],
    needs: _Near,
    levels: Mapping[str, _Level],
    seen: set[tuple[tuple[str, ...], _Near]],
) -> None:
    level = levels.get(" ".join(map(fold_word, words)), _Level.CLEAR)
    if len(words) == 1 and _is_adjective(words[0]):
        level = max(level, levels.get(fold_word(words[0][:-2] + "ий"), _Level.CLEAR))
    soft = any("ь" in n.lower() for n in (place.names["ru"], written))
    single = len(words) == 1
    abbreviation = single and (written.isupper() or (len(words[0]) <= 3 and place.kind == "region"))
    lemmas = []
    for word in words:
        lemma = fold_word(word)
        slips = level is _Level.CLEAR and len(lemma) >= _slip_minimum(place, written)
        if _is_adjective(word):
            stem = fold_word(word[:-2])
            lemma = stem + "~"  # kept apart from the noun: Уральск, уральский
            _add_adjective(index, stem)
        else:
            index.add_form(lemma, lemma, _Ending.NONE)
            if abbreviation:
                index.abbreviations.add(lemma)
            else:
                index.stems.add(lemma)
            if slips:
                index.add_slips(lemma)
            if _CYRILLIC.fullmatch(word) and len(word) > 2 and not abbreviation:
                for form, ending in _declined(word):
                    folded = fold_word(form)
                    index.add_form(folded, lemma, ending)
                    if level is _Level.CLEAR:
                        _add_wrong_layout(index, form, lemma, ending)
                    if slips and len(folded) >= 8:
                        index.add_slips(folded)
            if level is _Level.CLEAR:
                _add_wrong_layout(index, word, lemma, _Ending.NONE)
        lemmas.append(lemma)
    key = (tuple(lemmas), needs)
    if key not in seen:
        seen.add(key)
        index.names.setdefault(lemmas[0], []).append(_Name(place, key[0], level, soft, needs))
    word = words[0]
    from_name = level is _Level.CLEAR or word == place.names["ru"].lower()
    if (
        single
        and needs is _Near.OTHER
        and place.kind != "region"
        and _CYRILLIC.fullmatch(word)
        and len(word) > 3
        and from_name
        and not _is_adjective(word)
    ):
        for adjective_stem in sorted(_adjective_stems(word)):
            stem = fold_word(adjective_stem)
            own = max(level, levels.get(fold_word(adjective_stem + "ий"), _Level.CLEAR))
            _add_adjective(index, stem)
            adjective = ((stem + "~",), needs)
            if adjective not in seen:
                seen.add(adjective)
                index.names.setdefault(stem + "~", []).append(
                    _Name(place, adjective[0], own, soft, needs)
                )


def _slip_minimum(place: Place, written: str) -> int:
    """Give how many letters a name needs before one of them may be wrong.

    The smaller the place, the likelier it is that another word was meant.
    """
    primary = written in place.names.values()
    return {"region": 6, "city": 6, "town": 7}.get(place.kind, 8) + (not primary)


def _is_adjective(word: str) -> bool:
    return word.endswith(("ский", "ская", "цкий", "цкая"))


def _add_adjective(index: _Index, stem: str) -> None:
    for end, ending in _ADJECTIVE_ENDINGS.items():
        index.add_form(stem + end, stem + "~", ending)


def _add_wrong_layout(index: _Index, word: str, lemma: str, ending: _Ending) -> None:
    """Let "rfhfufylf" be found too; :func:`tokenize` sees the layout only in longer texts."""
    typed = word.translate(_KAZAKH_LETTERS).translate(_CYRILLIC_TO_KEYS)
    if len(typed) >= 6 and typed.isalpha() and _CYRILLIC.match(word):
        index.add_form(fold_word(typed), lemma, ending)


# --- reading one text ----------------------------------------------------------------------------

_NEIGHBOURHOOD = 8  # words; more than the longest name and the gap together
_KEPT_WHOLE = re.compile(r"(?:р|пр|б|мкр)-\w+")


def _parts(text: str, tokens: Iterable[Token]) -> list[_Part]:
    parts: list[_Part] = []
    previous = 0
    for token in tokens:
        raw = text[token.start : token.end].lower()
        if not raw.isascii():
            raw = "".join(c for c in raw if c.isalnum() or c in "-'’")
        capitals = text[token.start : token.start + 3].isupper()
        gap = text[previous : token.start] if parts else ""
        previous = token.end
        if gap == " ":
            breaks = False
        elif gap.strip() == "." and len(parts[-1].folded) <= 4:
            breaks = False  # an abbreviation: "г. Тараз", "обл. Абай"
        else:
            breaks = _BREAK.search(gap) is not None
        if "-" in token.folded and not _KEPT_WHOLE.fullmatch(token.folded):
            split = _split_hyphens(token.start, text[token.start : token.end], token.folded)
            for i, (start, end, folded, piece) in enumerate(split):
                parts.append(_Part(start, end, folded, piece, i > 0, breaks and i == 0, capitals))
        else:
            folded = token.folded
            if "'" in folded or "’" in folded:
                folded = folded.replace("'", "").replace("’", "")
            parts.append(_Part(token.start, token.end, folded, raw, False, breaks, capitals))
    return parts


def _split_hyphens(start: int, written: str, folded: str) -> list[tuple[int, int, str, str]]:
    pieces = []
    position = start
    known = folded.split("-")
    raws = written.split("-")
    for i, raw in enumerate(raws):
        lowered = raw.lower()
        # Each side by itself, since the two may be in different alphabets: "Almaty-да". Not so when
        # the text was typed on the wrong layout, which only tokenize() can see.
        one = fold_word(lowered)
        if len(known) == len(raws) and lowered.isascii():
            one = known[i] if not _CYRILLIC.search(written.lower()) else one
        if one:
            pieces.append((position, position + len(raw), one, lowered))
        position += len(raw) + 1
    return pieces


class _Reading:
    """One text while its places are looked for."""

    def __init__(self, index: _Index, text: str, parts: list[_Part]) -> None:
        self.index = index
        self.text = text
        self.parts = parts
        self.analyses = [index.analyse(part) for part in self.parts]
        self.clear: list[_Candidate] = []
        self.clear_at: dict[int, _Candidate] = {}

    def mentions(self) -> list[PlaceMention]:
        starts = [i for i, found in enumerate(self.analyses) if found]
        if not starts:
            return []
        candidates: dict[int, list[_Candidate]] = {}
        for i in starts:
            here = [c for c in self._starting_at(i) if not self._turned_back(c)]
            if here:
                candidates[i] = here
        # First those that need no support, since they are support for the others.
        clear = [c for c, _ in self._chosen(candidates, only_clear=True)]
        self.clear_at = {c.first: c for c in clear}
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

    def _starting_at(self, i: int) -> Iterator[_Candidate]:
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

    def _form_of(self, lemma: str, i: int) -> _Analysis | None:
        if i < len(self.parts) and not self.parts[i].breaks:
            for analysis in self.analyses[i]:
                if analysis.lemma == lemma:
                    return analysis
        return None

    def _completed(
        self, name: _Name, first: int, last: int, ending: _Ending, typo: bool
    ) -> Iterator[_Candidate]:
        # A Kazakh ending behind a hyphen: "ЗКО-дан".
        if ending is _Ending.NONE and last < len(self.parts) and self.parts[last].hyphen:
            tail = _KAZAKH.get(self.parts[last].folded)
            if tail is not None:
                ending, last = tail, last + 1
        adjective = ending in _ADJECTIVES
        near, left = self._near(name, first, last)
        if name.needs is not near and name.needs in (_Near.REGION, _Near.DISTRICT):
            # "алматинская" alone may be the region; "батыс қазақстан" is one in any case.
            alone = name.needs is _Near.REGION and (adjective or len(name.lemmas) > 1)
            if not alone or near is not _Near.OTHER:
                return
        outer_first, outer_last = first - left, last + (near is not _Near.OTHER and not left)
        yield _Candidate(
            name, first, last, ending, typo, near, left, outer_first, outer_last, adjective
        )
        if left and name.needs is _Near.OTHER:
            # The word on the left may turn out to belong to the name before it.
            yield _Candidate(
                name, first, last, ending, typo, _Near.OTHER, False, first, last, adjective
            )

    def _near(self, name: _Name, first: int, last: int) -> tuple[_Near, bool]:
        """Find the word for region, district or town that belongs to the name.

        The right side goes first; the flag tells that it stands on the left.
        """
        if last < len(self.parts) and not self.parts[last].breaks:
            word = self.parts[last].folded
            if name.place.kind == "region" and _REGION_WORD.fullmatch(word):
                return _Near.REGION, False
            if _DISTRICT_WORD.fullmatch(word) and name.place.kind != "region":
                return _Near.DISTRICT, False
            if name.place.kind != "region" and (
                _TOWN_RIGHT.fullmatch(word) or self.parts[last].raw == "қ"
            ):
                return _Near.TOWN, False
        if first > 0 and not self.parts[first].breaks:
            before = self.parts[first - 1]
            if name.place.kind == "region":
                if _REGION_WORD.fullmatch(before.folded):
                    return _Near.REGION, True
            elif _DISTRICT_WORD.fullmatch(before.folded):
                return _Near.DISTRICT, True
            elif (
                _TOWN_LEFT.fullmatch(before.folded)
                or self._abbreviated_village(first)
                or (before.raw == "of" and first > 1 and self.parts[first - 2].raw in _TOWN_OF)
            ):
                return _Near.TOWN, True
        return _Near.OTHER, False

    def _abbreviated_village(self, i: int) -> bool:
        """Tell "с. Аса", "п. Топар" from the preposition "с"."""
        before = self.parts[i - 1]
        return before.raw in ("с", "п", "а") and self.text[before.end : before.end + 1] == "."

    def _turned_back(self, c: _Candidate) -> bool:
        """Tell whether the name is that of a street, a house, a club or a school."""
        if c.first > 0 and not self.parts[c.first].breaks:
            before = self.parts[c.first - 1]
            if before.folded in _STREET_LEFT or before.raw in _STREET_LEFT_RAW:
                return True
            if before.raw in _HOUSE_LEFT_RAW and self._undeclined(c):
                return True
        if c.last >= len(self.parts) or self.parts[c.last].breaks:
            return False
        after = self.parts[c.last]
        if after.folded in _STREET_RIGHT or after.raw in _STREET_RIGHT_RAW:
            return True
        if after.folded[0].isdigit():
            # "Абая 45", "Аксай-4"
            if after.hyphen and (c.name.level or c.name.place.kind == "region"):
                return True
            if c.name.level >= _Level.PERSON:
                return True
            if c.name.level and c.ending is _Ending.RUSSIAN:
                return True
        if c.ending is _Ending.NONE or c.adjective:
            for i in range(c.last, min(c.last + 2, len(self.parts))):
                if self.parts[i].breaks:
                    break
                if _UNIVERSITY.fullmatch(self.parts[i].folded):
                    return True
        return False

    def _undeclined(self, c: _Candidate) -> bool:
        """Tell whether the last word can be a first case ("Алматы" is also a case of "Алмата")."""
        return any(a.ending is _Ending.NONE for a in self.analyses[c.last - 1])

    # -- choosing --

    def _chosen(
        self, candidates: Mapping[int, list[_Candidate]], *, only_clear: bool
    ) -> Iterator[tuple[_Candidate, bool]]:
        """Go through the text from left to right; the longest, best fitting name wins.

        The flag tells that another place would have fitted as well.
        """
        used = 0
        for i in sorted(candidates):
            if i < used:
                continue
            here = [c for c in candidates[i] if not (c.left and c.outer_first < used)]
            if not only_clear:
                here = [c for c in here if self.support(c)]
            elif any(self._level(c) for c in here):
                here = [c for c in here if not self._level(c)]
            if not here:
                continue
            best, unsure = self._best(here)
            used = best.outer_last
            yield best, unsure

    def _best(self, candidates: list[_Candidate]) -> tuple[_Candidate, bool]:
        top = max(c.rank for c in candidates)
        equal = [c for c in candidates if c.rank == top]
        if len({c.name.place.id for c in equal}) == 1:
            return min(equal, key=lambda c: (self._level(c), c.ending)), False
        regions = {c.name.place.region for c in self.clear if c.first != equal[0].first}
        named = [c for c in equal if c.name.place.region in regions]
        if named and len({c.name.place.region for c in equal}) > 1:
            equal = named
        if equal[0].adjective:
            return self._best_adjective(equal)
        unsure = len({c.name.place.region for c in equal}) > 1
        return max(equal, key=self._weight), unsure

    def _best_adjective(self, equal: list[_Candidate]) -> tuple[_Candidate, bool]:
        """Choose between a town ("алматинский") and its region ("алматинская" область)."""
        last = equal[0].last
        stands_alone = (
            last >= len(self.parts) or self.parts[last].breaks or self.parts[last].folded == "и"
        )
        wanted = stands_alone and any(c.ending is _Ending.ADJECTIVE_FEMININE for c in equal)
        fitting = [c for c in equal if (c.name.place.kind == "region") is wanted] or equal
        unsure = len({c.name.place.region for c in equal}) > 1 and stands_alone
        return max(fitting, key=self._weight), unsure

    @staticmethod
    def _weight(c: _Candidate) -> tuple[bool, int]:
        return c.name.place.kind == "region", c.name.place.population or 0

    # -- is it really meant? --

    def _level(self, c: _Candidate) -> _Level:
        """Give the level of the name as it stands: "Абай облысы" is clear, "Абай" is not."""
        if c.name.needs is not _Near.OTHER and c.near is c.name.needs:
            return _Level.CLEAR
        if c.near is _Near.REGION:
            return _Level.CLEAR
        return c.name.level

    def support(self, c: _Candidate) -> _Support:
        """Weigh what speaks for the name being meant as a place."""
        level = self._level(c)
        if level is _Level.CLEAR:
            return _Support.STRONG
        part = self.parts[c.first]
        if "ь" in part.raw and not c.name.soft_sign:
            return _Support.NONE  # "с моей семьей" folds like Семей
        if c.near is not _Near.OTHER:
            return _Support.STRONG
        before = self._before(c, 1)
        if c.adjective or (level is _Level.PERSON and before and before.raw in ("на", "по")):
            return _Support.NONE  # "живу на Абая"
        if c.name.lemmas[0] == _CAPITAL_CITY and self._of_another_country(c):
            return _Support.NONE
        if c.ending is _Ending.KAZAKH_HERE or self._says_living(c, level):
            return _Support.STRONG
        if self._beside_its_region(c):
            return _Support.STRONG
        if self._only_a_place(c, level):
            return _Support.ALONE
        after_preposition = self._after_preposition(c)
        if level >= _Level.EVERYDAY_KAZAKH:
            russian = c.ending is _Ending.RUSSIAN or part.raw.isascii()
            enough = level is _Level.EVERYDAY_KAZAKH and russian and after_preposition
        else:
            enough = c.ending is _Ending.KAZAKH_PLACE or after_preposition
        if level is _Level.WORD and not enough:
            enough = self._capital_inside(c) or self._whole_sentence(c)
        return _Support.ENOUGH if enough else _Support.NONE

    def _of_another_country(self, c: _Candidate) -> bool:
        """Tell whether "столица" is followed by a name that is not Kazakhstan's."""
        if c.last >= len(self.parts) or self.parts[c.last].breaks:
            return False
        after = self.parts[c.last]
        return self.text[after.start].isupper() and not after.folded.startswith("казахстан")

    def _before(self, c: _Candidate, distance: int) -> _Part | None:
        """Give a part left of the name, unless a comma or the like stands between."""
        i = c.first - distance
        if i < 0 or any(self.parts[k].breaks for k in range(i + 1, c.first + 1)):
            return None
        return self.parts[i]

    def _says_living(self, c: _Candidate, level: _Level) -> bool:
        before = self._before(c, 1)
        if before is not None and c.ending in (_Ending.NONE, _Ending.RUSSIAN):
            preposition = before.raw in _PREPOSITIONS or before.raw in _ENGLISH_PREPOSITIONS
            if before.folded in _LIVE_BEFORE:
                return True
            if preposition or (before.raw in ("с", "s", "со") and level is _Level.WORD):
                second = self._before(c, 2)
                if second is not None and second.folded in _SPEAKER:
                    return True
            if preposition:
                if before.raw in ("from", "in") and self._english_speaker(c):
                    return True
                for distance in (2, 3):
                    earlier = self._before(c, distance)
                    if earlier is not None and earlier.folded in _LIVE_BEFORE:
                        return True
        in_russian = c.ending is _Ending.RUSSIAN and self._after_preposition(c)
        if c.ending not in (_Ending.NONE, _Ending.KAZAKH_PLACE) and not in_russian:
            return False
        if c.ending is _Ending.NONE and (level > _Level.WORD or self._like_genitive(c)):
            return False
        everyday = level >= _Level.EVERYDAY_KAZAKH
        words = _LIVE_AFTER_EVERYDAY if everyday else _LIVE_AFTER
        reach = 1 if everyday else 3
        for i in range(c.last, min(c.last + reach, len(self.parts))):
            if self.parts[i].breaks:
                return False
            if self.parts[i].folded in words:
                return True
        return False

    def _english_speaker(self, c: _Candidate) -> bool:
        """Tell "I'm from Shu" from "in shu..."."""
        second = self._before(c, 2)
        return second is not None and (
            second.raw in ("i'm", "i’m", "im", "am", "are", "we're")
            or second.folded in _LIVE_BEFORE
        )

    def _after_preposition(self, c: _Candidate) -> bool:
        before = self._before(c, 1)
        if before is None or c.ending not in (_Ending.NONE, _Ending.RUSSIAN):
            return False
        part = self.parts[c.first]
        if before.raw in _ENGLISH_PREPOSITIONS:
            ends = c.last >= len(self.parts) or self.parts[c.last].breaks
            return ends or self.text[part.start].isupper()
        if before.raw not in _PREPOSITIONS:
            return False
        return not self._like_genitive(c)

    def _like_genitive(self, c: _Candidate) -> bool:
        """Tell a Russian genitive plural that is also a name: "дети из семей"."""
        part = self.parts[c.first]
        return part.raw.endswith("ей") and self.text[part.start].islower()

    def _beside_its_region(self, c: _Candidate) -> bool:
        """Tell whether the region, or a town in it, is named within three words."""
        if c.ending is _Ending.RUSSIAN and not self._after_preposition(c):
            return False
        if c.ending in (_Ending.KAZAKH_OTHER, _Ending.ENGLISH):
            return False
        for i in range(c.first - _NEIGHBOURHOOD, c.last + _NEIGHBOURHOOD):
            other = self.clear_at.get(i)
            if other is None or other.first == c.first:
                continue
            if other.name.place.region != c.name.place.region:
                continue
            gap = max(other.outer_first - c.last, c.first - other.outer_last)
            region = other.name.place.kind == "region"
            if gap <= 1 or (region and gap <= 3 and c.name.level < _Level.EVERYDAY_KAZAKH):
                return region or c.name.level is _Level.WORD
        return False

    def _only_a_place(self, c: _Candidate, level: _Level) -> bool:
        """Tell whether the message says nothing but where."""
        if level >= _Level.EVERYDAY_KAZAKH and "!" in self.text:
            return False  # "Караул!" is a cry for help, "Алға!" is "forward!"
        if len(self.parts) > 10 or c.ending in (_Ending.KAZAKH_OTHER, _Ending.ENGLISH):
            return False
        if c.ending is _Ending.RUSSIAN and c.first == 0 and c.name.level > _Level.WORD:
            return False  # "Абая": a street, most likely
        taken = set(range(c.outer_first, c.outer_last))
        for other in self.clear_at.values():
            taken.update(range(other.outer_first, other.outer_last))
        rest = [self.parts[i].folded for i in range(len(self.parts)) if i not in taken]
        return all(word in _FILLER for word in rest)

    def _capital_inside(self, c: _Candidate) -> bool:
        """Tell whether the name alone is written with a capital, and not as a sentence's first."""
        written = self.text[self.parts[c.first].start : self.parts[c.last - 1].end]
        if c.ending is _Ending.KAZAKH_OTHER or not written[:1].isupper() or written.isupper():
            return False
        before = self.text[: self.parts[c.first].start].rstrip(" \"«“'(")
        return bool(before) and before[-1] not in ".!?\n…-–—•:;"

    def _whole_sentence(self, c: _Candidate) -> bool:
        if c.ending is not _Ending.NONE:
            return False
        before = self.text[: self.parts[c.outer_first].start].rstrip(" ")
        after = self.text[self.parts[c.outer_last - 1].end :].lstrip(" ")
        return (not before or _SENTENCE.match(before[-1]) is not None) and (
            not after or _SENTENCE.match(after[0]) is not None
        )

    def _mention(self, c: _Candidate, unsure: bool) -> PlaceMention | None:
        level = self._level(c)
        support = self.support(c)
        place = c.name.place
        if c.near is _Near.DISTRICT and c.name.needs is not _Near.DISTRICT:
            # Towns have districts named after other towns: "Астана, Алматы ауданы".
            others = {o.name.place.region for o in self.clear if o.first != c.first}
            if level or place.kind == "city":
                if others - {place.region}:
                    return None
                unsure = unsure or place.kind == "city" or level is _Level.PERSON
        score = 1.0
        if level:
            score = {_Support.STRONG: 0.95, _Support.ALONE: 0.85}.get(support, 0.75)
            unsure = unsure or (level >= _Level.PERSON and support is not _Support.STRONG)
        if c.typo:
            score -= 0.2
        if c.adjective and c.near is _Near.OTHER:
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


# --- loading -------------------------------------------------------------------------------------


class Gazetteer:
    """The places and the way to find them in a text. Immutable, so threads may share it."""

    def __init__(
        self,
        places: Iterable[Place],
        levels: Mapping[str, _Level] | None = None,
        not_places: Iterable[str] = (),
    ) -> None:
        by_id = {place.id: place for place in places}
        self.places: Mapping[str, Place] = MappingProxyType(by_id)
        self._index = _build(by_id.values(), levels or {}, not_places)

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
        found = _Reading(self._index, text, _parts(text, tokens)).mentions()
        if not found and text.isascii():
            # A short Latin text may have been taken for Russian on the wrong layout.
            plain = [Token(t.start, t.end, fold_word(text[t.start : t.end])) for t in tokens]
            if plain != tokens:
                found = _Reading(self._index, text, _parts(text, plain)).mentions()
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


def _read_levels(path: Path, lists: Any) -> dict[str, _Level]:
    kinds = {
        "words": _Level.WORD,
        "people": _Level.PERSON,
        "everyday_kazakh": _Level.EVERYDAY_KAZAKH,
        "everyday": _Level.EVERYDAY,
    }
    levels: dict[str, _Level] = {}
    if not isinstance(lists, dict):
        raise GazetteerError(f"{path}: 'other_meanings' has to be a mapping of lists")
    for kind, names in lists.items():
        if kind not in kinds or not isinstance(names, list):
            raise GazetteerError(f"{path}: 'other_meanings': '{kind}' is not one of its lists")
        for name in names:
            if not isinstance(name, str):
                raise GazetteerError(f"{path}: 'other_meanings', '{kind}': {name!r} is no name")
            key = " ".join(map(fold_word, _name_words(name)))
            levels[key] = max(levels.get(key, _Level.CLEAR), kinds[kind])
    return levels
