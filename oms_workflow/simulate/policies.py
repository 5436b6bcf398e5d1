"""Three ways to choose warehouses: plain, by the shop's rules, and many orders at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from oms_workflow.domain.batch import Batch, BatchOrder, Weights
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.domain.sourcing import Candidate, Preference, SourcingPolicy, SourcingQuestion
from oms_workflow.domain.sourcing_passes import source_in_passes
from oms_workflow.optimise.planning import optimise
from oms_workflow.optimise.solving import Effort
from oms_workflow.simulate.shelves import Shelves, Waiting

Candidates = tuple[Candidate, ...]

Rules = Mapping[ServiceLevel, SourcingPolicy]
"""What the shop's table answers for each service level."""

PLAIN: Rules = dict.fromkeys(ServiceLevel, SourcingPolicy(prefer=Preference.CHEAPEST))
"""What one writes on the first day: the cheapest warehouses that have it, order by order."""


class Policy(Protocol):
    """Chooses warehouses for orders."""

    @property
    def every(self) -> timedelta | None:
        """How often it chooses; None: for each order as it comes in."""
        ...

    def place(self, orders: Sequence[Waiting], shelves: Shelves, at: datetime) -> None:
        """Give orders what can be given now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OneByOne:
    """Each order by itself, as it comes in."""

    rules: Rules
    every: timedelta | None = None

    def place(self, orders: Sequence[Waiting], shelves: Shelves, at: datetime) -> None:
        """Give each order in turn the best that is left."""
        for order in orders:
            policy, candidates = allowed(self.rules, order, shelves.candidates(order, at))
            pairs = ((demand.sku, one.warehouse) for demand in order.left for one in candidates)
            available = {pair: shelves.stock[pair] for pair in pairs if shelves.stock.get(pair)}
            if available:
                question = SourcingQuestion(
                    demands=order.left, candidates=candidates, available=available, policy=policy
                )
                shelves.take(order, source_in_passes(question).assignments, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class InBatches:
    """All orders that came in meanwhile at once, under the limits of the shop's rules."""

    rules: Rules
    every: timedelta
    weights: Weights
    effort: Effort

    def place(self, orders: Sequence[Waiting], shelves: Shelves, at: datetime) -> None:
        """Plan the orders that can get something together."""
        names = shelves.network.names
        ordered = sorted(orders, key=lambda one: (one.priority, one.bought.at, one.bought.order_id))
        asked = [order for order in ordered
                 if any(shelves.stock.get((demand.sku, name)) for demand in order.left for name in names)]  # fmt: skip
        if not asked:
            return
        skus = {demand.sku for order in asked for demand in order.left}
        available = {pair: pieces for pair, pieces in shelves.stock.items() if pieces and pair[0] in skus}
        batch = Batch(
            orders=tuple(self._order(order, shelves, at) for order in asked), available=available, weights=self.weights
        )
        plan = optimise(batch, effort=self.effort)
        shelves.gaps.append(plan.gap)
        for order in asked:
            shelves.take(order, plan.plans.get(order.bought.order_id, ()), at)

    def _order(self, order: Waiting, shelves: Shelves, at: datetime) -> BatchOrder:
        policy, candidates = allowed(self.rules, order, shelves.candidates(order, at))
        return BatchOrder(
            order_id=order.bought.order_id,
            demands=order.left,
            candidates=candidates,
            policy=replace(policy, passes=()),
            priority=order.priority,
            region=order.bought.region,
        )


def allowed(rules: Rules, order: Waiting, candidates: Sequence[Candidate]) -> tuple[SourcingPolicy, Candidates]:
    """Give what the rules still allow an order, and from where: what sends something of it already counts."""
    policy = rules[order.bought.level]
    if policy.maximum_warehouses is None or not order.used:
        return policy, tuple(candidates)
    left = policy.maximum_warehouses - len(order.used)
    if left > 0:
        return replace(policy, maximum_warehouses=left), tuple(candidates)
    return policy, tuple(one for one in candidates if one.warehouse in order.used)
