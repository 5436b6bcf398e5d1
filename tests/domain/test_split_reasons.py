"""What must not share a parcel, and what must stay in one: each reason of a split is a rule on the goods."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.fulfilment import SplitReason
from oms_workflow.domain.split import ParcelLimits, Part, Placed, split
from oms_workflow.errors import OrderRefused

from .orders_for_tests import a_line

KEPT = st.sampled_from(["", "chilled", "frozen"])
DANGER = st.sampled_from(["", "3", "9"])
WHOLE = ParcelLimits(weight_grams=1000, may_divide_lines=False)


def placed(oid: str, quantity: int, warehouse: str = "HZ", **more: Any) -> Placed:
    return Placed(line=a_line("shop:1", oid, oid, quantity, **more), warehouse=warehouse, quantity=quantity)


def held(parts: tuple[Part, ...]) -> list[dict[str, int]]:
    return [{name.rpartition("/")[2]: many for name, many in part.pieces} for part in parts]


def test_cold_goods_do_not_go_with_warm_ones() -> None:
    parts = split([placed("a", 2), placed("b", 1, temperature="chilled"), placed("c", 1)], ParcelLimits())
    assert held(parts) == [{"a": 2, "c": 1}, {"b": 1}]
    assert {reason for part in parts for reason in part.reasons} == {SplitReason.TEMPERATURE}


def test_each_class_of_dangerous_goods_goes_alone() -> None:
    parts = split([placed("a", 1, hazard="3"), placed("b", 1, hazard="9"), placed("c", 1)], ParcelLimits())
    assert held(parts) == [{"a": 1}, {"b": 1}, {"c": 1}]
    assert all(part.reasons == {SplitReason.HAZARD} for part in parts)


def test_goods_of_one_kind_are_not_split_for_it() -> None:
    """A whole frozen order is one parcel, and tells no reason."""
    (part,) = split([placed("a", 2, temperature="frozen"), placed("b", 1, temperature="frozen")], ParcelLimits())
    assert part.reasons == frozenset()


def test_a_group_that_cannot_share_a_parcel_is_refused() -> None:
    """Before anything is planned, with both ways out."""
    goods = [placed("a", 1, ship_together="g", hazard="3"), placed("b", 1, ship_together="g")]
    with pytest.raises(OrderRefused, match="differ in hazard") as caught:
        split(goods, ParcelLimits())
    assert caught.value.code == "CANNOT_SPLIT"


def test_a_sub_order_with_one_tracking_number_stays_in_one_parcel() -> None:
    """By weight alone the second line would fill the first parcel up, and have two numbers."""
    goods = [placed("a", 1, weight_grams=600), placed("b", 2, weight_grams=400)]
    assert held(split(goods, ParcelLimits(weight_grams=1000))) == [{"a": 1, "b": 1}, {"b": 1}]
    parts = split(goods, WHOLE)
    assert held(parts) == [{"a": 1}, {"b": 2}]


def test_the_channel_is_the_reason_when_it_costs_a_parcel() -> None:
    goods = [placed("a", 3, weight_grams=300), placed("b", 3, weight_grams=300), placed("c", 3, weight_grams=300)]
    goods = [placed("a", 2, weight_grams=300), *goods[1:], placed("d", 2, weight_grams=300)]
    assert len(split(goods, ParcelLimits(weight_grams=1200))) == 3
    parts = split(goods, ParcelLimits(weight_grams=1200, may_divide_lines=False))
    assert held(parts) == [{"a": 2}, {"b": 3}, {"c": 3}, {"d": 2}]
    assert all(part.reasons == {SplitReason.WEIGHT, SplitReason.CHANNEL} for part in parts)


def test_a_line_no_parcel_can_hold_is_divided_all_the_same() -> None:
    """It has to leave somehow; the channel then hears of the first number."""
    assert held(split([placed("a", 3, weight_grams=500)], WHOLE)) == [{"a": 2}, {"a": 1}]


@given(
    goods=st.lists(st.tuples(st.integers(1, 4), st.sampled_from("AB"), KEPT, DANGER), min_size=1, max_size=6),
    may_divide=st.booleans(),
)
def test_parts_hold_what_was_placed_and_nothing_that_must_not_meet(
    goods: list[tuple[int, str, str, str]], may_divide: bool
) -> None:
    """Whatever is ordered: no piece is lost, and no parcel mixes temperatures or hazard classes."""
    all_of_it = [
        placed(str(number), many, warehouse, temperature=cold, hazard=danger, weight_grams=200)
        for number, (many, warehouse, cold, danger) in enumerate(goods)
    ]
    parts = split(all_of_it, ParcelLimits(weight_grams=1000, may_divide_lines=may_divide))
    counted: Counter[str] = Counter()
    kinds = {one.line.id: (one.warehouse, one.line.temperature, one.line.hazard) for one in all_of_it}
    for part in parts:
        counted.update(dict(part.pieces))
        assert len({kinds[name] for name, _ in part.pieces}) == 1
        assert sum(many for _, many in part.pieces) * 200 <= 1000
    assert counted == {one.line.id: one.quantity for one in all_of_it}
    if not may_divide:
        assert all(sum(name in dict(part.pieces) for part in parts) == 1 for name in counted)
