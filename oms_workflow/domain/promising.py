"""When goods leave and when they arrive, step by step and in words. Pure arithmetic on routes: no clock, no stock.

An estimate is never earlier than physically possible, and whoever orders later is promised nothing earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from oms_workflow.domain.route import Route
from oms_workflow.domain.working_time import WorkingTime

SEARCHED = 60  # days ahead; no holiday of a carrier or warehouse is longer
_INSTANT = timedelta(minutes=1)


class StepKind(StrEnum):
    """What happens between an order and its arrival."""

    ORDERED = "ordered"
    EXPECTED = "expected"  # the goods themselves arrive only now
    CLOSED = "closed"  # nobody works at that moment; work begins with the next opening
    CUT_OFF_MET = "cut_off_met"
    CUT_OFF_MISSED = "cut_off_missed"  # work begins on the next working day
    READY = "ready"  # packed, after the handling time
    HANDED_OVER = "handed_over"
    ON_THE_WAY = "on_the_way"  # the last day of the carrier's network
    DELIVERY_DAY = "delivery_day"  # nobody delivers on that day; the next one it is
    ARRIVES = "arrives"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of an explanation."""

    kind: StepKind
    at: datetime  # as the clock on the wall shows it there, with its offset
    amount: int = 0  # minutes of handling, or days on the way
    what: str = ""  # the calendar, carrier or receipt it comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """When goods are handed over, and what happens until then."""

    at: datetime  # UTC
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """When goods can leave and arrive by one route."""

    route: Route
    hand_over: datetime  # UTC
    arrival: datetime  # UTC; the latest moment
    steps: tuple[Step, ...]


def estimate(route: Route, ordered_at: datetime, *, receipt: str = "", expected_at: datetime | None = None) -> Estimate:
    """Say when goods arrive that are ordered now and lie on the shelf, or come with a receipt.

    Args:
        ordered_at: UTC.
        receipt: Name of the announced goods it waits for; '' when it waits for none.
        expected_at: When they come, UTC; a moment before the order changes nothing.

    Raises:
        CannotPromise: When no carrier comes while the warehouse works, or nobody delivers.
    """
    return arrive(route, leave(route, ordered_at, receipt=receipt, expected_at=expected_at))


def leave(route: Route, ordered_at: datetime, *, receipt: str = "", expected_at: datetime | None = None) -> Leaving:
    """Say when goods are handed over: the same for every service with this departure and these collections.

    Raises:
        CannotPromise: When the warehouse never works, or no carrier comes while it does.
    """
    clock = route.departure.calendar
    begun = ordered_at if expected_at is None else max(ordered_at, expected_at)
    steps = [Step(kind=StepKind.ORDERED, at=clock.local(ordered_at))]
    if begun > ordered_at:
        steps.append(Step(kind=StepKind.EXPECTED, at=clock.local(begun), what=receipt))
    try:
        ready = _ready(route, begun, steps)
    except ValueError as never:
        raise CannotPromise(
            f"{route.warehouse!r} is never ready: calendar {clock.id!r} has too little working time. Correct its hours."
        ) from never
    return Leaving(at=_collected(route, ready), steps=tuple(steps))


def arrive(route: Route, leaving: Leaving) -> Estimate:
    """Say when goods arrive that are handed over at a moment.

    Raises:
        CannotPromise: When nobody delivers.
    """
    steps = list(leaving.steps)
    local = route.departure.calendar.local(leaving.at)
    steps.append(Step(kind=StepKind.HANDED_OVER, at=local, what=f"{route.carrier} {route.service}".strip()))
    arrives = _delivered(route, leaving.at, steps)
    return Estimate(route=route, hand_over=leaving.at, arrival=arrives, steps=tuple(steps))


class CannotPromise(ValueError):
    """A route on which nothing ever leaves or arrives: its calendars do not meet."""


def safest(estimates: Iterable[Estimate]) -> Estimate | None:
    """Give the estimate that holds whichever of several services is chosen later: the latest; None of none.

    The carrier is chosen when the goods are planned, by weight and price, long after the buyer was told.
    """
    found = list(estimates)
    return max(found, key=lambda one: (one.arrival, one.route.carrier, one.route.service)) if found else None


def _ready(route: Route, begun: datetime, steps: list[Step]) -> datetime:
    """Say when goods are packed: the handling time after work begins, which the cut-off may move to another day."""
    departure, clock = route.departure, route.departure.calendar
    today = clock.local(begun).date()
    starts = begun
    if not clock.works_on(today):
        starts = clock.next_opening(today)
        steps.append(Step(kind=StepKind.CLOSED, at=clock.local(starts), what=clock.id))
    elif departure.cut_off is not None:
        end = clock.at(today, departure.cut_off)
        met = begun <= end
        steps.append(Step(kind=StepKind.CUT_OFF_MET if met else StepKind.CUT_OFF_MISSED, at=clock.local(end)))
        starts = begun if met else max(begun, clock.next_opening(today + timedelta(days=1)))
    ready = clock.due_after(_opened(clock, starts), departure.handling)
    minutes = int(departure.handling / _INSTANT)
    steps.append(Step(kind=StepKind.READY, at=clock.local(ready), amount=minutes, what=clock.id))
    return ready


def _opened(clock: WorkingTime, starts: datetime) -> datetime:
    """Give the first working instant from a moment on: nothing is packed, and nothing handed over, at night."""
    return clock.due_after(starts, timedelta.resolution) - timedelta.resolution


def _collected(route: Route, ready: datetime) -> datetime:
    """Give the first collection from a moment on at which somebody is there to hand the goods over."""
    collection, clock = route.collection, route.departure.calendar
    today = collection.calendar.local(ready).date()
    for day in _days(today):
        if not collection.calendar.works_on(day):
            continue
        for comes in _visits(route, day, ready):
            if comes >= ready and _is_manned(clock, comes):
                return comes
    raise CannotPromise(
        f"{route.carrier} {route.service} never comes to {route.warehouse!r} while somebody works there. "
        f"Compare calendar {collection.calendar.id!r} with {clock.id!r}."
    )


def _is_manned(clock: WorkingTime, instant: datetime) -> bool:
    """Say whether somebody works at an instant, or works until it, or from it on."""
    return clock.working_between(instant - timedelta.resolution, instant + timedelta.resolution) > timedelta(0)


def _visits(route: Route, day: date, ready: datetime) -> Iterator[datetime]:
    """When the carrier comes on a day: at its times, or else as soon as goods are ready and somebody works."""
    here = route.collection.calendar
    for minute in route.collection.times:
        yield here.at(day, minute)
    if not route.collection.times:
        if here.local(ready).date() == day:
            yield ready
        opens = _opened(route.departure.calendar, max(ready, here.at(day, 0)))
        if here.local(opens).date() == day:
            yield opens


def _delivered(route: Route, leaves: datetime, steps: list[Step]) -> datetime:
    """Count the days of the network, then wait for a day on which somebody delivers."""
    transit = route.transit
    day = transit.network.local(leaves).date()
    for _ in range(transit.days):
        day = _next(transit.network.works_on, day + timedelta(days=1), route)
    here = transit.delivery
    last = max(day, here.local(leaves).date())
    where = f"{route.carrier} {route.service}".strip()
    steps.append(Step(kind=StepKind.ON_THE_WAY, at=here.local(here.at(last, 0)), amount=transit.days, what=where))
    delivered = _next(here.works_on, last, route)
    if here.at(delivered, transit.delivered_by) < leaves:  # handed over after the last round of the day
        delivered = _next(here.works_on, delivered + timedelta(days=1), route)
    if delivered != last:
        steps.append(Step(kind=StepKind.DELIVERY_DAY, at=here.local(here.at(delivered, 0)), what=here.id))
    arrives = max(leaves, here.at(delivered, transit.delivered_by))
    steps.append(Step(kind=StepKind.ARRIVES, at=here.local(arrives)))
    return arrives


def _next(works_on: Callable[[date], bool], day: date, route: Route) -> date:
    for one in _days(day):
        if works_on(one):
            return one
    raise CannotPromise(
        f"{route.carrier} {route.service} delivers nothing within {SEARCHED} days of {day.isoformat()}. "
        f"Compare its calendars {route.transit.network.id!r} and {route.transit.delivery.id!r}."
    )


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range(SEARCHED))
