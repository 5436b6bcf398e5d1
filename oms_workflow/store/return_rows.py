"""Returns as rows, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, CursorResult, RowMapping, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.line_ledger import Place
from oms_workflow.domain.returns import Acceptance, Condition, Reception, Return, ReturnItem, ReturnType
from oms_workflow.store.tables.after_sales import return_items, returns

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_RETURNS = select(returns).order_by(returns.c.opened_at, returns.c.id)
_OF_ORDERS = _RETURNS.where(returns.c.order_id.in_(_IDS))
_BY_ID = _RETURNS.where(returns.c.id.in_(_IDS))
_ITEMS = (
    select(return_items)
    .where(return_items.c.return_id.in_(_IDS))
    .order_by(return_items.c.return_id, return_items.c.position)
)


async def load_returns(connection: AsyncConnection, order_ids: Sequence[str]) -> tuple[Return, ...]:
    """Read the returns of orders, oldest first."""
    return await _load(connection, await connection.execute(_OF_ORDERS, {"ids": list(order_ids)}))


async def load_return(connection: AsyncConnection, return_id: str) -> Return | None:
    """Read one return; None when there is none."""
    found = await _load(connection, await connection.execute(_BY_ID, {"ids": [return_id]}))
    return found[0] if found else None


async def _load(connection: AsyncConnection, found: CursorResult[Any]) -> tuple[Return, ...]:
    heads = found.mappings().all()
    if not heads:
        return ()
    items: dict[str, list[ReturnItem]] = {}
    for row in (await connection.execute(_ITEMS, {"ids": [row["id"] for row in heads]})).mappings():
        items.setdefault(row["return_id"], []).append(item_from(row))
    return tuple(_return_from(row, items.get(row["id"], [])) for row in heads)


def item_from(row: RowMapping) -> ReturnItem:
    """Read one item from its row."""
    return ReturnItem(
        id=row["id"],
        line_id=row["line_id"],
        quantity=row["quantity"],
        place=Place(row["place"]) if row["place"] else None,
        reception=Reception(row["reception"]),
        acceptance=Acceptance(row["acceptance"]),
        condition=Condition(row["condition"]) if row["condition"] else None,
        warehouse=row["warehouse"],
        note=row["note"],
    )


def item_values(item: ReturnItem, return_id: str, position: int) -> dict[str, Any]:
    """Give the row of an item."""
    return {
        "id": item.id,
        "return_id": return_id,
        "line_id": item.line_id,
        "position": position,
        "quantity": item.quantity,
        "place": item.place.value if item.place else None,
        "reception": item.reception.value,
        "acceptance": item.acceptance.value,
        "condition": item.condition.value if item.condition else None,
        "warehouse": item.warehouse,
        "note": item.note,
    }


def _return_from(row: RowMapping, items: Sequence[ReturnItem]) -> Return:
    return Return(
        id=row["id"],
        order_id=row["order_id"],
        type=ReturnType(row["type"]),
        reason=row["reason"],
        items=tuple(items),
        opened_at=row["opened_at"],
        cancelled_at=row["cancelled_at"],
        exchange_order=row["exchange_order"] or "",
    )
