"""What promising asks of a business calendar. The calendars themselves are files, compiled elsewhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Protocol


class WorkingTime(Protocol):
    """Working hours and days of a place, holidays, make-up workdays and clock changes included."""

    @property
    def id(self) -> str:
        """The name people know it by."""
        ...

    def due_after(self, start: datetime, working: timedelta) -> datetime:
        """Say when `working` time has passed since `start`; both UTC."""
        ...

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """Say how much working time lies between two UTC instants."""
        ...

    def local(self, instant: datetime) -> datetime:
        """Give a UTC instant as the clock on the wall shows it there."""
        ...

    def at(self, day: date, minute: int) -> datetime:
        """Give the UTC instant of a minute of a local day."""
        ...

    def works_on(self, day: date) -> bool:
        """Say whether there is work on a local day."""
        ...

    def next_opening(self, day: date) -> datetime:
        """Give the first working instant on a local day or after it, UTC."""
        ...
