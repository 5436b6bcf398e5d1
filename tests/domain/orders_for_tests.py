"""Orders and lines to test with: short to write, sound unless a test says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from oms_workflow.domain.identity import line_id, order_id
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Destination, Line, Order

NOON = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)


def cny(amount: str | int) -> Money:
    """Give an amount in yuan."""
    return Money.of(amount, "CNY")


def a_line(order: str, oid: str, sku: str, ordered: int, price: str = "10.00", **more: Any) -> Line:
    """Give a line without discount and tax, unless told otherwise."""
    values: dict[str, Any] = {"unit_price": cny(price), "discount": cny(0), "tax": cny(0)}
    return Line(id=line_id(order, oid), oid=oid, sku=sku, ordered=ordered, **(values | more))


def an_order(*lines: tuple[Any, ...] | Line, number: str = "1", **more: Any) -> Order:
    """Give an order of the channel `shop`; lines are (oid, sku, pieces[, price])."""
    name = order_id("shop", number)
    values: dict[str, Any] = {
        "external_id": f"ext-{number}",
        "shop": "shop-1",
        "customer_ref": "c1",
        "buyer_key": "buyer",
        "address_digest": "address",
        "destination": Destination(country="CN", region="浙江省", city="杭州市"),
        "currency": "CNY",
        "freight": cny(0),
        "placed_at": NOON,
    }
    made = tuple(line if isinstance(line, Line) else a_line(name, *line) for line in lines)
    return Order(id=name, channel="shop", number=number, lines=made, **(values | more))
