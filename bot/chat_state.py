"""What the bot remembers of a chat: in memory only, forgotten 24 hours after the last message."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from bot.messages import Say

KEEP_SECONDS = 24 * 60 * 60
# More messages than a person types in this time are held back (never a danger message).
BURST = 15
BURST_SECONDS = 10.0


@dataclass
class ChatState:
    """State of one chat; holds no words of the person."""

    language: str | None = None
    greeted: bool = False
    # The ordinary answer that waits behind a danger card, for "you misread me".
    held: asyncio.Task[list[Say]] | None = None
    # Rasa could not be told to forget this chat: it must be before it is asked again.
    must_forget: bool = False
    told_to_slow_down: bool = False
    last_seen: float = 0.0
    arrivals: deque[float] = field(default_factory=lambda: deque(maxlen=BURST))

    def is_flooding(self, now: float) -> bool:
        """Note an arrival; True if too many came at once."""
        full = len(self.arrivals) == BURST and now - self.arrivals[0] < BURST_SECONDS
        self.arrivals.append(now)
        return full


class ChatStates:
    """States by chat hash, least recently used first."""

    def __init__(self) -> None:
        self._states: OrderedDict[str, ChatState] = OrderedDict()

    def get(self, chat: str) -> ChatState:
        """The state of a chat, new if unknown or too old."""
        now = time.monotonic()
        while self._states:
            oldest = next(iter(self._states.values()))
            if now - oldest.last_seen < KEEP_SECONDS:
                break
            self._states.popitem(last=False)
        state = self._states.setdefault(chat, ChatState())
        state.last_seen = now
        self._states.move_to_end(chat)
        return state

    def start_anew(self, chat: str) -> ChatState:
        """Forget a chat but for its language: the next greeting should be readable."""
        old = self._states.pop(chat, None)
        state = self.get(chat)
        if old is not None:
            state.language, state.must_forget = old.language, old.must_forget
            if old.held is not None:
                old.held.cancel()
        return state
