"""What a solver is given: variables with bounds, what each is worth and costs, and the rows they keep. No orders here.

Beside the rows it says where the plans of an order stand, for who looks at them as wholes (`columns`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from oms_workflow.domain.source_blocks import Block
from oms_workflow.domain.sourcing import Assignment

Terms = list[tuple[int, int]]  # (variable, coefficient)


@dataclass(slots=True)
class Rows:
    """Linear constraints in whole numbers: low <= sum of terms <= high; None is no limit."""

    terms: list[Terms] = field(default_factory=list)
    low: list[int | None] = field(default_factory=list)
    high: list[int | None] = field(default_factory=list)

    def add(self, terms: Terms, *, low: int | None = None, high: int | None = None) -> None:
        """Add one constraint."""
        self.terms.append(terms)
        self.low.append(low)
        self.high.append(high)

    def append(self, others: Rows) -> None:
        """Add all constraints of others."""
        self.terms += others.terms
        self.low += others.low
        self.high += others.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the plans of one order stand in the model."""

    parcels: tuple[int, ...]  # the variable of each useful warehouse
    taken: tuple[tuple[int, ...], ...]  # by block and warehouse; the variable, or NONE where it has nothing of it
    units: tuple[int, ...]  # of each block; 1 where it goes whole
    most: int  # warehouses for the order
    whole: bool  # everything or nothing
    apart: bool  # parcels are variables of their own; False: a parcel is its block
    rows: range  # that concern nobody else
    variables: range  # all of the order
    plain: bool  # these rows say no more than what stands here


NONE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """Goods of which there is less in all than is wanted."""

    blocks: tuple[tuple[str, int, int], ...]  # order, number of the block in it, pieces of a unit
    held: int  # pieces, over all warehouses


@dataclass(slots=True)
class Model:
    """Variables from 0 to `upper`, what each is worth and costs, and the rows they keep."""

    upper: list[int] = field(default_factory=list)
    worth: list[int] = field(default_factory=list)  # weight of the pieces one unit of it sends
    cost: list[int] = field(default_factory=list)  # minor units
    whole: list[int] = field(default_factory=list)  # 1 where the search has to see to whole values
    rows: Rows = field(default_factory=Rows)
    complete: bool = False  # every piece is sent
    takes: dict[int, tuple[str, Block, str]] = field(default_factory=dict)  # variable -> order, block, warehouse
    places: dict[str, Place] = field(default_factory=dict)  # by order; those without a useful warehouse have none
    short: list[Short] = field(default_factory=list)

    def variable(self, upper: int, *, worth: int = 0, cost: int = 0, whole: bool = True) -> int:
        """Add a variable; gives its number."""
        self.upper.append(upper)
        self.whole.append(int(whole))
        self.worth.append(worth)
        self.cost.append(cost)
        return len(self.upper) - 1

    def read(self, values: list[int]) -> dict[str, tuple[Assignment, ...]]:
        """Say in assignments what the variables say in numbers."""
        plans: dict[str, list[Assignment]] = {}
        for variable, (order_id, block, warehouse) in self.takes.items():
            if values[variable]:
                for demand in block.demands:
                    pieces = values[variable] if block.dividable else demand.quantity
                    plans.setdefault(order_id, []).append(
                        Assignment(line_id=demand.line_id, sku=demand.sku, warehouse=warehouse, quantity=pieces)
                    )
        return {order_id: tuple(given) for order_id, given in plans.items()}

    def values_of(self, plans: Mapping[str, Iterable[Assignment]]) -> list[int] | None:
        """Say in numbers what assignments say; None when they send something the model has no variable for."""
        values = [0] * len(self.upper)
        at = {(order_id, demand.line_id, warehouse): (variable, block)
              for variable, (order_id, block, warehouse) in self.takes.items() for demand in block.demands}  # fmt: skip
        for order_id, given in plans.items():
            for one in given:
                if (order_id, one.line_id, one.warehouse) not in at:
                    return None
                variable, block = at[order_id, one.line_id, one.warehouse]
                values[variable] = (
                    values[variable] + one.quantity if block.dividable and self.upper[variable] > 1 else 1
                )
        for place in self.places.values():
            if place.apart:
                for number, parcel in enumerate(place.parcels):
                    values[parcel] = int(any(one[number] != NONE and values[one[number]] for one in place.taken))
        return values
