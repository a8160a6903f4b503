"""Words by meaning in three languages: what is learnt with "муж" helps with "күйеуім".

Reads ``lexicons/concepts.yml``. The intent model uses concepts as features,
:mod:`nlu.circumstances` asks where they stand in a message.
"""

from __future__ import annotations

import itertools
from functools import lru_cache
from pathlib import Path

from nlu.pattern_compiler import PatternCompiler, read_yaml
from nlu.word_patterns import Node, Text, Words, seeds

__all__ = ["DEFAULT_LEXICON", "Concepts", "concept_features"]

DEFAULT_LEXICON = Path(__file__).with_name("lexicons") / "concepts.yml"
# Pairs grow with the square; a message that speaks of more is long and rambling anyway.
_MOST_PAIRED = 14


class Concepts:
    """The lexicon, compiled. Load once; safe to share by threads."""

    def __init__(self, words: Words, nodes: dict[str, Node]) -> None:
        self.words = words
        self.nodes = nodes
        self._seeds = {name: seeds(node) for name, node in nodes.items()}

    @classmethod
    @lru_cache(maxsize=4)
    def load(cls, path: Path = DEFAULT_LEXICON) -> Concepts:
        """Read the lexicon, once a process; a broken one is a ``LexiconError``."""
        compiler = PatternCompiler(path, read_yaml(path), "concepts")
        nodes = {name: compiler.group(name, "concepts") for name in compiler.group_names}
        return cls(compiler.words, nodes)

    def names(self, text: str) -> list[str]:
        """The concepts that ``text`` speaks of, in the order of the lexicon."""
        message = Text(text, self.words)
        return [
            name
            for name, node in self.nodes.items()
            if message.present & self._seeds[name] and message.spans(node)
        ]


def concept_features(folded: str) -> list[str]:
    """Concepts and pairs of concepts of a folded text."""
    names = Concepts.load().names(folded)
    pairs = itertools.combinations(names[:_MOST_PAIRED], 2)
    return names + [f"{one}+{other}" for one, other in pairs]
