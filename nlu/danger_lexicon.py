"""Read ``lexicons/danger.yml`` and compile it into what the danger check works with.

The pattern language is described at the head of the lexicon, for the people who keep it. Whatever
is wrong in the file is found here, when it is loaded, and said as a :class:`LexiconError`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from nlu.danger_words import Gap, Node, Words
from nlu.normalize import fold

__all__ = [
    "DEFAULT_WINDOW",
    "Danger",
    "DangerClass",
    "Guard",
    "Lexicon",
    "LexiconError",
    "Rule",
    "read_lexicon",
]

DEFAULT_WINDOW = 6
_GAP_WORDS = 3  # what "..." may skip

_RULE_WINDOW = re.compile(r"\s+within\s+(\d+)$")
_GROUP_NAME = re.compile(r"[A-Z][A-Z0-9_]*$")


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
class Rule:
    entry: str
    parts: tuple[Node, ...]
    unless: tuple[Node, ...]
    window: int
    needs: tuple[int, ...]
    """For each part, a bit set of nodes of which one at least must match a word."""


@dataclass(frozen=True)
class Guard:
    node: Node
    reach: int
    cancelled_by: Node | None


@dataclass(frozen=True)
class DangerClass:
    kind: Danger
    rules: tuple[Rule, ...]
    guards: tuple[Guard, ...]


@dataclass(frozen=True)
class Lexicon:
    """The whole file, compiled."""

    words: Words
    classes: tuple[DangerClass, ...]
    """Most urgent first."""
    whole: dict[Danger, Node]
    """What counts when nothing else is said."""
    filler: Node
    """What may go with it."""
    safe_words: frozenset[str]
    negated_before: Node
    negated_after: Node


def read_lexicon(path: Path) -> Lexicon:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise LexiconError(f"{path}: cannot be read: {problem.strerror}") from problem
    except yaml.YAMLError as problem:
        raise LexiconError(f"{path}: not valid YAML: {problem}") from problem
    return _Compiler(path, data).lexicon()


def _seeds(node: Node) -> int:
    """Bit set of the nodes whose words ``node`` cannot do without (one of them)."""
    seeds = 1 << node.ident
    for phrase in node.phrases:
        pieces = [_seeds(piece) for piece in phrase if isinstance(piece, Node)]
        # All pieces are needed, so any one is a fair test: the one with fewest ways to match.
        seeds |= min(pieces, key=lambda bits: bits.bit_count())
    return seeds


class _Compiler:
    """Turns the YAML into nodes and rules; says where it stumbled."""

    def __init__(self, path: Path, data: Any) -> None:
        self._path = path
        self.words = Words()
        self._count = 0
        self._inline: dict[str, Node] = {}
        if not isinstance(data, dict):
            raise LexiconError(f"{path}: the file must hold keys and values")
        self._data: dict[str, Any] = data
        self._groups: dict[str, Node] = {}
        self._members: dict[str, list[str]] = {}
        for name, members in self._section("groups").items():
            where = f"groups: {name}"
            if not _GROUP_NAME.match(name):
                raise self.error(where, "a group name is written in CAPITALS")
            self._members[name] = self._strings(members, where)

    def lexicon(self) -> Lexicon:
        classes = self.classes()
        whole, filler = self.whole()
        safe_words = self.safe_words()
        before, after = self.negation()
        return Lexicon(self.words, classes, whole, filler, safe_words, before, after)

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

    def _new(self) -> Node:
        self._count += 1
        return Node(self._count)

    def group(self, name: str, where: str, inside: tuple[str, ...] = ()) -> Node:
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

    def _add(self, node: Node, entry: str, where: str, inside: tuple[str, ...]) -> None:
        """Make ``node`` match ``entry``: a word, alternatives, or a phrase."""
        pieces = entry.split()
        if len(pieces) > 1:
            # "a_b|c d" is (a b, or c) followed by d.
            node.phrases.append(tuple(self._piece(p, where, inside) for p in pieces))
            if isinstance(node.phrases[-1][0], Gap) or isinstance(node.phrases[-1][-1], Gap):
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

    def _piece(self, piece: str, where: str, inside: tuple[str, ...]) -> Node | Gap:
        if piece == "_":
            return Gap(1)
        if piece == "...":
            return Gap(_GAP_WORDS)
        return self.node(piece, where, inside)

    def node(self, entry: str, where: str, inside: tuple[str, ...] = ()) -> Node:
        if _GROUP_NAME.match(entry):
            return self.group(entry, where, inside)
        node = self._inline.get(entry)
        if node is None:
            node = self._inline[entry] = self._new()
            self._add(node, entry, where, inside)
        return node

    def _rule(self, text: str, where: str) -> Rule:
        rest, window = text, DEFAULT_WINDOW
        rest, _, vetoes = rest.partition(" unless ")
        if match := _RULE_WINDOW.search(rest):
            rest, window = rest[: match.start()], int(match.group(1))
        parts = tuple(self._part(p, where) for p in rest.split(" + "))
        unless = (self._part("|".join(vetoes.split()), where),) if vetoes.strip() else ()
        needs = tuple(_seeds(part) for part in parts)
        return Rule(text, parts, unless, window, needs)

    def _part(self, text: str, where: str) -> Node:
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

    def guards(self) -> dict[str, Guard]:
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
            guards[name] = Guard(node, reach, self.node(other, where) if other else None)
        return guards

    def classes(self) -> tuple[DangerClass, ...]:
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
            classes.append(DangerClass(kind, tuple(rules), tuple(chosen)))
        missing = {kind.value for kind in Danger} - set(section)
        if missing:
            raise self.error("classes", f"missing: {', '.join(sorted(missing))}")
        return tuple(classes)

    def whole(self) -> tuple[dict[Danger, Node], Node]:
        """Compile what counts when nothing else is said, by class, and what may go with it."""
        where = "whole_message"
        nodes: dict[str, Node] = {}
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

    def negation(self) -> tuple[Node, Node]:
        body = self._section("negation")
        nodes = []
        for key in ("before", "after"):
            node = self._new()
            for entry in self._strings(body.get(key, []), f"negation: {key}"):
                self._add(node, entry, f"negation: {key}: {entry!r}", ())
            nodes.append(node)
        return nodes[0], nodes[1]
