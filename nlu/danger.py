"""Check each message, by fixed rules, for danger to life.

It runs before the language model on every message and in every state, so it knows nothing of
Rasa, dialogue or databases: ordinary words in ``lexicons/danger.yml``, folded by
:mod:`nlu.normalize` and matched as short word patterns. The pattern language is described at the
head of the lexicon, for the people who keep it.

How a text is checked:

1. Tokens get *positions*. A sentence end adds a few to the next position, so a phrase never runs
   over a full stop, while two parts of a rule still may, when they are close.
2. Every word pattern that a token fits is looked up once (and remembered per token).
3. Rules are tried class by class, most urgent class first. A rule fires when all its parts stand
   within its window, none of them is negated, and no guard ("in the film", "ten years ago",
   "which article of the law") stands near.

:mod:`nlu.word_patterns` does 1 and 2, :mod:`nlu.danger_lexicon` reads the rules, 3 is done here,
and :mod:`nlu.danger_score` weighs the message as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from nlu.danger_lexicon import (
    DEFAULT_WINDOW,
    Danger,
    Guard,
    Lexicon,
    LexiconError,
    Rule,
    read_lexicon,
)
from nlu.danger_score import DangerScore
from nlu.word_patterns import Span, Text

__all__ = ["Danger", "DangerChecker", "DangerHit", "LexiconError"]

DEFAULT_LEXICON = Path(__file__).with_name("lexicons") / "danger.yml"

_CLAUSE_END = re.compile(r"[.!?…;,\n]\s*")
_CLAUSES_UP_TO = 300  # characters; longer texts are read in pieces anyway
_LONGEST_PHRASE = 16  # in tokens, with what its gaps may skip
# Words on each side of a rule's hit that decide with it: close by, for a cry at the end of a long
# story; wider, for what makes it harmless.
_AT_RULE = 2
_AROUND_RULE = 10


@dataclass(frozen=True)
class DangerHit:
    """``text[start:end]`` is the stretch of the message that tells of ``kind``."""

    kind: Danger
    start: int
    end: int


class DangerChecker:
    """Lexicon and score together. Load once, use for every message; safe to share by threads.

    A message is danger if its score reaches a bound, which is lower when a rule fires, too. Safe
    words and bare cries for help always are.
    """

    def __init__(self, lexicon: Lexicon, score: DangerScore | None) -> None:
        self._score = score
        self._words = lexicon.words
        self._classes = lexicon.classes
        self._whole, self._filler = lexicon.whole, lexicon.filler
        self._safe_words = lexicon.safe_words
        self._negated_before = lexicon.negated_before
        self._negated_after = lexicon.negated_after

    @classmethod
    def load(cls, path: Path | None = None) -> DangerChecker:
        """Read lexicon and score; another lexicon (``path``) is used alone, without the score."""
        score = DangerScore.load() if path is None else None
        return cls(read_lexicon(path or DEFAULT_LEXICON), score)

    def check(self, text: str) -> DangerHit | None:
        """Give the most urgent danger that ``text`` tells of, or None.

        Words of dying in one clause count whatever the other clauses ask: "I want to die, which
        psychologist can I call?" as a whole reads like a question.
        """
        hit = self._check(text)
        if hit is not None or len(text) > _CLAUSES_UP_TO:
            return hit
        start = 0
        for clause in _CLAUSE_END.split(text):
            start = text.index(clause, start)
            if clause != text and self._by_rules(Text(clause, self._words)) is not None:
                found = self._check(clause)
                if found is not None and found.kind is Danger.self_harm:
                    return DangerHit(found.kind, start + found.start, start + found.end)
        return None

    def _check(self, text: str) -> DangerHit | None:
        message = Text(text, self._words)
        if not message.tokens:
            return None
        certain = self._safe_word(message) or self._nothing_else(message)
        if certain is not None:
            return certain
        by_rules = self._by_rules(message)
        if self._score is None:
            return by_rules
        score = self._score.score(" ".join(token.folded for token in message.tokens))
        near = None
        if by_rules is not None:
            near = (
                self._around(message, by_rules, _AT_RULE),
                self._around(message, by_rules, _AROUND_RULE),
            )
        if not self._score.is_danger(score, near):
            return None
        return by_rules or DangerHit(Danger(self._score.kind(score.piece)), 0, len(text))

    def _around(self, message: Text, hit: DangerHit, reach: int) -> str:
        """The words of a rule's hit and ``reach`` more on each side, folded."""
        tokens = message.tokens
        inside = [i for i, t in enumerate(tokens) if t.end > hit.start and t.start < hit.end]
        first, last = (inside[0], inside[-1]) if inside else (0, len(tokens) - 1)
        near = tokens[max(0, first - reach) : last + 1 + reach]
        return " ".join(token.folded for token in near)

    def explain(self, text: str) -> list[tuple[Danger, str]]:
        """Every rule that fires, for the people who keep the lexicon."""
        message = Text(text, self._words)
        return [
            (group.kind, rule.entry)
            for group in self._classes
            for rule in group.rules
            if self._match(message, rule, group.guards) is not None
        ]

    def _safe_word(self, message: Text) -> DangerHit | None:
        words = [t for t in message.tokens if t.folded[0].isalnum()]
        # Four words at most, so that a long message is not joined for nothing.
        if words and len(words) <= 4 and " ".join(t.folded for t in words) in self._safe_words:
            return DangerHit(Danger.attack_now, words[0].start, words[-1].end)
        return None

    def _nothing_else(self, message: Text) -> DangerHit | None:
        """Find bare cries ("Help"): nothing else is said, so nothing can make them harmless."""
        for kind, node in self._whole.items():
            spans = message.spans(node)
            if not spans:
                continue
            covered = {i for span in spans for i in range(*span)}
            covered |= {i for span in message.spans(self._filler) for i in range(*span)}
            if all(
                index in covered or not token.folded[0].isalnum()
                for index, token in enumerate(message.tokens)
            ):
                return DangerHit(kind, message.tokens[0].start, message.tokens[-1].end)
        return None

    def _by_rules(self, message: Text) -> DangerHit | None:
        for group in self._classes:
            for rule in group.rules:
                span = self._match(message, rule, group.guards)
                if span is not None:
                    tokens = message.tokens
                    return DangerHit(group.kind, tokens[span[0]].start, tokens[span[1] - 1].end)
        return None

    def _match(self, message: Text, rule: Rule, guards: tuple[Guard, ...]) -> Span | None:
        if not all(message.present & need for need in rule.needs):
            return None
        found: list[list[Span]] = []
        for part in rule.parts:
            spans = message.spans(part)
            if not spans:
                return None
            found.append(spans)
        for span in self._combinations(message, found, rule.window):
            if not self._vetoed(message, span, rule, guards):
                return span
        return None

    def _combinations(self, message: Text, found: list[list[Span]], window: int) -> Iterator[Span]:
        """Stretches that hold every part; the parts may stand in any order but not overlap."""
        # Start from the rarest part: the others are then only looked for near it.
        found = sorted(found, key=len)
        for anchor in found[0]:
            if self._negated(message, anchor):
                continue
            chosen = [anchor]
            first, last = anchor
            for spans in found[1:]:
                best: Span | None = None
                nearest = window + 1
                # Positions are never closer than tokens, so farther tokens need no look.
                at = bisect_left(spans, (first - window - _LONGEST_PHRASE, 0))
                for span in islice(spans, at, None):
                    if span[0] > last + window:
                        break
                    gap = min(message.distance(span, taken) for taken in chosen)
                    if (
                        gap < nearest
                        and all(_apart(span, taken) for taken in chosen)
                        and not self._negated(message, span)
                    ):
                        best, nearest = span, gap
                if best is None:
                    break
                chosen.append(best)
                first, last = min(first, best[0]), max(last, best[1])
            else:
                yield first, last

    def _negated(self, message: Text, span: Span) -> bool:
        """Say whether a negation stands right beside the part: "not killing", "пышақ жоқ"."""
        known = message.negated.get(span)
        if known is None:
            known = message.negated[span] = any(
                end == span[0] and message.distance((start, end), span) == 0
                for start, end in message.spans(self._negated_before)
            ) or any(
                start == span[1] and message.distance(span, (start, end)) == 0
                for start, end in message.spans(self._negated_after)
            )
        return known

    def _vetoed(self, message: Text, span: Span, rule: Rule, guards: tuple[Guard, ...]) -> bool:
        if any(message.any_near(node, span, DEFAULT_WINDOW) for node in rule.unless):
            return True
        for guard in guards:
            if message.any_near(guard.node, span, guard.reach) and not (
                guard.cancelled_by and message.any_near(guard.cancelled_by, span, guard.reach)
            ):
                return True
        return False


def _apart(one: Span, other: Span) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]
