"""A batch as an integer programme: which parcels are sent (0 or 1) and how many of each block goes into them.

Variables of an order: `parcel[w]`, one for each useful candidate, and `taken[b, w]`, blocks of goods taken from it. A
block that goes whole is 0 or 1, a dividable line 0 to its pieces. An order of a single whole block needs no `taken`:
its parcel is its block, which leaves an assignment problem, and those have whole corners (Hoffman and Kruskal 1956).
So have the pieces of dividable lines once it is known which parcels go: they are a transportation problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from oms_workflow.domain.batch import Batch, BatchOrder, parcel_cost, piece_cost
from oms_workflow.domain.source_blocks import Block
from oms_workflow.domain.sourcing import Assignment, Candidate

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


def model_of(batch: Batch, *, complete: bool = False) -> Model:
    """Write a batch down as an integer programme; with `complete` every piece has to be sent."""
    model = Model(complete=complete)
    stock: dict[tuple[str, str], Terms] = {}
    capacity: dict[str, Terms] = {}
    for order in batch.orders:
        blocks = order.blocks
        parts = list(_parts(batch, order, blocks))
        for parcel, candidate, taken in _order(model, batch, order, blocks, parts):
            if candidate.warehouse in batch.capacity:
                capacity.setdefault(candidate.warehouse, []).append((parcel, 1))
            for variable, block in taken:
                for sku, pieces in block.needs.items():
                    unit = 1 if block.dividable else pieces
                    stock.setdefault((sku, candidate.warehouse), []).append((variable, unit))
    for pair, terms in stock.items():
        _limit(model, terms, batch.available.get(pair, 0))
    for warehouse, terms in capacity.items():
        _limit(model, terms, batch.capacity[warehouse])
    return model


def _limit(model: Model, terms: Terms, high: int) -> None:
    if sum(model.upper[variable] * many for variable, many in terms) > high:
        model.rows.add(terms, high=high)


def _parts(
    batch: Batch, order: BatchOrder, blocks: tuple[Block, ...]
) -> Iterator[tuple[Candidate, list[tuple[Block, int]]]]:
    """Give each useful candidate with the blocks it could send, and how many units of each."""
    for candidate in order.candidates:
        if not batch.capacity.get(candidate.warehouse, 1):
            continue
        could = []
        for block in blocks:
            if all(candidate.ships_for(demand.seller) for demand in block.demands):
                held = min(batch.available.get((sku, candidate.warehouse), 0) // (1 if block.dividable else pieces)
                           for sku, pieces in block.needs.items())  # fmt: skip
                units = min(held, block.pieces if block.dividable else 1)
                could += [(block, units)] if units else []
        if could:
            yield candidate, could


Parcel = tuple[int, Candidate, list[tuple[int, Block]]]


def _order(
    model: Model,
    batch: Batch,
    order: BatchOrder,
    blocks: tuple[Block, ...],
    parts: list[tuple[Candidate, list[tuple[Block, int]]]],
) -> list[Parcel]:
    single = len(blocks) == 1 and (not blocks[0].dividable or blocks[0].pieces == 1)
    parcels: list[Parcel] = []
    for candidate, could in parts:
        parcel = model.variable(1, cost=parcel_cost(order, candidate, batch.weights))
        if single:
            block = blocks[0]
            model.worth[parcel] = order.weight * block.pieces
            model.cost[parcel] += piece_cost(candidate) * block.pieces
            taken = [(parcel, block)]
        else:
            taken = [(_taken(model, order, candidate, block, units, parcel), block) for block, units in could]
        for variable, block in taken:
            model.takes[variable] = order.order_id, block, candidate.warehouse
        parcels.append((parcel, candidate, taken))
    if single:
        model.rows.add([(parcel, 1) for parcel, _, _ in parcels], low=int(model.complete), high=1)
    else:
        _together(model, order, blocks, parcels)
    return parcels


def _taken(model: Model, order: BatchOrder, candidate: Candidate, block: Block, units: int, parcel: int) -> int:
    pieces = 1 if block.dividable else block.pieces
    cost = piece_cost(candidate) * pieces
    # a least worth of parts ties the lines of an order together: no transportation problem any more
    whole = not block.dividable or order.policy.minimum_part_value > 0
    variable = model.variable(units, worth=order.weight * pieces, cost=cost, whole=whole)
    model.rows.add([(variable, 1), (parcel, -units)], high=0)  # nothing leaves without a parcel
    return variable


def _together(model: Model, order: BatchOrder, blocks: tuple[Block, ...], parcels: list[Parcel]) -> None:
    """Add what holds for an order as a whole: no block twice, warehouses, completeness, worth of parts."""
    may_be_left_out = order.policy.complete_or_nothing and not model.complete
    whole = model.variable(1) if may_be_left_out else None
    for block in blocks:
        units = block.pieces if block.dividable else 1
        terms = [(variable, 1) for _, _, taken in parcels for variable, one in taken if one is block]
        if whole is None:
            model.rows.add(terms, low=units if model.complete else 0, high=units)
        else:
            model.rows.add([*terms, (whole, -units)], low=0, high=0)
    limit = order.policy.maximum_warehouses
    if limit is not None and limit < len(parcels):
        model.rows.add([(parcel, 1) for parcel, _, _ in parcels], high=limit)
    if order.policy.minimum_part_value:
        _worthwhile(model, order, parcels)


def _worthwhile(model: Model, order: BatchOrder, parcels: list[Parcel]) -> None:
    """Hold each part of a divided order to its least worth, with `divided` and `rest` as switches."""
    least = order.policy.minimum_part_value
    total = sum(demand.piece_value * demand.quantity for demand in order.demands)
    pieces = sum(demand.quantity for demand in order.demands)
    divided, rest = model.variable(1), model.variable(1)
    everything: Terms = []
    value: Terms = []
    for parcel, _, taken in parcels:
        worth = [(variable, _worth(block)) for variable, block in taken]
        model.rows.add([*worth, (parcel, -least), (divided, -least)], low=-least)
        everything += [(variable, 1 if block.dividable else block.pieces) for variable, block in taken]
        value += worth
    model.rows.add([*everything, (rest, pieces)], low=pieces)  # something is left out: rest is 1
    # left = total - value; with rest and divided it is worth at least `least`
    model.rows.add([*((variable, many) for variable, many in value), (rest, least), (divided, least)],
                   high=total + least)  # fmt: skip
    many = len(parcels)
    model.rows.add([*((parcel, 1) for parcel, _, _ in parcels), (rest, 1), (divided, -many)], high=1)


def _worth(block: Block) -> int:
    return sum(demand.piece_value * (1 if block.dividable else demand.quantity) for demand in block.demands)
