"""The Brunel network, a day of 9,215 real orders: as many placed as can be, at the least cost, proven, in time."""

from __future__ import annotations

import time

from oms_workflow.domain.batch import faults
from oms_workflow.optimise.planning import optimise
from tests.beside import BESIDE, needs

from .brunel import brunel

NETWORK = BESIDE / "data" / "brunel"
pytestmark = needs(NETWORK)


def test_as_many_orders_as_possible_are_placed_at_the_least_cost() -> None:
    """Neither more orders nor a lower cost is possible: the solver's bound meets the plan."""
    batch = brunel(NETWORK)
    begun = time.process_time()
    plan = optimise(batch)
    assert time.process_time() - begun < 20
    assert list(faults(batch, plan.plans)) == []
    placed = sum(1 for given in plan.plans.values() if given)
    assert (placed, plan.score.cost) == (2444, 118_133_675)
    assert plan.gap is not None
    assert plan.gap <= 0.005
    assert plan.score < plan.rules
