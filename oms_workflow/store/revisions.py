"""Taking over what a channel changed after an order came in; and what may not change any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.changes import Change, changes
from oms_workflow.domain.fulfilment import FulfilmentStatus, RequestStatus
from oms_workflow.domain.line_ledger import Place
from oms_workflow.domain.order import Order
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.returns import is_claim
from oms_workflow.store.bundles import take_amounts
from oms_workflow.store.fulfilment_rows import load_fulfilments
from oms_workflow.store.intake import CONTENT
from oms_workflow.store.line_book import LineBook
from oms_workflow.store.locking import lock_group, require_not_cancelled
from oms_workflow.store.observing import firm_when_paid
from oms_workflow.store.order_rows import line_values, load_heads, load_orders, order_values
from oms_workflow.store.return_rows import load_returns
from oms_workflow.store.tables.orders import order_lines, order_revisions, orders
from oms_workflow.store.withdrawing import Withdrawal

_HEAD = (
    "customer_ref", "address_digest", "country", "region", "city", "service_level", "priority", "ship_by",
    "deliver_by", "sealed", "channel_version",
)  # fmt: skip
_MONEY = ("freight", "adjustment")
_LINE_MONEY = ("unit_price", "discount", "tax")


async def accept(connection: AsyncConnection, order_id: str, revision: str, *, key: str, at: datetime) -> Order:
    """Take a stored revision over.

    Raises:
        OrderRefused: GOODS_CHANGED; STALE_VERSION; ILLEGAL_MOVE; ORDER_CANCELLED; UNKNOWN_ORDER.
    """
    rows = await lock_group(connection, order_id)
    require_not_cancelled({order_id: rows[order_id]})
    stored = await _revision(connection, order_id, revision)
    new = CONTENT.validate_python(stored["content"])
    old = (await load_orders(connection, [order_id]))[order_id]
    changed = changes(old, new)
    if changed & (Change.GOODS | Change.GIFT):
        await _drop_goods(connection, old, new, rows, key=key, at=at)
    elif changed & Change.PRICE:
        await _take_prices(connection, order_id, new)
    if changed & Change.ADDRESS:
        await require_movable(connection, order_id)
    values = order_values(new)
    await connection.execute(
        update(orders)
        .where(orders.c.id == order_id)
        .values({name: values[name] for name in _HEAD} | {"version": orders.c.version + 1})
    )
    await firm_when_paid(connection, (await load_heads(connection, [order_id]))[order_id])
    await connection.execute(update(order_revisions).where(order_revisions.c.id == revision).values(accepted_at=at))
    return (await load_orders(connection, [order_id]))[order_id]


async def _revision(connection: AsyncConnection, order_id: str, revision: str) -> RowMapping:
    mine = select(order_revisions).where(order_revisions.c.order_id == order_id)
    found = {row["id"]: row for row in (await connection.execute(mine)).mappings()}
    if revision not in found:
        raise refuse(Refusal.UNKNOWN_ORDER, f"Order {order_id!r} has no revision {revision!r}. Check the id.")
    row = found[revision]
    newer = [
        one for one in found.values()
        if one["accepted_at"] is not None and (one["channel_version"], one["at"]) > (row["channel_version"], row["at"])
    ]  # fmt: skip
    if row["accepted_at"] is not None or newer:
        raise refuse(
            Refusal.STALE_VERSION,
            f"Revision {revision!r} is overtaken: {newer[0]['id'] if newer else revision!r} was taken over already.",
        )
    return row


async def _drop_goods(
    connection: AsyncConnection, old: Order, new: Order, group: Iterable[str], *, key: str, at: datetime
) -> None:
    """Cancel the pieces a revision leaves out; everything else about goods is refused."""
    lines = await LineBook.of_orders(connection, [old.id])
    before = {line.oid: line for line in old.lines}
    kept: dict[str, int] = {}
    for line in new.lines:
        known = before.get(line.oid)
        if known is None or (known.sku, known.unit_price) != (line.sku, line.unit_price):
            raise _other_goods(old.id, line.oid)
        kept[line.oid] = line.ordered
    dropped: dict[str, int] = {}
    for oid, line in before.items():
        surplus = lines.lines[line.id].wanted - kept.get(oid, 0)
        if surplus < 0:
            raise _other_goods(old.id, oid)
        if surplus:
            dropped[line.id] = surplus
    withdrawal = await Withdrawal.of_order(connection, old.id, lines, group)
    for line_id, quantity in dropped.items():
        withdrawal.take(line_id, quantity)
    await withdrawal.write(key=key, at=at)


def _other_goods(order_id: str, oid: str) -> Exception:
    return refuse(
        Refusal.GOODS_CHANGED,
        f"Sub-order {oid!r} of order {order_id!r} asks for other goods, another price or more pieces than ordered. "
        f"Cancel the order and let the channel send a new one.",
    )


async def _take_prices(connection: AsyncConnection, order_id: str, new: Order) -> None:
    """Store new amounts, as long as no part of the order carries a share of the old ones."""
    if any(one.is_active for one in await load_fulfilments(connection, [order_id])):
        raise refuse(
            Refusal.GOODS_CHANGED,
            f"Prices of order {order_id!r} changed while parts of it are planned. Cancel the plan first.",
        )
    values = order_values(new)
    await connection.execute(
        update(orders).where(orders.c.id == order_id).values({name: values[name] for name in _MONEY})
    )
    for line in line_values(new):
        await connection.execute(
            update(order_lines).where(order_lines.c.id == line["id"]).values({name: line[name] for name in _LINE_MONEY})
        )
    await take_amounts(connection, new)


async def require_movable(connection: AsyncConnection, order_id: str) -> None:
    """Let a change of address pass while no warehouse works on the order and it goes by itself.

    Raises:
        OrderRefused: ILLEGAL_MOVE; ORDER_CANCELLED.
    """
    rows = await lock_group(connection, order_id)
    require_not_cancelled({order_id: rows[order_id]})
    at_work = [
        one.id
        for one in await load_fulfilments(connection, [order_id])
        if (one.is_active and one.request_status not in (RequestStatus.UNSUBMITTED, RequestStatus.REJECTED))
        or one.status is FulfilmentStatus.CLOSED
    ]  # fmt: skip
    if at_work or len(rows) > 1:
        why = f"a warehouse works on {at_work[0]!r}" if at_work else "it is merged with other orders"
        raise refuse(
            Refusal.ILLEGAL_MOVE,
            f"Cannot send order {order_id!r} elsewhere: {why}. Undo that first, or ask the carrier.",
        )


async def require_not_settled(connection: AsyncConnection, order_id: str, pieces: Mapping[str, int]) -> None:
    """Let written-off pieces pass that no return asks money for: they may be sent again.

    Raises:
        OrderRefused: QUANTITY_EXCEEDED.
    """
    claimed: dict[str, int] = {}
    for one in await load_returns(connection, [order_id]):
        for item in one.items:
            if item.place is Place.WRITTEN_OFF and is_claim(item):
                claimed[item.line_id] = claimed.get(item.line_id, 0) + item.quantity
    lines = await LineBook.of_orders(connection, [order_id])
    for line_id, quantity in pieces.items():
        lost, paid_for = lines.known(line_id).written_off, claimed.get(line_id, 0)
        if quantity > lost - paid_for:
            raise refuse(
                Refusal.QUANTITY_EXCEEDED,
                f"Cannot send {quantity} of line {line_id!r} again: {lost} are written off and {paid_for} of those are "
                f"refunded or about to be.",
            )
