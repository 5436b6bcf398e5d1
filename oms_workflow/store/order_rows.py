"""Orders as rows, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Destination, Line, Order, PaymentTerms
from oms_workflow.domain.promise import Promise
from oms_workflow.domain.service_level import Origin, ServiceLevel
from oms_workflow.store.locking import unknown_order
from oms_workflow.store.tables.orders import order_bundles, order_lines, orders

# Made once: building a statement costs as much as running it on SQLite.
_HEADS = select(orders).where(orders.c.id.in_(bindparam("ids", expanding=True)))
LINES_AS_SOLD = select(
    order_lines,
    func.coalesce(order_bundles.c.sku, "").label("bundle_sku"),
    func.coalesce(order_lines.c.ordered // order_bundles.c.quantity, 0).label("per_bundle"),
).outerjoin(
    order_bundles,
    (order_bundles.c.order_id == order_lines.c.order_id) & (order_bundles.c.oid == order_lines.c.bundle),
)
"""Lines with what a line of components has to know of its bundle."""

_LINES = LINES_AS_SOLD.where(order_lines.c.order_id.in_(bindparam("ids", expanding=True))).order_by(
    order_lines.c.position
)
_PLAIN = (
    "id", "channel", "number", "external_id", "shop", "customer_ref", "buyer_key", "address_digest", "currency",
    "per_shipment", "sealed", "channel_version", "parent", "placed_at",
)  # fmt: skip
_LINE_PLAIN = (
    "id", "oid", "sku", "ordered", "title", "seller", "weight_grams", "volume_cm3", "temperature", "hazard",
    "ship_together", "bundle", "gift",
)  # fmt: skip
_OF_BUNDLE = ("bundle_sku", "per_bundle")


def order_values(order: Order) -> dict[str, Any]:
    """Give the columns of an order that come from the order itself."""
    adjustment = order.adjustment or Money.zero(order.currency)
    return {name: getattr(order, name) for name in _PLAIN} | {
        "country": order.destination.country,
        "region": order.destination.region,
        "city": order.destination.city,
        "freight": order.freight.minor_units,
        "adjustment": adjustment.minor_units,
        "terms": order.terms.value,
        "service_level": order.service_level.value,
        "priority": order.priority,
        "ship_by": order.promise.ship_by,
        "deliver_by": order.promise.deliver_by,
        "origin": order.origin.value,
    }


def line_values(order: Order) -> list[dict[str, Any]]:
    """Give the rows of an order's lines as they are when it comes in: every piece is open."""
    return [
        {name: getattr(line, name) for name in _LINE_PLAIN}
        | {
            "order_id": order.id,
            "position": position,
            "channel": order.channel,
            "unit_price": line.unit_price.minor_units,
            "discount": line.discount.minor_units,
            "tax": line.tax.minor_units,
            "open": line.ordered,
        }
        for position, line in enumerate(order.lines, start=1)
    ]


def order_from(row: RowMapping, line_rows: Iterable[RowMapping]) -> Order:
    """Read an order from its row and those of its lines."""
    currency: str = row["currency"]
    return Order(
        **{name: row[name] for name in _PLAIN},
        destination=Destination(country=row["country"], region=row["region"], city=row["city"]),
        lines=tuple(_line_from(line, currency) for line in line_rows),
        freight=Money.minor(row["freight"], currency),
        adjustment=Money.minor(row["adjustment"], currency),
        terms=PaymentTerms(row["terms"]),
        service_level=ServiceLevel(row["service_level"]),
        promise=Promise(ship_by=row["ship_by"], deliver_by=row["deliver_by"]),
        origin=Origin(row["origin"]),
    )


def stored(order: Order) -> Order:
    """Give an order as it reads after it was stored: no adjustment is an adjustment of 0."""
    return replace(order, adjustment=order.adjustment or Money.zero(order.currency))


def orders_from(heads: Mapping[str, RowMapping], line_rows: Iterable[RowMapping]) -> dict[str, Order]:
    """Read orders from rows that are at hand already."""
    of_order: dict[str, list[RowMapping]] = {order_id: [] for order_id in heads}
    for row in line_rows:
        if row["order_id"] in of_order:
            of_order[row["order_id"]].append(row)
    return {order_id: order_from(head, of_order[order_id]) for order_id, head in heads.items()}


async def load_orders(connection: AsyncConnection, order_ids: Sequence[str]) -> dict[str, Order]:
    """Read orders by id.

    Raises:
        OrderRefused: UNKNOWN_ORDER, naming the first id no order has.
    """
    wanted = list(order_ids)
    heads = await load_heads(connection, wanted)
    lines = await load_lines(connection, wanted)
    return {order_id: order_from(heads[order_id], lines.get(order_id, [])) for order_id in wanted}


async def load_heads(connection: AsyncConnection, order_ids: Sequence[str]) -> dict[str, RowMapping]:
    """Read the rows of orders by id.

    Raises:
        OrderRefused: UNKNOWN_ORDER, naming the first id no order has.
    """
    rows = (await connection.execute(_HEADS, {"ids": list(order_ids)})).mappings()
    heads = {row["id"]: row for row in rows}
    for order_id in order_ids:
        if order_id not in heads:
            raise unknown_order(order_id)
    return heads


async def load_lines(connection: AsyncConnection, order_ids: Sequence[str]) -> dict[str, list[RowMapping]]:
    """Read the rows of lines, by order, in their drawn order."""
    found: dict[str, list[RowMapping]] = {}
    for row in (await connection.execute(_LINES, {"ids": list(order_ids)})).mappings():
        found.setdefault(row["order_id"], []).append(row)
    return found


def _line_from(row: RowMapping, currency: str) -> Line:
    return Line(
        **{name: row[name] for name in (*_LINE_PLAIN, *_OF_BUNDLE)},
        unit_price=Money.minor(row["unit_price"], currency),
        discount=Money.minor(row["discount"], currency),
        tax=Money.minor(row["tax"], currency),
    )


def taken_in_values(order: Order, at: datetime) -> dict[str, Any]:
    """Give the row of an order that comes in."""
    return order_values(order) | {"taken_in_at": at, "version": 1}
