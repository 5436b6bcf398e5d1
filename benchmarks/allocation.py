"""Choosing warehouses: one order as it comes in, a batch beside the plan of the rules, and a real network's day."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.batches import batch
from benchmarks.figures import Figure, Stopwatch, announced
from oms_workflow.domain.batch import Batch
from oms_workflow.domain.batch_greedy import Left, greedy, question_of
from oms_workflow.domain.source_order import source
from oms_workflow.optimise.planning import optimise
from oms_workflow.optimise.solving import Effort

ORDERS = 1_000
PLENTY, SHORT = 1.05, 0.9
NETWORK = Path(__file__).resolve().parents[2] / "shared" / "data" / "brunel"


def figures() -> Iterator[Figure]:
    """Measure one order, batches, and the network where it lies beside the checkout."""
    optimise(batch(5, stock=PLENTY))  # the solver is loaded once in the life of a worker
    yield from _one_order()
    yield from _batch("batch", PLENTY)
    yield from _batch("short_batch", SHORT)
    if NETWORK.exists():
        yield from _network()
    else:
        sys.stderr.write(f"no figures of the Brunel network: {NETWORK} is not there\n")


def _one_order() -> Iterator[Figure]:
    with announced("the allocation of one order"):
        whole = batch(ORDERS, stock=PLENTY)
        left, taken = Left(dict(whole.available), {}), []
        for order in whole.orders:
            begun = time.perf_counter()
            plan = source(question_of(order, left))
            taken.append(time.perf_counter() - begun)
            left.take(plan)
    p99 = sorted(taken)[ORDERS * 99 // 100]
    yield Figure(name="allocate_one_p99_ms", value=p99 * 1000, unit="ms", says="one order over 10 warehouses, rules")


def _batch(name: str, stock: float) -> Iterator[Figure]:
    whole = batch(ORDERS, stock=stock)
    with announced(f"a batch of {ORDERS} orders with {stock:.0%} of the goods they want"):
        watch = Stopwatch()
        greedy(whole)
        ruled = watch.wall
        watch = Stopwatch()
        plan = optimise(whole)
        planned = watch.wall
    yield Figure(name=f"{name}_rules_seconds", value=ruled, unit="s", says=f"{ORDERS} orders, 10 warehouses, rules")
    yield Figure(name=f"{name}_optimiser_seconds", value=planned, unit="s", says="the same orders, rules and solver")
    says = "cost of the rules' plan / of the plan kept, as many pieces missing"
    yield Figure(name=f"{name}_rules_to_optimiser", value=plan.rules.cost / plan.score.cost, unit="ratio", says=says)
    says = "how far the plan kept is from the proven least cost"
    yield Figure(name=f"{name}_proven_gap_percent", value=_percent(plan.gap), unit="%", says=says)


def _network() -> Iterator[Figure]:
    from tests.allocation.brunel import brunel

    with announced("the Brunel network"):
        network: Batch = brunel(NETWORK)
        watch = Stopwatch()
        plan = optimise(network, effort=Effort(gap=0.001))
        seconds = watch.wall
    placed = sum(1 for given in plan.plans.values() if given)
    says = f"of {len(network.orders)} orders; the rules place {plan.rules.parcels}"
    yield Figure(name="brunel_orders_placed", value=placed, unit="orders", says=says)
    says = f"warehouse cost, units of the source; the rules come to {plan.rules.cost / 100:,.0f} for fewer orders"
    yield Figure(name="brunel_warehouse_cost", value=plan.score.cost / 100, unit="cost", says=says)
    says = "how far from the proven least cost of placing as many"
    yield Figure(name="brunel_proven_gap_percent", value=_percent(plan.gap), unit="%", says=says)
    yield Figure(name="brunel_seconds", value=seconds, unit="s", says="rules, solver and counting")


def _percent(gap: float | None) -> float:
    return 100.0 if gap is None else gap * 100
