"""Opening hours: what is open now in Kazakhstan."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from knowledge.hours import KAZAKHSTAN, is_open, parse_hours

# A Wednesday.
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=KAZAKHSTAN)


@pytest.mark.parametrize(
    ("hours", "day", "clock", "expected"),
    [
        ("24/7", 25, "03:00", True),
        ("Mon-Fri 09:00-18:30", 25, "12:00", True),
        ("Mon-Fri 09:00-18:30", 25, "09:00", True),
        ("Mon-Fri 09:00-18:30", 25, "18:30", False),
        ("Mon-Fri 09:00-18:30", 25, "08:59", False),
        ("Mon-Fri 09:00-18:30", 28, "12:00", False),
        ("Mon-Fri 09:00-18:00, Sat 10:00-14:00", 28, "12:00", True),
        ("09:00-17:00", 29, "12:00", True),
        ("Tue-Thu 10:00-16:00", 23, "12:00", False),
        ("Fri-Mon 10:00-16:00", 29, "12:00", True),
        ("Fri-Mon 10:00-16:00", 25, "12:00", False),
        ("Wed 20:00-06:00", 25, "23:00", True),
        ("Wed 20:00-06:00", 26, "05:00", True),
        ("Wed 20:00-06:00", 25, "05:00", False),
        (None, 25, "12:00", None),
    ],
)
def test_open_now(hours: str | None, day: int, clock: str, expected: bool | None) -> None:
    at = NOON.replace(day=day, hour=int(clock[:2]), minute=int(clock[3:]))
    assert is_open(hours, at) is expected


def test_the_time_is_that_of_kazakhstan() -> None:
    # 13:00 UTC is 18:00 in the whole country since March 2024.
    assert is_open("Mon-Fri 09:00-18:00", datetime(2026, 11, 25, 12, 59, tzinfo=UTC))
    assert not is_open("Mon-Fri 09:00-18:00", datetime(2026, 11, 25, 13, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    "hours",
    ["", "always", "9-17", "Mon-Fri", "Mon-Fri 9:00-17:00", "25:00-26:00", "Пн 09:00-18:00"],
)
def test_other_writings_are_refused(hours: str) -> None:
    with pytest.raises(ValueError, match="give hours as|no time of day"):
        parse_hours(hours)


def test_parts() -> None:
    weekdays, saturday = parse_hours("Mon-Fri 09:00-18:00, Sat 10:00-14:00")
    assert weekdays.days == {0, 1, 2, 3, 4}
    assert (saturday.days, saturday.start, saturday.end) == ({5}, time(10), time(14))
