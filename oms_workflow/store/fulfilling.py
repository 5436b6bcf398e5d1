"""What happens to one fulfilment order: the warehouse's word, its fate, picking, shortages, shipping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.fulfilment import REQUEST_MOVES, Fate, FulfilmentStatus, RequestStatus
from oms_workflow.domain.hold import Gate
from oms_workflow.domain.line_ledger import Move
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.stock import EntryKind
from oms_workflow.store.fulfilment_book import FulfilmentBook, Row
from oms_workflow.store.hold_rows import require_gate
from oms_workflow.store.line_book import LineBook
from oms_workflow.store.locking import Locked, lock_fulfilment, require_not_cancelled
from oms_workflow.store.order_rows import orders_from
from oms_workflow.store.payment_rows import load_ledgers, require_paid
from oms_workflow.store.stock_book import StockBook


@dataclass(slots=True)
class Work:
    """One fulfilment order with all its books; every order it concerns is locked."""

    connection: AsyncConnection
    head: Row
    orders: Locked
    plans: FulfilmentBook
    lines: LineBook
    stock: StockBook

    @property
    def name(self) -> str:
        """Its id."""
        return str(self.head["id"])

    def rows(self) -> list[Row]:
        """Give the rows of its lines that still hold pieces."""
        return [row for row in self.plans.lines[self.name].values() if row["quantity"]]

    def pair(self, row: Row) -> tuple[str, str]:
        """Give where the pieces of a row lie."""
        return row["sku"], self.head["warehouse"]

    async def lock_stock(self) -> None:
        """Lock the balances its pieces lie on."""
        await self.stock.lock(self.pair(row) for row in self.rows())

    async def write(self, *, key: str, at: datetime) -> None:
        """Store what changed in all books."""
        await self.plans.write()
        await self.stock.write(key=key, at=at)
        await self.lines.write(key=key, at=at)


async def open_work(connection: AsyncConnection, fulfilment_id: str) -> Work:
    """Lock and load everything about one fulfilment order.

    Raises:
        OrderRefused: UNKNOWN_FULFILMENT.
    """
    _, orders = await lock_fulfilment(connection, fulfilment_id)
    plans = await FulfilmentBook.of_orders(connection, list(orders))
    stock = StockBook(connection)
    await stock.load_claims(orders)
    lines = await LineBook.of_orders(connection, orders)
    return Work(connection, plans.heads[fulfilment_id], orders, plans, lines, stock)


async def require_free(work: Work, gate: Gate) -> None:
    """Let a step pass when no order in it is cancelled, unpaid or on a hold that blocks the step.

    Raises:
        OrderRefused: ORDER_CANCELLED; ON_HOLD; NOT_PAID.
    """
    owners = sorted({row["order_id"] for row in work.rows()})
    require_not_cancelled({name: work.orders[name] for name in owners})
    await require_gate(work.connection, owners, gate)
    orders = orders_from({name: work.orders[name] for name in owners}, work.lines.rows.values())
    require_paid(orders, await load_ledgers(work.connection, owners), work.lines.cancelled)


async def request(
    connection: AsyncConnection, fulfilment_id: str, status: RequestStatus, reference: str, *, key: str, at: datetime
) -> None:
    """Note what the warehouse was asked or answered, with what follows from it.

    Raises:
        OrderRefused: ILLEGAL_MOVE; ON_HOLD; NOT_PAID; ORDER_CANCELLED; UNKNOWN_FULFILMENT.
    """
    work = await open_work(connection, fulfilment_id)
    now = RequestStatus(work.head["request_status"])
    if status is now:
        return
    cancelled = work.head["fate"] == Fate.CANCEL
    allowed = set(REQUEST_MOVES[now])
    if cancelled:  # it is over for us; the warehouse's last word is still noted
        allowed -= {RequestStatus.SUBMITTED}
    if status not in allowed:
        possible = ", ".join(sorted(one.value for one in allowed)) or "nothing more"
        raise refuse(
            Refusal.ILLEGAL_MOVE,
            f"The request for {fulfilment_id!r} is {now.value}; possible now: {possible}, not {status.value}.",
        )
    if status is RequestStatus.SUBMITTED:
        await require_free(work, Gate.RELEASE)
    work.plans.set(work.name, request_status=status.value, reference=reference or work.head["reference"])
    if not cancelled:
        await _follow(work, status)
    await work.write(key=key, at=at)


async def _follow(work: Work, status: RequestStatus) -> None:
    if status is RequestStatus.ACCEPTED and work.head["status"] == FulfilmentStatus.OPEN:
        work.plans.move(work.name, FulfilmentStatus.IN_PROGRESS)
    elif status is RequestStatus.REJECTED and work.head["fate"] is None:
        await unpick_all(work)
        work.plans.move(work.name, FulfilmentStatus.OPEN)
    elif status is RequestStatus.CANCEL_ACCEPTED and work.head["fate"] is None:
        await unpick_all(work)
        work.plans.cancel(work.name)
    elif status is RequestStatus.CANCEL_REJECTED and work.head["fate"] is None:
        work.plans.set(work.name, fate=Fate.SHIP.value)


async def decide(
    connection: AsyncConnection,
    fulfilment_id: str,
    wanted: Fate,
    *,
    key: str,
    at: datetime,
    free_stock: bool = False,
) -> Fate:
    """Settle the fate of a fulfilment order, once; gives what it is.

    Raises:
        OrderRefused: ON_HOLD, NOT_PAID or ORDER_CANCELLED, when it is asked to ship; UNKNOWN_FULFILMENT.
    """
    work = await open_work(connection, fulfilment_id)
    if work.head["fate"] is not None:
        return Fate(work.head["fate"])
    if wanted is Fate.SHIP:
        await require_free(work, Gate.SHIP)
        work.plans.set(work.name, fate=Fate.SHIP.value)
    else:
        await unpick_all(work)
        if free_stock:
            for row in work.rows():
                work.stock.book(work.pair(row), EntryKind.DEALLOCATE, row["quantity"], line_id=row["line_id"])
                work.lines.move(row["line_id"], Move.DEALLOCATE, row["quantity"])
        work.plans.cancel(work.name)
    await work.write(key=key, at=at)
    return wanted


async def unpick_all(work: Work) -> None:
    """Put everything that was picked for it back on the shelf, and lock its stock on the way."""
    await work.lock_stock()
    for row in work.rows():
        work.stock.book(work.pair(row), EntryKind.UNPICK, row["picked"], line_id=row["line_id"])
        work.plans.set_line(work.name, row["line_id"], picked=0)


async def pick(connection: AsyncConnection, fulfilment_id: str, *, key: str, at: datetime) -> None:
    """Note that its goods are off the shelf; done twice it is done once.

    Raises:
        OrderRefused: ILLEGAL_MOVE; UNKNOWN_FULFILMENT.
    """
    work = await open_work(connection, fulfilment_id)
    if work.head["status"] != FulfilmentStatus.IN_PROGRESS:
        raise refuse(
            Refusal.ILLEGAL_MOVE,
            f"Fulfilment order {fulfilment_id!r} is {work.head['status']}; goods are picked for one in progress only.",
        )
    await work.lock_stock()
    for row in work.rows():
        more = row["quantity"] - row["shipped"] - row["picked"]
        work.stock.book(work.pair(row), EntryKind.PICK, more, line_id=row["line_id"])
        work.plans.set_line(work.name, row["line_id"], picked=row["picked"] + more)
    await work.write(key=key, at=at)


async def short(
    connection: AsyncConnection, fulfilment_id: str, pieces: Mapping[str, int], *, key: str, at: datetime
) -> None:
    """Take pieces out that were not found: off the shelf count, open again on their lines.

    Raises:
        OrderRefused: QUANTITY_EXCEEDED; ILLEGAL_MOVE; UNKNOWN_FULFILMENT.
    """
    work = await open_work(connection, fulfilment_id)
    if work.head["status"] not in (FulfilmentStatus.OPEN, FulfilmentStatus.IN_PROGRESS):
        raise refuse(Refusal.ILLEGAL_MOVE, f"Fulfilment order {fulfilment_id!r} is {work.head['status']}; it is over.")
    await work.lock_stock()
    for line_id, quantity in pieces.items():
        row = work.plans.lines[work.name].get(line_id)
        waiting = row["quantity"] - row["shipped"] if row else 0
        if row is None or not 1 <= quantity <= waiting:
            raise refuse(
                Refusal.QUANTITY_EXCEEDED,
                f"Cannot miss {quantity} of line {line_id!r} in {fulfilment_id!r}: {waiting} are waiting there.",
            )
        back = max(0, row["picked"] - (waiting - quantity))
        work.stock.book(work.pair(row), EntryKind.UNPICK, back, line_id=line_id)
        work.stock.book(work.pair(row), EntryKind.SHORT, quantity, line_id=line_id, reason=fulfilment_id)
        work.lines.move(line_id, Move.DEALLOCATE, quantity)
        work.plans.set_line(work.name, line_id, picked=row["picked"] - back, short=row["short"] + quantity)
        work.plans.reduce(work.name, line_id, quantity)
    if work.head["fate"] is None:
        work.plans.cancel_if_empty(work.name)
    else:
        close_when_done(work)
    await work.write(key=key, at=at)


def close_when_done(work: Work) -> None:
    """Close it once everything it holds has left; incomplete, when pieces were not found."""
    if all(row["shipped"] == row["quantity"] for row in work.rows()):
        lacking = any(row["short"] for row in work.plans.lines[work.name].values())
        work.plans.move(work.name, FulfilmentStatus.INCOMPLETE if lacking else FulfilmentStatus.CLOSED)


def ship(work: Work, pieces: Mapping[str, int]) -> None:
    """Book pieces of it as shipped, picked ones first.

    Raises:
        OrderRefused: QUANTITY_EXCEEDED.
    """
    for line_id, quantity in pieces.items():
        row = work.plans.lines[work.name][line_id]
        waiting = row["quantity"] - row["shipped"]
        if quantity > waiting:
            raise refuse(
                Refusal.QUANTITY_EXCEEDED,
                f"Cannot ship {quantity} of line {line_id!r} in {work.name!r}: {waiting} are left there. "
                f"Correct the packages.",
            )
        picked = min(quantity, row["picked"])
        work.stock.book(work.pair(row), EntryKind.SHIP_PICKED, picked, line_id=line_id, reason=work.name)
        work.stock.book(work.pair(row), EntryKind.SHIP, quantity - picked, line_id=line_id, reason=work.name)
        work.lines.move(line_id, Move.SHIP, quantity)
        work.plans.set_line(work.name, line_id, picked=row["picked"] - picked, shipped=row["shipped"] + quantity)
    close_when_done(work)
