"""Bring what people really type to one spelling.

Kazakh is typed with and without its own letters and in several Latin alphabets, Russian in Latin
letters, both on the wrong keyboard layout; words are stretched, spaced out and filled with
invisible characters. :func:`tokenize` cuts a text into tokens that remember where they stood, and
gives each its *folded* form. Lexicons are folded with the same function when they are loaded, so
they are written in ordinary spelling and match all of these forms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Token", "fix_layout", "fold", "fold_word", "tokenize"]


@dataclass(frozen=True)
class Token:
    """One word, number or emoji; ``text[start:end]`` is how it was written."""

    start: int
    end: int
    folded: str


# Kazakh letters become the Russian letter that people type in their place; sounds that the Latin
# spellings mix up (ы/и/й/і, ө/о, ү/ұ/у, э/е) become one.
_CYRILLIC = str.maketrans(
    {
        "ә": "а", "ғ": "г", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х", "і": "и",
        "ё": "е", "э": "е", "й": "и", "ы": "и", "щ": "ш", "ъ": "", "ь": "", "ї": "и", "є": "е",
        "'": "", "’": "", "ʼ": "", "ʻ": "",
        "ў": "у", "ҳ": "х", "ҷ": "ж", "ӣ": "и", "ӯ": "у", "ҡ": "к",
    }
)  # fmt: skip

# Longest first. The Latin alphabets of Kazakh (1929, 2018, 2021), school English transliteration
# and chat habits, all to the folded Cyrillic above.
_LATIN_CLUSTERS = (
    ("shch", "ш"), ("sch", "ш"), ("dzh", "ж"),
    ("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("kh", "х"), ("gh", "г"), ("ph", "ф"), ("ck", "к"),
    ("ts", "ц"), ("ya", "я"), ("yu", "ю"), ("yo", "е"), ("ye", "е"), ("ia", "я"), ("iu", "ю"),
    ("ja", "жа"), ("oo", "у"), ("ng", "н"),
)  # fmt: skip
_LATIN_LETTERS = str.maketrans(
    {
        "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и",
        "j": "ж", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р",
        "s": "с", "t": "т", "u": "у", "v": "в", "w": "у", "x": "х", "y": "и", "z": "з",
        "ä": "а", "á": "а", "ə": "а", "ö": "о", "ó": "о", "ü": "у", "ú": "у", "ū": "у", "ñ": "н",
        "ń": "н", "ŋ": "н", "ğ": "г", "ǵ": "г", "ş": "ш", "ç": "ч", "ı": "и", "í": "и", "ý": "и",
        "é": "е", "č": "ч", "š": "ш", "ž": "ж", "ұ": "у", "ʻ": "", "ʼ": "", "’": "", "'": "",
    }
)  # fmt: skip
# Letters that look alike: a Latin letter inside a Cyrillic word is nearly always one of these.
_LOOKALIKE_TO_CYRILLIC = str.maketrans("aceiopxyktmhb", "асеіорхуктмнв")

_LAYOUT = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")
_DIGIT_LETTERS = str.maketrans({"4": "ч", "6": "б"})

_WORD = re.compile(r"[^\W_]+(?:[’'ʼʻ-][^\W_]+)*")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\U0001f170-\U0001f251]", re.UNICODE)
_PIECE = re.compile(f"(?P<word>{_WORD.pattern})|(?P<emoji>{_EMOJI.pattern})")
_ENGLISH_S = re.compile("['’]s$")
_STRETCHED = re.compile(r"(.)\1{2,}")
_DOUBLED = re.compile(r"(.)\1+")
_HAS_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_HAS_LATIN = re.compile(r"[a-zà-ɏə]")


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """Give the folded spelling of one word: ``"Қазір"``, ``"kazir"`` and ``"qazir"`` agree.

    Parts around a hyphen are folded each in its own alphabet ("Almaty-да").
    """
    if "-" in word:
        return "-".join(filter(None, map(fold_word, word.split("-"))))
    word = unicodedata.normalize("NFKC", word).lower().replace("ß", "ss")
    if word.isdigit():
        return word
    word = _STRETCHED.sub(r"\1", word)
    if _HAS_CYRILLIC.search(word):
        word = word.translate(_LOOKALIKE_TO_CYRILLIC) if _HAS_LATIN.search(word) else word
    elif _HAS_LATIN.search(word):
        word = _ENGLISH_S.sub("", word)
        if any(c in "46" for c in word) and sum(c.isalpha() for c in word) >= 2:
            word = word.translate(_DIGIT_LETTERS)
        for cluster, letter in _LATIN_CLUSTERS:
            word = word.replace(cluster, letter)
        word = word.translate(_LATIN_LETTERS)
    word = word.translate(_CYRILLIC).replace("нг", "н")
    return _DOUBLED.sub(r"\1", word)


def _visible(text: str) -> str:
    """Blank out what cannot be seen, keeping every position."""
    if text.isascii():
        return text
    return "".join("\u2060" if unicodedata.category(c) in ("Cf", "Mn", "Me") else c for c in text)


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Words and emoji with their span; invisible characters do not cut a word."""
    visible = _visible(text)
    if "\u2060" in visible:
        kept = [i for i, c in enumerate(visible) if c != "\u2060"]
        squeezed = "".join(visible[i] for i in kept)
        for match in _PIECE.finditer(squeezed):
            yield kept[match.start()], kept[match.end() - 1] + 1, match.group()
        return
    for match in _PIECE.finditer(visible):
        yield match.start(), match.end(), match.group()


def _joined(pieces: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Join what was s p a c e d  o u t: four single letters or more in a row are one word."""
    run: list[tuple[int, int, str]] = []
    for piece in [*pieces, (0, 0, "  ")]:
        if len(piece[2]) == 1 and piece[2].isalpha():
            run.append(piece)
            continue
        if len(run) >= 4:
            yield run[0][0], run[-1][1], "".join(p[2] for p in run)
        else:
            yield from run
        run = []
        if piece[2] != "  ":
            yield piece


def _wrong_layout(text: str) -> bool:
    """Tell whether Latin letters are really Russian typed on the wrong layout.

    Signs that ordinary Latin text does not show: a comma, semicolon or bracket between letters
    where a Russian letter sits on the keyboard, and words without any vowel.
    """
    lowered = text.lower()
    if _HAS_CYRILLIC.search(lowered) or "://" in lowered:
        return False
    words = re.findall(r"[a-z\[\];',.`]+", lowered)
    letters = sum(c.isalpha() for c in lowered)
    if letters < 5 or not words:
        return False
    inner_signs = len(
        re.findall(r"[a-z][;\[\],'`.](?=[a-z])|(?:^|\s)[,;\[\]'.`](?=[a-z])", lowered)
    )
    contractions = len(re.findall(r"[a-z]'(?:s|t|m|re|ve|ll|d)\b", lowered))
    long_words = [w for w in words if sum(c.isalpha() for c in w) >= 3]
    vowelless = sum(not re.search(r"[aeiouy]", w) for w in long_words)
    vowels = sum(c in "aeiou" for c in lowered) / letters
    signs = max(inner_signs - contractions, 0)
    if not signs and _only_readable_as_cyrillic(words, letters, vowels):
        return True
    if not signs:
        # Only many such words: a chat abbreviation ("pls", "hmm") is no wrong layout.
        return vowelless >= 2 and 2 * vowelless > len(long_words)
    return vowels < 0.30 and 2 * (signs + vowelless) >= max(2, len(words) / 2)


def _only_readable_as_cyrillic(words: list[str], letters: int, vowels: float) -> bool:
    """Tell whether Latin letters hardly have a vowel, and the same keys in Russian have many.

    A word of five letters must be among them: "tv", "vpn" or "sms" alone say nothing.
    """
    if vowels > 0.1 or not any(len(word) >= 5 for word in words):
        return False
    russian = "".join(words).translate(_LAYOUT)
    return sum(c in "аеёиоуыэюя" for c in russian) / letters >= 0.3


def fix_layout(text: str) -> str:
    """Turn Russian typed on the Latin layout back, letter by letter, so that positions stay."""
    if not _wrong_layout(text):
        return text
    # Some capitals have two letters in lower case; those stay as they are.
    lowered = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return lowered.translate(_LAYOUT)


def tokenize(text: str) -> list[Token]:
    """Cut ``text`` (any length, any characters) into tokens in reading order."""
    text = fix_layout(text)
    tokens = []
    for start, end, word in _joined(list(_pieces(text))):
        folded = fold_word(word)
        if folded:
            tokens.append(Token(start, end, folded))
    return tokens


def fold(text: str) -> str:
    """Give the folded tokens of ``text``, separated by single spaces."""
    return " ".join(token.folded for token in tokenize(text))
