"""What lies in a fulfilment order or parcel, looked up line by line in the orders it belongs to. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oms_workflow.domain.fulfilment import FulfilmentOrder
from oms_workflow.domain.identity import order_of_line
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Line, Order
from oms_workflow.domain.ports.orders import Orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Pieces of one line."""

    order: Order
    line: Line
    quantity: int

    @property
    def weight_grams(self) -> int:
        """Weight of the pieces; unknown weights count as 0."""
        return self.line.weight_grams * self.quantity

    @property
    def value(self) -> Money:
        """What the buyer pays for the pieces, rounded down."""
        return self.line.amount.share(self.quantity, self.line.ordered)


async def goods_of(pieces: Iterable[tuple[str, int]], orders: Orders) -> tuple[Goods, ...]:
    """Look up pieces, given as (line id, quantity), in the order they come."""
    known: dict[str, Order] = {}
    found: list[Goods] = []
    for line_id, quantity in pieces:
        order_id = order_of_line(line_id)
        if order_id not in known:
            known[order_id] = await orders.get(order_id)
        order = known[order_id]
        found.append(Goods(order=order, line=order.line(line_id), quantity=quantity))
    return tuple(found)


async def any_by_shipment(fulfilment: FulfilmentOrder, orders: Orders) -> bool:
    """Say whether money of an order with goods in it is taken by shipment."""
    owners = sorted({order_of_line(line.line_id) for line in fulfilment.lines})
    return any([(await orders.get(order_id)).per_shipment for order_id in owners])


def by_order(pieces: Iterable[tuple[str, int]]) -> dict[str, dict[str, int]]:
    """Put pieces together by the order they belong to: order id -> line id -> quantity."""
    found: dict[str, dict[str, int]] = {}
    for line_id, quantity in pieces:
        lines = found.setdefault(order_of_line(line_id), {})
        lines[line_id] = lines.get(line_id, 0) + quantity
    return found


def value_of(goods: Iterable[Goods], currency: str) -> Money:
    """Add up what the buyers pay for goods."""
    return total((one.value for one in goods), currency)
