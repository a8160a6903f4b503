"""Short messages that lean on what was said before: "+", "неше жыл", "бузса ше", "боюсь".

A classifier of single messages can only guess at these, so they are looked up whole in
``lexicons/follow_ups.yml``.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

from nlu.normalize import fold
from nlu.pattern_compiler import LexiconError, read_yaml

__all__ = ["DEFAULT_LEXICON", "FollowUp", "FollowUps"]

DEFAULT_LEXICON = Path(__file__).with_name("lexicons") / "follow_ups.yml"
_LONGEST = 40


@dataclass(frozen=True)
class FollowUp:
    """``kind`` names the entry; ``intent`` is what it means if no context says more."""

    kind: str
    intent: str
    question: str | None


class FollowUps:
    """The lexicon, ready for look-up."""

    def __init__(self, by_message: dict[str, FollowUp]) -> None:
        self._by_message = by_message

    @classmethod
    def load(cls, path: Path = DEFAULT_LEXICON) -> FollowUps:
        """Read the lexicon; a message under two kinds is a :class:`LexiconError`."""
        found: dict[str, FollowUp] = {}
        for kind, body in dict(read_yaml(path)).items():
            try:
                entry = FollowUp(kind, body["intent"], body.get("question"))
                lines = [str(line) for line in body["messages"]]
            except (TypeError, KeyError) as problem:
                raise LexiconError(f"{path}: {kind}: needs intent and messages") from problem
            for message in (part.strip() for line in lines for part in line.split(",")):
                key = _key(message)
                if found.setdefault(key, entry) != entry:
                    other = found[key].kind
                    raise LexiconError(f"{path}: {message!r} stands under {other} and {kind}")
        return cls(found)

    def find(self, text: str) -> FollowUp | None:
        """The follow-up that ``text`` is, or None."""
        return self._by_message.get(_key(text)) if len(text) <= _LONGEST else None

    @staticmethod
    def says_nothing(text: str) -> bool:
        """Tell whether ``text`` holds no word, number or emoji that could be understood."""
        return not fold(text)


def _key(text: str) -> str:
    """Folded words, each once if repeated; a message without any ("+", "((") as it stands."""
    words = [word for word, _ in itertools.groupby(fold(text).split())]
    return " ".join(words) or "".join(text.split())
