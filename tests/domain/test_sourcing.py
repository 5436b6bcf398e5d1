"""Which warehouses send an order: the preferences in words, and what no plan may do."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.domain.source_order import source
from oms_workflow.domain.sourcing import (
    Candidate,
    Demand,
    Preference,
    ShortfallReason,
    SourcingPlan,
    SourcingPolicy,
    SourcingQuestion,
)

from .orders_for_tests import cny


def warehouse(name: str, priority: int = 1, cost: str = "8.00", km: int = 100, **more: Any) -> Candidate:
    return Candidate(warehouse=name, priority=priority, cost=cny(cost), distance_km=km, **more)


def wants(line: str, sku: str, quantity: int, **more: Any) -> Demand:
    return Demand(line_id=line, sku=sku, quantity=quantity, **more)


def plan(
    demands: list[Demand], candidates: list[Candidate], stock: dict[tuple[str, str], int], **policy: Any
) -> SourcingPlan:
    return source(
        SourcingQuestion(
            demands=tuple(demands),
            candidates=tuple(candidates),
            available=stock,
            policy=SourcingPolicy(**policy),
        )
    )


def sent(answer: SourcingPlan) -> dict[tuple[str, str], int]:
    return {(one.line_id, one.warehouse): one.quantity for one in answer.assignments}


def test_priority_goes_before_everything() -> None:
    """The shop's own ranking is a decision of people; cost only breaks ties."""
    answer = plan(
        [wants("1", "TEA", 2)],
        [warehouse("FAR", priority=1, cost="30.00"), warehouse("NEAR", priority=2, cost="5.00")],
        {("TEA", "FAR"): 5, ("TEA", "NEAR"): 5},
    )
    assert sent(answer) == {("1", "FAR"): 2}
    assert "priority 1" in answer.choices[0].why


def test_one_parcel_goes_before_a_cheaper_pair() -> None:
    """Within one priority, fewer parcels come first."""
    answer = plan(
        [wants("1", "TEA", 1), wants("2", "CUP", 1)],
        [warehouse("A", cost="1.00"), warehouse("B", cost="1.00"), warehouse("C", cost="9.00")],
        {("TEA", "A"): 1, ("CUP", "B"): 1, ("TEA", "C"): 1, ("CUP", "C"): 1},
    )
    assert answer.warehouses == ("C",)


def test_greedy_would_take_three_where_two_are_enough() -> None:
    """Taking the fullest warehouse first is a trap: 4 of 6 there, then one each from two others."""
    skus = "abcdef"
    stock = {(sku, "BIG"): 1 for sku in "bcde"} | {(sku, "L"): 1 for sku in "abc"} | {(sku, "R"): 1 for sku in "def"}
    answer = plan([wants(sku, sku, 1) for sku in skus], [warehouse("BIG"), warehouse("L"), warehouse("R")], stock)
    assert sorted(answer.warehouses) == ["L", "R"]


def test_cheapest_and_nearest_follow_their_names() -> None:
    """Two shops, two preferences, the same stock."""
    candidates = [
        warehouse("CHEAP", 5, "2.00", 900),
        warehouse("NEAR", 5, "9.00", 10),
        warehouse("FIRST", 1, "9.00", 500),
    ]
    stock = {("TEA", one.warehouse): 3 for one in candidates}
    for prefer, expected in (
        (Preference.CHEAPEST, "CHEAP"),
        (Preference.NEAREST, "NEAR"),
        (Preference.PRIORITY, "FIRST"),
    ):
        assert plan([wants("1", "TEA", 3)], candidates, stock, prefer=prefer).warehouses == (expected,)


def test_a_group_that_ships_together_is_never_torn_apart() -> None:
    """A lamp and its shade arrive in one parcel, even when that costs a better warehouse."""
    demands = [wants("1", "LAMP", 1, ship_together="g"), wants("2", "SHADE", 1, ship_together="g")]
    stock = {("LAMP", "A"): 9, ("LAMP", "B"): 1, ("SHADE", "B"): 1}
    answer = plan(demands, [warehouse("A", priority=1), warehouse("B", priority=9)], stock)
    assert answer.warehouses == ("B",)
    torn = plan(demands, [warehouse("A"), warehouse("B")], {("LAMP", "A"): 1, ("SHADE", "B"): 1})
    assert not torn.assignments
    assert {one.reason for one in torn.shortfalls} == {ShortfallReason.NOT_TOGETHER}


def test_lines_that_share_stock_do_not_both_get_it() -> None:
    """Two bundles need the same cup: the demand is summed before it is compared (medusa#16502)."""
    answer = plan([wants("1", "CUP", 2), wants("2", "CUP", 2)], [warehouse("A")], {("CUP", "A"): 3})
    assert sum(sent(answer).values()) == 3
    assert sum(one.quantity for one in answer.shortfalls) == 1


def test_the_reason_of_a_shortfall_is_the_true_one() -> None:
    """Somebody acts on it: buy, move, wait until tomorrow, or allow to divide."""
    tea = [wants("1", "TEA", 4)]
    two, stock = [warehouse("A"), warehouse("B")], {("TEA", "A"): 2, ("TEA", "B"): 2}
    cases = [
        (plan(tea, [], {}), ShortfallReason.NO_WAREHOUSE),
        (plan(tea, [warehouse("A", sellers=frozenset({"other"}))], stock), ShortfallReason.NO_WAREHOUSE),
        (plan(tea, two, {("TEA", "A"): 3}), ShortfallReason.OUT_OF_STOCK),
        (plan(tea, [warehouse("A", remaining_parcels=0)], {("TEA", "A"): 9}), ShortfallReason.NO_CAPACITY),
        (plan(tea, two, stock, may_divide_lines=False), ShortfallReason.NOT_UNDIVIDED),
        (plan(tea, two, stock, maximum_warehouses=1), ShortfallReason.TOO_MANY_WAREHOUSES),
    ]
    for answer, reason in cases:
        assert [one.reason for one in answer.shortfalls] == [reason]
    assert cases[-1][0].shortfalls[0].quantity == 2


def test_complete_or_nothing_reserves_nothing_when_a_piece_is_missing() -> None:
    """The rest is told apart from what was really missing."""
    answer = plan(
        [wants("1", "TEA", 1), wants("2", "CUP", 1)], [warehouse("A")], {("TEA", "A"): 1}, complete_or_nothing=True
    )
    assert not answer.assignments
    assert {one.line_id: one.reason for one in answer.shortfalls} == {
        "1": ShortfallReason.NOT_COMPLETE,
        "2": ShortfallReason.OUT_OF_STOCK,
    }


QUESTIONS = st.fixed_dictionaries(
    {
        "demands": st.lists(
            st.tuples(st.sampled_from("abc"), st.integers(1, 4), st.sampled_from(["", "", "g"])), min_size=1, max_size=5
        ),
        "stock": st.dictionaries(
            st.tuples(st.sampled_from("abc"), st.sampled_from(["A", "B", "C", "D", "E"])), st.integers(0, 5)
        ),
        "priorities": st.lists(st.integers(1, 3), min_size=5, max_size=5),
        "policy": st.fixed_dictionaries(
            {
                "prefer": st.sampled_from(Preference),
                "may_divide_lines": st.booleans(),
                "maximum_warehouses": st.sampled_from([None, 1, 2]),
                "complete_or_nothing": st.booleans(),
            }
        ),
    }
)


@settings(max_examples=300)
@given(question=QUESTIONS, seed=st.randoms(use_true_random=False))
def test_a_plan_is_exact_possible_and_the_same_every_time(question: dict[str, Any], seed: Any) -> None:
    """Assigned + missing = wanted; no warehouse sends what it lacks; limits and groups hold; order does not matter."""
    demands = [
        wants(str(n), sku, many, ship_together=group) for n, (sku, many, group) in enumerate(question["demands"])
    ]
    candidates = [
        warehouse(name, priority, str(3 + n), 10 * n)
        for n, (name, priority) in enumerate(zip("ABCDE", question["priorities"], strict=True))
    ]
    answer = plan(demands, candidates, question["stock"], **question["policy"])
    for demand in demands:
        given_ = sum(one.quantity for one in answer.assignments if one.line_id == demand.line_id)
        missing = sum(one.quantity for one in answer.shortfalls if one.line_id == demand.line_id)
        assert given_ + missing == demand.quantity
    for sku, name in {(one.sku, one.warehouse) for one in answer.assignments}:
        used = sum(one.quantity for one in answer.assignments if (one.sku, one.warehouse) == (sku, name))
        assert used <= question["stock"].get((sku, name), 0)
    together = {one.warehouse for one in answer.assignments if demands[int(one.line_id)].ship_together}
    assert len(together) <= 1
    limit = question["policy"]["maximum_warehouses"]
    assert limit is None or len(answer.warehouses) <= limit
    shuffled = list(candidates)
    seed.shuffle(shuffled)
    assert plan(demands, shuffled, question["stock"], **question["policy"]) == answer


@settings(max_examples=150)
@given(question=QUESTIONS)
def test_nothing_is_missing_that_could_be_sent_freely(question: dict[str, Any]) -> None:
    """Without groups and limits a piece is only short when the warehouses together are."""
    demands = [wants(str(n), sku, many) for n, (sku, many, _) in enumerate(question["demands"])]
    answer = plan(demands, [warehouse(name) for name in "ABCDE"], question["stock"])
    for sku in "abc":
        wanted = sum(demand.quantity for demand in demands if demand.sku == sku)
        held = sum(many for (one, _), many in question["stock"].items() if one == sku)
        missing = sum(one.quantity for one in answer.shortfalls if one.sku == sku)
        assert missing == max(0, wanted - held)
