"""Read ``lexicons/danger.yml`` and compile it into what the danger check works with.

The pattern language is described at the head of the lexicon, for the people who keep it. Whatever
is wrong in the file is found here, when it is loaded, and said as a :class:`LexiconError`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from nlu.normalize import fold
from nlu.pattern_compiler import LexiconError, PatternCompiler, read_yaml
from nlu.word_patterns import Node, Words, seeds

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

_RULE_WINDOW = re.compile(r"\s+within\s+(\d+)$")


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
    return _Compiler(path, read_yaml(path), "groups").lexicon()


class _Compiler(PatternCompiler):
    """Adds what only the danger lexicon has: rules, guards, safe words."""

    def lexicon(self) -> Lexicon:
        classes = self.classes()
        whole, filler = self.whole()
        safe_words = self.safe_words()
        before, after = self.negation()
        return Lexicon(self.words, classes, whole, filler, safe_words, before, after)

    def _rule(self, text: str, where: str) -> Rule:
        rest, window = text, DEFAULT_WINDOW
        rest, _, vetoes = rest.partition(" unless ")
        if match := _RULE_WINDOW.search(rest):
            rest, window = rest[: match.start()], int(match.group(1))
        parts = tuple(self.part(p, where) for p in rest.split(" + "))
        unless = (self.part("|".join(vetoes.split()), where),) if vetoes.strip() else ()
        needs = tuple(seeds(part) for part in parts)
        return Rule(text, parts, unless, window, needs)

    def guards(self) -> dict[str, Guard]:
        guards = {}
        for name, body in self.section("guards").items():
            where = f"guards: {name}"
            if not isinstance(body, dict) or "words" not in body:
                raise self.error(where, "needs 'words' (and may have 'reach', 'cancelled_by')")
            reach = body.get("reach", 12)
            if not isinstance(reach, int):
                raise self.error(where, "'reach' must be a number of words")
            node = self.new()
            for entry in self.strings(body["words"], where):
                self.add(node, entry, f"{where}: {entry!r}", ())
            other = body.get("cancelled_by")
            guards[name] = Guard(node, reach, self.node(other, where) if other else None)
        return guards

    def classes(self) -> tuple[DangerClass, ...]:
        guards = self.guards()
        classes = []
        section = self.section("classes")
        for name, body in section.items():
            where = f"classes: {name}"
            try:
                kind = Danger(name)
            except ValueError:
                raise self.error(where, "no such danger class") from None
            if not isinstance(body, dict) or not isinstance(body.get("rules"), list):
                raise self.error(where, "needs a list 'rules'")
            chosen = []
            for guard in self.strings(body["guards"], where) if body.get("guards") else ():
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
        for key, entries in self.section(where).items():
            node = nodes[key] = self.new()
            for entry in self.strings(entries, f"{where}: {key}"):
                self.add(node, entry, f"{where}: {key}: {entry!r}", ())
        filler = nodes.pop("may_go_with", self.new())
        unknown = set(nodes) - {kind.value for kind in Danger}
        if unknown:
            raise self.error(where, f"no such danger class: {', '.join(sorted(unknown))}")
        return {Danger(key): node for key, node in nodes.items()}, filler

    def safe_words(self) -> frozenset[str]:
        words = set()
        for language, entries in self.section("safe_words").items():
            for entry in self.strings(entries, f"safe_words: {language}"):
                words.add(fold(entry))
        return frozenset(words)

    def negation(self) -> tuple[Node, Node]:
        body = self.section("negation")
        nodes = []
        for key in ("before", "after"):
            node = self.new()
            for entry in self.strings(body.get(key, []), f"negation: {key}"):
                self.add(node, entry, f"negation: {key}: {entry!r}", ())
            nodes.append(node)
        return nodes[0], nodes[1]
