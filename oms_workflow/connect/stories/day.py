"""The day on which stories are told: one whose fortnight has no holiday, so that calendars change no story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
FORTNIGHT = timedelta(days=14)
WORKED = timedelta(hours=80)  # ten days of eight hours


def quiet_monday(today: datetime, working: Callable[[datetime, datetime], timedelta]) -> datetime:
    """Give ten o'clock in China on the next Monday with two plain weeks after it, UTC.

    Args:
        today: UTC.
        working: The time worked between two moments, as a calendar of workdays counts it.
    """
    day = today.astimezone(CHINA).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while day.weekday() != 0 or working(day, day + FORTNIGHT) != WORKED:
        day += timedelta(days=1)
    return day.astimezone(UTC)
