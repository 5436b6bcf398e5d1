"""Business time: when a deadline counted in working hours falls due. Pure arithmetic on a compiled calendar, no clock.

A calendar is compiled once from its file in `processes/calendars/` (holidays, make-up workdays and zone offsets
written out for some years), so a stored history needs neither a time-zone database nor a holiday table to replay.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

Hours = tuple[tuple[int, int], ...]  # (from, to) in minutes since local midnight, ascending, `to` up to 1440
ALL_DAY: Hours = ((0, 1440),)
ALWAYS_OPEN = (ALL_DAY,) * 7
HORIZON = 3660  # days that a search looks ahead before it calls the calendar empty
ALWAYS_SURE = timedelta(days=HORIZON - 3)  # below it, a search through a calendar without a gap finds what adding gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Working hours by weekday, with the days that differ."""

    id: str
    weekly: tuple[Hours, ...] = ALWAYS_OPEN  # Monday first
    holidays: tuple[date, ...] = ()  # no work on these
    workdays: tuple[tuple[date, Hours], ...] = ()  # make-up workdays and days with other hours; stronger than holidays
    offsets: tuple[tuple[datetime, int], ...] = ()  # (UTC instant from which it holds, minutes east of UTC), ascending
    final_until: date | None = None  # last day whose holidays are official; None: no holidays to know

    def due_after(self, start: datetime, working: timedelta) -> datetime:
        """Say when `working` time has passed since `start`.

        Args:
            start: UTC. Outside working hours the count starts with the next working minute.
            working: Time counted in this calendar only; zero or less gives `start`.

        Raises:
            ValueError: If the calendar has no working time within ten years.
        """
        if working <= timedelta(0):
            return start
        if self._is_always_open and working < ALWAYS_SURE:
            return start + working
        for begin, end in self._shifts(start):
            if working <= end - begin:
                return begin + working
            working -= end - begin
        raise ValueError(f"calendar {self.id!r} has no working time after {start.isoformat()}")

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """Say how much working time lies between two UTC instants; zero when `end` is not after `start`."""
        total = timedelta(0)
        for begin, finish in self._shifts(start):
            if begin >= end:
                break
            total += min(finish, end) - begin
        return total

    def local(self, instant: datetime) -> datetime:
        """Give a UTC instant as the clock on the wall of this calendar shows it, with its offset."""
        return instant.astimezone(timezone(self._offset_at(instant)))

    def at(self, day: date, minute: int) -> datetime:
        """Give the UTC instant of a minute of a local day; one that the clock skips is taken as if it did not."""
        return self._utc(day, minute)

    def works_on(self, day: date) -> bool:
        """Say whether a local day has working hours."""
        return bool(self._hours_of(day))

    def next_opening(self, day: date) -> datetime:
        """Give the first working instant on a local day or after it, UTC.

        Raises:
            ValueError: If the calendar has no working time within ten years.
        """
        for begin, _ in self._shifts(self._utc(day, 0)):
            return begin
        raise ValueError(f"calendar {self.id!r} has no working time after {day.isoformat()}")

    @property
    def _is_always_open(self) -> bool:
        """Whether no minute is missing, so that there is nothing to search; most nodes have such a calendar."""
        return self.weekly == ALWAYS_OPEN and not (self.holidays or self.workdays or self.offsets)

    def _shifts(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working intervals in UTC from `start` on, the first cut to begin at `start` or later."""
        first = self._local_day(start)
        for days in range(-1, HORIZON):
            day = first + timedelta(days=days)
            for begin, end in self._hours_of(day):
                shift_begin, shift_end = max(start, self._utc(day, begin)), self._utc(day, end)
                if shift_begin < shift_end:  # a shift inside the hour that a clock change skips does not take place
                    yield shift_begin, shift_end

    def _hours_of(self, day: date) -> Hours:
        for special, hours in self.workdays:
            if special == day:
                return hours
        if day in self.holidays:
            return ()
        return self.weekly[day.weekday()]

    def _offset_at(self, instant: datetime) -> timedelta:
        if not self.offsets:
            return timedelta(0)
        position = bisect_right(self.offsets, instant, key=lambda entry: entry[0]) - 1
        return timedelta(minutes=self.offsets[max(position, 0)][1])

    def _local_day(self, instant: datetime) -> date:
        return (instant + self._offset_at(instant)).date()

    def _utc(self, day: date, minute: int) -> datetime:
        local = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)
        guess = local - self._offset_at(local)
        return local - self._offset_at(guess)


ALWAYS = Calendar(id="24x7")
"""The calendar of a node that names none: every minute counts."""
