"""Dates, times, zones and durations, and the clock that is handed in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.feel import (
    YearsMonths,
    compile_expression,
    evaluate,
    format_duration,
    parse_date_time,
    parse_duration,
)
from oms_workflow.feel.wide import date_of, day_number
from tests.feel.strategies import durations

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)


def test_now_and_today_are_the_time_that_was_handed_in() -> None:
    """The engine has no clock; each fact brings its time, so a replay decides the same."""
    assert evaluate("now()", {}, at=NOON) == NOON
    assert evaluate("today()", {}, at=NOON) == date(2026, 3, 28)
    assert evaluate("today()", {}) is None


def test_a_day_in_a_named_zone_has_the_hours_its_clocks_show() -> None:
    """On 29 March 2026 Berlin's clocks go forward: 24 hours after noon it is one o'clock."""
    later = evaluate('string(@"2026-03-28T12:00:00@Europe/Berlin" + @"P1D")', {})

    assert later == "2026-03-29T13:00:00@Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('date and time("2026-01-31T08:00:00@Mars/Olympus")', None),
        ('date and time("2026-01-31T08:00:00@europe/berlin")', None),
        ('string(@"999999999-12-31T23:59:59.123456789@Etc/UTC")', "999999999-12-31T23:59:59.123456789@Etc/UTC"),
        ('string(date("-0001-03-01") - @"P1D")', "-0001-02-28"),
        ('string(date("0000-03-01") - @"P1D")', "0000-02-29"),
        ('string(time("11:22:33.123456789") + @"PT1S")', "11:22:34.123456789"),
        ('string(date("9999-12-31") + @"P1D")', "10000-01-01"),
        ('date("10000-01-01") > date("9999-12-31")', True),
        ('(date("10000-01-02") - date("9999-12-31")).days', 2),
        ('@"2026-10-25T02:30:00@Europe/Berlin" - @"2026-10-25T00:00:00Z"', timedelta(minutes=30)),
        ('time("24:00:00") = time("00:00:00")', True),
        ('time("10:00:00+02:00") = time("08:00:00Z")', True),
        ('@"2026-01-31T08:00:00+18:00".time offset', timedelta(hours=18)),
        ('@"2026-01-31T08:00:00+18:01"', None),
        ('years and months duration(date("2024-02-29"), date("2025-02-28"))', YearsMonths(11)),
        ('date("2024-02-29") + @"P1Y"', date(2025, 2, 28)),
        ('week of year(date("2020-12-31"))', 53),
        ('day of week(@"0001-01-01")', "Monday"),
    ],
)  # fmt: skip
def test_time_works_at_its_edges(text: str, wanted: object) -> None:
    """Leap days, clock changes, years Python does not know, and offsets no clock shows."""
    assert evaluate(text, {}) == wanted


@given(st.integers(-365_000_000_000, 365_000_000_000))
@settings(max_examples=200)
def test_every_day_has_one_number_and_back(number: int) -> None:
    """The calendar is our own beyond Python's years; it must not lose a day."""
    day = date_of(number)

    assert day is not None
    assert day_number(day) == number


@given(st.dates())
def test_the_own_calendar_agrees_with_pythons(day: date) -> None:
    """Where both know the day they must name the same one."""
    assert day_number(day) == (day - date(1970, 1, 1)).days


@given(durations)
def test_a_duration_survives_its_text(duration: timedelta | YearsMonths) -> None:
    """SLAs and timers are stored and shown as ISO 8601."""
    assert parse_duration(format_duration(duration)) == duration
    assert compile_expression("duration(string(d))").evaluate({"d": duration}) == duration


@pytest.mark.parametrize("text", ["", "P", "PT", "P1H", "P1Y2D", "1D", "P1DT", "PT1.5H", "P-1D", "p1d", "P1W2D"])
def test_a_text_that_is_no_duration_says_what_one_looks_like(text: str) -> None:
    """The header `sla` of a diagram is read by this."""
    with pytest.raises(ValueError, match="expected an ISO 8601 duration such as 'PT2H'"):
        parse_duration(text)


def test_weeks_are_durations_of_timers_but_not_of_feel() -> None:
    """BPMN timers are ISO 8601; FEEL's duration() is XPath's, which knows no weeks."""
    assert parse_duration("P2W") == timedelta(days=14)
    assert evaluate('duration("P2W")', {}) is None


def test_a_moment_without_zone_is_utc_for_timers() -> None:
    """A timer must fire at one moment everywhere."""
    assert parse_date_time("2026-01-31T08:00:00") == datetime(2026, 1, 31, 8, tzinfo=UTC)
    assert parse_date_time("2026-01-31T08:00:00+08:00").utcoffset() == timedelta(hours=8)
    with pytest.raises(ValueError, match="expected an ISO 8601 date and time"):
        parse_date_time("tomorrow")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('@"2026-06-01T10:00:00@Europe/Prague"', "2026-06-01T10:00:00@Europe/Prague"),
        ('@"10:00:00@America/Phoenix"', "10:00:00@America/Phoenix"),
        ('date and time("2026-06-01T09:00:00+02:00[Europe/Berlin]")', "2026-06-01T09:00:00@Europe/Berlin"),
        ('date and time("2026-01-01T09:00:00Z[Europe/London]")', "2026-01-01T09:00:00@Europe/London"),
        ('date and time(@"2026-06-01", time("T09:00:00"))', "2026-06-01T09:00:00"),
    ],
)
def test_a_zone_is_read_whatever_letters_its_name_has(text: str, wanted: str) -> None:
    """The `P` of Prague is no duration; Camunda writes the offset and the zone."""
    assert evaluate(f"string({text})", {}) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-01T09:00:00Z[Europe/London]",
        "2026-06-01T09:00:00[Europe/Berlin]",
        "2026-06-01T09:00:00@Europe/Berlin[Europe/Berlin]",
        "2026-06-01T09:00:00+02:00[Europe/Nowhere]",
    ],
)
def test_an_offset_its_zone_does_not_have_is_no_date_and_time(text: str) -> None:
    """To take one of the two would be a guess."""
    assert evaluate(f'date and time("{text}")', {}) is None
