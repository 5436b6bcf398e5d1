"""Quantities of order lines, moved only by the table of `line_ledger`. Every move leaves a row that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.line_ledger import LineQuantities, Move, move
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.order_rows import LINES_AS_SOLD
from oms_workflow.store.tables.orders import line_moves, order_lines

QUANTITIES = (
    "ordered", "open", "allocated", "shipped", "cancelled", "backordered", "written_off",
    "delivered", "return_announced", "returned",
)  # fmt: skip

_READ = LINES_AS_SOLD.where(order_lines.c.order_id.in_(bindparam("ids", expanding=True))).order_by(
    order_lines.c.order_id, order_lines.c.position
)
_WRITE = (
    update(order_lines)
    .where(order_lines.c.id == bindparam("line"))
    .values({name: bindparam(f"new_{name}") for name in QUANTITIES[1:]})
)

_MOVED = insert(line_moves)


class LineBook:
    """The ledgers of the lines of locked orders: change them here, then `write` once."""

    def __init__(self, connection: AsyncConnection, rows: Iterable[RowMapping]) -> None:
        self._connection = connection
        self.rows = {row["id"]: row for row in rows}
        self.lines = {name: quantities(row) for name, row in self.rows.items()}
        self._moves: list[tuple[str, Move, int]] = []
        self._touched: dict[str, None] = {}

    @classmethod
    async def of_orders(cls, connection: AsyncConnection, order_ids: Iterable[str]) -> LineBook:
        """Load the lines of orders, which the caller has locked, in their drawn order."""
        wanted = {"ids": sorted(set(order_ids))}
        return cls(connection, (await connection.execute(_READ, wanted)).mappings())

    @property
    def cancelled(self) -> dict[str, int]:
        """The cancelled pieces by line."""
        return {name: line.cancelled for name, line in self.lines.items()}

    def order_of(self, line_id: str) -> str:
        """Give the order a line belongs to."""
        order_id: str = self.rows[line_id]["order_id"]
        return order_id

    def known(self, line_id: str) -> LineQuantities:
        """Give the ledger of a line.

        Raises:
            OrderRefused: QUANTITY_EXCEEDED, when these orders have no such line: then none of its pieces are there.
        """
        if line_id not in self.lines:
            raise refuse(Refusal.QUANTITY_EXCEEDED, f"There is no line {line_id!r} in this order. Check the id.")
        return self.lines[line_id]

    def move(self, line_id: str, kind: Move, quantity: int) -> None:
        """Move pieces of a line; 0 pieces is no move.

        Raises:
            OrderRefused: QUANTITY_EXCEEDED.
        """
        if quantity:
            self.lines[line_id] = move(self.known(line_id), kind, quantity, name=line_id)
            self._moves.append((line_id, kind, quantity))
            self._touched[line_id] = None

    def count(self, line_id: str, **more: int) -> None:
        """Add to what is known of shipped pieces: `delivered`, `return_announced`, `returned`."""
        line = self.known(line_id)
        self.lines[line_id] = replace(line, **{name: getattr(line, name) + by for name, by in more.items()})
        self._touched[line_id] = None

    async def write(self, *, key: str, at: datetime) -> None:
        """Store the changed ledgers and what moved."""
        if self._touched:
            await self._connection.execute(_WRITE, [self._values(line_id) for line_id in self._touched])
        if self._moves:
            rows = [
                {"line_id": line_id, "move": kind.value, "quantity": quantity, "key": key, "at": at}
                for line_id, kind, quantity in self._moves
            ]
            await self._connection.execute(_MOVED, rows)
        self._moves, self._touched = [], {}

    def _values(self, line_id: str) -> dict[str, Any]:
        line = self.lines[line_id]
        return {"line": line_id} | {f"new_{name}": getattr(line, name) for name in QUANTITIES[1:]}


def quantities(row: RowMapping) -> LineQuantities:
    """Read the ledger of a line from its row."""
    return LineQuantities(**{name: row[name] for name in QUANTITIES})
