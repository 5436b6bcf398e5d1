"""What can be promised of a SKU, and when: stock and announced goods against everybody who waits. Promises nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from oms_workflow.domain.arrival import ExpectedReceipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Pieces of an order line that are on backorder."""

    order_id: str
    line_id: str
    quantity: int
    priority: int  # 1 goes first
    placed_at: datetime  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Where waiting pieces will come from."""

    line_id: str
    quantity: int
    receipt: str = ""  # '' is stock on hand, or nothing
    at: datetime | None = None  # UTC; None for stock on hand, and for pieces nobody has announced
    covered: bool = True  # False: nobody has announced these


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What is left for new orders from a moment on, with all that came before it."""

    at: datetime | None  # UTC; None is now
    quantity: int
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Who gets what, and what is left for whom comes next."""

    coverage: tuple[Coverage, ...]  # in the order of the queue
    supplies: tuple[Supply, ...]  # cumulative, by time

    def promised_at(self, quantity: int) -> Supply | None:
        """Say from when so many pieces can be promised to a new order; None when they are not even announced."""
        return next((one for one in self.supplies if one.quantity >= quantity), None)


def outlook(available: int, receipts: Iterable[ExpectedReceipt], waiting: Iterable[Waiting]) -> Outlook:
    """Give goods to those who wait, first come first served within a priority, each from the earliest source.

    Args:
        available: Pieces on hand that may be promised, safety stock left out.
        receipts: Announced goods of the SKU; what has come or is missing of them does not count.
    """
    coming = sorted((one for one in receipts if one.outstanding), key=lambda one: (one.expected_at, one.id))
    sources: list[tuple[str, datetime | None]] = [("", None), *((one.id, one.expected_at) for one in coming)]
    left = [available, *(one.outstanding for one in coming)]
    coverage: list[Coverage] = []
    for one in sorted(waiting, key=lambda one: (one.priority, one.placed_at, one.order_id, one.line_id)):
        coverage += _cover(one, sources, left)
    total, supplies = 0, []
    for (receipt, at), quantity in zip(sources, left, strict=True):
        total += quantity
        supplies.append(Supply(at=at, quantity=total, receipt=receipt))
    return Outlook(coverage=tuple(coverage), supplies=tuple(supplies))


def _cover(one: Waiting, sources: Sequence[tuple[str, datetime | None]], left: list[int]) -> list[Coverage]:
    """Take what one line waits for out of the sources."""
    missing, taken = one.quantity, []
    for number, (receipt, at) in enumerate(sources):
        part = min(missing, left[number])
        if part:
            left[number] -= part
            missing -= part
            taken.append(Coverage(line_id=one.line_id, quantity=part, receipt=receipt, at=at))
    if missing:
        taken.append(Coverage(line_id=one.line_id, quantity=missing, covered=False))
    return taken
