"""Where the words and phrases of a lexicon stand in one message.

Word patterns (:class:`Words`), phrases made of them (:class:`Node`) and a message in which they
are looked for (:class:`Text`). :mod:`nlu.pattern_compiler` fills it from a lexicon file;
:mod:`nlu.danger`, :mod:`nlu.concepts` and :mod:`nlu.circumstances` ask it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nlu.normalize import fold, tokenize

__all__ = ["Gap", "Node", "Span", "Text", "Words", "seeds"]

_SENTENCE_STEP = 3  # what a sentence end adds to the position of the next token
_CACHED_TOKENS = 50_000
_VOWELS = frozenset("аеиоуюя")
_FUZZY_MIN = 7  # shorter words have too many neighbours one letter away

_SENTENCE_END = re.compile(r"[.!?…;\n]")

Span = tuple[int, int]
"""Token indexes, end exclusive."""


@dataclass(frozen=True)
class Gap:
    """Up to ``most`` words of any kind inside a phrase."""

    most: int


@dataclass
class Node:
    """One place in a phrase: any of some words, or any of some phrases."""

    ident: int
    phrases: list[tuple[Node | Gap, ...]] = field(default_factory=list)


def seeds(node: Node) -> int:
    """Bit set of the nodes whose words ``node`` cannot do without (one of them)."""
    found = 1 << node.ident
    for phrase in node.phrases:
        pieces = [seeds(piece) for piece in phrase if isinstance(piece, Node)]
        # All pieces are needed, so any one is a fair test: the one with fewest ways to match.
        found |= min(pieces, key=lambda bits: bits.bit_count())
    return found


class Words:
    """Word patterns to node numbers: exact words, and stems written with ``*``."""

    def __init__(self) -> None:
        self._exact: dict[str, set[int]] = {}
        self._literal: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        self._fuzzy: dict[str, set[tuple[str, bool]]] = {}
        self._seen: dict[str, tuple[int, ...]] = {}
        self._shortest = 99
        self._longest = 0

    def add(self, word: str, ident: int) -> None:
        if word.startswith("="):
            self._literal.setdefault(word[1:], set()).add(ident)
            return
        stem = word.endswith("*")
        folded = fold(word.rstrip("*"))
        if not folded or " " in folded:
            raise ValueError(f"{word!r} is not one word")
        if stem and len(folded) < 2:
            raise ValueError(f"the stem {word!r} is too short")
        for spelling in _spellings(folded):
            if stem:
                self._stems.setdefault(spelling, set()).add(ident)
                self._shortest = min(self._shortest, len(spelling))
                self._longest = max(self._longest, len(spelling))
            else:
                self._exact.setdefault(spelling, set()).add(ident)
        if len(folded) >= _FUZZY_MIN:
            for cut in _one_letter_less(folded):
                self._fuzzy.setdefault(cut, set()).add((folded, stem))

    def literal(self, written: str) -> Iterable[int]:
        """Nodes that ask for just this spelling (in small letters)."""
        return self._literal.get(written, ())

    def lookup(self, token: str) -> tuple[int, ...]:
        found = self._seen.get(token)
        if found is None:
            found = self._find(token)
            if len(self._seen) >= _CACHED_TOKENS:
                self._seen.clear()
            self._seen[token] = found
        return found

    def _find(self, token: str) -> tuple[int, ...]:
        idents = set(self._exact.get(token, ()))
        for length in range(self._shortest, min(self._longest, len(token)) + 1):
            idents |= self._stems.get(token[:length], set())
        if not idents and len(token) >= _FUZZY_MIN:
            idents = self._find_misspelt(token)
        return tuple(sorted(idents))

    def _find_misspelt(self, token: str) -> set[int]:
        """Forgive one slip that hands and ears make: see :func:`_slip`."""
        idents: set[int] = set()
        for length in range(_FUZZY_MIN - 1, min(self._longest + 1, len(token)) + 1):
            head = token[:length]
            for cut in (head, *_one_letter_less(head)):
                for folded, stem in self._fuzzy.get(cut, ()):
                    if (stem or length == len(token)) and _slip(head, folded):
                        idents |= self._stems[folded] if stem else self._exact[folded]
        return idents


def _slip(written: str, meant: str) -> bool:
    """Another vowel, a letter too many or missing, or two swapped; the first letter is right."""
    if written[0] != meant[0]:
        return False
    if len(written) == len(meant):
        wrong = [i for i, (a, b) in enumerate(zip(written, meant, strict=True)) if a != b]
        if len(wrong) == 1:
            return written[wrong[0]] in _VOWELS and meant[wrong[0]] in _VOWELS
        return (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and written[wrong[0]] == meant[wrong[1]]
            and written[wrong[1]] == meant[wrong[0]]
        )
    longer, shorter = (written, meant) if len(written) > len(meant) else (meant, written)
    return shorter in _one_letter_less(longer)


def _spellings(folded: str) -> set[str]:
    """Give a folded word and what it becomes when it is typed in Latin letters.

    Some letter pairs stand for one letter in one convention and for two in another: Russian
    "-тся" typed "-tsya" folds like "-ця", "схватил" typed "shvatil" like "шватил".
    """
    found = {folded}
    for pair, one in (("тс", "ц"), ("сх", "ш"), ("ае", "а"), ("кх", "х")):
        found |= {word.replace(pair, one) for word in found}
    return found


def _one_letter_less(word: str) -> Iterator[str]:
    for i in range(1, len(word)):
        yield word[:i] + word[i + 1 :]


class Text:
    """One message while it is checked: where each node matches, worked out when asked for."""

    def __init__(self, text: str, words: Words) -> None:
        self.tokens = tokenize(text)
        self.positions: list[int] = []
        self._singles: dict[int, list[int]] = {}
        self._spans: dict[int, list[Span]] = {}
        self.present = 0
        self.negated: dict[Span, bool] = {}
        position, last_end = 0, 0
        for index, token in enumerate(self.tokens):
            if index and _SENTENCE_END.search(text, last_end, token.start):
                position += _SENTENCE_STEP
            self.positions.append(position)
            position, last_end = position + 1, token.end
            for ident in words.lookup(token.folded):
                self._singles.setdefault(ident, []).append(index)
            for ident in words.literal(text[token.start : token.end].lower()):
                self._singles.setdefault(ident, []).append(index)
        for ident in self._singles:
            self.present |= 1 << ident

    def spans(self, node: Node) -> list[Span]:
        """All places where ``node`` matches, in reading order."""
        known = self._spans.get(node.ident)
        if known is None:
            known = [(i, i + 1) for i in self._singles.get(node.ident, ())]
            longer = [span for phrase in node.phrases for span in self._phrase(phrase)]
            if longer:
                known = sorted(set(known + longer))
            self._spans[node.ident] = known
        return known

    def _phrase(self, phrase: tuple[Node | Gap, ...]) -> Iterator[Span]:
        # All parts must occur at all before any combination is tried.
        steps: list[tuple[int, dict[int, list[int]]]] = []
        skip = 0
        for piece in phrase:
            if isinstance(piece, Gap):
                skip += piece.most
                continue
            found = self.spans(piece)
            if not found:
                return
            starts: dict[int, list[int]] = {}
            for start, end in found:
                starts.setdefault(start, []).append(end)
            steps.append((skip, starts))
            skip = 0
        for start, ends in steps[0][1].items():
            reached = set(ends)
            for may_skip, starts in steps[1:]:
                reached = {
                    end
                    for at in reached
                    for begin in range(at, at + may_skip + 1)
                    if begin in starts and self._together(at - 1, begin)
                    for end in starts[begin]
                }
                if not reached:
                    break
            for end in reached:
                yield start, end

    def _together(self, left: int, right: int) -> bool:
        """No sentence end between two tokens."""
        return self.positions[right] - self.positions[left] == right - left

    def distance(self, one: Span, other: Span) -> int:
        """How many positions lie between two spans; 0 when they touch or overlap."""
        first, second = (one, other) if one <= other else (other, one)
        return max(0, self.positions[second[0]] - self.positions[first[1] - 1] - 1)

    def any_near(self, node: Node, span: Span, reach: int) -> bool:
        return any(self.distance(found, span) <= reach for found in self.spans(node))
