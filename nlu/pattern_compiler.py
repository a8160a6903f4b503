"""Compile a lexicon of word patterns (YAML) into nodes of :mod:`nlu.word_patterns`.

The pattern language is described at the head of ``lexicons/danger.yml``, for the people who keep
the lexicons. Whatever is wrong in a file is found when it is loaded, and said as a
:class:`LexiconError`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from nlu.word_patterns import Gap, Node, Words

__all__ = ["LexiconError", "PatternCompiler", "read_yaml"]

_GAP_WORDS = 3  # what "..." may skip
_GROUP_NAME = re.compile(r"[A-Z][A-Z0-9_]*$")


class LexiconError(ValueError):
    """A lexicon is broken; the message names the file and the entry."""


def read_yaml(path: Path) -> Any:
    """Read a lexicon file; what is no YAML is a :class:`LexiconError`."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise LexiconError(f"{path}: cannot be read: {problem.strerror}") from problem
    except yaml.YAMLError as problem:
        raise LexiconError(f"{path}: not valid YAML: {problem}") from problem


class PatternCompiler:
    """Turns entries into nodes and says where it stumbled; ``groups_key`` names the section."""

    def __init__(self, path: Path, data: Any, groups_key: str) -> None:
        self._path = path
        self.words = Words()
        self._count = 0
        self._inline: dict[str, Node] = {}
        if not isinstance(data, dict):
            raise LexiconError(f"{path}: the file must hold keys and values")
        self._data: dict[str, Any] = data
        self._groups: dict[str, Node] = {}
        self._members: dict[str, list[str]] = {}
        for name, members in self.section(groups_key).items():
            where = f"{groups_key}: {name}"
            if not _GROUP_NAME.match(name):
                raise self.error(where, "a group name is written in CAPITALS")
            self._members[name] = self.strings(members, where)

    @property
    def group_names(self) -> list[str]:
        """The groups in the order of the file."""
        return list(self._members)

    def error(self, where: str, what: str) -> LexiconError:
        return LexiconError(f"{self._path}: {where}: {what}")

    def section(self, key: str) -> dict[str, Any]:
        section = self._data.get(key)
        if not isinstance(section, dict) or not section:
            raise self.error(key, "this section is missing or empty")
        return {str(name): value for name, value in section.items()}

    def strings(self, value: Any, where: str) -> list[str]:
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

    def new(self) -> Node:
        self._count += 1
        return Node(self._count)

    def group(self, name: str, where: str, inside: tuple[str, ...] = ()) -> Node:
        node = self._groups.get(name)
        if node is None:
            if name not in self._members:
                raise self.error(where, f"there is no group {name}")
            if name in inside:
                raise self.error(where, f"group {name} contains itself")
            node = self.new()
            for entry in self._members[name]:
                self.add(node, entry, f"groups: {name}: {entry!r}", (*inside, name))
            self._groups[name] = node
        return node

    def add(self, node: Node, entry: str, where: str, inside: tuple[str, ...]) -> None:
        """Make ``node`` match ``entry``: a word, alternatives, or a phrase."""
        pieces = entry.split()
        if len(pieces) > 1:
            # "a_b|c d" is (a b, or c) followed by d.
            node.phrases.append(tuple(self.piece(p, where, inside) for p in pieces))
            if isinstance(node.phrases[-1][0], Gap) or isinstance(node.phrases[-1][-1], Gap):
                raise self.error(where, "a phrase must begin and end with a word")
            return
        for choice in entry.split("|"):
            if "_" in choice and not _GROUP_NAME.match(choice):
                self.add(node, choice.replace("_", " "), where, inside)
            elif _GROUP_NAME.match(choice):
                node.phrases.append((self.group(choice, where, inside),))
            else:
                try:
                    self.words.add(choice, node.ident)
                except ValueError as problem:
                    raise self.error(where, str(problem)) from None

    def piece(self, piece: str, where: str, inside: tuple[str, ...]) -> Node | Gap:
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
            node = self._inline[entry] = self.new()
            self.add(node, entry, where, inside)
        return node

    def part(self, text: str, where: str) -> Node:
        """One part of a rule: a phrase, or several separated by commas."""
        phrases = [" ".join(p.split()) for p in text.split(",") if p.strip()]
        if not phrases:
            raise self.error(where, "a part is empty")
        if len(phrases) == 1:
            return self.node(phrases[0], where)
        node = self.new()
        for phrase in phrases:
            self.add(node, phrase, where, ())
        return node
