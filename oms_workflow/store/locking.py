"""Locks on orders. Everything about an order is decided while its row is locked; several are locked in order of id.

The order of locks is the same everywhere, so that two calls cannot wait for each other: effects, orders, stock
balances. What hangs on an order (lines, claims, holds, fulfilments, payments, returns) is guarded by the order's lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import BindParameter, RowMapping, bindparam, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.identity import part_id
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.tables.fulfilments import fulfilment_lines, fulfilments
from oms_workflow.store.tables.orders import orders

Locked = dict[str, RowMapping]

# Statements every write runs are made once: building one costs as much as running it on SQLite.
_LOCK = select(orders).where(orders.c.id.in_(bindparam("ids", expanding=True))).order_by(orders.c.id).with_for_update()
_LEADER = (
    select(func.coalesce(orders.c.leader, orders.c.id)).where(orders.c.id == bindparam("of_order")).scalar_subquery()
)
_GROUP = select(orders.c.id).where(or_(orders.c.id == _LEADER, orders.c.leader == _LEADER))

_FULFILMENT = select(fulfilments).where(fulfilments.c.id == bindparam("of"))
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CONCERNED = union(
    select(fulfilments.c.order_id).where(fulfilments.c.id.in_(_IDS)),
    select(fulfilment_lines.c.order_id).where(fulfilment_lines.c.fulfilment_id.in_(_IDS)),
)


async def lock_orders(connection: AsyncConnection, order_ids: Iterable[str]) -> Locked:
    """Lock orders and give their rows by id.

    Raises:
        OrderRefused: UNKNOWN_ORDER, naming the first id no order has.
    """
    wanted = sorted(set(order_ids))
    rows = {row["id"]: row for row in (await connection.execute(_LOCK, {"ids": wanted})).mappings()}
    for order_id in wanted:
        if order_id not in rows:
            raise unknown_order(order_id)
    return rows


async def lock_order(connection: AsyncConnection, order_id: str) -> RowMapping:
    """Lock one order and give its row.

    Raises:
        OrderRefused: UNKNOWN_ORDER.
    """
    return (await lock_orders(connection, [order_id]))[order_id]


async def lock_group(connection: AsyncConnection, order_id: str) -> Locked:
    """Lock an order with every order that goes together with it by a merge: its leader and all who follow that one.

    Raises:
        OrderRefused: UNKNOWN_ORDER.
    """
    known = await _group(connection, order_id)
    if connection.dialect.name == "sqlite":  # one writer at a time: nobody joins between the two statements
        return await lock_orders(connection, known)
    while True:
        async with connection.begin_nested() as attempt:
            rows = await lock_orders(connection, known)
            group = await _group(connection, order_id)
            if group <= known:  # nobody can join or leave while the leader is locked
                return {name: rows[name] for name in sorted(group)}
            await attempt.rollback()  # gives the locks back: more are taken in order of id only from the start
        known = group


async def _group(connection: AsyncConnection, order_id: str) -> set[str]:
    return set((await connection.execute(_GROUP, {"of_order": order_id})).scalars()) | {order_id}


async def lock_led(connection: AsyncConnection, order_id: str) -> Locked:
    """Lock an order that goes by itself or leads, with all that follow it.

    Raises:
        OrderRefused: UNKNOWN_ORDER; ILLEGAL_MOVE, when it follows another order, which acts for it.
    """
    rows = await lock_group(connection, order_id)
    leader = rows[order_id]["leader"]
    if leader is not None:
        raise refuse(
            Refusal.ILLEGAL_MOVE,
            f"Order {order_id!r} goes with {leader!r}, which reserves, plans and ships for both. "
            f"Do this there, or undo the merge.",
        )
    return rows


async def lock_fulfilment(connection: AsyncConnection, fulfilment_id: str) -> tuple[RowMapping, Locked]:
    """Lock the orders a fulfilment order concerns and give its row, read after they were locked.

    Raises:
        OrderRefused: UNKNOWN_FULFILMENT.
    """
    concerned = await orders_of_fulfilments(connection, [fulfilment_id])
    if not concerned:
        raise refuse(Refusal.UNKNOWN_FULFILMENT, f"There is no fulfilment order {fulfilment_id!r}. Check the id.")
    rows = await lock_orders(connection, concerned)
    row = (await connection.execute(_FULFILMENT, {"of": fulfilment_id})).mappings().one()
    return row, rows


async def orders_of_fulfilments(connection: AsyncConnection, fulfilment_ids: Iterable[str]) -> set[str]:
    """Give the orders that lead these fulfilment orders or have pieces in them."""
    return set((await connection.execute(_CONCERNED, {"ids": list(fulfilment_ids)})).scalars())


def unknown_order(order_id: str) -> Exception:
    """Make the refusal for an id no order has."""
    return refuse(Refusal.UNKNOWN_ORDER, f"There is no order {order_id!r}. Check the channel and the number.")


def require_not_cancelled(rows: Mapping[str, RowMapping]) -> None:
    """Let orders pass that were not cancelled as a whole.

    Raises:
        OrderRefused: ORDER_CANCELLED, naming the first that was.
    """
    for order_id, row in rows.items():
        if row["cancelled_at"] is not None:
            raise refuse(
                Refusal.ORDER_CANCELLED,
                f"Order {order_id!r} was cancelled at {row['cancelled_at'].isoformat()}; nothing more is done for it. "
                f"Place a new order.",
            )


async def next_part(connection: AsyncConnection, table: Any, column: Any, whole: str, kind: str) -> str:
    """Name the next part of something that is locked; parts are never deleted, so their number is the next name."""
    taken = await connection.execute(select(func.count()).select_from(table).where(column == whole))
    return part_id(whole, kind, taken.scalar_one() + 1)
