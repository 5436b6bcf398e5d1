"""Promise dates: never earlier than physically possible, never earlier for who orders later, true to every calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.bpmn.calendar import ALL_DAY, Calendar
from oms_workflow.diagrams.calendars import load_calendars
from oms_workflow.domain.promising import CannotPromise, Estimate, StepKind, estimate, safest
from oms_workflow.domain.route import Collection, Departure, Route, Transit

CHINA = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
FILES = Path(__file__).parents[2] / "processes" / "calendars"
WORKDAYS = load_calendars([FILES / "cn-workdays.toml"], year=2026).require()["cn-workdays"]
EVERY_DAY = replace(WORKDAYS, id="every-day", weekly=(ALL_DAY,) * 7, holidays=(), workdays=())
SHIFT = replace(EVERY_DAY, id="shift", weekly=(((8 * 60, 22 * 60),),) * 7)
ROUTE = Route(
    carrier="sf",
    service="express",
    departure=Departure(warehouse="hz", calendar=SHIFT, handling=timedelta(hours=2), cut_off=16 * 60),
    collection=Collection(calendar=EVERY_DAY, times=(12 * 60, 18 * 60)),
    transit=Transit(days=2, network=WORKDAYS, delivery=EVERY_DAY, delivered_by=21 * 60),
)


def china(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=CHINA).astimezone(UTC)  # type: ignore[misc,arg-type]


def kinds(found: Estimate) -> list[StepKind]:
    return [step.kind for step in found.steps]


def test_an_order_before_the_cut_off_leaves_the_same_day() -> None:
    """Monday 14:05: packed 16:05, collected 18:00, two working days on the way."""
    found = estimate(ROUTE, china(2026, 11, 16, 14, 5))

    assert (found.hand_over, found.arrival) == (china(2026, 11, 16, 18), china(2026, 11, 18, 21))
    assert kinds(found) == ["ordered", "cut_off_met", "ready", "handed_over", "on_the_way", "arrives"]
    assert [step.at.strftime("%d %H:%M") for step in found.steps] == [
        "16 14:05", "16 16:00", "16 16:05", "16 18:00", "18 00:00", "18 21:00",
    ]  # fmt: skip


def test_an_order_after_the_cut_off_begins_on_the_next_day() -> None:
    found = estimate(ROUTE, china(2026, 11, 16, 16, 1))

    assert kinds(found)[1] is StepKind.CUT_OFF_MISSED
    assert (found.hand_over, found.arrival) == (china(2026, 11, 17, 12), china(2026, 11, 19, 21))


def test_a_cut_off_that_is_met_promises_no_more_than_hands_can_do() -> None:
    """Ordered a minute before 16:00 with two hours of handling: the truck of 18:00 is just caught, 17:00 is not."""
    early = replace(ROUTE, collection=Collection(calendar=EVERY_DAY, times=(17 * 60,)))

    assert estimate(ROUTE, china(2026, 11, 16, 15, 59)).hand_over == china(2026, 11, 16, 18)
    assert estimate(early, china(2026, 11, 16, 15, 59)).hand_over == china(2026, 11, 17, 17)


def test_the_days_on_the_way_skip_the_holiday_and_count_the_make_up_workday() -> None:
    """National Day 2026: off from 1 to 7 October, Saturday 10 October is a workday; Sunday 11 is none."""
    assert not WORKDAYS.works_on(date(2026, 10, 7))
    assert WORKDAYS.works_on(date(2026, 10, 10))

    assert estimate(ROUTE, china(2026, 9, 30, 10)).arrival == china(2026, 10, 9, 21)
    assert estimate(ROUTE, china(2026, 10, 9, 10)).arrival == china(2026, 10, 12, 21)
    assert estimate(ROUTE, china(2026, 10, 8, 10)).arrival == china(2026, 10, 10, 21)


def test_nobody_is_promised_a_delivery_on_a_day_without_delivery() -> None:
    six_days = replace(EVERY_DAY, id="six-days", weekly=(ALL_DAY,) * 6 + ((),))
    slow = replace(ROUTE, transit=Transit(days=2, network=EVERY_DAY, delivery=six_days, delivered_by=18 * 60))

    found = estimate(slow, china(2026, 11, 20, 10))  # a Friday; two days later is a Sunday

    assert found.arrival == china(2026, 11, 23, 18)
    assert StepKind.DELIVERY_DAY in kinds(found)


def test_goods_that_are_announced_leave_after_they_came() -> None:
    found = estimate(ROUTE, china(2026, 11, 16, 10), receipt="HZ.E1", expected_at=china(2026, 11, 20, 9))

    assert kinds(found)[:2] == [StepKind.ORDERED, StepKind.EXPECTED]
    assert found.hand_over == china(2026, 11, 20, 12)
    assert estimate(ROUTE, china(2026, 11, 16, 10), expected_at=china(2026, 11, 1)) == estimate(
        ROUTE, china(2026, 11, 16, 10)
    )


def test_a_carrier_that_comes_only_at_night_is_named_instead_of_a_date() -> None:
    night = replace(ROUTE, collection=Collection(calendar=EVERY_DAY, times=(3 * 60,)))

    with pytest.raises(CannotPromise, match="sf express never comes to 'hz' while somebody works there"):
        estimate(night, china(2026, 11, 16, 10))


def test_a_warehouse_that_never_works_is_named_instead_of_a_date() -> None:
    shut = replace(SHIFT, id="shut", weekly=((),) * 7)

    with pytest.raises(CannotPromise, match="calendar 'shut'"):
        estimate(replace(ROUTE, departure=replace(ROUTE.departure, calendar=shut)), china(2026, 11, 16, 10))


def test_the_promise_holds_whichever_service_is_chosen_later() -> None:
    slow = replace(ROUTE, carrier="zto", transit=replace(ROUTE.transit, days=4))
    both = [estimate(one, china(2026, 11, 16, 10)) for one in (slow, ROUTE)]

    chosen = safest(both)

    assert chosen is not None
    assert chosen.route.carrier == "zto"
    assert safest([]) is None


def test_the_day_on_which_the_clock_changes_has_the_same_wall_times() -> None:
    """Berlin, 25 October 2026: the hour from two to three happens twice, the truck still comes at 18:00."""
    offsets = ((datetime(2026, 1, 1, tzinfo=UTC), 120), (datetime(2026, 10, 25, 1, tzinfo=UTC), 60))
    local = Calendar(id="berlin", weekly=(((6 * 60, 22 * 60),),) * 7, offsets=offsets)
    route = Route(
        carrier="dhl",
        service="paket",
        departure=Departure(warehouse="ber", calendar=local, handling=timedelta(hours=1), cut_off=15 * 60),
        collection=Collection(calendar=local, times=(18 * 60,)),
        transit=Transit(days=1, network=local, delivery=local, delivered_by=20 * 60),
    )

    found = estimate(route, datetime(2026, 10, 24, 14, 59, tzinfo=BERLIN).astimezone(UTC))

    assert found.hand_over == datetime(2026, 10, 24, 18, tzinfo=BERLIN)
    assert found.arrival == datetime(2026, 10, 25, 20, tzinfo=BERLIN)
    assert found.arrival - found.hand_over == timedelta(hours=27)


# -- what always holds

minutes = st.integers(0, 24 * 60)
clocks = st.sampled_from(
    [
        ((datetime(2026, 1, 1, tzinfo=UTC), 480),),
        ((datetime(2026, 1, 1, tzinfo=UTC), 60), (datetime(2026, 3, 29, 1, tzinfo=UTC), 120)),
        ((datetime(2026, 1, 1, tzinfo=UTC), 120), (datetime(2026, 10, 25, 1, tzinfo=UTC), 60)),
        ((datetime(2026, 1, 1, tzinfo=UTC), -210),),
    ]
)
days = st.dates(date(2026, 3, 1), date(2026, 11, 30))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    def hours() -> tuple[tuple[int, int], ...]:
        marks = sorted(draw(st.lists(minutes, min_size=2, max_size=4, unique=True)))
        return tuple(zip(marks[::2], marks[1::2], strict=False))

    weekly = tuple(hours() if draw(st.booleans()) else () for _ in range(6))
    return Calendar(
        id="drawn",
        weekly=(*weekly, ((300, 1020),)),  # one day of twelve hours at least: years of waiting prove nothing
        holidays=tuple(sorted(draw(st.sets(days, max_size=3)))),
        workdays=tuple((day, hours()) for day in sorted(draw(st.sets(days, max_size=3)))),
        offsets=draw(clocks),
    )


@st.composite
def routes(draw: st.DrawFn) -> Route:
    return Route(
        carrier="any",
        service="",
        departure=Departure(
            warehouse="w",
            calendar=draw(calendars()),
            handling=timedelta(minutes=draw(st.integers(0, 3000))),
            cut_off=draw(st.none() | minutes),
        ),
        collection=Collection(
            calendar=draw(calendars()), times=tuple(sorted(draw(st.sets(minutes, max_size=2))))
        ),
        transit=Transit(
            days=draw(st.integers(0, 4)), network=draw(calendars()), delivery=draw(calendars()),
            delivered_by=draw(minutes),
        ),
    )  # fmt: skip


moments = st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30)).map(lambda moment: moment.replace(tzinfo=UTC))


def promised(route: Route, at: datetime) -> Estimate | None:
    try:
        return estimate(route, at)
    except CannotPromise:
        return None


@settings(deadline=None)
@given(routes(), moments)
def test_nothing_is_promised_that_hands_and_wheels_cannot_do(route: Route, at: datetime) -> None:
    found = promised(route, at)
    if found is None:
        return
    departure, transit = route.departure, route.transit
    assert at <= found.hand_over <= found.arrival
    assert departure.calendar.working_between(at, found.hand_over) >= departure.handling
    collected = route.collection.calendar.local(found.hand_over)
    days = {collected.date(), (collected - timedelta(microseconds=1)).date()}  # 24:00 still belongs to the day before
    assert any(map(route.collection.calendar.works_on, days))
    left, arrives = (transit.delivery.local(one).date() for one in (found.hand_over, found.arrival))
    assert arrives >= left
    assert transit.network.local(found.arrival).date() - transit.network.local(found.hand_over).date() >= timedelta(
        days=transit.days - 1  # the destination's day may end before the network's does
    )
    begins = [step.at for step in found.steps]
    assert begins[0] == at
    assert begins[-1] == found.arrival


@settings(deadline=None)
@given(routes(), moments, st.timedeltas(timedelta(0), timedelta(days=6)))
def test_who_orders_later_is_promised_nothing_earlier(route: Route, at: datetime, later: timedelta) -> None:
    first, second = promised(route, at), promised(route, at + later)
    if first is not None and second is not None:
        assert first.hand_over <= second.hand_over
        assert first.arrival <= second.arrival


@settings(deadline=None)
@given(routes(), moments, st.timedeltas(timedelta(0), timedelta(days=6)))
def test_goods_that_come_later_arrive_no_earlier(route: Route, at: datetime, later: timedelta) -> None:
    """A receipt that is postponed never improves a promise."""
    try:
        first = estimate(route, at, expected_at=at + timedelta(days=1))
        second = estimate(route, at, expected_at=at + timedelta(days=1) + later)
    except CannotPromise:
        return
    assert first.arrival <= second.arrival


@settings(deadline=None)
@given(calendars(), days, minutes, minutes)
def test_a_wall_clock_never_runs_backwards_within_a_day(calendar: Calendar, day: date, one: int, two: int) -> None:
    assert calendar.at(day, min(one, two)) <= calendar.at(day, max(one, two))
