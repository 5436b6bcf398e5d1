"""Taking pieces back from an order that will not be sent: from waiting, from promises, from plans, in that order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.fulfilment import RequestStatus
from oms_workflow.domain.line_ledger import Move
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.stock import EntryKind
from oms_workflow.store.fulfilment_book import FulfilmentBook, Row
from oms_workflow.store.line_book import LineBook
from oms_workflow.store.stock_book import StockBook

NOT_AT_WORK = (RequestStatus.UNSUBMITTED.value, RequestStatus.REJECTED.value)
"""Requests no warehouse works on: their fulfilment orders can be changed without asking."""


class Withdrawal:
    """The books of an order from which pieces are withdrawn. The order and its group are locked."""

    def __init__(self, lines: LineBook, stock: StockBook, plans: FulfilmentBook) -> None:
        self.lines = lines
        self.stock = stock
        self.plans = plans

    @classmethod
    async def of_order(
        cls, connection: AsyncConnection, order_id: str, lines: LineBook, group: Iterable[str]
    ) -> Withdrawal:
        """Load the plans of an order and the claims of its group, all locked, and lock the balances they claim."""
        stock = StockBook(connection)
        await stock.load_claims(group)
        plans = await FulfilmentBook.of_orders(connection, [order_id])
        held = [claim for claim in stock.claims.values() if claim.reserved or claim.allocated]
        await stock.lock((claim.sku, claim.warehouse) for claim in held)
        return cls(lines, stock, plans)

    def take(self, line_id: str, quantity: int) -> None:
        """Cancel pieces of a line; those nobody was promised go first, planned ones last.

        Raises:
            OrderRefused: GOODS_CHANGED, when a warehouse works on some of them, or they have left.
        """
        left = self._waiting(line_id, quantity)
        left = self._reserved(line_id, left)
        left = self._allocated(line_id, left)
        for row in self.plans.active():
            if left and row["fate"] is None and row["request_status"] in NOT_AT_WORK:
                freed = min(left, self.unplan(row, line_id, left))
                left = self._allocated(line_id, left) if freed else left
        if left:
            raise refuse(
                Refusal.GOODS_CHANGED,
                f"Cannot take {quantity} of line {line_id!r} back: {left} are in a warehouse's hands or have left. "
                f"Ask the warehouse to stop first.",
            )

    def unplan(self, row: Row, line_id: str, quantity: int) -> int:
        """Take up to this many pieces of a line out of a plan; gives how many. They stay allocated to the line."""
        line = self.plans.lines[row["id"]].get(line_id)
        waiting = line["quantity"] - line["shipped"] if line else 0
        taken = min(quantity, waiting)
        if line and taken:  # nothing of it is picked: no warehouse works on it
            self.plans.reduce(row["id"], line_id, taken)
            self.plans.cancel_if_empty(row["id"])
        return taken

    def unpick(self, row: Row, line_id: str, quantity: int) -> None:
        """Put picked pieces of a plan back on the shelf."""
        line = self.plans.lines[row["id"]][line_id]
        self.stock.book((line["sku"], row["warehouse"]), EntryKind.UNPICK, quantity, line_id=line_id)
        if quantity:
            self.plans.set_line(row["id"], line_id, picked=line["picked"] - quantity)

    def _waiting(self, line_id: str, quantity: int) -> int:
        line = self.lines.known(line_id)
        taken = min(quantity, line.backordered)
        self.lines.move(line_id, Move.CANCEL_BACKORDERED, taken)
        reserved = sum(claim.reserved for claim in self.stock.claims_of(line_id))
        free = min(quantity - taken, line.open - reserved)
        self.lines.move(line_id, Move.CANCEL_OPEN, free)
        return quantity - taken - free

    def _reserved(self, line_id: str, quantity: int) -> int:
        for claim in self.stock.claims_of(line_id):
            taken = min(quantity, claim.reserved)
            self.stock.book((claim.sku, claim.warehouse), EntryKind.RELEASE, taken, line_id=line_id)
            self.lines.move(line_id, Move.CANCEL_OPEN, taken)
            quantity -= taken
        return quantity

    def _allocated(self, line_id: str, quantity: int) -> int:
        for claim in self.stock.claims_of(line_id):
            unplanned = claim.allocated - self.plans.planned(line_id, claim.warehouse)
            taken = min(quantity, unplanned)
            self.stock.book((claim.sku, claim.warehouse), EntryKind.DEALLOCATE, taken, line_id=line_id)
            self.lines.move(line_id, Move.CANCEL_ALLOCATED, taken)
            quantity -= taken
        return quantity

    async def write(self, *, key: str, at: datetime) -> None:
        """Store what changed in all books."""
        await self.plans.write()
        await self.stock.write(key=key, at=at)
        await self.lines.write(key=key, at=at)
