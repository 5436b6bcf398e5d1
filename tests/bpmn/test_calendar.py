"""Business time: deadlines counted in working hours, over weekends, holidays and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.bpmn.calendar import ALL_DAY, ALWAYS, Calendar

OFFICE = Calendar(
    id="office",
    weekly=(((9 * 60, 12 * 60), (13 * 60, 18 * 60)),) * 5 + ((), ()),
    holidays=(date(2026, 5, 1), date(2026, 5, 4)),
    workdays=((date(2026, 5, 9), ((9 * 60, 12 * 60),)),),
    offsets=((datetime(2026, 1, 1, tzinfo=UTC), 480),),
)
BERLIN = ((datetime(2026, 1, 1, tzinfo=UTC), 60), (datetime(2026, 3, 29, 1, tzinfo=UTC), 120))
BERLIN_BACK = ((datetime(2026, 1, 1, tzinfo=UTC), 120), (datetime(2026, 10, 25, 1, tzinfo=UTC), 60))

minutes = st.integers(0, 24 * 60)


@st.composite
def hours(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    marks = sorted(draw(st.lists(minutes, max_size=6, unique=True)))
    return tuple(zip(marks[::2], marks[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    weekly = (*(draw(hours()) for _ in range(6)), draw(hours()) or ((0, 600),))
    clock = draw(st.sampled_from([(), BERLIN, BERLIN_BACK, ((datetime(2020, 1, 1, tzinfo=UTC), -210),)]))
    days = st.dates(date(2026, 3, 1), date(2026, 11, 30))
    return Calendar(
        id="drawn",
        weekly=weekly,
        holidays=tuple(sorted(draw(st.sets(days, max_size=5)))),
        workdays=tuple((day, draw(hours())) for day in sorted(draw(st.sets(days, max_size=3)))),
        offsets=clock,
    )


instants = st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30), timezones=st.just(UTC))
spans = st.timedeltas(timedelta(seconds=1), timedelta(days=10))


@given(calendars(), instants, spans)
@settings(max_examples=150, deadline=None)
def test_the_time_worked_until_a_deadline_is_the_time_that_was_given(calendar, start, working):
    """Reports count what is left with one function and timers are set with the other: they must agree."""
    due = calendar.due_after(start, working)

    assert due > start
    assert calendar.working_between(start, due) == working


@given(calendars(), instants, spans)
@settings(max_examples=100, deadline=None)
def test_no_earlier_moment_would_do(calendar, start, working):
    """A deadline must not fall later than the working hours allow."""
    due = calendar.due_after(start, working)

    assert calendar.working_between(start, due - timedelta(microseconds=1)) < working


@given(calendars(), instants, spans, spans)
@settings(max_examples=100, deadline=None)
def test_working_time_adds_up(calendar, start, first, second):
    """Pausing and resuming a deadline splits its time in two."""
    middle, end = start + first, start + first + second
    whole = calendar.working_between(start, end)

    assert calendar.working_between(start, middle) + calendar.working_between(middle, end) == whole
    assert timedelta(0) <= whole <= end - start


@given(instants, spans)
def test_around_the_clock_working_time_is_time(start, working):
    """A node without a calendar counts every minute."""
    assert ALWAYS.due_after(start, working) == start + working
    assert ALWAYS.working_between(start, start + working) == working


def test_weekends_holidays_and_make_up_workdays_are_kept():
    """Thursday evening before Labour Day: Friday and Monday are off, the next Saturday is worked in the morning."""
    thursday = datetime(2026, 4, 30, 9, tzinfo=UTC)  # 17:00 in Shanghai

    assert OFFICE.due_after(thursday, timedelta(hours=2)) == datetime(2026, 5, 5, 2, tzinfo=UTC)
    friday = datetime(2026, 5, 8, 9, tzinfo=UTC)
    assert OFFICE.due_after(friday, timedelta(hours=2)) == datetime(2026, 5, 9, 2, tzinfo=UTC)


def test_a_day_with_a_change_of_the_clock_has_23_or_25_hours():
    """Deadlines by local working hours follow the wall clock of the warehouse."""
    forward = Calendar(id="spring", weekly=(ALL_DAY,) * 7, offsets=BERLIN)
    night = Calendar(id="night", weekly=(((120, 180),),) * 7, offsets=BERLIN)
    saturday = datetime(2026, 3, 28, 23, tzinfo=UTC)  # Sunday 00:00 in Berlin

    assert forward.working_between(saturday, saturday + timedelta(hours=23)) == timedelta(hours=23)
    assert night.working_between(saturday, datetime(2026, 3, 29, 22, tzinfo=UTC)) == timedelta(0)


def test_a_shift_that_begins_inside_the_skipped_hour_counts_nothing():
    """Half past two does not exist that night; the time must not run backwards because of it."""
    night = Calendar(id="night", weekly=(((150, 180),),) * 7, offsets=BERLIN)
    saturday = datetime(2026, 3, 28, 23, tzinfo=UTC)

    assert night.working_between(saturday, datetime(2026, 3, 29, 22, tzinfo=UTC)) == timedelta(0)
    assert night.due_after(saturday, timedelta(minutes=30)) == datetime(2026, 3, 30, 1, tzinfo=UTC)


def test_no_working_time_is_due_at_once_and_none_ever_is_an_error():
    """A zero deadline is over when it begins; a calendar without any hours would never end."""
    start = datetime(2026, 1, 5, tzinfo=UTC)

    assert OFFICE.due_after(start, timedelta(0)) == start
    with pytest.raises(ValueError, match="no working time"):
        Calendar(id="never", weekly=((),) * 7).due_after(start, timedelta(hours=1))


def test_ten_years_are_looked_ahead_around_the_clock_too():
    """What is added and what is searched for ends at the same bound."""
    start = datetime(2026, 1, 5, 8, tzinfo=UTC)

    assert ALWAYS.due_after(start, timedelta(days=3650)) == start + timedelta(days=3650)
    assert ALWAYS.due_after(start, timedelta(days=3658)) == start + timedelta(days=3658)
    with pytest.raises(ValueError, match="no working time"):
        ALWAYS.due_after(start, timedelta(days=3661))


def test_a_calendar_tells_its_own_time_and_days() -> None:
    """What is promised for 18:00 in Berlin is 18:00 there on both sides of a clock change."""
    berlin = Calendar(id="berlin", weekly=OFFICE.weekly, holidays=(date(2026, 3, 30),), offsets=BERLIN)

    assert berlin.at(date(2026, 3, 28), 18 * 60) == datetime(2026, 3, 28, 17, tzinfo=UTC)
    assert berlin.at(date(2026, 3, 29), 18 * 60) == datetime(2026, 3, 29, 16, tzinfo=UTC)
    assert berlin.local(datetime(2026, 3, 29, 16, tzinfo=UTC)).isoformat() == "2026-03-29T18:00:00+02:00"
    assert [berlin.works_on(date(2026, 3, day)) for day in (27, 28, 30, 31)] == [True, False, False, True]
    assert berlin.next_opening(date(2026, 3, 28)) == datetime(2026, 3, 31, 7, tzinfo=UTC)


def test_a_calendar_that_never_opens_says_so() -> None:
    with pytest.raises(ValueError, match="'never' has no working time after 2026-01-01"):
        Calendar(id="never", weekly=((),) * 7).next_opening(date(2026, 1, 1))
