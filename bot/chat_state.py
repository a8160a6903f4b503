"""What the bot remembers of a chat: in memory only, forgotten 24 hours after the last message."""

from __future__ import annotations

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
    held: list[Say] = field(default_factory=list)
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

    def forget(self, chat: str) -> None:
        self._states.pop(chat, None)
