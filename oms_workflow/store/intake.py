"""Taking orders in, each once, whatever the channel repeats, overtakes or changes afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, and_, bindparam, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.bundle import SoldBundle
from oms_workflow.domain.changes import Arrival, Change, arrival
from oms_workflow.domain.differences import differences
from oms_workflow.domain.order import Order, defects
from oms_workflow.domain.ports.orders import TakenIn
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.bundles import expanded, keep_sold
from oms_workflow.store.locking import next_part
from oms_workflow.store.order_rows import line_values, load_orders, stored, taken_in_values
from oms_workflow.store.statements import queue_up
from oms_workflow.store.tables.orders import order_lines, order_revisions, orders

CONTENT: TypeAdapter[Order] = TypeAdapter(Order)

# Made once: building a statement costs as much as running it on SQLite.
_SAME = (
    select(orders)
    .where(
        or_(
            orders.c.id == bindparam("of"),
            and_(orders.c.channel == bindparam("of_channel"), orders.c.external_id == bindparam("of_external")),
        )
    )
    .with_for_update()
)
_FOREIGN = select(order_lines.c.id).where(
    order_lines.c.channel == bindparam("of_channel"),
    order_lines.c.oid.in_(bindparam("oids", expanding=True)),
    order_lines.c.order_id != bindparam("of"),
)
_INSERT, _INSERT_LINES = insert(orders), insert(order_lines)


async def take_in(connection: AsyncConnection, order: Order, *, at: datetime) -> TakenIn:
    """Store an order, or say what the same order is that came in again.

    Raises:
        OrderRefused: DATA_REFUSED; ORDER_MISMATCH.
    """
    _require_sound(order)
    # Two deliveries of one new order find no row to wait for; they queue up by its name instead.
    await queue_up(connection, f"order {order.channel} {order.external_id}", f"order {order.id}")
    order, sold = await expanded(connection, order)
    known = await _known(connection, order)
    if known is None:
        await _insert(connection, order, sold, at)
        return TakenIn(order_id=order.id, arrival=Arrival.NEW, changes=Change(0))
    old = (await load_orders(connection, [order.id]))[order.id]
    what, changed = arrival(old, stored(order))
    revision = await _keep_revision(connection, order, old, changed, at) if what is Arrival.CHANGED else ""
    return TakenIn(order_id=order.id, arrival=what, changes=changed, revision=revision)


def _require_sound(order: Order) -> None:
    found = defects(order)
    if found:
        raise refuse(Refusal.DATA_REFUSED, f"Order {order.id!r} cannot be stored: {' '.join(found)}")


async def _known(connection: AsyncConnection, order: Order) -> RowMapping | None:
    """Give the stored order this one is; None when it is new."""
    known = {"of": order.id, "of_channel": order.channel, "of_external": order.external_id}
    rows = (await connection.execute(_SAME, known)).mappings().all()
    for row in rows:
        if row["id"] != order.id or row["external_id"] != order.external_id:
            raise refuse(
                Refusal.ORDER_MISMATCH,
                f"Order {order.id!r} comes with external id {order.external_id!r}, but {row['id']!r} is stored with "
                f"{row['external_id']!r}. Check the mapping of the channel.",
            )
    lines = {"of": order.id, "of_channel": order.channel, "oids": [line.oid for line in order.lines]}
    foreign = (await connection.execute(_FOREIGN, lines)).scalars().first()
    if foreign is not None:
        raise refuse(
            Refusal.ORDER_MISMATCH,
            f"A sub-order id of {order.id!r} belongs to line {foreign!r} of another order. Check the channel's data.",
        )
    return rows[0] if rows else None


async def insert_order(connection: AsyncConnection, order: Order, at: datetime) -> None:
    """Store an order the house makes itself, such as an exchange."""
    _require_sound(order)
    order, sold = await expanded(connection, order)
    await _insert(connection, order, sold, at)


async def _insert(connection: AsyncConnection, order: Order, sold: Sequence[SoldBundle], at: datetime) -> None:
    await connection.execute(_INSERT, taken_in_values(order, at))
    await keep_sold(connection, order.id, sold)
    await connection.execute(_INSERT_LINES, line_values(order))


async def _keep_revision(connection: AsyncConnection, order: Order, old: Order, changed: Change, at: datetime) -> str:
    """Store a change, once however often the channel sends it."""
    content = CONTENT.dump_python(order, mode="json")
    mine = select(order_revisions).where(order_revisions.c.order_id == order.id).order_by(order_revisions.c.at.desc())
    for row in (await connection.execute(mine)).mappings():
        if row["accepted_at"] is None and row["content"] == content:
            same: str = row["id"]
            return same
    name = await next_part(connection, order_revisions, order_revisions.c.order_id, order.id, "V")
    await connection.execute(
        insert(order_revisions).values(
            id=name,
            order_id=order.id,
            channel_version=order.channel_version,
            changes=int(changed),
            content=content,
            differences=[asdict(one) for one in differences(old, stored(order), changed)],
            at=at,
        )
    )
    return name
