"""The format of a calendar file, as docs/dialect.md describes it: keys and what each may hold. Reads no file."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

import holidays
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from oms_workflow.bpmn.calendar import ALL_DAY, Hours

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


def _hours(spans: object) -> Hours:
    if spans == "all day":
        return ALL_DAY
    if not isinstance(spans, list):
        raise ValueError('expected a list such as ["09:00-12:00", "13:00-18:00"], or "all day"')
    found: list[tuple[int, int]] = []
    for span in spans:
        matched = _SPAN.fullmatch(span) if isinstance(span, str) else None
        if matched is None:
            raise ValueError(f"expected hours such as '09:00-18:00', found {span!r}")
        numbers = [int(number) for number in matched.groups()]
        begin, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
        after = found[-1][1] if found else 0
        if numbers[1] > 59 or numbers[3] > 59 or not after <= begin < end <= 24 * 60:
            raise ValueError(f"{span!r} does not follow what is before it, or does not end after it begins")
        found.append((begin, end))
    return tuple(found)


DayHours = Annotated[Hours, BeforeValidator(_hours)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ClosedDay(_Strict):
    """A day without work."""

    day: date
    reason: str = ""


class OpenDay(_Strict):
    """A day with hours of its own, stronger than holidays and weekly hours."""

    day: date
    hours: DayHours
    reason: str = ""


class Week(_Strict):
    """Weekly hours; a day of which nothing is said is closed."""

    workdays: DayHours | None = None  # Monday to Friday, unless a day says otherwise
    weekend: DayHours | None = None
    monday: DayHours | None = None
    tuesday: DayHours | None = None
    wednesday: DayHours | None = None
    thursday: DayHours | None = None
    friday: DayHours | None = None
    saturday: DayHours | None = None
    sunday: DayHours | None = None

    def of(self, weekday: int) -> Hours:
        """Hours of a weekday, 0 for Monday; none when nothing is said."""
        own: Hours | None = getattr(self, _WEEKDAYS[weekday])
        shared = self.workdays if weekday < 5 else self.weekend
        return own if own is not None else shared if shared is not None else ()


class CalendarFile(_Strict):
    """One calendar file."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    name: str
    name_zh: str = ""
    time_zone: str
    country: str = ""
    subdivision: str = ""
    make_up_days: Literal["as workdays", "ignored"] = "as workdays"
    hours: Week
    closed: tuple[ClosedDay, ...] = ()
    open: tuple[OpenDay, ...] = ()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in _zones():
            raise ValueError(f"{name!r} is no time zone of the IANA database, such as Asia/Shanghai")
        return name

    @field_validator("country")
    @classmethod
    def _known_country(cls, code: str) -> str:
        if code and code not in holidays.list_supported_countries():
            raise ValueError(f"{code!r} is no ISO 3166 country code whose holidays are known, such as CN")
        return code


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
