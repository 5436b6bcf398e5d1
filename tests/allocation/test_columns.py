"""Plans of whole orders, priced and mixed: what is proven is true, and what is answered may be done."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.batches import batch as made_up
from oms_workflow.domain.batch import Batch, faults
from oms_workflow.optimise.halving import Halving, Limit
from oms_workflow.optimise.planning import optimise
from oms_workflow.optimise.solving import Effort

from .batches import batches, best_by_trying

MIXED = Effort(small=0)  # even the smallest batch is solved over whole plans
SEARCHED = Effort(small=10**6)


@settings(max_examples=60, deadline=None)
@given(batch=batches(orders=2, names=("A", "B"), pieces=2), gap=st.sampled_from([0.0, 0.004]))
def test_mixing_plans_leaves_out_and_costs_no_more_than_trying_everything(batch: Batch, gap: float) -> None:
    """The bound is a promise to whoever reads the gap: nothing may ever cost less."""
    plan, best = optimise(batch, effort=Effort(small=0, gap=gap)), best_by_trying(batch)
    assert list(faults(batch, plan.plans)) == []
    assert plan.notes == ()
    assert plan.score.missing == best.missing
    assert plan.bound is not None
    assert plan.bound <= best.cost <= plan.score.cost <= best.cost * (1 + gap)


@settings(max_examples=40, deadline=None)
@given(batch=batches(orders=6, pieces=4))
def test_mixing_plans_is_never_worse_than_the_rules(batch: Batch) -> None:
    """Groups, sellers, least parts, promises, short stock: what is not listed is searched beside it."""
    plan = optimise(batch, effort=MIXED)
    assert list(faults(batch, plan.plans)) == []
    assert plan.score <= plan.rules
    assert plan == optimise(batch, effort=MIXED)


@pytest.mark.parametrize("stock", [1.05, 0.9])
def test_both_ways_to_solve_a_batch_agree(stock: float) -> None:
    """Neither knows of the other: each one's bound is below the other's plan."""
    batch = made_up(150, stock=stock)
    mixed, searched = optimise(batch, effort=MIXED), optimise(batch, effort=SEARCHED)
    assert mixed.score.missing == searched.score.missing
    for plan in (mixed, searched):
        assert plan.gap is not None
        assert plan.gap <= 0.004
        assert plan.bound is not None
        assert plan.bound <= min(mixed.score.cost, searched.score.cost)


def test_of_three_pieces_at_most_one_order_takes_a_second() -> None:
    """One and a half each is what a relaxation would give two orders."""
    limit = Limit(chains=(((0, 2), 1), ((1, 3), 1)), others=(), pieces=3)
    cut = next(Halving([limit]).cuts([1.0, 1.0, 0.5, 0.5]), None)
    assert cut is None  # one second piece in all: two halves are no more than one
    cut = next(Halving([limit]).cuts([1.0, 1.0, 0.8, 0.7]))
    assert (dict(cut.terms), cut.most) == ({2: 1, 3: 1}, 1)


@given(
    sizes=st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=4),
    pieces=st.integers(0, 7),
    data=st.data(),
)
def test_a_cut_takes_away_nothing_that_may_be_done(
    sizes: list[tuple[int, int]], pieces: int, data: st.DataObject
) -> None:
    """Every whole way to share the pieces keeps it; only what is not whole is cut."""
    chains, number = [], 0
    for units, unit in sizes:
        chains.append((tuple(range(number, number + units)), unit))
        number += units
    values = data.draw(st.lists(st.floats(0, 1), min_size=number, max_size=number))
    for cut in Halving([Limit(chains=tuple(chains), others=(), pieces=pieces)]).cuts(values):
        for taken in np.ndindex(*(units + 1 for units, _ in sizes)):
            if sum(many * unit for many, (_, unit) in zip(taken, sizes, strict=True)) <= pieces:
                had = {one for many, (chain, _) in zip(taken, chains, strict=True) for one in chain[:many]}
                assert sum(weight for one, weight in cut.terms if one in had) <= cut.most
