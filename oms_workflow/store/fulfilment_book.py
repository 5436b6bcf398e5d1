"""Fulfilment orders that are being changed: rows in hand, with the sums that plans and cancellations ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import RowMapping, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.fulfilment import MOVES, Fate, FulfilmentStatus
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.shares import Taken, divide, sum_of
from oms_workflow.store.fulfilment_rows import load_fulfilment_lines, load_heads, shares_from, shares_values
from oms_workflow.store.tables.fulfilments import fulfilment_lines, fulfilments

Row = dict[str, Any]


class FulfilmentBook:
    """Fulfilment orders of locked orders: change them here, then `write` once."""

    def __init__(
        self, connection: AsyncConnection, heads: Iterable[RowMapping], lines: dict[str, list[RowMapping]]
    ) -> None:
        self._connection = connection
        self.heads: dict[str, Row] = {row["id"]: dict(row) for row in heads}
        self.lines: dict[str, dict[str, Row]] = {
            name: {row["line_id"]: dict(row) for row in lines.get(name, [])} for name in self.heads
        }
        self._changed: dict[str, None] = {}
        self._changed_lines: dict[tuple[str, str], None] = {}

    @classmethod
    async def of_orders(cls, connection: AsyncConnection, order_ids: Sequence[str]) -> FulfilmentBook:
        """Load every fulfilment order these locked orders lead or have pieces in."""
        heads = await load_heads(connection, order_ids)
        return cls(connection, heads, await load_fulfilment_lines(connection, [row["id"] for row in heads]))

    def active(self) -> list[Row]:
        """Give those that are not cancelled, in their order."""
        return [row for row in self.heads.values() if row["status"] != FulfilmentStatus.CANCELLED]

    def planned(self, line_id: str, warehouse: str) -> int:
        """Count pieces of a line that active ones still have to send from a warehouse."""
        return sum(
            line["quantity"] - line["shipped"]
            for row in self.active()
            if row["warehouse"] == warehouse
            for line in self.lines[row["id"]].values()
            if line["line_id"] == line_id
        )

    def taken(self, currency: str) -> dict[str, Taken]:
        """Give pieces and shares that active ones hold, by line."""
        found: dict[str, list[Row]] = {}
        for row in self.active():
            for line in self.lines[row["id"]].values():
                found.setdefault(line["line_id"], []).append(line)
        return {
            line_id: Taken(
                quantity=sum(row["quantity"] for row in rows),
                shares=sum_of([shares_from(row, currency) for row in rows], currency),
            )
            for line_id, rows in found.items()
        }

    def set(self, name: str, **values: Any) -> None:
        """Change columns of one."""
        self.heads[name].update(values)
        self._changed[name] = None

    def set_line(self, name: str, line_id: str, **values: Any) -> None:
        """Change columns of one of its lines."""
        self.lines[name][line_id].update(values)
        self._changed_lines[name, line_id] = None

    def move(self, name: str, status: FulfilmentStatus) -> None:
        """Change its status along the table.

        Raises:
            OrderRefused: ILLEGAL_MOVE.
        """
        now = FulfilmentStatus(self.heads[name]["status"])
        if status is now:
            return
        if status not in MOVES[now]:
            possible = ", ".join(sorted(one.value for one in MOVES[now])) or "nothing more"
            raise refuse(
                Refusal.ILLEGAL_MOVE,
                f"Fulfilment order {name!r} is {now.value}; possible now: {possible}, not {status.value}.",
            )
        self.set(name, status=status.value)

    def cancel(self, name: str) -> None:
        """Give it the fate to be cancelled, and cancel it. Its pieces stay allocated to their lines."""
        self.move(name, FulfilmentStatus.CANCELLED)
        self.set(name, fate=Fate.CANCEL.value)

    def reduce(self, name: str, line_id: str, by: int) -> None:
        """Take pieces out of a line of it, with their shares."""
        head, line = self.heads[name], self.lines[name][line_id]
        kept = line["quantity"] - by
        shares, _ = divide(shares_from(line, head["currency"]), [kept, by])
        self.set_line(name, line_id, quantity=kept, **shares_values(shares))

    def cancel_if_empty(self, name: str) -> None:
        """Cancel one that holds nothing any more."""
        if not any(row["quantity"] for row in self.lines[name].values()):
            self.cancel(name)

    async def add(self, head: Row, lines: Sequence[Row]) -> None:
        """Store a new one."""
        await self._connection.execute(insert(fulfilments).values(**head))
        await self._connection.execute(insert(fulfilment_lines), list(lines))
        self.heads[head["id"]] = dict(head)
        self.lines[head["id"]] = {line["line_id"]: dict(line) for line in lines}

    async def write(self) -> None:
        """Store what changed."""
        for name in self._changed:
            values = {key: value for key, value in self.heads[name].items() if key != "id"}
            await self._connection.execute(update(fulfilments).where(fulfilments.c.id == name).values(values))
        for name, line_id in self._changed_lines:
            values = {key: value for key, value in self.lines[name][line_id].items() if key not in _KEYS}
            which = (fulfilment_lines.c.fulfilment_id == name) & (fulfilment_lines.c.line_id == line_id)
            await self._connection.execute(update(fulfilment_lines).where(which).values(values))
        self._changed, self._changed_lines = {}, {}


_KEYS = ("fulfilment_id", "line_id")
