"""What goes into the core and what comes out of it, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from common.texts import Button

__all__ = ["Button", "Incoming", "Kind", "Outgoing", "Replace", "Say", "Wipe"]


class Kind(Enum):
    """What a person sent."""

    TEXT = "text"
    EDITED = "edited"
    BUTTON = "button"
    COMMAND = "command"
    VOICE = "voice"
    PHOTO = "photo"
    STICKER = "sticker"
    OTHER = "other"


@dataclass(frozen=True)
class Incoming:
    """One thing that a person sent.

    ``chat`` is the keyed hash of the chat; ``text`` are the typed words, the data of a button or
    the name of a command; ``language_hint`` is what the channel guesses (may be any code).
    """

    chat: str
    kind: Kind
    text: str = ""
    language_hint: str | None = None

    @property
    def has_words(self) -> bool:
        """Tell whether a person typed something that may mean anything."""
        return self.kind in (Kind.TEXT, Kind.EDITED) and bool(self.text.strip())


@dataclass(frozen=True)
class Say:
    """A message to show. ``keyboard`` shows the small persistent keyboard of these labels."""

    text: str
    buttons: tuple[Button, ...] = ()
    keyboard: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replace:
    """Quick exit: the last screen goes, this dull text stands instead, the keyboard goes."""

    text: str


@dataclass(frozen=True)
class Wipe:
    """Delete every message of both sides that can be deleted, then say one of the two texts."""

    done: str
    partly: str
    button: Button


Outgoing = Say | Replace | Wipe
