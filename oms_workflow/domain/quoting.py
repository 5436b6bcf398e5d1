"""What could be promised to somebody who orders now: available-to-promise with a date. Promises nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from oms_workflow.domain.arrival import ExpectedReceipt
from oms_workflow.domain.keeping import safest_of
from oms_workflow.domain.outlook import Waiting, outlook
from oms_workflow.domain.promising import Estimate
from oms_workflow.domain.route import Route
from oms_workflow.domain.stock import Balance


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Pieces from one warehouse, and when they arrive."""

    warehouse: str
    quantity: int
    receipt: str = ""  # '' when they lie on the shelf
    estimate: Estimate | None = None  # None when no hours, no carrier or no days on the way are known


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Where pieces would come from. With fewer than were asked for, nobody has announced the rest."""

    asked: int
    sources: tuple[Source, ...]

    @property
    def missing(self) -> int:
        """Pieces that are neither there nor announced."""
        return self.asked - sum(one.quantity for one in self.sources)

    @property
    def last(self) -> Estimate | None:
        """What arrives last; None when that cannot be said of every piece."""
        known = [one.estimate for one in self.sources if one.estimate is not None]
        if self.missing or not known or len(known) < len(self.sources):
            return None
        return max(known, key=lambda one: one.arrival)


def quote(
    pieces: int,
    balances: Iterable[Balance],
    receipts: Iterable[ExpectedReceipt],
    waiting: Iterable[Waiting],
    routes: Mapping[str, Iterable[Route]],
    at: datetime,
) -> Quote:
    """Say where pieces of one SKU would come from: everybody who waits is served first, the soonest source goes first.

    Args:
        pieces: At least 1.
        balances: Of the SKU, in warehouses that may serve the destination.
        receipts: Announced goods of the SKU.
        routes: From warehouses to the destination; goods in others are not for this buyer.
        at: UTC.
    """
    ways = {name: tuple(each) for name, each in routes.items()}
    coming = {one.id: one for one in receipts if one.warehouse in ways}
    shelves = {one.warehouse: one.available for one in balances if one.available > 0 and one.warehouse in ways}
    ahead = outlook(sum(shelves.values()), coming.values(), waiting)
    cumulative = [(one.receipt, one.quantity) for one in ahead.supplies]
    free = {name: many - (cumulative[number - 1][1] if number else 0) for number, (name, many) in enumerate(cumulative)}
    found = _from_shelves(min(pieces, free[""]), shelves, ways, at)
    left = pieces - sum(one.quantity for one in found)
    for name, many in free.items():
        taken = min(left, many) if name else 0
        if taken:
            one = coming[name]
            estimate = safest_of(ways[one.warehouse], at, receipt=name, expected_at=one.expected_at)
            found.append(Source(warehouse=one.warehouse, quantity=taken, receipt=name, estimate=estimate))
            left -= taken
    return Quote(asked=pieces, sources=tuple(found))


def _from_shelves(
    wanted: int, shelves: Mapping[str, int], ways: Mapping[str, tuple[Route, ...]], at: datetime
) -> list[Source]:
    """Take pieces from one warehouse if one has them all, else from as few as the soonest ones need."""
    known = {name: safest_of(ways[name], at) for name in shelves}

    def soonest(name: str) -> tuple[bool, bool, float, str]:
        estimate = known[name]
        arrival = estimate.arrival.timestamp() if estimate else 0.0
        return shelves[name] < wanted, estimate is None, arrival, name

    found: list[Source] = []
    for name in sorted(shelves, key=soonest):
        taken = min(wanted, shelves[name])
        if taken > 0:
            found.append(Source(warehouse=name, quantity=taken, estimate=known[name]))
            wanted -= taken
    return found
