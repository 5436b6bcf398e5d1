"""What was ordered for how much by one buyer, or to one address, lately. Counts amounts, judges none."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Order
from oms_workflow.store.tables.orders import order_lines, orders

_DAY = timedelta(days=1)
_OF_LINE = order_lines.c.ordered * order_lines.c.unit_price - order_lines.c.discount + order_lines.c.tax


async def spent(connection: AsyncConnection, order: Order, at: datetime) -> dict[str, Money | None]:
    """Give the totals of the orders of a day until `at`, in the order's currency; None where it is not known by what.

    Cancelled orders count: who tries again and again is what a limit looks for.
    """
    buyer, address = orders.c.buyer_key == order.buyer_key, orders.c.address_digest == order.address_digest
    return {
        "spent_of_buyer_24h": await _total(connection, order, at, buyer) if order.buyer_key else None,
        "spent_to_address_24h": await _total(connection, order, at, address) if order.address_digest else None,
    }


async def _total(connection: AsyncConnection, order: Order, at: datetime, which: Any) -> Money:
    mine = (
        which,
        orders.c.currency == order.currency,
        orders.c.placed_at > at - _DAY,
        orders.c.placed_at <= at,
    )
    heads = select(func.coalesce(func.sum(orders.c.freight + orders.c.adjustment), 0)).where(*mine)
    of_lines = func.coalesce(func.sum(_OF_LINE), 0)
    lines = select(of_lines).join(orders, orders.c.id == order_lines.c.order_id).where(*mine)
    minor = int((await connection.execute(heads)).scalar_one()) + int((await connection.execute(lines)).scalar_one())
    return Money.minor(minor, order.currency)
