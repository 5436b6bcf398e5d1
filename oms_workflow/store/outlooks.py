"""Who waits for a SKU and what is coming for them, read from the database. Changes nothing."""

from __future__ import annotations

from sqlalchemy import select

from oms_workflow.domain.outlook import Outlook, Waiting, outlook
from oms_workflow.store.arrivals import StoredArrivals
from oms_workflow.store.stock import StoredStock
from oms_workflow.store.tables.orders import order_lines, orders
from oms_workflow.store.unit_of_work import UnitOfWork


async def outlook_of(unit: UnitOfWork, sku: str) -> Outlook:
    """Give what can be promised of a SKU over time, all warehouses together."""
    available = sum(one.available for one in await StoredStock(unit).balances([sku]))
    return outlook(available, await StoredArrivals(unit).expected([sku]), await waiting_for(unit, sku))


async def waiting_for(unit: UnitOfWork, sku: str) -> tuple[Waiting, ...]:
    """Give the lines on backorder for a SKU, of orders that were not cancelled."""
    columns = (
        order_lines.c.order_id,
        order_lines.c.id,
        order_lines.c.backordered,
        orders.c.priority,
        orders.c.placed_at,
    )
    which = (
        select(*columns)
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(order_lines.c.sku == sku, order_lines.c.backordered > 0, orders.c.cancelled_at.is_(None))
    )
    async with unit.reading() as connection:
        rows = (await connection.execute(which)).all()
    return tuple(
        Waiting(order_id=order_id, line_id=line, quantity=many, priority=priority, placed_at=placed_at)
        for order_id, line, many, priority, placed_at in rows
    )
