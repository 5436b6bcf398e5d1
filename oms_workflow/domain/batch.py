"""Many orders that want the same goods at one time: what is asked, what a plan for them costs, what no plan may do.

All figures are whole numbers: pieces, parcels, and money in the minor units of one currency. A solver may reckon in
floating point; what it proposes is counted again here before anybody believes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from oms_workflow.domain.source_blocks import Block, blocks_of
from oms_workflow.domain.source_parts import small_parts
from oms_workflow.domain.sourcing import Assignment, Candidate, Demand, SourcingPolicy

CLASS_WEIGHTS: Mapping[int, int] = {1: 16, 2: 8, 3: 4, 4: 2, 5: 1}
"""How much a piece of each priority weighs: each place in the queue counts twice the next."""

Stock = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What counts beside the money that carriers and warehouses ask, in minor units."""

    parcel: int = 0  # for each parcel, on top of what it costs: what a buyer minds about another delivery
    late: int = 0  # for each parcel that breaks the promise, times the weight of the order's class
    hour: int = (
        0  # for each whole hour a parcel is on its way, times that weight: who is urgent gets the near warehouse
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOrder:
    """One order of a batch. Every candidate is asked at the stock and capacity of the batch, not at its own."""

    order_id: str
    demands: tuple[Demand, ...]
    candidates: tuple[Candidate, ...]
    policy: SourcingPolicy = field(default_factory=SourcingPolicy)
    priority: int = 3
    region: str = ""  # of the destination; large batches are divided by it

    @property
    def weight(self) -> int:
        """How much a piece of this order weighs."""
        return CLASS_WEIGHTS[self.priority]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What must stay together, and what may be divided."""
        return tuple(blocks_of(self.demands, may_divide_lines=self.policy.may_divide_lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Orders, most urgent first, and what there is for all of them together."""

    orders: tuple[BatchOrder, ...]
    available: Mapping[tuple[str, str], int]  # by (sku, warehouse); what is missing is 0
    capacity: Mapping[str, int] = field(default_factory=dict)  # parcels a warehouse takes; missing means no limit
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """What a plan is judged by: first the weight of missing pieces, then cost in minor units, then parcels."""

    missing: int
    cost: int
    parcels: int


Plans = Mapping[str, tuple[Assignment, ...]]
"""What each order gets; an order that is left out gets nothing."""


def score(batch: Batch, plans: Plans) -> Score:
    """Count what a plan leaves out and what it costs."""
    missing = cost = parcels = 0
    for order in batch.orders:
        given = plans.get(order.order_id, ())
        wanted = sum(demand.quantity for demand in order.demands)
        missing += order.weight * (wanted - sum(one.quantity for one in given))
        by_name = {one.warehouse: one for one in order.candidates}
        used = {one.warehouse for one in given}
        parcels += len(used)
        cost += sum(parcel_cost(order, by_name[name], batch.weights) for name in used)
        cost += sum(piece_cost(by_name[one.warehouse]) * one.quantity for one in given)
    return Score(missing, cost, parcels)


def parcel_cost(order: BatchOrder, candidate: Candidate, weights: Weights) -> int:
    """Give what one parcel of an order from a warehouse counts, in minor units."""
    late = 0 if candidate.keeps_promise else weights.late * order.weight
    hours = 0 if candidate.transit is None else candidate.transit // timedelta(hours=1)
    return candidate.cost.minor_units + weights.parcel + late + weights.hour * hours * order.weight


def piece_cost(candidate: Candidate) -> int:
    """Give what one piece from a warehouse costs on top of its parcel, in minor units."""
    return 0 if candidate.piece_cost is None else candidate.piece_cost.minor_units


def faults(batch: Batch, plans: Plans) -> Iterator[str]:
    """Name everything a plan does that may not be done, each as a sentence; nothing for a sound plan."""
    sent: Stock = {}
    parcels: dict[str, int] = {}
    for order in batch.orders:
        given = plans.get(order.order_id, ())
        yield from faults_of_order(order, given)
        for warehouse in dict.fromkeys(one.warehouse for one in given):
            parcels[warehouse] = parcels.get(warehouse, 0) + 1
        for one in given:
            sent[one.sku, one.warehouse] = sent.get((one.sku, one.warehouse), 0) + one.quantity
    for pair, pieces in sent.items():
        if pieces > batch.available.get(pair, 0):
            yield f"{pair[1]} would send {pieces} of {pair[0]!r} and has {batch.available.get(pair, 0)}."
    for warehouse, many in parcels.items():
        if many > batch.capacity.get(warehouse, many):
            yield f"{warehouse} would send {many} parcels and takes {batch.capacity[warehouse]}."


def faults_of_order(order: BatchOrder, given: tuple[Assignment, ...]) -> Iterator[str]:
    """Name what may not be done to this order, whatever stock there is."""
    candidates = {one.warehouse: one for one in order.candidates}
    demands = {one.line_id: one for one in order.demands}
    got: dict[str, int] = {}
    for one in given:
        demand, candidate = demands.get(one.line_id), candidates.get(one.warehouse)
        if demand is None or demand.sku != one.sku or one.quantity < 1:
            yield f"{order.order_id!r} would be sent {one.quantity} of {one.sku!r} for a line that wants none."
        elif candidate is None or not candidate.ships_for(demand.seller):
            yield f"{one.warehouse} may not send line {one.line_id!r}."
        got[one.line_id] = got.get(one.line_id, 0) + one.quantity
    yield from (f"Line {name!r} would get {many} pieces, more than it wants."
                for name, many in got.items() if name in demands and many > demands[name].quantity)  # fmt: skip
    for block in order.blocks:
        if not block.dividable:
            yield from _torn(block, given)
    yield from _against_policy(order, given, sum(got.values()))


def _torn(block: Block, given: tuple[Assignment, ...]) -> Iterator[str]:
    lines = {demand.line_id: demand.quantity for demand in block.demands}
    mine = [one for one in given if one.line_id in lines]
    if len({one.warehouse for one in mine}) > 1 or (mine and sum(one.quantity for one in mine) < block.pieces):
        yield f"Lines {sorted(lines)} would be torn apart."


def _against_policy(order: BatchOrder, given: tuple[Assignment, ...], pieces: int) -> Iterator[str]:
    limit = order.policy.maximum_warehouses
    used = {one.warehouse for one in given}
    if limit is not None and len(used) > limit:
        yield f"{order.order_id!r} would come from {len(used)} warehouses, {limit} are allowed."
    wanted = sum(demand.quantity for demand in order.demands)
    if order.policy.complete_or_nothing and 0 < pieces < wanted:
        yield f"{order.order_id!r} would get {pieces} of {wanted} pieces, and goes complete or not at all."
    for name, value in small_parts(order.demands, given, order.policy.minimum_part_value):
        yield f"The part of {order.order_id!r} from {name or 'nowhere'} would be worth {value}."
