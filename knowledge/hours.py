"""Opening hours of a service, in the time of Kazakhstan: "Mon-Fri 09:00-18:30", "24/7".

Since 1 March 2024 the whole country has one time, that of Asia/Almaty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

__all__ = ["KAZAKHSTAN", "Opening", "is_open", "parse_hours"]

KAZAKHSTAN = ZoneInfo("Asia/Almaty")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ALWAYS = "24/7"
_DAY = "|".join(DAYS)
_PART = re.compile(
    rf"(?:(?P<first>{_DAY})(?:-(?P<last>{_DAY}))?\s+)?(?P<from>\d\d:\d\d)-(?P<to>\d\d:\d\d)"
)


@dataclass(frozen=True)
class Opening:
    """Open from ``start`` to ``end`` on some days (0 is Monday); past midnight if end <= start."""

    days: frozenset[int]
    start: time
    end: time


def parse_hours(hours: str) -> tuple[Opening, ...]:
    """Read hours as the seed writes them; parts are separated by commas.

    Raises ValueError with what is allowed. "24/7" is open from midnight to midnight on all days.
    """
    if hours == ALWAYS:
        return (Opening(frozenset(range(7)), time(0), time(0)),)
    return tuple(_part(part.strip(), hours) for part in hours.split(","))


def _part(part: str, hours: str) -> Opening:
    match = _PART.fullmatch(part)
    if match is None:
        raise ValueError(
            f"{hours!r}: give hours as '24/7', '09:00-17:00' "
            "or 'Mon-Fri 09:00-18:00, Sat 10:00-14:00'"
        )
    first, last = match["first"], match["last"] or match["first"]
    if first is None:
        days = frozenset(range(7))
    else:
        low, high = DAYS.index(first), DAYS.index(last)
        days = frozenset(day % 7 for day in range(low, high + 1 if high >= low else high + 8))
    try:
        start, end = time.fromisoformat(match["from"]), time.fromisoformat(match["to"])
    except ValueError:
        raise ValueError(f"{hours!r}: {part!r} holds no time of day") from None
    return Opening(days, start, end)


def is_open(hours: str | None, at: datetime) -> bool | None:
    """Tell whether the service answers at that moment (with time zone); None if unknown."""
    if hours is None:
        return None
    local = at.astimezone(KAZAKHSTAN)
    day, clock = local.weekday(), local.time()
    for opening in parse_hours(hours):
        past_midnight = opening.end <= opening.start
        started = day in opening.days and clock >= opening.start
        if started and (past_midnight or clock < opening.end):
            return True
        yesterday = (day - 1) % 7
        if past_midnight and yesterday in opening.days and clock < opening.end:
            return True
    return False
