"""Bundles: sold as one thing, kept and sent as their components. Knows no stock of its own: there is none.

A line of bundles becomes one line for each component when the order comes in. Components share stock with single
sales, and demand for them is one sum. Towards the channel they are the bundle again: it was sent when the parcel left
that completes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from oms_workflow.domain.identity import line_id
from oms_workflow.domain.money import Money, allocate
from oms_workflow.domain.order import Line, Order
from oms_workflow.domain.refusals import Refusal, refuse

SEPARATOR = "+"  # between the channel's sub-order id and the number of the component
Pieces = Mapping[str, int]  # line id -> pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of a bundle."""

    sku: str
    quantity: int = 1  # pieces in one bundle
    share: int = 1  # weight of one piece when money is shared, such as its list price; 0 carries none
    title: str = ""
    weight_grams: int = 0  # of one piece; 0 means unknown
    volume_cm3: int = 0  # of one piece; 0 means unknown

    def __post_init__(self) -> None:
        if self.quantity < 1 or min(self.share, self.weight_grams, self.volume_cm3) < 0:
            raise ValueError(f"A component has at least 1 piece and nothing negative: {self!r}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a SKU that lies nowhere is made of."""

    sku: str
    components: tuple[Component, ...]
    title: str = ""

    def __post_init__(self) -> None:
        names = [one.sku for one in self.components]
        if not names or len(set(names)) != len(names) or self.sku in names:
            raise ValueError(f"A bundle names each of its components once, and not itself: {self!r}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldBundle:
    """A line as the channel sent it, kept beside the lines of its components."""

    oid: str
    bundle: Bundle  # as it was made up when the order came in
    quantity: int
    amount: Money


def expand(order: Order, bundles: Mapping[str, Bundle]) -> tuple[Order, tuple[SoldBundle, ...]]:
    """Give the order with lines of components in place of lines of bundles, and what was sold.

    Every amount of the order stays what it was, to the cent.
    """
    lines: list[Line] = []
    sold: list[SoldBundle] = []
    for line in order.lines:
        bundle = bundles.get(line.sku)
        if bundle is None:
            lines.append(line)
        else:
            lines += _components(order.id, line, bundle)
            sold.append(SoldBundle(oid=line.oid, bundle=bundle, quantity=line.ordered, amount=line.amount))
    return replace(order, lines=tuple(lines)), tuple(sold)


def _components(order: str, line: Line, bundle: Bundle) -> list[Line]:
    """Share one bundle's price, and the line's discount and tax, by largest remainder.

    Prices of pieces are rounded up to minor units, and what that adds is discount: then a line's amount is exactly
    its share, and the price of a piece is the same however many bundles were ordered.
    """
    parts = bundle.components
    prices, discounts, taxes = _shared(line, parts)
    pieces = sum(one.quantity for one in parts)
    made = []
    for number, one in enumerate(parts):
        price = Money.minor(-(-prices[number].minor_units // one.quantity), line.unit_price.currency)
        added = (price * one.quantity - prices[number]) * line.ordered
        made.append(
            replace(
                line,
                id=line_id(order, f"{line.oid}{SEPARATOR}{number + 1}"),
                oid=f"{line.oid}{SEPARATOR}{number + 1}",
                sku=one.sku,
                ordered=one.quantity * line.ordered,
                unit_price=price,
                discount=discounts[number] + added,
                tax=taxes[number],
                title=one.title or line.title,
                weight_grams=one.weight_grams or -(-line.weight_grams // pieces),
                volume_cm3=one.volume_cm3 or -(-line.volume_cm3 // pieces),
                bundle=line.oid,
                bundle_sku=bundle.sku,
                per_bundle=one.quantity,
            )
        )
    return made


def _shared(line: Line, parts: Sequence[Component]) -> tuple[Sequence[Money], Sequence[Money], Sequence[Money]]:
    """Share the price of one bundle, and the line's discount and tax, among its components."""
    weights = [one.share * one.quantity for one in parts]
    weights = weights if any(weights) else [one.quantity for one in parts]
    prices = allocate(line.unit_price, weights)
    # By what each costs, not by weight: a component that the remainder left without a price has no discount either.
    costs = [one.minor_units for one in prices]
    return prices, allocate(line.discount, costs if any(costs) else weights), allocate(line.tax, weights)


def whole(lines: Sequence[Line], pieces: Pieces) -> dict[str, int]:
    """Count the whole bundles that pieces make, by the channel's sub-order id."""
    counted: dict[str, int] = {}
    for line in lines:
        if line.per_bundle:
            many = pieces.get(line.id, 0) // line.per_bundle
            counted[line.bundle] = min(many, counted.get(line.bundle, many))
    return counted


def as_sold(order: Order, pieces: Pieces, before: Pieces | None = None) -> tuple[tuple[str, int], ...]:
    """Give pieces as the channel knows them: (sub-order id, quantity), bundles as bundles.

    Args:
        before: Pieces that went the same way earlier. A bundle counts when the pieces that complete it go.
    """
    earlier = before or {}
    together = {line.id: pieces.get(line.id, 0) + earlier.get(line.id, 0) for line in order.lines}
    had, have = whole(order.lines, earlier), whole(order.lines, together)
    told: dict[str, int] = {}
    for line in order.lines:
        if line.per_bundle:
            told[line.bundle] = have[line.bundle] - had[line.bundle]
        else:
            told[line.oid] = pieces.get(line.id, 0)
    return tuple((oid, many) for oid, many in told.items() if many)


def broken_up(order: Order, cancelled: Pieces) -> dict[str, int]:
    """Give cancelled pieces for `as_sold`: a bundle of which any piece is cancelled will not come as a whole."""
    kept = whole(order.lines, {line.id: line.ordered - cancelled.get(line.id, 0) for line in order.lines})
    return {
        line.id: line.ordered - kept[line.bundle] * line.per_bundle if line.per_bundle else cancelled.get(line.id, 0)
        for line in order.lines
    }


def pieces_of(order: Order, oid: str, quantity: int) -> dict[str, int]:
    """Give the pieces that some bundles, or pieces of a single line, are made of; {} when there is no such line."""
    return {
        line.id: quantity * (line.per_bundle or 1)
        for line in order.lines
        if (line.bundle if line.per_bundle else line.oid) == oid
    }


def require_whole(lines: Sequence[Line], parts: Sequence[Pieces]) -> None:
    """Let parts pass that hold whole bundles only.

    Raises:
        OrderRefused: CANNOT_SPLIT, naming the first bundle that would be torn apart.
    """
    for part in parts:
        counted = whole(lines, part)
        for line in lines:
            if line.per_bundle and part.get(line.id, 0) != counted[line.bundle] * line.per_bundle:
                raise refuse(
                    Refusal.CANNOT_SPLIT,
                    f"Cannot divide bundle {line.bundle!r}: line {line.id!r} would go without the other components. "
                    f"Put {line.per_bundle} of it with each bundle.",
                )
