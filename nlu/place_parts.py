"""Cuts a text into the words that place names are looked for in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlu.normalize import Token, fold_word
from nlu.place_forms import CYRILLIC

_BREAK = re.compile(r"[,;:!?()\n\"«»…—/]|\.\s|\.$|\s[-–]\s")
_KEPT_WHOLE = re.compile(r"(?:р|пр|б|мкр)-\w+")


@dataclass
class Part:
    """A word of the text; the words of a hyphenated token are parts of their own."""

    start: int
    end: int
    folded: str
    raw: str
    hyphen: bool  # joined to the part before by a hyphen
    breaks: bool  # a comma or the like stands before it
    capitals: bool  # it begins with three of them


def split_parts(text: str, tokens: Iterable[Token]) -> list[Part]:
    """Give the words of ``text``, the sides of a hyphen each by itself."""
    parts: list[Part] = []
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
                parts.append(Part(start, end, folded, piece, i > 0, breaks and i == 0, capitals))
        else:
            folded = token.folded
            if "'" in folded or "’" in folded:
                folded = folded.replace("'", "").replace("’", "")
            parts.append(Part(token.start, token.end, folded, raw, False, breaks, capitals))
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
            one = known[i] if not CYRILLIC.search(written.lower()) else one
        if one:
            pieces.append((position, position + len(raw), one, lowered))
        position += len(raw) + 1
    return pieces
