"""Made-up batches to measure with: orders of a few lines for goods that lie in some of ten warehouses."""

from __future__ import annotations

import random

from oms_workflow.domain.batch import Batch, BatchOrder
from oms_workflow.domain.money import Money
from oms_workflow.domain.sourcing import Candidate, Demand, Preference, SourcingPolicy

WAREHOUSES, SKUS, LINES = 10, 500, (1, 1, 2, 2, 2, 3, 4)


def batch(orders: int, *, stock: float, seed: int = 7) -> Batch:
    """Make a batch with `stock` times the goods its orders want, in uneven heaps."""
    chance = random.Random(seed)
    wanted: dict[str, int] = {}
    made = [_order(chance, number, wanted) for number in range(orders)]
    available: dict[tuple[str, str], int] = {}
    for sku in sorted(wanted):
        places = chance.sample(range(WAREHOUSES), chance.randint(2, 5))
        for _ in range(max(1, round(wanted[sku] * stock))):
            pair = sku, f"W{chance.choice(places)}"
            available[pair] = available.get(pair, 0) + 1
    made.sort(key=lambda order: (order.priority, order.order_id))
    return Batch(orders=tuple(made), available=available)


def _order(chance: random.Random, number: int, wanted: dict[str, int]) -> BatchOrder:
    name, priority = f"o{number:05}", chance.choice((1, 2, 3, 3, 3, 4))
    demands = []
    for line, sku in enumerate(chance.sample(range(SKUS), chance.choice(LINES))):
        quantity = chance.choice((1, 1, 1, 2))
        wanted[f"S{sku}"] = wanted.get(f"S{sku}", 0) + quantity
        demands.append(Demand(line_id=f"{name}/{line}", sku=f"S{sku}", quantity=quantity))
    candidates = tuple(
        Candidate(
            warehouse=f"W{place}",
            priority=1,
            cost=Money.minor(3_000 + chance.randint(0, 2_000), "CNY"),
            distance_km=chance.randint(10, 2_000),
            piece_cost=Money.minor(20 + 10 * place, "CNY"),
        )
        for place in range(WAREHOUSES)
    )
    policy = SourcingPolicy(prefer=Preference.FEWEST_PARCELS)
    return BatchOrder(order_id=name, demands=tuple(demands), candidates=candidates, policy=policy, priority=priority,
                      region=f"R{chance.randint(0, 4)}")  # fmt: skip
