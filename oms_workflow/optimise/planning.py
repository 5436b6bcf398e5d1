"""A batch planned by the rules and by the solver, and the better of the two kept. Never worse than the rules alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Protocol

from oms_workflow.domain.batch import Batch, BatchOrder, Plans, Score, faults, parcel_cost, piece_cost, score
from oms_workflow.domain.batch_greedy import Left, greedy
from oms_workflow.domain.batch_parts import parts_of
from oms_workflow.domain.batch_plan import BatchPlan, Planner
from oms_workflow.domain.sourcing import Assignment, SourcingPlan
from oms_workflow.optimise.model import model_of
from oms_workflow.optimise.program import Model, Rows
from oms_workflow.optimise.solving import Answer, Effort, least, minimise

LARGEST = 2_000  # orders the solver takes at once; its time grows faster than their number
EXACT = 1e-3  # the solver's figures are sums of whole numbers; this much of them is its rounding


class Solve(Protocol):
    """What is asked of a solver."""

    def __call__(
        self,
        model: Model,
        cost: list[int],
        more: Rows,
        effort: Effort,
        *,
        offset: int = 0,
        start: Sequence[int] | None = None,
    ) -> Answer:
        """Minimise."""
        ...


@dataclass(slots=True)
class _Tally:
    """What is planned so far, and what is known about it."""

    plans: dict[str, tuple[Assignment, ...]]
    bound: int | None
    notes: list[str]


def optimise(
    batch: Batch,
    *,
    now: Plans | None = None,
    effort: Effort | None = None,
    largest: int = LARGEST,
    solve: Solve = minimise,
) -> BatchPlan:
    """Plan a batch as cheaply as it can be planned, with as few pieces missing as there have to be.

    The same batch gives the same plan, unless a part runs out of time: it then falls back to the rules and says so.

    Args:
        now: A plan that stands already, to be improved; it takes the place of the rules' plan.
        effort: How long the solver may try for each part.
        largest: Orders it searches at once; larger batches are divided.
        solve: The solver; a test may hand in a bad one.
    """
    standing = now or {name: plan.assignments for name, plan in greedy(batch).items()}
    tally = _Tally({}, 0, [])
    left = Left(dict(batch.available), dict(batch.capacity))
    for part in parts_of(batch, largest):
        here = replace(batch, orders=part.orders, available=dict(left.stock), capacity=dict(left.capacity))
        fallback = standing if part.exact else {name: one.assignments for name, one in greedy(here).items()}
        mine = {order.order_id: fallback[order.order_id] for order in part.orders}
        plans, bound = _part(here, mine, effort or Effort(), solve, tally.notes)
        tally.bound = None if bound is None or tally.bound is None or not part.exact else tally.bound + bound
        tally.plans |= plans
        for given in plans.values():
            left.take(SourcingPlan(assignments=given))
    found, stands = score(batch, tally.plans), score(batch, standing)
    if found < stands:
        return BatchPlan(tally.plans, Planner.OPTIMISER, found, stands, tally.bound, tuple(tally.notes))
    return BatchPlan(standing, Planner.RULES, stands, stands, tally.bound, tuple(tally.notes))


class SolvedBatches:
    """Implements `ports.rebalancing.BatchPlanner` in a thread of its own: a worker has other things to do meanwhile."""

    def __init__(self, effort: Effort | None = None) -> None:
        self._effort = effort or Effort(seconds=20)

    async def plan(self, batch: Batch, now: Plans | None = None) -> BatchPlan:
        """Plan a batch."""
        return await asyncio.to_thread(optimise, batch, now=now, effort=self._effort)


def _part(batch: Batch, rules: Plans, effort: Effort, solve: Solve, notes: list[str]) -> tuple[Plans, int | None]:
    """Plan one part; gives the better plan and what is proven to be the least cost of any as complete."""
    ruled = score(batch, rules)
    model = model_of(batch, complete=not ruled.missing)
    if not ruled.missing:
        found = solve(model, model.cost, Rows(), effort, start=model.values_of(rules))
        return _better(batch, model, found, rules, ruled, notes)[0], _known(found.bound)
    total = sum(order.weight * demand.quantity for order in batch.orders for demand in order.demands)
    by_worth = [-one for one in model.worth]
    most = floor(EXACT - least(model, by_worth, effort))
    found, bound = _cheapest(batch, model, (rules, most), effort, solve)
    plans, ruled = _better(batch, model, found, rules, ruled, notes)
    if total - ruled.missing == most or found.timed_out:
        return plans, bound if total - ruled.missing == most else None
    return _packed(batch, model, (plans, ruled), total, replace(effort, gap=0.0), solve, notes)


def _cheapest(
    batch: Batch, model: Model, known: tuple[Plans, int], effort: Effort, solve: Solve
) -> tuple[Answer, int | None]:
    """Minimise cost, with a charge for what is missing; gives the proven least cost of sending `most` as well.

    Charged for, not forbidden: a row over all variables would spoil whole corners.
    """
    rules, most = known
    charge = 1 + max((_dearest(order, batch) for order in batch.orders), default=0)
    objective = [cost - charge * worth for cost, worth in zip(model.cost, model.worth, strict=True)]
    found = solve(model, objective, Rows(), effort, offset=charge * most, start=model.values_of(rules))
    return found, _known(found.bound + charge * most)


def _packed(
    batch: Batch, model: Model, best: tuple[Plans, Score], total: int, effort: Effort, solve: Solve, notes: list[str]
) -> tuple[Plans, int | None]:
    """Look first for how much can be sent at all, then for the least cost of sending that: slower, and exact."""
    packed = solve(model, [-one for one in model.worth], Rows(), effort)
    best = _better(batch, model, packed, *best, notes)
    if total - best[1].missing < floor(EXACT - packed.bound):
        return best[0], None
    as_complete = Rows()
    as_complete.add(list(enumerate(model.worth)), low=total - best[1].missing)
    found = solve(model, model.cost, as_complete, effort)
    return _better(batch, model, found, *best, notes)[0], _known(found.bound)


def _dearest(order: BatchOrder, batch: Batch) -> int:
    pieces = sum(demand.quantity for demand in order.demands)
    parcels = [parcel_cost(order, one, batch.weights) for one in order.candidates]
    return sum(parcels) + pieces * max((piece_cost(one) for one in order.candidates), default=0)


def _known(bound: float) -> int | None:
    return max(0, ceil(bound - EXACT)) if bound > float("-inf") else None


def _better(
    batch: Batch, model: Model, answer: Answer, rules: Plans, ruled: Score, notes: list[str]
) -> tuple[Plans, Score]:
    """Keep the better of two plans. What the solver says is believed only after it was counted in whole numbers."""
    if answer.values is None:
        how = "ran out of time" if answer.timed_out else "found nothing"
        notes.append(f"The solver {how} for {len(batch.orders)} orders; they are planned by the rules.")
        return rules, ruled
    if answer.timed_out:
        notes.append(f"The solver ran out of time for {len(batch.orders)} orders; the best plan so far was kept.")
    plans = model.read(answer.values)
    wrong = next(faults(batch, plans), None)
    if wrong is not None:
        notes.append(f"The solver's plan for {len(batch.orders)} orders was thrown away: {wrong}")
        return rules, ruled
    found = score(batch, plans)
    return (plans, found) if found < ruled else (rules, ruled)
