"""Who did it, to whom, and whether the writer seems to be under 18.

Reads the actors of ``lexicons/concepts.yml``. An offender who is not named is not guessed. Measure
with ``python -m benchmarks.circumstances``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.concepts import Concepts
from nlu.word_patterns import Span, Text

__all__ = ["CONCERNS", "OFFENDERS", "CircumstanceReader", "Circumstances"]

OFFENDERS = ("partner", "family", "boss", "teacher", "classmate", "stranger", "online")
CONCERNS = ("self", "child", "other")

# Concepts that name a kind of offender, with how surely they do: being "online" or "at school" is
# often only where it happens.
_ACTORS = {
    "PARTNER": ("partner", 3.0),
    "WIFE": ("partner", 1.5),
    "INLAW": ("family", 3.0),
    "PARENT": ("family", 2.0),
    "SIBLING": ("family", 2.0),
    "RELATIVE": ("family", 2.0),
    "BOSS": ("boss", 3.0),
    "COLLEAGUE": ("boss", 2.0),
    "TEACHER": ("teacher", 3.0),
    "CLASSMATE": ("classmate", 2.0),
    "STRANGER": ("stranger", 1.6),
    "ONLINE": ("online", 1.2),
}
# A weaker word counts only beside an act: a neighbour may lend sugar.
_SURE = 2.0
_ACTS = (
    "HIT", "SHOUT", "THREATEN", "CONTROL", "FOLLOW", "TOUCH", "RAPE", "IMAGE", "MARRY", "KILL",
)  # fmt: skip
# An actor this close to an act is more likely the one who does it.
_NEAR = 5
_NEAR_BONUS = 1.5
# The first one named is most often the one the message is about.
_FIRST_BONUS = 0.6
# The writer as the one it is done to.
_TO_ME = re.compile(
    r"(?:меня|мне|мной|мною|нас|нам|миня|мня|мені|мени|мене|маған|маган|magan|meni|бізді|бизди|"
    r"бізге|бизге|me|us|myself)",
    re.IGNORECASE,
)
# How close an act must stand to the one it is done to.
_TO_WHOM = 4


@dataclass(frozen=True)
class Circumstances:
    """``offender`` is one of :data:`OFFENDERS` or None, ``concerns`` one of :data:`CONCERNS`."""

    offender: str | None
    concerns: str
    minor: bool


class CircumstanceReader:
    """Reads :class:`Circumstances` from a message."""

    def __init__(self, concepts: Concepts) -> None:
        self._concepts = concepts

    @classmethod
    def load(cls) -> CircumstanceReader:
        return cls(Concepts.load())

    def read(self, text: str) -> Circumstances:
        """Tell who did it, whom it concerns, and whether a sign says the writer is under 18."""
        message = Text(text, self._concepts.words)
        acts = self._spans(message, _ACTS)
        minor = bool(message.spans(self._concepts.nodes["MINOR"]))
        return Circumstances(
            self._offender(message, acts), self._concerns(message, text, acts, minor), minor
        )

    def _spans(self, message: Text, names: tuple[str, ...]) -> list[Span]:
        return [span for name in names for span in message.spans(self._concepts.nodes[name])]

    def _offender(self, message: Text, acts: list[Span]) -> str | None:
        scores: dict[str, float] = {}
        first: dict[str, int] = {}
        for name, (offender, weight) in _ACTORS.items():
            for span in message.spans(self._concepts.nodes[name]):
                near = any(message.distance(span, act) <= _NEAR for act in acts)
                if not near and weight < _SURE:
                    continue
                score = weight + (_NEAR_BONUS if near else 0.0)
                scores[offender] = max(scores.get(offender, 0.0), score)
                first[offender] = min(first.get(offender, span[0]), span[0])
        if not scores:
            return None
        earliest = min(first, key=first.__getitem__)
        scores[earliest] += _FIRST_BONUS
        return max(scores, key=lambda one: (scores[one], -first[one]))

    def _concerns(self, message: Text, text: str, acts: list[Span], minor: bool) -> str:
        nodes = self._concepts.nodes
        written = [text[token.start : token.end] for token in message.tokens]
        to_me = [(i, i + 1) for i, word in enumerate(written) if _TO_ME.fullmatch(word)]
        others = message.spans(nodes["FRIEND"])
        children = [] if minor else message.spans(nodes["CHILD"])

        def near(spans: list[Span]) -> bool:
            return any(message.distance(s, act) <= _TO_WHOM for s in spans for act in acts)

        if near(to_me):
            return "self"
        if near(children):
            return "child"
        if near(others) or message.spans(nodes["HELP_OTHER"]):
            return "other"
        # Kazakh and Russian drop "I", so no word is needed for the writer to speak of themself.
        return "self"
