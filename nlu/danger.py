"""Check each message, by fixed rules, for danger to life.

It runs before the language model on every message and in every state, so it knows nothing of
Rasa, dialogue or databases: ordinary words in ``lexicons/danger.yml``, folded by
:mod:`nlu.normalize` and matched as short word patterns. The pattern language is described at the
head of the lexicon, for the people who keep it.

How a text is checked:

1. Tokens get *positions*. A sentence end adds :data:`_SENTENCE_STEP` to the next position, so a
   phrase never runs over a full stop, while two parts of a rule still may, when they are close.
2. Every word pattern that a token fits is looked up once (and remembered per token).
3. Rules are tried class by class, most urgent class first. A rule fires when all its parts stand
   within its window, none of them is negated, and no guard ("in the film", "ten years ago",
   "which article of the law") stands near.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from nlu.danger_score import DangerScore
from nlu.normalize import fold, tokenize

__all__ = ["Danger", "DangerChecker", "DangerHit", "LexiconError"]

DEFAULT_LEXICON = Path(__file__).with_name("lexicons") / "danger.yml"

_SENTENCE_STEP = 3
_DEFAULT_WINDOW = 6
_GAP_WORDS = 3  # what "..." may skip
_LONGEST_PHRASE = 16  # in tokens, with what its gaps may skip
_CACHED_TOKENS = 50_000
_VOWELS = frozenset("аеиоуюя")
_FUZZY_MIN = 7  # shorter words have too many neighbours one letter away

_SENTENCE_END = re.compile(r"[.!?…;\n]")
_RULE_WINDOW = re.compile(r"\s+within\s+(\d+)$")
_GROUP_NAME = re.compile(r"[A-Z][A-Z0-9_]*$")

Span = tuple[int, int]
"""Token indexes, end exclusive."""


class LexiconError(ValueError):
    """The lexicon is broken; the message names the file and the entry."""


class Danger(str, Enum):
    """What kind of danger a message tells of."""

    attack_now = "attack_now"
    threat_to_kill = "threat_to_kill"
    weapon = "weapon"
    choking = "choking"
    locked_in = "locked_in"
    rape_recent = "rape_recent"
    child_in_danger = "child_in_danger"
    self_harm = "self_harm"
    abduction = "abduction"
    injury_signs = "injury_signs"
    image_blackmail = "image_blackmail"

    @property
    def is_emergency(self) -> bool:
        """Blackmail with images is grave but not a matter of minutes; all others are."""
        return self is not Danger.image_blackmail

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class DangerHit:
    """``text[start:end]`` is the stretch of the message that tells of ``kind``."""

    kind: Danger
    start: int
    end: int


@dataclass(frozen=True)
class _Gap:
    """Up to ``most`` words of any kind inside a phrase."""

    most: int


@dataclass
class _Node:
    """One place in a phrase: any of some words, or any of some phrases."""

    ident: int
    phrases: list[tuple[_Node | _Gap, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class _Rule:
    entry: str
    parts: tuple[_Node, ...]
    unless: tuple[_Node, ...]
    window: int
    needs: tuple[int, ...]
    """For each part, a bit set of nodes of which one at least must match a word."""


@dataclass(frozen=True)
class _Guard:
    node: _Node
    reach: int
    cancelled_by: _Node | None


@dataclass(frozen=True)
class _Class:
    kind: Danger
    rules: tuple[_Rule, ...]
    guards: tuple[_Guard, ...]


class _Words:
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


class _Text:
    """One message while it is checked: where each node matches, worked out when asked for."""

    def __init__(self, text: str, words: _Words) -> None:
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

    def spans(self, node: _Node) -> list[Span]:
        """All places where ``node`` matches, in reading order."""
        known = self._spans.get(node.ident)
        if known is None:
            known = [(i, i + 1) for i in self._singles.get(node.ident, ())]
            longer = [span for phrase in node.phrases for span in self._phrase(phrase)]
            if longer:
                known = sorted(set(known + longer))
            self._spans[node.ident] = known
        return known

    def _phrase(self, phrase: tuple[_Node | _Gap, ...]) -> Iterator[Span]:
        # All parts must occur at all before any combination is tried.
        steps: list[tuple[int, dict[int, list[int]]]] = []
        skip = 0
        for piece in phrase:
            if isinstance(piece, _Gap):
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

    def any_near(self, node: _Node, span: Span, reach: int) -> bool:
        return any(self.distance(found, span) <= reach for found in self.spans(node))


def _seeds(node: _Node) -> int:
    """Bit set of the nodes whose words ``node`` cannot do without (one of them)."""
    seeds = 1 << node.ident
    for phrase in node.phrases:
        pieces = [_seeds(piece) for piece in phrase if isinstance(piece, _Node)]
        # All pieces are needed, so any one is a fair test: the one with fewest ways to match.
        seeds |= min(pieces, key=lambda bits: bits.bit_count())
    return seeds


class _Compiler:
    """Turns the YAML into nodes and rules; says where it stumbled."""

    def __init__(self, path: Path, data: Any) -> None:
        self._path = path
        self.words = _Words()
        self._count = 0
        self._inline: dict[str, _Node] = {}
        if not isinstance(data, dict):
            raise LexiconError(f"{path}: the file must hold keys and values")
        self._data: dict[str, Any] = data
        self._groups: dict[str, _Node] = {}
        self._members: dict[str, list[str]] = {}
        for name, members in self._section("groups").items():
            where = f"groups: {name}"
            if not _GROUP_NAME.match(name):
                raise self.error(where, "a group name is written in CAPITALS")
            self._members[name] = self._strings(members, where)

    def error(self, where: str, what: str) -> LexiconError:
        return LexiconError(f"{self._path}: {where}: {what}")

    def _section(self, key: str) -> dict[str, Any]:
        section = self._data.get(key)
        if not isinstance(section, dict) or not section:
            raise self.error(key, "this section is missing or empty")
        return {str(name): value for name, value in section.items()}

    def _strings(self, value: Any, where: str) -> list[str]:
        """Give the entries of a list; a line may hold several, separated by commas."""
        lines = value if isinstance(value, list) else [value]
        entries: list[str] = []
        for line in lines:
            if isinstance(line, bool) or not isinstance(line, (str, int)):
                raise self.error(where, f"{line!r} is not text (put it in quotes)")
            entries += [entry for entry in (e.strip() for e in str(line).split(",")) if entry]
        if not entries:
            raise self.error(where, "is empty")
        return entries

    def _new(self) -> _Node:
        self._count += 1
        return _Node(self._count)

    def group(self, name: str, where: str, inside: tuple[str, ...] = ()) -> _Node:
        node = self._groups.get(name)
        if node is None:
            if name not in self._members:
                raise self.error(where, f"there is no group {name}")
            if name in inside:
                raise self.error(where, f"group {name} contains itself")
            node = self._new()
            for entry in self._members[name]:
                self._add(node, entry, f"groups: {name}: {entry!r}", (*inside, name))
            self._groups[name] = node
        return node

    def _add(self, node: _Node, entry: str, where: str, inside: tuple[str, ...]) -> None:
        """Make ``node`` match ``entry``: a word, alternatives, or a phrase."""
        pieces = entry.split()
        if len(pieces) > 1:
            # "a_b|c d" is (a b, or c) followed by d.
            node.phrases.append(tuple(self._piece(p, where, inside) for p in pieces))
            if isinstance(node.phrases[-1][0], _Gap) or isinstance(node.phrases[-1][-1], _Gap):
                raise self.error(where, "a phrase must begin and end with a word")
            return
        for choice in entry.split("|"):
            if "_" in choice and not _GROUP_NAME.match(choice):
                self._add(node, choice.replace("_", " "), where, inside)
            elif _GROUP_NAME.match(choice):
                node.phrases.append((self.group(choice, where, inside),))
            else:
                try:
                    self.words.add(choice, node.ident)
                except ValueError as problem:
                    raise self.error(where, str(problem)) from None

    def _piece(self, piece: str, where: str, inside: tuple[str, ...]) -> _Node | _Gap:
        if piece == "_":
            return _Gap(1)
        if piece == "...":
            return _Gap(_GAP_WORDS)
        return self.node(piece, where, inside)

    def node(self, entry: str, where: str, inside: tuple[str, ...] = ()) -> _Node:
        if _GROUP_NAME.match(entry):
            return self.group(entry, where, inside)
        node = self._inline.get(entry)
        if node is None:
            node = self._inline[entry] = self._new()
            self._add(node, entry, where, inside)
        return node

    def _rule(self, text: str, where: str) -> _Rule:
        rest, window = text, _DEFAULT_WINDOW
        rest, _, vetoes = rest.partition(" unless ")
        if match := _RULE_WINDOW.search(rest):
            rest, window = rest[: match.start()], int(match.group(1))
        parts = tuple(self._part(p, where) for p in rest.split(" + "))
        unless = (self._part("|".join(vetoes.split()), where),) if vetoes.strip() else ()
        needs = tuple(_seeds(part) for part in parts)
        return _Rule(text, parts, unless, window, needs)

    def _part(self, text: str, where: str) -> _Node:
        """One part of a rule: a phrase, or several separated by commas."""
        phrases = [" ".join(p.split()) for p in text.split(",") if p.strip()]
        if not phrases:
            raise self.error(where, "a part is empty")
        if len(phrases) == 1:
            return self.node(phrases[0], where)
        node = self._new()
        for phrase in phrases:
            self._add(node, phrase, where, ())
        return node

    def guards(self) -> dict[str, _Guard]:
        guards = {}
        for name, body in self._section("guards").items():
            where = f"guards: {name}"
            if not isinstance(body, dict) or "words" not in body:
                raise self.error(where, "needs 'words' (and may have 'reach', 'cancelled_by')")
            reach = body.get("reach", 12)
            if not isinstance(reach, int):
                raise self.error(where, "'reach' must be a number of words")
            node = self._new()
            for entry in self._strings(body["words"], where):
                self._add(node, entry, f"{where}: {entry!r}", ())
            other = body.get("cancelled_by")
            guards[name] = _Guard(node, reach, self.node(other, where) if other else None)
        return guards

    def classes(self) -> tuple[_Class, ...]:
        guards = self.guards()
        classes = []
        section = self._section("classes")
        for name, body in section.items():
            where = f"classes: {name}"
            try:
                kind = Danger(name)
            except ValueError:
                raise self.error(where, "no such danger class") from None
            if not isinstance(body, dict) or not isinstance(body.get("rules"), list):
                raise self.error(where, "needs a list 'rules'")
            chosen = []
            for guard in self._strings(body["guards"], where) if body.get("guards") else ():
                if guard not in guards:
                    raise self.error(where, f"there is no guard {guard}")
                chosen.append(guards[guard])
            rules = []
            for text in body["rules"]:
                if not isinstance(text, str):
                    raise self.error(where, f"rule {text!r} is not text (put it in quotes)")
                rules.append(self._rule(text, f"{where}: rule {text!r}"))
            classes.append(_Class(kind, tuple(rules), tuple(chosen)))
        missing = {kind.value for kind in Danger} - set(section)
        if missing:
            raise self.error("classes", f"missing: {', '.join(sorted(missing))}")
        return tuple(classes)

    def whole(self) -> tuple[dict[Danger, _Node], _Node]:
        """Compile what counts when nothing else is said, by class, and what may go with it."""
        where = "whole_message"
        nodes: dict[str, _Node] = {}
        for key, entries in self._section(where).items():
            node = nodes[key] = self._new()
            for entry in self._strings(entries, f"{where}: {key}"):
                self._add(node, entry, f"{where}: {key}: {entry!r}", ())
        filler = nodes.pop("may_go_with", self._new())
        unknown = set(nodes) - {kind.value for kind in Danger}
        if unknown:
            raise self.error(where, f"no such danger class: {', '.join(sorted(unknown))}")
        return {Danger(key): node for key, node in nodes.items()}, filler

    def safe_words(self) -> frozenset[str]:
        words = set()
        for language, entries in self._section("safe_words").items():
            for entry in self._strings(entries, f"safe_words: {language}"):
                words.add(fold(entry))
        return frozenset(words)

    def negation(self) -> tuple[_Node, _Node]:
        body = self._section("negation")
        nodes = []
        for key in ("before", "after"):
            node = self._new()
            for entry in self._strings(body.get(key, []), f"negation: {key}"):
                self._add(node, entry, f"negation: {key}: {entry!r}", ())
            nodes.append(node)
        return nodes[0], nodes[1]


# Words on each side of a rule's hit that decide with it.
_AT_RULE = 2
_AROUND_RULE = 10


class DangerChecker:
    """Lexicon and score together. Load once, use for every message; safe to share by threads.

    A message is danger if its score reaches a bound, which is lower when a rule fires, too. Safe
    words and bare cries for help always are.
    """

    def __init__(self, compiler: _Compiler, score: DangerScore | None) -> None:
        self._score = score
        self._words = compiler.words
        self._classes = compiler.classes()
        self._whole, self._filler = compiler.whole()
        self._safe_words = compiler.safe_words()
        self._negated_before, self._negated_after = compiler.negation()

    @classmethod
    def load(cls, path: Path | None = None) -> DangerChecker:
        """Read lexicon and score; another lexicon (``path``) is used alone, without the score."""
        score = DangerScore.load() if path is None else None
        path = path or DEFAULT_LEXICON
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
        except OSError as problem:
            raise LexiconError(f"{path}: cannot be read: {problem.strerror}") from problem
        except yaml.YAMLError as problem:
            raise LexiconError(f"{path}: not valid YAML: {problem}") from problem
        return cls(_Compiler(path, data), score)

    def check(self, text: str) -> DangerHit | None:
        """Give the most urgent danger that ``text`` tells of, or None."""
        message = _Text(text, self._words)
        if not message.tokens:
            return None
        certain = self._safe_word(message) or self._nothing_else(message)
        if certain is not None:
            return certain
        by_rules = self._by_rules(message)
        if self._score is None:
            return by_rules
        if by_rules is not None and self._is_backed(self._score, message, by_rules):
            # A rule that fired knows better which kind it is, and where it stands.
            return by_rules
        score = self._score.score(" ".join(token.folded for token in message.tokens))
        if not self._score.is_danger(score):
            return None
        return by_rules or DangerHit(Danger(self._score.kind(score.piece)), 0, len(text))

    def _is_backed(self, score: DangerScore, message: _Text, hit: DangerHit) -> bool:
        """Tell whether the words of a rule's hit, or those around it, speak of danger, too."""
        tokens = message.tokens
        inside = [i for i, t in enumerate(tokens) if t.end > hit.start and t.start < hit.end]
        first, last = (inside[0], inside[-1]) if inside else (0, len(tokens) - 1)

        def words(reach: int) -> str:
            return " ".join(t.folded for t in tokens[max(0, first - reach) : last + 1 + reach])

        # Close by, for a cry at the end of a long story; wider, for what makes it harmless.
        return score.backs_rule(words(_AT_RULE), words(_AROUND_RULE))

    def explain(self, text: str) -> list[tuple[Danger, str]]:
        """Every rule that fires, for the people who keep the lexicon."""
        message = _Text(text, self._words)
        return [
            (group.kind, rule.entry)
            for group in self._classes
            for rule in group.rules
            if self._match(message, rule, group.guards) is not None
        ]

    def _safe_word(self, message: _Text) -> DangerHit | None:
        words = [t for t in message.tokens if t.folded[0].isalnum()]
        # Four words at most, so that a long message is not joined for nothing.
        if words and len(words) <= 4 and " ".join(t.folded for t in words) in self._safe_words:
            return DangerHit(Danger.attack_now, words[0].start, words[-1].end)
        return None

    def _nothing_else(self, message: _Text) -> DangerHit | None:
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

    def _by_rules(self, message: _Text) -> DangerHit | None:
        for group in self._classes:
            for rule in group.rules:
                span = self._match(message, rule, group.guards)
                if span is not None:
                    tokens = message.tokens
                    return DangerHit(group.kind, tokens[span[0]].start, tokens[span[1] - 1].end)
        return None

    def _match(self, message: _Text, rule: _Rule, guards: tuple[_Guard, ...]) -> Span | None:
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

    def _combinations(self, message: _Text, found: list[list[Span]], window: int) -> Iterator[Span]:
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

    def _negated(self, message: _Text, span: Span) -> bool:
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

    def _vetoed(self, message: _Text, span: Span, rule: _Rule, guards: tuple[_Guard, ...]) -> bool:
        if any(message.any_near(node, span, _DEFAULT_WINDOW) for node in rule.unless):
            return True
        for guard in guards:
            if message.any_near(guard.node, span, guard.reach) and not (
                guard.cancelled_by and message.any_near(guard.cancelled_by, span, guard.reach)
            ):
                return True
        return False


def _apart(one: Span, other: Span) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]
