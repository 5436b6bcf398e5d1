"""A batch planned one order after the other by the rules: what the shop would do without an optimiser."""

from __future__ import annotations

from dataclasses import dataclass, replace

from oms_workflow.domain.batch import Batch, BatchOrder
from oms_workflow.domain.source_order import source
from oms_workflow.domain.sourcing import SourcingPlan, SourcingQuestion


@dataclass(slots=True)
class Left:
    """What earlier orders of a batch left over."""

    stock: dict[tuple[str, str], int]
    capacity: dict[str, int]

    def take(self, plan: SourcingPlan) -> None:
        """Book what a plan uses."""
        for one in plan.assignments:
            self.stock[one.sku, one.warehouse] -= one.quantity
        for warehouse in plan.warehouses:
            if warehouse in self.capacity:
                self.capacity[warehouse] -= 1


def greedy(batch: Batch) -> dict[str, SourcingPlan]:
    """Plan every order as it would be planned alone, the most urgent first, each from what is left then."""
    left = Left(dict(batch.available), dict(batch.capacity))
    plans: dict[str, SourcingPlan] = {}
    for order in batch.orders:
        plan = source(question_of(order, left))
        left.take(plan)
        plans[order.order_id] = plan
    return plans


def question_of(order: BatchOrder, left: Left) -> SourcingQuestion:
    """Ask for one order of a batch, at what is left."""
    candidates = tuple(
        replace(one, remaining_parcels=left.capacity[one.warehouse]) if one.warehouse in left.capacity else one
        for one in order.candidates
    )
    skus = {demand.sku for demand in order.demands}
    pairs = ((sku, one.warehouse) for sku in sorted(skus) for one in candidates)
    available = {pair: left.stock[pair] for pair in pairs if left.stock.get(pair)}
    return SourcingQuestion(demands=order.demands, candidates=candidates, available=available, policy=order.policy)
