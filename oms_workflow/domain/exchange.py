"""Exchanges and re-issues: goods for goods of an earlier order, as an order of its own that is linked to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from oms_workflow.domain.identity import line_id, order_id
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Line, Order
from oms_workflow.domain.promise import Promise
from oms_workflow.domain.service_level import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGoods:
    """Pieces the buyer gets instead; prices as in a normal order."""

    sku: str
    quantity: int
    unit_price: Money
    tax: Money
    title: str = ""
    seller: str = ""
    weight_grams: int = 0
    volume_cm3: int = 0
    temperature: str = ""
    hazard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The new order, and what money is left between the two."""

    order: Order
    credit_used: Money  # part of the returned goods' value that pays for the new ones
    to_pay: Money  # what the buyer still owes for the new order
    to_refund: Money  # what the shop still owes for the returned goods


def exchange_order(
    original: Order, new: tuple[NewGoods, ...], credit: Money, *, sequence: int, at: datetime, origin: Origin
) -> Exchange:
    """Make the order that carries new goods for an earlier order.

    Args:
        credit: What the buyer is entitled to for the pieces given back; for a re-issue, the value of the lost goods.
        sequence: 1 for the first exchange of this order, 2 for the next: it makes the new order's number.
        at: UTC.
        origin: EXCHANGE or REISSUE.
    """
    bare = _unpaid(original, new, sequence, at, origin)
    used = min(bare.total, credit)
    return Exchange(
        order=replace(bare, adjustment=-used),
        credit_used=used,
        to_pay=bare.total - used,
        to_refund=credit - used,
    )


def _unpaid(original: Order, new: tuple[NewGoods, ...], sequence: int, at: datetime, origin: Origin) -> Order:
    """The new order before any credit: nothing of the old one's freight, promises or adjustments."""
    number = f"{original.number}-X{sequence}"
    name = order_id(original.channel, number)
    nothing = Money.zero(original.currency)
    return replace(
        original,
        id=name,
        number=number,
        external_id=f"{original.external_id}-X{sequence}",
        lines=tuple(_line(goods, name, f"{number}-{position}", nothing) for position, goods in enumerate(new, start=1)),
        freight=nothing,
        adjustment=nothing,
        placed_at=at,
        promise=Promise(),
        origin=origin,
        channel_version=0,
        parent=original.id,
    )


def _line(goods: NewGoods, order: str, oid: str, nothing: Money) -> Line:
    return Line(
        id=line_id(order, oid),
        oid=oid,
        sku=goods.sku,
        ordered=goods.quantity,
        unit_price=goods.unit_price,
        discount=nothing,
        tax=goods.tax,
        title=goods.title,
        seller=goods.seller,
        weight_grams=goods.weight_grams,
        volume_cm3=goods.volume_cm3,
        temperature=goods.temperature,
        hazard=goods.hazard,
    )
