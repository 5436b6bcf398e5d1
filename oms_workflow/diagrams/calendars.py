"""Business calendars: TOML files in, calendars with all holidays and clock changes written out, and every finding.

The format is described in docs/dialect.md. A compiled calendar needs neither a holiday table nor a time-zone database.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from pydantic import ValidationError

from oms_workflow.bpmn.calendar import ALWAYS, Calendar, Hours
from oms_workflow.diagrams.calendar_format import CalendarFile
from oms_workflow.diagrams.hardened import read_file
from oms_workflow.errors import Diagnostic, DiagramRefused

CODE = "bad-calendar"

YEARS_BEFORE, YEARS_AFTER = 1, 3  # around the reference year: orders of last year may still run, and SLAs reach far
_FIX = "See docs/dialect.md, section Calendars, for the format."


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarReading:
    """What came of reading calendar files."""

    calendars: Mapping[str, Calendar] = field(default_factory=dict)  # by id; without those that have findings
    diagnostics: tuple[Diagnostic, ...] = ()

    def require(self) -> Mapping[str, Calendar]:
        """Give the calendars.

        Raises:
            DiagramRefused: With every finding, when there is one.
        """
        if self.diagnostics:
            raise DiagramRefused(self.diagnostics)
        return self.calendars


def load_calendars(paths: Iterable[Path], *, year: int) -> CalendarReading:
    """Read calendar files.

    Args:
        year: The reference year; holidays and clock changes are written out from the year before to three years after.
    """
    calendars: dict[str, Calendar] = {}
    found: list[Diagnostic] = []
    for path in paths:
        try:
            calendar = read_calendar(read_file(path), str(path), year=year)
        except DiagramRefused as refused:
            found += refused.diagnostics
            continue
        if calendar.id in calendars or calendar.id == ALWAYS.id:
            message = f"There is another calendar {calendar.id!r}."
            found.append(_finding(str(path), 1, message, "Give each calendar an id of its own."))
        calendars.setdefault(calendar.id, calendar)
    return CalendarReading(calendars=calendars, diagnostics=tuple(found))


def read_calendar(raw: bytes, file: str, *, year: int) -> Calendar:
    """Give the calendar of one file.

    Raises:
        DiagramRefused: With every finding about the file.
    """
    try:
        text = raw.decode("utf-8")
        parsed = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DiagramRefused([_finding(file, line, "The file is not UTF-8 text.", "Save it as UTF-8.")]) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place.group(1)) if place else text.count("\n") + 1
        raise DiagramRefused([_finding(file, line, f"This is no TOML: {error}.", _FIX)]) from None
    try:
        return _compile(CalendarFile.model_validate(parsed), year)
    except ValidationError as errors:
        raise DiagramRefused(_findings(file, text, parsed, errors)) from None


def _compile(drawn: CalendarFile, year: int) -> Calendar:
    years = range(year - YEARS_BEFORE, year + YEARS_AFTER + 1)
    days_off, make_up, final_until = _country_days(drawn.country, drawn.subdivision, years)
    weekly = tuple(drawn.hours.of(weekday) for weekday in range(7))
    special: dict[date, Hours] = {}
    if drawn.make_up_days == "as workdays":
        special = {day: weekly[day.weekday()] or drawn.hours.of(0) for day in make_up}
    special |= {day.day: day.hours for day in drawn.open}
    closed = {day.day for day in drawn.closed}
    return Calendar(
        id=drawn.id,
        weekly=weekly,
        holidays=tuple(sorted(set(days_off) | closed)),
        workdays=tuple(sorted((day, hours) for day, hours in special.items() if day not in closed)),
        offsets=_offsets(drawn.time_zone, years),
        final_until=final_until,
    )


def _country_days(
    country: str, subdivision: str, years: range
) -> tuple[tuple[date, ...], tuple[date, ...], date | None]:
    """Statutory days off and make-up workdays, and until when they are official; None without a country."""
    if not country:
        return (), (), None
    table = holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    make_up = tuple(day for day in sorted(getattr(table, "weekend_workdays", ())) if day.year in years)
    # Where days are moved, next year's list is announced late in this year; until then it only has the fixed days.
    announced = [year for year in years if any(day.year == year for day in make_up)]
    last = max(announced) if announced else years[-1]
    return tuple(sorted(table)), make_up, date(last, 12, 31)


@lru_cache(maxsize=64)
def _offsets(zone_name: str, years: range) -> tuple[tuple[datetime, int], ...]:
    """Every change of the clock in these years, to the minute, the first entry being how it stood before."""
    zone = ZoneInfo(zone_name)
    instant, end = datetime(years[0], 1, 1, tzinfo=UTC), datetime(years[-1] + 1, 1, 1, tzinfo=UTC)
    found = [(instant, _minutes(zone, instant))]
    while instant < end:
        later = instant + timedelta(days=1)
        if _minutes(zone, later) != found[-1][1]:
            change = _change_between(zone, instant, later)
            found.append((change, _minutes(zone, change)))
        instant = later
    return tuple(found)


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    standing = _minutes(zone, before)
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=int((after - before) / timedelta(minutes=1)) // 2)
        before, after = (middle, after) if _minutes(zone, middle) == standing else (before, middle)
    return after


def _minutes(zone: ZoneInfo, instant: datetime) -> int:
    offset = instant.astimezone(zone).utcoffset() or timedelta(0)
    return round(offset / timedelta(minutes=1))


# -- findings


def _findings(file: str, text: str, parsed: Mapping[str, Any], errors: ValidationError) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for error in errors.errors():
        # Pydantic names its own validators in the path; keys of the file are plain words.
        path = [part for part in error["loc"] if isinstance(part, int) or part.isidentifier()]
        what = ".".join(str(part) for part in path) or "calendar"
        message = f"{what}: {str(error['msg']).removeprefix('Value error, ')}."
        found.append(_finding(file, _line_of(text, path), message, _FIX, str(parsed.get("id", ""))))
    return found


def _line_of(text: str, path: Sequence[int | str]) -> int:
    """The line in which the last key of a path is written, or the nearest one around it."""
    lines = text.splitlines()
    at = 0
    for position, key in enumerate(path):
        if isinstance(key, str):
            following = path[position + 1] if position + 1 < len(path) else 0
            written = re.compile(rf"\s*(?:\[\[?\s*)?{re.escape(key)}\b")
            places = [number for number in range(at, len(lines)) if written.match(lines[number])]
            if places:
                at = places[min(following, len(places) - 1) if isinstance(following, int) else 0]
    return at + 1


def _finding(file: str, line: int, message: str, fix: str, element: str = "") -> Diagnostic:
    return Diagnostic(code=CODE, message=message, file=file, line=line, element=element, fix=fix)
