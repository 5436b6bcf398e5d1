"""An order with everything its status follows from, read in one moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.promise import Promise, strictest
from oms_workflow.domain.status import OrderView
from oms_workflow.store.fulfilment_rows import load_fulfilments
from oms_workflow.store.hold_rows import load_holds
from oms_workflow.store.line_book import quantities
from oms_workflow.store.order_rows import load_heads, load_lines, order_from
from oms_workflow.store.payment_rows import cancelled_of, load_ledgers, money_of
from oms_workflow.store.return_rows import load_returns
from oms_workflow.store.tables.orders import orders

_HEADS: BindParameter[Any] = bindparam("heads", expanding=True)
_PROMISES = select(orders.c.id, orders.c.leader, orders.c.ship_by, orders.c.deliver_by).where(
    or_(orders.c.id.in_(_HEADS), orders.c.leader.in_(_HEADS))
)


async def load_view(connection: AsyncConnection, order_id: str) -> OrderView:
    """Read one order.

    Raises:
        OrderRefused: UNKNOWN_ORDER.
    """
    return (await load_views(connection, [order_id]))[0]


async def load_views(connection: AsyncConnection, order_ids: Sequence[str]) -> tuple[OrderView, ...]:
    """Read several orders with the same few statements as one, in the order of the ids.

    Raises:
        OrderRefused: UNKNOWN_ORDER.
    """
    wanted = list(order_ids)
    rows = await load_heads(connection, wanted)
    lines = await load_lines(connection, wanted)
    ledgers = await load_ledgers(connection, wanted)
    holds = await load_holds(connection, wanted)
    returned = await load_returns(connection, wanted)
    fulfilments = await load_fulfilments(connection, wanted)
    promises = await _group_promises(connection, wanted, {name: row["leader"] for name, row in rows.items()})
    views = []
    for order_id in wanted:
        row = rows[order_id]
        order = order_from(row, lines.get(order_id, []))
        ids = {line.id for line in order.lines}
        views.append(
            OrderView(
                order=order,
                quantities={line["id"]: quantities(line) for line in lines.get(order_id, [])},
                money=money_of(order, ledgers[order_id], cancelled_of(lines.get(order_id, []))),
                holds=tuple(hold for hold in holds if hold.order_id == order_id),
                returns=tuple(one for one in returned if one.order_id == order_id),
                fulfilments=tuple(one for one in fulfilments if any(line.line_id in ids for line in one.lines)),
                leader=row["leader"] or "",
                promise=strictest(promises[order_id]),
                version=row["version"],
                cancelled_at=row["cancelled_at"],
                completed_at=row["completed_at"],
            )
        )
    return tuple(views)


async def _group_promises(
    connection: AsyncConnection, order_ids: Sequence[str], leaders: dict[str, str | None]
) -> dict[str, list[Promise]]:
    """Read the promises of all orders that go together with each order."""
    heads = {leaders[order_id] or order_id for order_id in order_ids}
    groups: dict[str, list[Promise]] = {}
    for row in (await connection.execute(_PROMISES, {"heads": sorted(heads)})).mappings():
        promise = Promise(ship_by=row["ship_by"], deliver_by=row["deliver_by"])
        groups.setdefault(row["leader"] or row["id"], []).append(promise)
    return {order_id: groups[leaders[order_id] or order_id] for order_id in order_ids}
