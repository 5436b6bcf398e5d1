"""Holds as rows, and back; and whether they let a step pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.hold import Gate, Hold, HoldKind, HoldStatus, require_open
from oms_workflow.store.tables.orders import order_holds

_READ = (
    select(order_holds)
    .where(order_holds.c.order_id.in_(bindparam("ids", expanding=True)))
    .order_by(order_holds.c.opened_at, order_holds.c.id)
)


async def load_holds(connection: AsyncConnection, order_ids: Sequence[str]) -> tuple[Hold, ...]:
    """Read the holds of orders, closed ones too, oldest first."""
    return tuple(hold_from(row) for row in (await connection.execute(_READ, {"ids": list(order_ids)})).mappings())


async def require_gate(connection: AsyncConnection, order_ids: Iterable[str], gate: Gate) -> None:
    """Let a step pass that no hold of these orders blocks.

    Raises:
        OrderRefused: ON_HOLD, naming the holds.
    """
    require_open(gate, await load_holds(connection, list(order_ids)))


def hold_from(row: RowMapping) -> Hold:
    """Read one hold from its row."""
    return Hold(
        id=row["id"],
        order_id=row["order_id"],
        kind=HoldKind(row["kind"]),
        handle=row["handle"],
        blocks=frozenset(Gate(word) for word in row["blocks"].split()),
        reason=row["reason"],
        applied_by=row["applied_by"],
        resolver_role=row["resolver_role"],
        status=HoldStatus(row["status"]),
        opened_at=row["opened_at"],
        due=row["due"],
        closed_at=row["closed_at"],
        closed_by=row["closed_by"],
    )


def blocks_text(gates: Iterable[Gate]) -> str:
    """Write a set of gates the same way each time: in alphabetical order, with blanks between."""
    return " ".join(sorted(gate.value for gate in gates))
