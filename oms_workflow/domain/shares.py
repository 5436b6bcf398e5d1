"""What parts of an order carry of its money. Parts and rest always add up to the whole, to the cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oms_workflow.domain.money import Money, allocate, total
from oms_workflow.domain.order import Line, Order
from oms_workflow.domain.refusals import Refusal, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Freight, discount and tax that some pieces carry."""

    freight: Money
    discount: Money
    tax: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Pieces of one line that are in parts already, with the shares they carry."""

    quantity: int
    shares: Shares


Pieces = Mapping[str, int]  # line id -> pieces


def sum_of(shares: Sequence[Shares], currency: str) -> Shares:
    """Add up shares; none gives zeros."""
    return Shares(
        freight=total((one.freight for one in shares), currency),
        discount=total((one.discount for one in shares), currency),
        tax=total((one.tax for one in shares), currency),
    )


def share_money(order: Order, parts: Sequence[Pieces], taken: Mapping[str, Taken]) -> tuple[dict[str, Shares], ...]:
    """Share the money of an order that no part carries yet among new parts, to the cent.

    Discount and tax of a line are shared by pieces, freight by the value of goods (by pieces, when all are free).
    Pieces that are in no part yet keep their share, so that later parts find it: once all pieces are in parts, the
    shares of the parts are exactly freight, discount and tax of the order.

    Args:
        parts: The new parts. Lines of other orders in them are left alone.
        taken: What parts made earlier hold, by line.

    Returns:
        For each part the shares of its lines of this order.

    Raises:
        OrderRefused: CANNOT_SPLIT, when the parts hold more pieces of a line than are left.
    """
    lines = [line for line in order.lines if any(part.get(line.id) for part in parts)]
    # Pieces that were lost and sent again make parts hold more than was ordered; then nothing is left to share.
    left = {line.id: max(0, line.ordered - _taken(taken, line).quantity) for line in order.lines}
    columns: dict[str, tuple[list[int], Money, Money]] = {}
    for line in lines:
        pieces = [part.get(line.id, 0) for part in parts]
        rest = left[line.id] - sum(pieces)
        if rest < 0:
            raise refuse(
                Refusal.CANNOT_SPLIT,
                f"The parts hold {sum(pieces)} pieces of line {line.id!r}; {left[line.id]} are not in a part yet.",
            )
        before = _taken(taken, line).shares
        columns[line.id] = ([*pieces, rest], line.discount - before.discount, line.tax - before.tax)
    freight = _freight(order, parts, left, taken)
    answer: list[dict[str, Shares]] = [{} for _ in parts]
    for line in lines:
        weights, discount, tax = columns[line.id]
        discounts, taxes = allocate(discount, weights), allocate(tax, weights)
        for index, part in enumerate(parts):
            if part.get(line.id):
                answer[index][line.id] = Shares(
                    freight=freight[index, line.id], discount=discounts[index], tax=taxes[index]
                )
    return tuple(answer)


def divide(shares: Shares, quantities: Sequence[int]) -> tuple[Shares, ...]:
    """Divide what some pieces of one line carry by numbers of pieces; the answers add up to it exactly."""
    columns = (allocate(shares.freight, quantities), allocate(shares.discount, quantities))
    taxes = allocate(shares.tax, quantities)
    return tuple(
        Shares(freight=freight, discount=discount, tax=tax)
        for freight, discount, tax in zip(*columns, taxes, strict=True)
    )


def _taken(taken: Mapping[str, Taken], line: Line) -> Taken:
    nothing = Money.zero(line.unit_price.currency)
    return taken.get(line.id) or Taken(quantity=0, shares=Shares(freight=nothing, discount=nothing, tax=nothing))


def _freight(
    order: Order, parts: Sequence[Pieces], left: Mapping[str, int], taken: Mapping[str, Taken]
) -> dict[tuple[int, str], Money]:
    """Share the freight nobody carries yet among the lines of the new parts, by value of goods."""
    carried = total((_taken(taken, line).shares.freight for line in order.lines), order.currency)
    cells = [(index, line) for index, part in enumerate(parts) for line in order.lines if part.get(line.id)]
    if not cells:
        return {}
    for value_of in (lambda line: line.unit_price.minor_units, lambda _: 1):
        weights = [value_of(line) * parts[index][line.id] for index, line in cells]
        in_parts = {line.id: sum(part.get(line.id, 0) for part in parts) for line in order.lines}
        rest = sum(value_of(line) * (left[line.id] - in_parts[line.id]) for line in order.lines)
        if any(weights) or rest:
            break
    shared = allocate(order.freight - carried, [*weights, rest])
    return {(index, line.id): share for (index, line), share in zip(cells, shared, strict=False)}
