"""What is promised to those who wait for goods: revision by revision, each with its reason. Tells nobody itself.

What the channel promised is in the order and never changes here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from oms_workflow.domain.arrival import ExpectedReceipt
from oms_workflow.domain.keeping import safest_of
from oms_workflow.domain.outlook import Coverage
from oms_workflow.domain.route import Route

OVERDUE = timedelta(days=1)  # a supplier's truck that is a few hours late is no news; a day is


class PartState(StrEnum):
    """Where waiting pieces will come from."""

    SHELF = "shelf"  # they are there and only have to be taken up
    ANNOUNCED = "announced"
    OVERDUE = "overdue"  # announced, and more than a day late: nobody knows a day
    NOBODY = "nobody"  # not even announced


class RevisionReason(StrEnum):
    """Why a promise is another one than before."""

    BACKORDERED = "backordered"  # the first one: goods are missing
    ANNOUNCED = "announced"  # goods were announced that nobody had announced before
    SOONER = "sooner"  # the goods come earlier, or others come first
    POSTPONED = "postponed"  # the goods come later
    OVERDUE = "overdue"  # the goods should have come and did not
    GIVEN_UP = "given_up"  # the goods do not come at all
    OVERTAKEN = "overtaken"  # somebody who goes first gets the goods
    CHANGED = "changed"  # other pieces wait, or the way to the buyer is another one; the day is the same
    OVER = "over"  # nothing waits any more


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedPart:
    """Pieces of one line that wait for one delivery."""

    line_id: str
    quantity: int
    state: PartState
    receipt: str = ""  # '' without announced goods
    expected_at: datetime | None = None  # UTC; when the goods come, as it was known
    ships_at: datetime | None = None  # UTC; None when no hours or carriers are known, or no day can be said
    arrives_at: datetime | None = None  # UTC
    day: date | None = None  # of arrival where the buyer is; of the goods' own arrival when the way is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRevision:
    """What was promised to an order from a moment on."""

    order_id: str
    number: int  # from 1
    at: datetime  # UTC
    reason: RevisionReason
    receipt: str = ""  # the announced goods the reason is about
    parts: tuple[PromisedPart, ...] = ()  # () when nothing waits any more
    matters: bool = False  # the buyer is told, once
    notice_id: str = ""  # the notice that told it; '' when none had to, or nobody could be reached

    @property
    def day(self) -> date | None:
        """The day on which the last part arrives; None when it cannot be said of every part."""
        days = [one.day for one in self.parts if one.state is not PartState.SHELF]
        known = [one for one in days if one is not None]
        return max(known) if known and len(known) == len(days) else None

    @property
    def arrives_at(self) -> datetime | None:
        """When the last part arrives at the latest, UTC; None when it cannot be said of every part."""
        moments = [one.arrives_at for one in self.parts]
        known = [one for one in moments if one is not None]
        return max(known) if known and len(known) == len(moments) else None


def parts_of(
    coverage: Iterable[Coverage],
    receipts: Mapping[str, ExpectedReceipt],
    routes: Mapping[str, Iterable[Route]],
    at: datetime,
) -> tuple[PromisedPart, ...]:
    """Say when waiting pieces of one order arrive.

    The answer depends on the goods and not on when it is asked, so that asking again is no news.

    Args:
        coverage: Of the order's lines, from `outlook`.
        routes: From the warehouses of these receipts to the buyer.
        at: UTC; tells what is overdue.
    """
    return tuple(_part(one, receipts.get(one.receipt), routes, at) for one in coverage)


def revise(
    before: Iterable[PromiseRevision],
    order_id: str,
    parts: tuple[PromisedPart, ...],
    receipts: Mapping[str, ExpectedReceipt],
    at: datetime,
) -> PromiseRevision | None:
    """Give the next revision; None when nothing changed that the last one was made from.

    It matters when the buyer knows another day, or is the first to be told one.

    Args:
        before: Every revision so far, oldest first.
        receipts: Those of the last revision and of now.
    """
    history = list(before)
    last = history[-1] if history else None
    told = next((one.day for one in reversed(history) if one.matters), None)
    if (last is None and not parts) or (last is not None and _basis(last.parts) == _basis(parts)):
        return None
    if parts and all(one.state is PartState.SHELF for one in parts):
        return None  # they are taken up in a moment
    made = PromiseRevision(order_id=order_id, number=len(history) + 1, at=at, reason=RevisionReason.OVER, parts=parts)
    reason, receipt = _reason(last, made, receipts, at)
    return PromiseRevision(
        order_id=order_id,
        number=made.number,
        at=at,
        reason=reason,
        receipt=receipt,
        parts=parts,
        matters=bool(parts) and made.day != told,
    )


def _part(
    one: Coverage, receipt: ExpectedReceipt | None, routes: Mapping[str, Iterable[Route]], at: datetime
) -> PromisedPart:
    if receipt is None:
        state = PartState.SHELF if one.covered else PartState.NOBODY
        return PromisedPart(line_id=one.line_id, quantity=one.quantity, state=state)
    due = receipt.expected_at
    if is_overdue(receipt, at):
        return PromisedPart(
            line_id=one.line_id, quantity=one.quantity, state=PartState.OVERDUE, receipt=receipt.id, expected_at=due
        )
    found = safest_of(routes.get(receipt.warehouse, ()), due)
    return PromisedPart(
        line_id=one.line_id,
        quantity=one.quantity,
        state=PartState.ANNOUNCED,
        receipt=receipt.id,
        expected_at=due,
        ships_at=found.hand_over if found else None,
        arrives_at=found.arrival if found else None,
        day=found.steps[-1].at.date() if found else due.date(),
    )


def is_overdue(receipt: ExpectedReceipt, at: datetime) -> bool:
    """Say whether goods are so late that their day means nothing any more."""
    return receipt.outstanding > 0 and receipt.expected_at + OVERDUE <= at


def _basis(parts: Iterable[PromisedPart]) -> list[tuple[str, int, str, str, str]]:
    """What a revision was made from: who waits for how many pieces of which goods, and when those come."""
    return sorted(
        (
            one.line_id,
            one.quantity,
            one.state.value,
            one.receipt,
            one.expected_at.isoformat() if one.expected_at else "",
        )
        for one in parts
    )


def _reason(
    last: PromiseRevision | None, now: PromiseRevision, receipts: Mapping[str, ExpectedReceipt], at: datetime
) -> tuple[RevisionReason, str]:
    """Find why a promise changed: first by what became of the goods that were to come, then by the days."""
    if last is None:
        return RevisionReason.BACKORDERED, ""
    if not now.parts:
        return RevisionReason.OVER, ""
    for part in last.parts:
        found = _fate(part, receipts.get(part.receipt), at)
        if found is not None:
            return found, part.receipt
    if last.day is None:
        return (RevisionReason.ANNOUNCED if now.day else RevisionReason.CHANGED), _latest(now)
    if now.day is None or now.day > last.day:
        return RevisionReason.OVERTAKEN, _latest(now)
    return (RevisionReason.SOONER if now.day < last.day else RevisionReason.CHANGED), _latest(now)


def _fate(part: PromisedPart, receipt: ExpectedReceipt | None, at: datetime) -> RevisionReason | None:
    """What became of the goods a part was waiting for; None when they still come as they were to."""
    if receipt is None or part.expected_at is None:
        return None
    if receipt.missing and not receipt.outstanding:
        return RevisionReason.GIVEN_UP
    if receipt.outstanding and receipt.expected_at != part.expected_at:
        return RevisionReason.POSTPONED if receipt.expected_at > part.expected_at else RevisionReason.SOONER
    return RevisionReason.OVERDUE if part.state is not PartState.OVERDUE and is_overdue(receipt, at) else None


def _latest(revision: PromiseRevision) -> str:
    """The goods that come last."""
    coming = [(one.expected_at, one.receipt) for one in revision.parts if one.expected_at is not None]
    return max(coming)[1] if coming else ""
