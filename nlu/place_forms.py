"""The forms a place name takes: Kazakh endings, Russian cases and adjectives, slips of the finger.

Everything here is about one word by itself; the index puts the forms of all names together and
the reading of a text looks at the words around them.
"""

from __future__ import annotations

import enum
import re


class Ending(enum.IntEnum):
    """What a word form says about the name in it."""

    NONE = 0
    KAZAKH_PLACE = 1  # locative, ablative: Таразда, Тараздан, Тараздағы
    KAZAKH_HERE = 2  # with a personal ending: Тараздамын, Тараздықпын
    KAZAKH_OTHER = 3
    RUSSIAN = 4
    ADJECTIVE = 5
    ADJECTIVE_FEMININE = 6  # may agree with a left-out "область"
    ENGLISH = 7  # 's


ADJECTIVES = (Ending.ADJECTIVE, Ending.ADJECTIVE_FEMININE)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _kazakh_endings() -> dict[str, Ending]:
    """Make the folded Kazakh endings of a place name, stacked the way people stack them.

    Vowel harmony is not checked: who types without Kazakh letters often breaks it.
    """
    ends: dict[str, Ending] = {}
    here = _words("да де та те нда нде")
    from_ = _words("дан ден тан тен нан нен ндан нден")
    person = _words("мин бин пин син м миз биз пиз сиз мен мн")
    who = _words("лик дик тик")
    plurals = _words("лар лер дар дер тар тер")
    cases = _words(
        "га ге ка ке на не ни ди ти нин дин тин да де та те дан ден тан тен нан нен "
        "мен бен пен менен ники дики тики"
    )
    other = _words(
        "нин дин тин га ге ка ке на не ни ди ти мен бен пен менен даи деи таи теи "
        "ники дики тики ша ше лики лиги"
    )
    ends.update(dict.fromkeys(other, Ending.KAZAKH_OTHER))
    for end in who:
        ends[end] = Ending.KAZAKH_OTHER
        for tail in ("тар", "тер", "тарга", "терге", "тардин", "тердин", "ти", "тин"):
            ends[end + tail] = Ending.KAZAKH_OTHER
        for tail in (*person, "терпиз", "тармиз", "терп"):
            ends[end + tail] = Ending.KAZAKH_HERE
    for end in here:
        ends[end] = Ending.KAZAKH_PLACE
        # "-дағы" is bent like a noun: Алматыдағыларға, Ақтөбедегілердің, Астанадағылардікі.
        for plural in ("", *plurals):
            for case in ("", *cases):
                ends[f"{end}ги{plural}{case}"] = Ending.KAZAKH_PLACE
    for end in from_:
        ends[end] = Ending.KAZAKH_PLACE
    for end in (*here, *from_):
        for tail in person:
            ends[end + tail] = Ending.KAZAKH_HERE
    # "Our Astana": Астанамызда, Шымкентіміздегі.
    for ours in ("миз", "имиз"):
        for end in (*here, *from_):
            ends[ours + end] = ends[f"{ours}{end}ги"] = Ending.KAZAKH_PLACE
        ends[ours] = Ending.KAZAKH_OTHER
        for case in cases:
            ends.setdefault(ours + case, Ending.KAZAKH_OTHER)
    return ends


KAZAKH = _kazakh_endings()
LONGEST_ENDING = max(map(len, KAZAKH))
# Before an ending, speakers put ы / і after a Russian cluster: Степногорскіде.
_LINKING = ("ск", "рг", "нд", "рск", "вл")

ADJECTIVE_ENDINGS = {
    **dict.fromkeys(("и", "ого", "ому", "им", "ом", "ое", "ие", "их", "ими"), Ending.ADJECTIVE),
    **dict.fromkeys(("ая", "ои", "ую", "ою"), Ending.ADJECTIVE_FEMININE),
}
CYRILLIC = re.compile(r"[а-яё]+")
_KAZAKH_LETTERS = str.maketrans("әғқңөұүһі", "агкноуухи")
_CYRILLIC_TO_KEYS = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
)
_KEYS_TO_CYRILLIC = str.maketrans("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить")

_DECLENSIONS = {
    "а": "ы и е у ой",
    "я": "и е ю ей",
    "ь": "я ю ем е и ью",
    "й": "я ю ем е",
    "о": "а у ом е",
    "ы": "ах ам ами",
}


def declined(word: str) -> list[tuple[str, Ending]]:
    """Give the Russian forms of one lower-case Cyrillic word, as written, without the first one."""
    if word.endswith(("ый", "ий", "ой", "ая", "ое", "ые")) and len(word) > 4:
        stem, ends = word[:-2], "ого ому ом ым ой ую ое ый ая"
    elif word[-1] in _DECLENSIONS:
        stem, ends = word[:-1], _DECLENSIONS[word[-1]]
    elif word[-1] in "бвгджзклмнпрстфхцчшщ":
        stem, ends = word, "а у ом ем е ым"
    else:
        return []
    return [(stem + end, Ending.RUSSIAN) for end in ends.split()]


def adjective_stems(word: str) -> set[str]:
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


def kazakh_ending(stem: str, rest: str) -> Ending | None:
    """Tell what ``rest`` says of a name when it is a Kazakh ending of ``stem``."""
    if len(stem) < 4 and rest.startswith(("лик", "дик", "тик")):
        return None  # "шұлық" is a stocking
    ending = KAZAKH.get(rest)
    if ending is None:
        # Folding makes one letter of two: Шымкент + те.
        ending = KAZAKH.get(stem[-1] + rest)
    if ending is None and rest[0] == "и" and stem.endswith(_LINKING):
        ending = KAZAKH.get(rest[1:])
    return ending


def typed_on_wrong_layout(word: str) -> str:
    """Give what the keys of a lower-case Cyrillic word write on the Latin layout."""
    return word.translate(_KAZAKH_LETTERS).translate(_CYRILLIC_TO_KEYS)


def latin_typed_on_cyrillic_layout(word: str) -> str:
    """Give what the keys of a lower-case Latin word write on the Russian layout."""
    return word.translate(_KEYS_TO_CYRILLIC)


def is_adjective(word: str) -> bool:
    """Tell whether a name, or a word of it, is a Russian adjective: "Алматинская"."""
    return word.endswith(("ский", "ская", "цкий", "цкая"))


def name_words(written: str) -> list[str]:
    """Give the lower-case words of a name."""
    return [w for w in re.split(r"[\s-]+", written.lower().replace("’", "")) if w]


def one_slip(word: str, target: str) -> bool:
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
