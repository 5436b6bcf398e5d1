"""Whether goods that leave a warehouse now keep what the buyer was promised, by calendars where they are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from oms_workflow.domain.promise import Promise
from oms_workflow.domain.promising import CannotPromise, Estimate, Leaving, arrive, leave, safest
from oms_workflow.domain.route import Route
from oms_workflow.domain.sourcing import Candidate

Estimates = Mapping[str, Estimate]
"""When goods that are ordered now arrive, by warehouse; one of which nothing is known is missing."""


def in_time(candidate: Candidate, promise: Promise, at: datetime, known: Estimates | None = None) -> Candidate:
    """Note at a candidate how long goods are on their way, and whether they leave and arrive before promised moments.

    Handling, cut-off, collections and holidays count where the shop knows them; elsewhere the lane's bare time does.

    Args:
        at: UTC; goods that are promised now are worked on from then.
    """
    found = (known or {}).get(candidate.warehouse)
    if found is not None:
        leaves_late = promise.ship_by is not None and found.hand_over > promise.ship_by
        comes_late = promise.deliver_by is not None and found.arrival > promise.deliver_by
        return replace(candidate, transit=found.arrival - at, keeps_promise=not (leaves_late or comes_late))
    due, transit = promise.deliver_by, candidate.transit
    if due is None or transit is None:
        return candidate
    return replace(candidate, keeps_promise=at + transit <= due)


def estimates(routes: Mapping[str, Iterable[Route]], at: datetime) -> Estimates:
    """Say when goods that are ordered now arrive from each warehouse, whichever of its services is taken."""
    found = {warehouse: safest_of(ways, at) for warehouse, ways in routes.items()}
    return {warehouse: one for warehouse, one in found.items() if one is not None}


def safest_of(
    routes: Iterable[Route], at: datetime, *, receipt: str = "", expected_at: datetime | None = None
) -> Estimate | None:
    """Estimate every way and give what holds whichever is taken; None when nothing is known, or nothing ever leaves."""
    found: list[Estimate] = []
    left: list[tuple[Route, Leaving]] = []
    for route in routes:
        try:
            leaving = next((one for known, one in left if _leave_together(known, route)), None)
            if leaving is None:
                leaving = leave(route, at, receipt=receipt, expected_at=expected_at)
                left.append((route, leaving))
            found.append(arrive(route, leaving))
        except CannotPromise:
            continue  # `oms promise show` tells it; no order is stopped by calendars that do not meet
    return safest(found)


def _leave_together(one: Route, other: Route) -> bool:
    """Say whether two services leave at the same moment, so that it has to be found once only."""
    return one.departure == other.departure and one.collection == other.collection
