"""Splitting and sharing: pieces and money of the parts and the rest are always those of the whole."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.domain.fulfilment import SplitReason
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Order
from oms_workflow.domain.shares import Shares, Taken, divide, share_money, sum_of
from oms_workflow.domain.split import ParcelLimits, Placed, split
from oms_workflow.errors import OrderRefused

from .orders_for_tests import a_line, an_order, cny

CENTS = st.integers(0, 100_000)
LINES = st.lists(st.tuples(st.integers(1, 6), CENTS, st.integers(0, 100), CENTS), min_size=1, max_size=4)


def order_of(lines: list[tuple[int, int, int, int]], freight: int) -> Order:
    made = []
    for number, (many, price, percent, tax) in enumerate(lines):
        discount = price * many * percent // 100
        money = {"discount": cny(0) + _cents(discount), "tax": _cents(tax)}
        made.append(a_line("shop:1", str(number), f"S{number}", many, str(_cents(price).amount), **money))
    return an_order(*made, freight=_cents(freight))


def _cents(units: int) -> Money:
    return Money.minor(units, "CNY")


@settings(max_examples=200)
@given(lines=LINES, freight=CENTS, seed=st.integers(0, 2**32))
def test_plans_made_one_after_the_other_carry_exactly_the_order(
    lines: list[tuple[int, int, int, int]], freight: int, seed: int
) -> None:
    """Invariant 3, also when parts are planned days apart: in between never too much, in the end not a cent less."""
    order, chance = order_of(lines, freight), random.Random(seed)
    left = {line.id: line.ordered for line in order.lines}
    taken: dict[str, Taken] = {}
    while any(left.values()):
        parts = []
        for _ in range(chance.randint(1, 3)):
            part = {name: chance.randint(0, many) for name, many in left.items()}
            parts.append(part)
            left = {name: many - part[name] for name, many in left.items()}
        if not any(any(part.values()) for part in parts):
            continue
        for part, shares in zip(parts, share_money(order, parts, taken), strict=True):
            for name, share in shares.items():
                before = taken.get(name)
                known = [share] if before is None else [share, before.shares]
                many = part[name] + (before.quantity if before else 0)
                taken[name] = Taken(quantity=many, shares=sum_of(known, "CNY"))
        whole = sum_of([one.shares for one in taken.values()], "CNY")
        assert whole.freight <= order.freight
        assert whole.discount <= total((line.discount for line in order.lines), "CNY")
    assert whole.freight == order.freight
    assert whole.discount == total((line.discount for line in order.lines), "CNY")
    assert whole.tax == total((line.tax for line in order.lines), "CNY")
    for line in order.lines:
        assert taken[line.id].shares.discount == line.discount
        assert taken[line.id].shares.tax == line.tax


@given(amounts=st.tuples(CENTS, CENTS, CENTS), parts=st.lists(st.integers(0, 9), min_size=1, max_size=5))
def test_dividing_a_share_loses_nothing(amounts: tuple[int, int, int], parts: list[int]) -> None:
    """A part that is cut in two."""
    whole = Shares(freight=_cents(amounts[0]), discount=_cents(amounts[1]), tax=_cents(amounts[2]))
    assert sum_of(divide(whole, parts), "CNY") == whole


def test_more_pieces_than_are_left_are_refused() -> None:
    """Two plans of the same piece would carry its money twice."""
    order = order_of([(2, 100, 0, 0)], 0)
    with pytest.raises(OrderRefused, match="hold 3 pieces of line 'shop:1/0'; 2 are not in a part yet"):
        share_money(order, [{"shop:1/0": 3}], {})


def test_free_goods_share_freight_by_pieces() -> None:
    """An order of gifts still pays its postage."""
    order = order_of([(1, 0, 0, 0), (3, 0, 0, 0)], 400)
    first, second = share_money(order, [{"shop:1/0": 1}, {"shop:1/1": 3}], {})
    assert (first["shop:1/0"].freight, second["shop:1/1"].freight) == (cny("1.00"), cny("3.00"))


PLACED = st.lists(
    st.tuples(
        st.integers(1, 5),
        st.sampled_from("AB"),
        st.sampled_from(["", "s"]),
        st.integers(0, 9),
        st.integers(0, 9),
        st.sampled_from(["", "", "g"]),
    ),
    min_size=1,
    max_size=6,
)


@given(drawn=PLACED, weight=st.none() | st.integers(9, 60), volume=st.none() | st.integers(9, 60))
def test_parts_hold_what_was_placed_within_the_limits(
    drawn: list[tuple[int, str, str, int, int, str]], weight: int | None, volume: int | None
) -> None:
    """No piece lost or made; one warehouse and seller a part; no parcel too heavy; groups stay together."""
    placed = [
        Placed(
            line=a_line(
                "shop:1", str(n), "X", many, seller=seller, weight_grams=grams, volume_cm3=size, ship_together=group
            ),
            warehouse=warehouse,
            quantity=many,
        )
        for n, (many, warehouse, seller, grams, size, group) in enumerate(drawn)
    ]
    limits = ParcelLimits(weight_grams=weight, volume_cm3=volume)
    try:
        parts = split(placed, limits)
    except OrderRefused as refusal:
        assert refusal.code == "CANNOT_SPLIT"
        return
    by_id = {one.line.id: one for one in placed}
    for one in placed:
        mine = [dict(part.pieces)[one.line.id] for part in parts if one.line.id in dict(part.pieces)]
        assert sum(mine) == one.quantity
    for part in parts:
        held = [(by_id[name], many) for name, many in part.pieces]
        assert {(one.warehouse, one.line.seller) for one, _ in held} == {(part.warehouse, part.seller)}
        assert weight is None or sum(one.line.weight_grams * many for one, many in held) <= weight
        assert volume is None or sum(one.line.volume_cm3 * many for one, many in held) <= volume
    for warehouse in "AB":
        for seller in ("", "s"):
            group = {
                number
                for number, part in enumerate(parts)
                for name, _ in part.pieces
                if by_id[name].line.ship_together and (part.warehouse, part.seller) == (warehouse, seller)
            }
            assert len(group) <= 1
    if len(parts) == 1:
        assert not parts[0].reasons


def test_a_part_says_why_it_is_one() -> None:
    """Stock, seller, weight: each with its word."""
    tea, cup = a_line("shop:1", "1", "TEA", 2, weight_grams=900), a_line("shop:1", "2", "CUP", 1, seller="s")
    parts = split(
        [
            Placed(line=tea, warehouse="A", quantity=2),
            Placed(line=cup, warehouse="B", quantity=1),
        ],
        ParcelLimits(weight_grams=1000),
    )
    assert [part.reasons for part in parts] == [
        {SplitReason.STOCK, SplitReason.SELLER, SplitReason.WEIGHT},
        {SplitReason.STOCK, SplitReason.SELLER, SplitReason.WEIGHT},
        {SplitReason.STOCK, SplitReason.SELLER},
    ]


def test_what_fits_no_parcel_is_refused_with_its_measure() -> None:
    """Somebody has to raise the limit or choose another carrier."""
    rock = a_line("shop:1", "1", "ROCK", 1, weight_grams=2000)
    with pytest.raises(OrderRefused, match="2000 g and 0 cm3 must stay together and exceed the weight limit"):
        split([Placed(line=rock, warehouse="A", quantity=1)], ParcelLimits(weight_grams=1000))
