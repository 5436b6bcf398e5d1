"""Finding an order by any number somebody has in hand."""

from __future__ import annotations

from sqlalchemy import or_, select, union

from oms_workflow.store.tables.after_sales import payment_transactions, returns
from oms_workflow.store.tables.fulfilments import fulfilment_lines, fulfilments, package_lines, packages
from oms_workflow.store.tables.orders import order_lines, orders
from oms_workflow.store.unit_of_work import UnitOfWork


async def find_orders(unit: UnitOfWork, number: str, *, limit: int = 20) -> tuple[str, ...]:
    """Give the ids of orders that have to do with a number, newest first; () when nothing has.

    The number may be an order's id, its number or the channel's key, a sub-order's, a fulfilment order's, a warehouse's
    reference, a package's or its tracking number, a return's, a payment's or the provider's. It is compared as a whole:
    look-ups by part of a number would read every row.
    """
    text = number.strip()
    packed = (
        select(order_lines.c.order_id)
        .join(package_lines, package_lines.c.line_id == order_lines.c.id)
        .join(packages, packages.c.id == package_lines.c.package_id)
        .where(or_(packages.c.id == text, packages.c.tracking_number == text))
    )
    planned = (
        select(fulfilment_lines.c.order_id)
        .join(fulfilments, fulfilments.c.id == fulfilment_lines.c.fulfilment_id)
        .where(or_(fulfilments.c.id == text, fulfilments.c.reference == text))
    )
    paid = payment_transactions
    found = union(
        select(orders.c.id).where(or_(orders.c.id == text, orders.c.number == text, orders.c.external_id == text)),
        select(order_lines.c.order_id).where(or_(order_lines.c.id == text, order_lines.c.oid == text)),
        packed,
        planned,
        select(returns.c.order_id).where(returns.c.id == text),
        select(paid.c.order_id).where(or_(paid.c.id == text, paid.c.provider_ref == text)),
    )
    if not text:
        return ()
    newest = select(orders.c.id).where(orders.c.id.in_(found)).order_by(orders.c.placed_at.desc(), orders.c.id)
    async with unit.reading() as connection:
        return tuple((await connection.execute(newest.limit(limit))).scalars())
