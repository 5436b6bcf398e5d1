"""When a drawn timer fires: ISO 8601 dates, durations and repetitions, as text or as FEEL values. No clock in here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from oms_workflow import feel
from oms_workflow.bpmn.events import TimerMeasure
from oms_workflow.engine import edition
from oms_workflow.engine.monthly import Monthly

WANTED: dict[TimerMeasure, str] = {
    "date": "an ISO 8601 date and time such as 2026-11-22T10:00:00Z",
    "duration": "an ISO 8601 duration such as PT30M",
    "cycle": "an ISO 8601 repetition such as R3/PT10M",
}
NO_END = -1
_MONTHS_AND_DAYS = re.compile(r"P(\d+Y\d+M|\d+Y|\d+M)((?:\d+D)?(?:T.+)?)")
_TO_THE_MINUTE = re.compile(r"(T\d{2}:\d{2})(?=$|[Zz+\[-])")

_later = feel.compile_expression("moment + duration")


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """When a timer fires first, and how it goes on."""

    first: datetime  # UTC
    interval: timedelta | None = None  # of a cycle of days and less
    monthly: Monthly | None = None  # of a cycle of months
    repeats: int = 0  # firings after the first one; NO_END: for ever


def firing(measure: TimerMeasure, value: Any, at: datetime, rules: int = edition.NEWEST) -> Firing:
    """Read a timer.

    Args:
        value: Text, or the value of a FEEL expression. A date without a zone is meant in UTC.
        at: When the timer starts to run, UTC.
        rules: Edition to read by.

    Raises:
        ValueError: When the value is not what the measure wants; the text says what it wants.
    """
    if measure == "date":
        return Firing(first=_instant(value, measure, rules))
    if measure == "duration":
        return Firing(first=_later_by(at, value, measure, rules))
    return _cycle(measure, value, at, rules)


def _cycle(measure: TimerMeasure, value: Any, at: datetime, rules: int) -> Firing:
    parts = value.split("/") if isinstance(value, str) else []
    count = parts[0][1:] if parts and parts[0].startswith("R") else "?"
    if len(parts) not in (2, 3) or not (count.isdigit() or not count):
        raise _unreadable(measure, value)
    interval = _duration(parts[-1], measure)
    if isinstance(interval, feel.YearsMonths) and rules >= edition.TIMER_FORMS:
        return _monthly(measure, value, at, interval.months)
    if not isinstance(interval, timedelta) or interval <= timedelta(0):
        raise _unreadable(measure, value)
    first = _instant(parts[1], measure, rules) if len(parts) == 3 else _after(at, interval, measure)
    times = int(count) if count else 0
    if rules < edition.MISSED_TURNS:
        return Firing(first=first, interval=interval, repeats=times - 1 if times else NO_END)
    if count and not times:
        raise _unreadable(measure, value)
    return _without_missed(Firing(first=first, interval=interval, repeats=times - 1 if times else NO_END), at)


def _monthly(measure: TimerMeasure, value: str, at: datetime, months: int) -> Firing:
    """Read a cycle of months, without the turns that were over when it was reached; of no turns at all, the last."""
    count, *start, _ = value.split("/")
    turns = int(count[1:]) if count != "R" else NO_END
    if months <= 0 or not turns:
        raise _unreadable(measure, value)
    cycle = Monthly(months=months, anchor=_instant(start[0], measure, edition.NEWEST) if start else at)
    earliest = 0 if start else 1  # without a start, the first turn is due when one interval is over
    latest = NO_END if turns == NO_END else earliest + turns - 1
    number = max(earliest, cycle.from_then_on(at))
    number = number if latest == NO_END else min(number, latest)
    try:
        first = cycle.turn(number)
    except ValueError:
        raise _unreadable(measure, value) from None
    return Firing(first=first, monthly=cycle, repeats=NO_END if latest == NO_END else latest - number)


def _without_missed(drawn: Firing, at: datetime) -> Firing:
    """Leave out the turns of a cycle that were over when it was reached; of one that is wholly over, the last stays."""
    assert drawn.interval is not None
    missed = max(0, -((drawn.first - at) // drawn.interval))
    if drawn.repeats == NO_END:
        return Firing(first=drawn.first + missed * drawn.interval, interval=drawn.interval, repeats=NO_END)
    missed = min(missed, drawn.repeats)
    return Firing(first=drawn.first + missed * drawn.interval, interval=drawn.interval, repeats=drawn.repeats - missed)


def _later_by(at: datetime, value: Any, measure: TimerMeasure, rules: int) -> datetime:
    """Give the end of a duration; text may have months and days, of which the months count first."""
    mixed = _MONTHS_AND_DAYS.fullmatch(value) if isinstance(value, str) and rules >= edition.TIMER_FORMS else None
    if mixed is None or not mixed[2]:
        return _after(at, _duration(value, measure), measure)
    return _after(_after(at, _duration(f"P{mixed[1]}", measure), measure), _duration(f"P{mixed[2]}", measure), measure)


def _duration(value: Any, measure: TimerMeasure) -> timedelta | feel.YearsMonths:
    if isinstance(value, timedelta | feel.YearsMonths):
        return value
    try:
        return feel.parse_duration(value) if isinstance(value, str) else _refuse(measure, value)
    except ValueError:
        raise _unreadable(measure, value) from None


def _instant(value: Any, measure: TimerMeasure, rules: int) -> datetime:
    if isinstance(value, str):
        text = _TO_THE_MINUTE.sub(r"\1:00", value) if rules >= edition.TIMER_FORMS else value
        try:
            value = feel.parse_date_time(text)
        except ValueError:
            raise _unreadable(measure, value) from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    raise _unreadable(measure, value)


def _after(at: datetime, duration: timedelta | feel.YearsMonths, measure: TimerMeasure) -> datetime:
    moved = _later.evaluate({"moment": at, "duration": duration})
    if not isinstance(moved, datetime):
        raise _unreadable(measure, duration)
    return moved.astimezone(UTC)


def _refuse(measure: TimerMeasure, value: Any) -> timedelta:
    raise _unreadable(measure, value)


def _unreadable(measure: TimerMeasure, value: Any) -> ValueError:
    return ValueError(f"must be {WANTED[measure]}, but is {feel.to_plain(value)!r}")
