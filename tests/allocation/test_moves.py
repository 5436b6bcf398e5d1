"""From one plan to a better one: every piece stays promised, and no group moves that does not pay by itself."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings

from oms_workflow.domain.batch import Batch, Plans, faults
from oms_workflow.domain.batch_greedy import greedy
from oms_workflow.domain.batch_moves import MoveGroup, moves_between
from oms_workflow.optimise.planning import optimise

from .batches import batches

Held = dict[tuple[str, str], int]


def held(plans: Plans) -> Held:
    found: Held = {}
    for given_ in plans.values():
        for one in given_:
            found[one.line_id, one.warehouse] = found.get((one.line_id, one.warehouse), 0) + one.quantity
    return found


def apply(now: Held, groups: tuple[MoveGroup, ...]) -> Held:
    after = dict(now)
    for move in (move for group in groups for move in group.moves):
        after[move.line_id, move.origin] -= move.quantity
        after[move.line_id, move.target] = after.get((move.line_id, move.target), 0) + move.quantity
        assert move.quantity > 0
    assert min(after.values(), default=0) >= 0
    return {name: pieces for name, pieces in after.items() if pieces}


def as_held(batch: Batch) -> tuple[Batch, Plans]:
    """What the rules promised, with demands that are exactly what is held."""
    plans = {name: one.assignments for name, one in greedy(batch).items()}
    orders = []
    for order in batch.orders:
        mine: dict[str, int] = {}
        for one in plans[order.order_id]:
            mine[one.line_id] = mine.get(one.line_id, 0) + one.quantity
        policy = replace(order.policy, complete_or_nothing=False, minimum_part_value=0)
        demands = tuple(replace(one, quantity=mine[one.line_id]) for one in order.demands if one.line_id in mine)
        if demands:
            orders.append(replace(order, demands=demands, policy=policy))
    return replace(batch, orders=tuple(orders)), {one.order_id: plans[one.order_id] for one in orders}


@settings(max_examples=100, deadline=None)
@given(drawn=batches())
def test_moving_keeps_every_piece_and_reaches_the_better_plan(drawn: Batch) -> None:
    """Each group pays; groups together are the difference of the plans, where all of them pay."""
    batch, now = as_held(drawn)
    assume(not list(faults(batch, now)))
    better = optimise(batch, now=now)
    assert better.score <= better.rules
    assert better.score.missing == 0
    groups = moves_between(batch, now, better.plans)
    assert all(group.saves > 0 for group in groups)
    assert sum(group.saves for group in groups) >= better.rules.cost - better.score.cost
    after = apply(held(now), groups)
    for order in batch.orders:
        for demand in order.demands:
            assert sum(many for (line, _), many in after.items() if line == demand.line_id) == demand.quantity
    for pair in {(one.sku, name) for group in groups for one in group.moves for name in (one.target,)}:
        lines = {demand.line_id for order in batch.orders for demand in order.demands if demand.sku == pair[0]}
        used = sum(many for (line, name), many in after.items() if line in lines and name == pair[1])
        assert used <= batch.available.get(pair, 0)
