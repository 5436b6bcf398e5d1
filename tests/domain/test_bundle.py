"""Bundles: components carry exactly what the bundle costs, and are the bundle again towards the channel."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oms_workflow.domain.bundle import (
    Bundle,
    Component,
    as_sold,
    broken_up,
    expand,
    pieces_of,
    require_whole,
    whole,
)
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Order
from oms_workflow.errors import OrderRefused

from .orders_for_tests import a_line, an_order, cny

SET = Bundle(sku="SET", components=(Component(sku="TEA", quantity=2, share=30), Component(sku="CUP", share=40)))
PARTS = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 50)), min_size=1, max_size=5)
CENTS = st.integers(0, 99_999)


def sold(many: int = 3) -> Order:
    """An order of some sets and a single cup."""
    order, _ = expand(an_order(("s", "SET", many, "9.99"), ("c", "CUP", 1, "5.00")), {"SET": SET})
    return order


@given(parts=PARTS, many=st.integers(1, 7), price=CENTS, discount=CENTS, tax=CENTS)
@example(parts=[(1, 0), (1, 0)], many=2, price=1, discount=2, tax=0)
def test_components_cost_what_the_bundle_costs(
    parts: list[tuple[int, int]], many: int, price: int, discount: int, tax: int
) -> None:
    """To the cent, whatever is shared; no line has a negative amount, and each has pieces for whole bundles."""
    made = Bundle(
        sku="SET",
        components=tuple(Component(sku=f"P{n}", quantity=each, share=share) for n, (each, share) in enumerate(parts)),
    )
    amounts = {name: Money.minor(value, "CNY") for name, value in (("unit_price", price), ("tax", tax))}
    line = a_line("shop:1", "s", "SET", many, discount=Money.minor(min(discount, price * many), "CNY"), **amounts)
    before = an_order(line, freight=cny("6.00"))
    after, kept = expand(before, {"SET": made})
    assert after.total == before.total
    assert total((one.amount for one in after.lines), "CNY") == line.amount == kept[0].amount
    assert total((one.tax for one in after.lines), "CNY") == line.tax
    assert not any(one.amount.is_negative or one.discount.is_negative for one in after.lines)
    assert whole(after.lines, {one.id: one.ordered for one in after.lines}) == {"s": many}


def test_a_line_of_bundles_becomes_lines_of_components() -> None:
    """They share the stock of single sales, because they have its SKU."""
    order = sold()
    assert [(one.oid, one.sku, one.ordered, one.bundle) for one in order.lines] == [
        ("s+1", "TEA", 6, "s"),
        ("s+2", "CUP", 3, "s"),
        ("c", "CUP", 1, ""),
    ]
    assert [one.amount for one in order.lines] == [cny("17.97"), cny("12.00"), cny("5.00")]


def test_the_price_of_a_piece_is_the_same_however_many_were_ordered() -> None:
    """A channel that takes a bundle back must not seem to have changed prices."""
    prices = [[line.unit_price for line in sold(many).lines] for many in (1, 3)]
    assert prices[0] == prices[1]


def test_without_shares_pieces_weigh_the_same() -> None:
    """Nobody has to maintain shares."""
    bundle = Bundle(sku="SET", components=(Component(sku="A", quantity=3, share=0), Component(sku="B", share=0)))
    order, _ = expand(an_order(("s", "SET", 1, "4.00")), {"SET": bundle})
    assert [line.amount for line in order.lines] == [cny("3.00"), cny("1.00")]


def test_the_channel_is_told_of_the_bundle_when_it_is_complete() -> None:
    """A part of a bundle in a first parcel is no bundle yet."""
    order = sold()
    tea, cup = {"shop:1/s+1": 6}, {"shop:1/s+2": 3, "shop:1/c": 1}
    assert as_sold(order, tea) == ()
    assert as_sold(order, cup, before=tea) == (("s", 3), ("c", 1))
    assert as_sold(order, {"shop:1/s+1": 4, "shop:1/s+2": 3}) == (("s", 2),)


@given(cut=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), max_size=6))
def test_every_bundle_is_told_once_in_whatever_parcels_it_goes(cut: list[tuple[int, int]]) -> None:
    """Told news add up to what left as whole bundles."""
    order, before, told = sold(), dict.fromkeys(("shop:1/s+1", "shop:1/s+2"), 0), 0
    for tea, cup in cut:
        now = {"shop:1/s+1": min(tea, 6 - before["shop:1/s+1"]), "shop:1/s+2": min(cup, 3 - before["shop:1/s+2"])}
        told += dict(as_sold(order, now, before)).get("s", 0)
        before = {name: before[name] + now[name] for name in before}
    assert told == whole(order.lines, before)["s"]


def test_a_bundle_of_which_a_piece_is_cancelled_will_not_come() -> None:
    """The channel cancels bundles, not components."""
    order = sold()
    assert as_sold(order, broken_up(order, {"shop:1/s+1": 1})) == (("s", 1),)
    assert as_sold(order, broken_up(order, {"shop:1/s+1": 6, "shop:1/s+2": 3, "shop:1/c": 1})) == (("s", 3), ("c", 1))
    assert as_sold(order, broken_up(order, {})) == ()


def test_a_bundle_is_named_as_it_was_bought() -> None:
    """Whoever gives one back knows no components."""
    assert pieces_of(sold(), "s", 2) == {"shop:1/s+1": 4, "shop:1/s+2": 2}
    assert pieces_of(sold(), "c", 1) == {"shop:1/c": 1}
    assert pieces_of(sold(), "none", 1) == {}


def test_a_bundle_is_not_torn_apart_by_hand() -> None:
    """Two teas belong to one cup."""
    lines = sold().lines
    require_whole(lines, [{"shop:1/s+1": 2, "shop:1/s+2": 1}, {"shop:1/s+1": 4, "shop:1/s+2": 2, "shop:1/c": 1}])
    with pytest.raises(OrderRefused, match="Cannot divide bundle 's'") as refused:
        require_whole(lines, [{"shop:1/s+1": 3, "shop:1/s+2": 1}])
    assert refused.value.code == "CANNOT_SPLIT"


@pytest.mark.parametrize("parts", [(), (Component(sku="SET"),), (Component(sku="A"), Component(sku="A"))])
def test_a_bundle_is_made_of_other_goods(parts: tuple[Component, ...]) -> None:
    """Of itself it could never be complete."""
    with pytest.raises(ValueError, match="names each of its components once"):
        Bundle(sku="SET", components=parts)
