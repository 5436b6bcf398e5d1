"""What orders hold now, as a batch that can be planned anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oms_workflow.domain.batch import Batch, BatchOrder, Weights, faults_of_order
from oms_workflow.domain.keeping import Estimates, in_time
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.rebalancing import Held
from oms_workflow.domain.ports.stock import Claim
from oms_workflow.domain.sourcing import Assignment, Candidate, Demand, SourcingPolicy
from oms_workflow.domain.stock import Balance


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A batch, and the plan that stands."""

    batch: Batch
    now: Mapping[str, tuple[Assignment, ...]]


def order_of(
    held: Held,
    candidates: Sequence[Candidate],
    *,
    may_divide_lines: bool,
    at: datetime,
    known: Estimates | None = None,
) -> BatchOrder | None:
    """Give an order that is to keep every piece, in no more parcels than it has; None when it cannot be judged.

    It cannot when it holds goods somewhere that is no candidate any more: ops, not costs, decide about that. Nothing
    moves to where the promise would be broken, or to where no pass of the shop's rules lets it be sent from: what the
    buyer was told and what the shop forbids is not for sale.
    """
    now = assignments(held.claims)
    holding = dict.fromkeys(one.warehouse for one in now)
    judged = (in_time(one, held.order.promise, at, known) for one in candidates)
    allowed = tuple(
        one for one in judged
        if one.warehouse in holding or (one.keeps_promise and one.warehouse not in held.shut_out)
    )  # fmt: skip
    policy = SourcingPolicy(may_divide_lines=may_divide_lines, maximum_warehouses=len(holding))
    order = BatchOrder(
        order_id=held.order.id,
        demands=_demands(held.order, now),
        candidates=allowed,
        policy=policy,
        priority=held.order.priority,
        region=held.order.destination.region,
    )
    return None if any(faults_of_order(order, now)) else order


def assignments(claims: Iterable[Claim]) -> tuple[Assignment, ...]:
    """Say what claims hold, promised or firm."""
    return tuple(
        Assignment(line_id=one.line_id, sku=one.sku, warehouse=one.warehouse, quantity=one.reserved + one.allocated)
        for one in claims
    )


def _demands(order: Order, now: Sequence[Assignment]) -> tuple[Demand, ...]:
    held: dict[str, int] = {}
    for one in now:
        held[one.line_id] = held.get(one.line_id, 0) + one.quantity
    return tuple(
        Demand(line_id=line.id, sku=line.sku, quantity=held[line.id], seller=line.seller,
               ship_together=line.stays_with)
        for line in order.lines if line.id in held
    )  # fmt: skip


def standing(
    orders: Sequence[BatchOrder], held: Mapping[str, Held], balances: Iterable[Balance], weights: Weights
) -> Standing:
    """Put orders into one batch, with everything they hold given back to the shelves they may choose from."""
    now = {order.order_id: assignments(held[order.order_id].claims) for order in orders}
    available = {(one.sku, one.warehouse): one.available for one in balances}
    used: dict[str, int] = {}
    for given in now.values():
        for one in given:
            pair = one.sku, one.warehouse
            available[pair] = available.get(pair, 0) + one.quantity
        for warehouse in dict.fromkeys(one.warehouse for one in given):
            used[warehouse] = used.get(warehouse, 0) + 1
    limits = {one.warehouse: one.remaining_parcels for order in orders for one in order.candidates}
    capacity = {name: max(many, used.get(name, 0)) for name, many in limits.items() if many is not None}
    return Standing(batch=Batch(orders=tuple(orders), available=available, capacity=capacity, weights=weights), now=now)
