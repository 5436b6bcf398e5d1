"""Passes of rules: each takes what it can of what earlier ones left, and says whom it did not let through."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.domain.batch import Batch, BatchOrder, faults
from oms_workflow.domain.source_order import source
from oms_workflow.domain.source_parts import small_parts
from oms_workflow.domain.sourcing import (
    Preference,
    ShortfallReason,
    SourcingPass,
    SourcingPlan,
    SourcingPolicy,
    SourcingQuestion,
)
from oms_workflow.domain.sourcing_passes import source_in_passes

from .test_sourcing import QUESTIONS, sent, wants, warehouse

NEAR, FAR = warehouse("NEAR", priority=2, km=50), warehouse("FAR", priority=1, km=900)
STOCK = {("TEA", "NEAR"): 2, ("TEA", "FAR"): 5}


def plan(*passes: SourcingPass, candidates: Any = (NEAR, FAR), pieces: int = 3, **policy: Any) -> SourcingPlan:
    demands = (wants("1", "TEA", pieces, piece_value=1000),)
    return source_in_passes(
        SourcingQuestion(
            demands=demands, candidates=candidates, available=STOCK, policy=SourcingPolicy(passes=passes, **policy)
        )
    )


def test_a_near_pass_goes_before_a_far_one() -> None:
    """Distance first, whatever the rank; the far warehouse sends only what the near one lacks."""
    answer = plan(SourcingPass(name="near", maximum_km=100), SourcingPass())
    assert sent(answer) == {("1", "NEAR"): 2, ("1", "FAR"): 1}
    assert answer.refused[0].why.startswith("FAR is 900 km away, pass 'near' allows 100")
    assert "超出距离" in answer.refused[0].why


def test_a_pass_that_stops_leaves_the_rest_waiting() -> None:
    """The analyst decides that near goods are worth waiting for."""
    answer = plan(SourcingPass(maximum_km=100, stops=True), SourcingPass())
    assert sent(answer) == {("1", "NEAR"): 2}
    assert [(one.quantity, one.reason) for one in answer.shortfalls] == [(1, ShortfallReason.OUT_OF_STOCK)]


def test_a_pass_may_want_all_or_nothing() -> None:
    """Whole from nearby, else whole from anywhere."""
    answer = plan(SourcingPass(maximum_km=100, complete=True), SourcingPass(complete=True, maximum_warehouses=1))
    assert sent(answer) == {("1", "FAR"): 3}


def test_a_group_capacity_the_shelf_and_the_promise_are_asked_for() -> None:
    """Each filter in turn leaves NEAR out, and says so."""
    busy, late = replace(NEAR, remaining_parcels=1), replace(NEAR, keeps_promise=False)
    for one, near in (
        (SourcingPass(only=("FAR",)), NEAR),
        (SourcingPass(minimum_parcels_left=2), busy),
        (SourcingPass(in_time=True), late),
    ):
        answer = plan(one, candidates=(near, FAR))
        assert sent(answer) == {("1", "FAR"): 3}
        assert [refused.warehouse for refused in answer.refused] == ["NEAR"]
    assert sent(plan(SourcingPass(keep_pieces=3, prefer=Preference.NEAREST))) == {("1", "FAR"): 2}


def test_both_parts_of_a_division_are_worth_sending() -> None:
    """HotWax: the allocated and the unallocated rest both reach the threshold; else it goes whole, or another way."""
    assert sent(plan(SourcingPass(maximum_km=100, minimum_part_value=1500), SourcingPass())) == {("1", "FAR"): 3}
    assert sent(plan(SourcingPass(maximum_km=100, minimum_part_value=1000), SourcingPass())) == {
        ("1", "NEAR"): 2,
        ("1", "FAR"): 1,
    }


def test_splits_are_counted_over_all_passes() -> None:
    """One warehouse means one, however many passes there are."""
    answer = plan(SourcingPass(maximum_km=100), SourcingPass(), maximum_warehouses=1)
    assert sent(answer) == {("1", "NEAR"): 2}
    assert "one warehouse more" in answer.refused[-1].why


PASSES = st.lists(
    st.builds(
        SourcingPass,
        prefer=st.sampled_from(Preference),
        only=st.sampled_from([(), ("A", "B"), ("C",)]),
        maximum_km=st.sampled_from([None, 15, 40]),
        keep_pieces=st.sampled_from([0, 0, 1]),
        maximum_warehouses=st.sampled_from([None, 1, 2]),
        complete=st.booleans(),
        stops=st.booleans(),
    ),
    max_size=3,
)


@settings(max_examples=200, deadline=None)
@given(question=QUESTIONS, passes=PASSES)
def test_whatever_the_passes_are_the_plan_is_possible(question: dict[str, Any], passes: list[SourcingPass]) -> None:
    """Assigned and missing are what was wanted; stock, groups, whole lines and limits of the order hold."""
    demands = tuple(wants(str(n), sku, many, ship_together=g) for n, (sku, many, g) in enumerate(question["demands"]))
    candidates = tuple(warehouse(name, 1, str(3 + n), 10 * n) for n, name in enumerate("ABCDE"))
    policy = SourcingPolicy(**question["policy"], passes=tuple(passes))
    asked = SourcingQuestion(demands=demands, candidates=candidates, available=question["stock"], policy=policy)
    answer = source_in_passes(asked)
    order = BatchOrder(order_id="o", demands=demands, candidates=candidates, policy=policy)
    assert list(faults(Batch(orders=(order,), available=question["stock"]), {"o": answer.assignments})) == []
    for demand in demands:
        given_ = sum(one.quantity for one in answer.assignments if one.line_id == demand.line_id)
        missing = sum(one.quantity for one in answer.shortfalls if one.line_id == demand.line_id)
        assert given_ + missing == demand.quantity


@settings(max_examples=100, deadline=None)
@given(question=QUESTIONS, least=st.integers(1, 600))
def test_no_part_is_too_small_and_one_pass_is_the_preference(question: dict[str, Any], least: int) -> None:
    """The default pass is what there was before there were passes."""
    demands = tuple(wants(str(n), sku, many, piece_value=100) for n, (sku, many, _) in enumerate(question["demands"]))
    candidates = tuple(warehouse(name, 1, str(3 + n), 10 * n) for n, name in enumerate("ABCDE"))
    policy = SourcingPolicy(prefer=question["policy"]["prefer"], minimum_part_value=least)
    asked = SourcingQuestion(demands=demands, candidates=candidates, available=question["stock"], policy=policy)
    assert source_in_passes(asked) == source(asked)
    assert not list(small_parts(demands, source(asked).assignments, least))
