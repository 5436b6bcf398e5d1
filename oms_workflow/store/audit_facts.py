"""Counting what an audit asks about. Implements `ports.customers.AuditFactsSource`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.audit import AuditFacts
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.note import NoteKind, intents
from oms_workflow.domain.order import Order
from oms_workflow.domain.status import OrderView
from oms_workflow.domain.tracking import ParcelStatus
from oms_workflow.store.blocklist import blocked_among, parties_of
from oms_workflow.store.order_view import load_view
from oms_workflow.store.spending import spent
from oms_workflow.store.tables.after_sales import returns
from oms_workflow.store.tables.fulfilments import fulfilments, packages, shipments
from oms_workflow.store.tables.orders import order_notes, orders
from oms_workflow.store.tables.people import customers
from oms_workflow.store.unit_of_work import UnitOfWork

_HOUR, _DAY, _MONTH, _QUARTER = timedelta(hours=1), timedelta(days=1), timedelta(days=30), timedelta(days=90)
_HALF_YEAR = timedelta(days=180)


class StoredAuditFacts:
    """Counts over orders. All moments are those at which orders were placed."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def of_order(self, order_id: str, *, at: datetime) -> AuditFacts:
        """Count what an audit asks about; periods end at `at`, and the order itself is counted in them."""
        async with self.unit.reading() as connection:
            view = await load_view(connection, order_id)
            remarks = await _remarks(connection, order_id)
            counted = await _counts(connection, view.order, at) | await spent(connection, view.order, at)
            blocked = await blocked_among(connection, await parties_of(connection, self.unit, order_id), at)
        return AuditFacts(
            **_of_view(view),
            **_of_remarks(remarks),
            **counted,
            blocked=tuple(entry.kind.value for entry in blocked),
            blocked_reasons=tuple(dict.fromkeys(entry.reason for entry in blocked)),
        )


def _of_view(view: OrderView) -> dict[str, Any]:
    order, currency = view.order, view.order.currency
    price = total((line.unit_price * line.ordered for line in order.lines), currency)
    discount = total((line.discount for line in order.lines), currency)
    return {
        "order_id": order.id,
        "channel": order.channel,
        "service_level": order.service_level.value,
        "terms": order.terms.value,
        "origin": order.origin.value,
        "total": order.total,
        "paid": view.money.is_paid,
        "paid_difference": view.money.captured - view.money.due,
        "lines": len(order.lines),
        "pieces": sum(line.ordered for line in order.lines),
        "highest_unit_price": max((line.unit_price for line in order.lines), default=Money.zero(currency)),
        "discount_percent": discount.minor_units * 100 // price.minor_units if not price.is_zero else 0,
        "gifts": sum(line.ordered for line in order.lines if line.gift),
        "sellers": len({line.seller for line in order.lines}),
        "country": order.destination.country,
        "region": order.destination.region,
        "address_known": bool(order.address_digest),
        "open_holds": tuple(sorted(hold.kind.value for hold in view.holds if hold.is_blocking)),
    }


def _of_remarks(texts: list[str]) -> dict[str, Any]:
    found = {intent.value for text in texts for intent in intents(text)}
    return {"remarks": len(texts), "remark_intents": tuple(sorted(found))}


async def _remarks(connection: AsyncConnection, order_id: str) -> list[str]:
    mine = select(order_notes.c.text).where(
        order_notes.c.order_id == order_id, order_notes.c.kind == NoteKind.BUYER_MESSAGE.value
    )
    return list((await connection.execute(mine)).scalars())


async def _counts(connection: AsyncConnection, order: Order, at: datetime) -> dict[str, Any]:
    count = _Count(connection, at)
    buyer, address = orders.c.buyer_key == order.buyer_key, orders.c.address_digest == order.address_digest
    phone = await _phone_digest(connection, order.customer_ref)
    same_phone = orders.c.customer_ref.in_(select(customers.c.customer_ref).where(customers.c.phone_digest == phone))
    returned = select(func.count(distinct(returns.c.order_id))).join(orders, orders.c.id == returns.c.order_id)
    knows_buyer, knows_address = bool(order.buyer_key), bool(order.address_digest)
    at_address = select(func.count(distinct(orders.c.buyer_key))).where(
        address, orders.c.buyer_key != "", orders.c.placed_at > at - _MONTH, orders.c.placed_at <= at
    )
    return {
        "orders_of_buyer_1h": await count.placed(knows_buyer, buyer, since=_HOUR),
        "orders_of_buyer_24h": await count.placed(knows_buyer, buyer, since=_DAY),
        "orders_of_buyer": await count.placed(knows_buyer, buyer, orders.c.id != order.id),
        "orders_to_address_1h": await count.placed(knows_address, address, since=_HOUR),
        "orders_to_address_24h": await count.placed(knows_address, address, since=_DAY),
        "buyers_at_address_30d": await count.number(knows_address, at_address),
        "undelivered_at_address_180d": await count.number(knows_address, _undelivered(order, at)),
        "orders_of_phone_24h": await count.placed(bool(phone), same_phone, since=_DAY),
        "cancelled_of_buyer_90d": await count.placed(
            knows_buyer, buyer, orders.c.cancelled_at.is_not(None), since=_QUARTER
        ),
        "returns_of_buyer_90d": await count.number(
            knows_buyer, returned.where(buyer, returns.c.opened_at > at - _QUARTER, returns.c.opened_at <= at)
        ),
    }


@dataclass(frozen=True, slots=True)
class _Count:
    """Counts until a moment; None where what they would count by is not known."""

    connection: AsyncConnection
    at: datetime

    async def placed(self, known: bool, *which: Any, since: timedelta | None = None) -> int | None:
        """Count the orders that were placed, of all times or of a period."""
        statement = select(func.count()).select_from(orders).where(*which, orders.c.placed_at <= self.at)
        if since is not None:
            statement = statement.where(orders.c.placed_at > self.at - since)
        return await self.number(known, statement)

    async def number(self, known: bool, statement: Any) -> int | None:
        """Give what a statement counts."""
        return int((await self.connection.execute(statement)).scalar_one()) if known else None


def _undelivered(order: Order, at: datetime) -> Any:
    """Count the parcels to an address that came back or were lost; other orders' only."""
    sent = packages.join(shipments, shipments.c.id == packages.c.shipment_id)
    sent = sent.join(fulfilments, fulfilments.c.id == shipments.c.fulfilment_id)
    sent = sent.join(orders, orders.c.id == fulfilments.c.order_id)
    return (
        select(func.count())
        .select_from(sent)
        .where(
            orders.c.address_digest == order.address_digest,
            orders.c.id != order.id,
            packages.c.status.in_((ParcelStatus.RETURN_TO_SENDER.value, ParcelStatus.LOST.value)),
            orders.c.placed_at > at - _HALF_YEAR,
            orders.c.placed_at <= at,
        )
    )


async def _phone_digest(connection: AsyncConnection, customer_ref: str) -> str:
    mine = select(customers.c.phone_digest).where(customers.c.customer_ref == customer_ref)
    return (await connection.execute(mine)).scalar_one_or_none() or ""
