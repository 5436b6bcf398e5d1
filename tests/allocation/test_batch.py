"""Many orders at once: the optimiser does nothing that may not be done, and never plans worse than the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from oms_workflow.domain.batch import Batch, BatchOrder, Weights, faults, score
from oms_workflow.domain.batch_greedy import greedy
from oms_workflow.domain.batch_parts import parts_of
from oms_workflow.domain.batch_plan import BatchPlan, Planner
from oms_workflow.domain.sourcing import Demand, Preference, SourcingPolicy
from oms_workflow.optimise.planning import optimise
from oms_workflow.optimise.solving import Answer, Effort

from .batches import batches, best_by_trying, candidate, order

EXACTLY = Effort(gap=0.0)


def places(plan: BatchPlan) -> dict[str, set[str]]:
    return {name: {one.warehouse for one in given} for name, given in plan.plans.items()}


def test_the_rules_take_the_last_piece_from_who_has_no_other_warehouse() -> None:
    """What the whole thing is for: the first order may come from elsewhere, the second may not."""
    cheap, dear = candidate("A", "5.00"), candidate("B", "6.00")
    both = (order("1", {"x": 1}, cheap, dear), order("2", {"x": 1}, cheap))
    plan = optimise(Batch(orders=both, available={("x", "A"): 1, ("x", "B"): 1}))
    assert places(plan) == {"1": {"B"}, "2": {"A"}}
    assert plan.planner is Planner.OPTIMISER
    assert (plan.rules.missing, plan.score.missing, plan.score.cost) == (4, 0, 1100)


def test_a_parcel_saved_is_worth_a_dearer_lane() -> None:
    """The first order alone takes its cheapest pair, and tears the second one apart by that."""
    one = order("1", {"x": 1}, candidate("A", "5.00"), candidate("B", "5.50"))
    two = order("2", {"x": 1, "y": 1}, candidate("A", "5.00"), candidate("B", "5.50"))
    stock = {("x", "A"): 1, ("x", "B"): 1, ("y", "A"): 1}
    plan = optimise(Batch(orders=(one, two), available=stock))
    assert places(plan) == {"1": {"B"}, "2": {"A"}}
    assert (plan.score.parcels, plan.rules.parcels) == (2, 3)


def test_the_last_piece_goes_to_the_higher_class() -> None:
    """A VIP's piece weighs more than two of an import."""
    orders = (order("v", {"x": 1}, candidate("A"), priority=1), order("i", {"x": 2}, candidate("A"), priority=4))
    assert places(optimise(Batch(orders=orders[::-1], available={("x", "A"): 2})))["v"] == {"A"}


def test_who_is_promised_more_gets_the_warehouse_that_is_in_time() -> None:
    """Lateness is charged by class: the standard order takes the slow warehouse."""
    late = candidate("B", "8.00", keeps_promise=False)
    orders = (
        order("s", {"x": 1}, candidate("A"), late, priority=3),
        order("v", {"x": 1}, candidate("A"), late, priority=1),
    )
    batch = Batch(orders=orders, available={("x", "A"): 1, ("x", "B"): 1}, weights=Weights(late=100))
    assert places(optimise(batch)) == {"s": {"B"}, "v": {"A"}}


@pytest.mark.parametrize("hour", [0, 5])
def test_a_vip_gets_the_contested_piece_and_the_nearer_warehouse(hour: int) -> None:
    """Queue and objective: first in line by the rules, and an hour of its waiting counts four of a standard order's.

    The near warehouse has one cup; to send the standard order from there would save 1.00 on its lane.
    """
    near, far = timedelta(hours=14), timedelta(hours=50)

    def asks(name: str, priority: int, dearer: str) -> BatchOrder:
        there = replace(candidate("F", dearer, transit=far), distance_km=1_200)
        here = candidate("N", "8.00", transit=near)
        return order(name, {"cup": 1}, here, there, priority=priority, prefer=Preference.NEAREST)

    standard, vip = asks("s", 3, "9.00"), asks("v", 1, "8.00")
    batch = Batch(orders=(vip, standard), available={("cup", "N"): 1, ("cup", "F"): 1}, weights=Weights(hour=hour))
    assert {name: plan.warehouses for name, plan in greedy(batch).items()} == {"v": ("N",), "s": ("F",)}
    plan = optimise(batch)
    assert places(plan) == ({"v": {"N"}, "s": {"F"}} if hour else {"v": {"F"}, "s": {"N"}})
    short = optimise(replace(batch, available={("cup", "N"): 1}))
    assert (places(short).get("v"), short.plans.get("s", ())) == ({"N"}, ())


@settings(max_examples=120, deadline=None)
@given(batch=batches())
def test_a_plan_is_possible_conserves_demand_and_is_never_worse(batch: Batch) -> None:
    """Stock, capacity, groups, sellers, divided lines, limits; missing and sent are what was wanted."""
    plan, rules = optimise(batch), greedy(batch)
    assert list(faults(batch, plan.plans)) == []
    by_rules = {name: one.assignments for name, one in rules.items()}
    assert list(faults(batch, by_rules)) == []
    assert plan.score == score(batch, plan.plans) <= plan.rules == score(batch, by_rules)
    assert not plan.notes
    assert plan == optimise(batch)


@settings(max_examples=80, deadline=None)
@given(batch=batches(orders=2, names=("A", "B"), pieces=2))
def test_a_tiny_batch_is_planned_as_well_as_trying_everything(batch: Batch) -> None:
    """The referee has no clever idea in it."""
    plan, best = optimise(batch, effort=EXACTLY), best_by_trying(batch)
    assert (plan.score.missing, plan.score.cost) == (best.missing, best.cost)
    assert plan.bound is not None
    assert plan.bound <= best.cost


def test_an_order_that_goes_complete_or_not_at_all_is_improved_too() -> None:
    """Leaving it out is no way to save money when the rules could send it."""
    late = candidate("A", "1.00", keeps_promise=False)
    wanted = order("1", {"x": 1, "y": 1}, late, candidate("B", "1.00"), priority=1, complete_or_nothing=True)
    stock = {(sku, name): 2 for sku in "xy" for name in "AB"}
    plan = optimise(Batch(orders=(wanted,), available=stock, weights=Weights(late=300)))
    assert (places(plan), plan.score.missing, plan.bound) == ({"1": {"B"}}, 0, 100)


def test_parts_that_must_be_worth_something_are_still_whole_pieces() -> None:
    """Two and a half pieces would be the best of three orders that share five."""
    orders = tuple(
        BatchOrder(
            order_id=name,
            demands=tuple(Demand(line_id=f"{name}/{line}", sku=sku, quantity=4, piece_value=50)
                          for line, sku in enumerate("xy")),
            candidates=(candidate("A", "1.00"), candidate("B", "1.50")),
            policy=SourcingPolicy(minimum_part_value=125),
        )
        for name in "123"
    )  # fmt: skip
    batch = Batch(orders=orders, available={("x", "A"): 5, ("y", "A"): 5, ("x", "B"): 3, ("y", "B"): 2})
    plan = optimise(batch, effort=EXACTLY)
    assert list(faults(batch, plan.plans)) == []
    assert plan.notes == ()


@settings(max_examples=60, deadline=None)
@given(batch=batches(orders=5))
def test_a_divided_batch_is_still_possible_and_never_worse(batch: Batch) -> None:
    """Beyond what the solver can search, parts are planned one after the other from what is left."""
    plan = optimise(batch, largest=2)
    assert list(faults(batch, plan.plans)) == []
    assert plan.score <= plan.rules


def test_orders_that_share_nothing_scarce_are_planned_apart() -> None:
    """Plenty of x couples nobody; the last y couples two."""
    orders = [
        order(name, {sku: 1, "x": 1}, candidate("A"), candidate("B"))
        for name, sku in (("1", "y"), ("2", "z"), ("3", "y"))
    ]
    stock = {("x", "A"): 9, ("y", "A"): 1, ("y", "B"): 1, ("z", "A"): 1}
    parts = parts_of(Batch(orders=tuple(orders), available=stock), largest=2)
    assert [[one.order_id for one in part.orders] for part in parts] == [["1", "3"], ["2"]]
    assert all(part.exact for part in parts)


def _batch() -> Batch:
    orders = (
        order("1", {"x": 1}, candidate("A", "5.00"), candidate("B", "6.00")),
        order("2", {"x": 1}, candidate("A")),
    )
    return Batch(orders=orders, available={("x", "A"): 1, ("x", "B"): 1})


def test_a_solver_out_of_time_leaves_the_rules_with_a_word() -> None:
    """Ops must know that tonight's plan is the plain one."""

    def slow(*_: Any, **__: Any) -> Answer:
        return Answer(values=None, bound=float("-inf"), timed_out=True)

    plan = optimise(_batch(), solve=slow)
    assert (plan.planner, plan.score) == (Planner.RULES, plan.rules)
    assert plan.bound is None
    assert "ran out of time for 2 orders" in plan.notes[0]


def test_what_a_solver_says_is_counted_before_it_is_believed() -> None:
    """A tolerance of the solver must not become an oversold piece."""

    def lying(model: Any, *_: Any, **__: Any) -> Answer:
        return Answer(values=list(model.upper), bound=0.0, timed_out=False)

    plan = optimise(_batch(), solve=lying)
    assert plan.planner is Planner.RULES
    assert "thrown away" in plan.notes[0]


def test_every_fault_of_a_plan_is_named() -> None:
    """The count that guards the solver has to see everything itself."""
    batch = _batch()
    plenty = replace(batch, available={("x", "A"): 9})
    everything = {name: plan.assignments for name, plan in greedy(plenty).items()}
    assert any("has 1" in one for one in faults(batch, everything))
    assert any("takes 1" in one for one in faults(replace(plenty, capacity={"A": 1}), everything))
    stranger = replace(batch.orders[0], demands=(Demand(line_id="9", sku="q", quantity=1),))
    assert any("wants none" in one for one in faults(replace(batch, orders=(stranger,)), everything))
