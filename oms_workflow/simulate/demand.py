"""What buyers order in a day of the rush: when, where, what, how urgently. The same seed gives the same day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oms_workflow.connect.world.chance import draw
from oms_workflow.domain.promise import Promise
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.domain.sourcing import Demand

CURVE = (22, 9, 5, 2.5, 1.5, 1.5, 2, 2.5, 3, 3.5, 3.5, 3, 3, 2.5, 2.5, 2.5, 2.5, 2.5, 3, 4.5, 7.5, 5.5, 3.5, 2)
"""Percent of the orders by hour: the sale opens at midnight, and again at eight in the evening. Made up."""

OPENING = 2.5  # how steeply the first hour falls: half of its orders come in its first quarter

LEVELS = ((ServiceLevel.VIP, 0.05, 48), (ServiceLevel.EXPRESS, 0.15, 60), (ServiceLevel.STANDARD, 0.80, 96))
"""Share of the orders, and hours until what is promised has to be there."""

LINES = (1, 1, 1, 1, 2, 2, 2, 3, 3, 5)
PIECES = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """An order as it comes in."""

    order_id: str
    at: datetime
    region: str
    level: ServiceLevel
    promise: Promise
    demands: tuple[Demand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Goods that arrive at a warehouse."""

    at: datetime
    sku: str
    warehouse: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What lies where in the beginning, and what comes during the day."""

    opening: dict[tuple[str, str], int]
    receipts: tuple[Receipt, ...]


def day_of_orders(
    orders: int, *, begin: datetime, regions: Sequence[str], shares: Sequence[float], skus: int, seed: int
) -> tuple[Bought, ...]:
    """Make a day of orders, in the order of their arrival."""
    made = [_order(number, begin, regions, shares, skus, seed) for number in range(orders)]
    return tuple(sorted(made, key=lambda one: (one.at, one.order_id)))


def _order(
    number: int, begin: datetime, regions: Sequence[str], shares: Sequence[float], skus: int, seed: int
) -> Bought:
    name = f"d11:{number:06}"
    hour, within = _pick(CURVE, draw(seed, name, "hour")), draw(seed, name, "within")
    at = begin + timedelta(hours=hour, seconds=int(3600 * (within**OPENING if hour in (0, 20) else within)))
    level, _, hours = LEVELS[_pick([share for _, share, _ in LEVELS], draw(seed, name, "level"))]
    many = LINES[int(len(LINES) * draw(seed, name, "lines"))]
    return Bought(
        order_id=name,
        at=at,
        region=regions[_pick(shares, draw(seed, name, "region"))],
        level=level,
        promise=Promise(deliver_by=at + timedelta(hours=hours)),
        demands=tuple(_lines(name, many, skus, seed)),
    )


def _lines(name: str, many: int, skus: int, seed: int) -> Iterator[Demand]:
    taken: set[int] = set()
    for line in range(many):
        # few goods are wanted by many: a fifth of them makes more than half of the lines
        sku = int(skus * draw(seed, name, "sku", str(line)) ** 2.2)
        if sku not in taken:
            taken.add(sku)
            yield Demand(
                line_id=f"{name}/{line + 1}",
                sku=f"SKU-{sku:05}",
                quantity=PIECES[int(len(PIECES) * draw(seed, name, "pieces", str(line)))],
                piece_value=1_000 + 100 * int(400 * draw(seed, "value", str(sku))),
            )


def supply_for(
    bought: Sequence[Bought], warehouses: Sequence[str], *, begin: datetime, stock: float, seed: int
) -> Supply:
    """Give `stock` times the goods the day wants, each in a few warehouses; a fifth arrives during the day."""
    wanted: dict[str, int] = {}
    for order in bought:
        for demand in order.demands:
            wanted[demand.sku] = wanted.get(demand.sku, 0) + demand.quantity
    opening: dict[tuple[str, str], int] = {}
    arriving: dict[tuple[datetime, str, str], int] = {}
    for sku in sorted(wanted):
        places = _places(sku, warehouses, seed)
        for piece in range(round(wanted[sku] * stock)):
            place = places[int(len(places) * draw(seed, sku, "lies", str(piece)) ** 1.5)]
            if draw(seed, sku, "arrives", str(piece)) < 0.2:
                at = begin + timedelta(hours=6 + 4 * int(4 * draw(seed, sku, place, "comes")))
                arriving[at, sku, place] = arriving.get((at, sku, place), 0) + 1
            else:
                opening[sku, place] = opening.get((sku, place), 0) + 1
    receipts = (Receipt(at=at, sku=sku, warehouse=place, quantity=many)
                for (at, sku, place), many in sorted(arriving.items()))  # fmt: skip
    return Supply(opening=opening, receipts=tuple(receipts))


def _places(sku: str, warehouses: Sequence[str], seed: int) -> list[str]:
    """Give the two to five warehouses that keep these goods, the one with most of them first."""
    return sorted(warehouses, key=lambda name: draw(seed, sku, name))[: 2 + int(4 * draw(seed, sku, "places"))]


def _pick(weights: Sequence[float], chance: float) -> int:
    left = chance * sum(weights)
    for number, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return number
    return len(weights) - 1
