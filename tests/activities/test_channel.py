"""News to the channels: every order hears of its own sub-orders, each piece of news once."""

from __future__ import annotations

import pytest

from activities.cancellation import decide
from activities.channel import tell_cancelled, tell_refunded, tell_shipped
from activities.merging import join
from activities.refunds import refund
from oms_workflow.domain.bundle import Bundle, Component
from oms_workflow.domain.ports.bundles import Bundles
from oms_workflow.errors import WorldUnavailable
from tests.domain.orders_for_tests import an_order, cny

from .bench import Bench


async def test_each_source_order_of_a_parcel_gets_its_own_news(bench: Bench) -> None:
    """After a merge the second buyer's shop would otherwise never learn its tracking number."""
    await bench.warehouse("HZ", {"TEA": 9})
    orders = [an_order((f"{number}", "TEA", number), number=str(number)) for number in (1, 2)]
    for order in orders:
        await bench.take_in(order)
        await bench.pay(order.id)
    await bench.run(join, order_id=orders[0].id)
    await bench.reserve(orders[0].id)
    await bench.allocate(orders[0].id)
    (fulfilment,) = await bench.plan(orders[0].id)
    await bench.ship(fulfilment)
    assert (await bench.twice(tell_shipped, fulfilment_id=fulfilment.id)).news == 2
    told = bench.outside.channels.told
    assert [(one.order_id, one.pieces) for one in told] == [("shop:1", (("1", 1),)), ("shop:2", (("2", 2),))]
    assert len({one.tracking_number for one in told}) == 1


async def test_nothing_is_told_before_the_hand_over(bench: Bench) -> None:
    """A number that does not move yet makes buyers ask."""
    await bench.warehouse("HZ", {"TEA": 9})
    (fulfilment,) = await bench.ready(an_order(("a", "TEA", 1)))
    await bench.packed(fulfilment)
    assert (await bench.run(tell_shipped, fulfilment_id=fulfilment.id)).news == 0


async def test_a_silent_channel_is_told_again_under_the_same_key(bench: Bench) -> None:
    """The news that got through before is not sent twice."""
    await bench.warehouse("HZ", {"TEA": 9})
    (fulfilment,) = await bench.ready(an_order(("a", "TEA", 1)))
    await bench.ship(fulfilment)
    bench.outside.channels.effects.lose_answers = 1
    with pytest.raises(WorldUnavailable):
        await bench.run(tell_shipped, fulfilment_id=fulfilment.id)
    await bench.run(tell_shipped, fulfilment_id=fulfilment.id)
    assert len(bench.outside.channels.told) == 1


async def test_cancelled_sub_orders_are_told(bench: Bench) -> None:
    """The channel may sell the goods again."""
    order = an_order(("a", "TEA", 2))
    await bench.take_in(order)
    assert (await bench.twice(tell_cancelled, order_id=order.id, reason="changed_mind")).news == 0
    await bench.run(decide, order_id=order.id, reason="changed_mind")
    assert (await bench.twice(tell_cancelled, order_id=order.id, reason="changed_mind")).news == 1
    (news,) = bench.outside.channels.told
    assert (news.pieces, news.reason) == ((("a", 2),), "changed_mind")


async def test_refunds_that_went_out_are_told_once(bench: Bench) -> None:
    """A refund that is under way is no news yet."""
    order = an_order(("a", "TEA", 2))
    await bench.take_in(order)
    await bench.pay(order.id)
    assert (await bench.run(tell_refunded, order_id=order.id)).news == 0
    await bench.run(decide, order_id=order.id, reason="changed_mind")
    await bench.run(refund, order_id=order.id, reason="cancelled")
    assert (await bench.twice(tell_refunded, order_id=order.id)).news == 1
    await bench.run(tell_refunded, order_id=order.id)
    assert [news.amount for news in bench.outside.channels.told] == [cny("20.00")]


async def test_a_bundle_is_told_as_the_bundle(bench: Bench) -> None:
    """The channel sold a set and knows nothing of its components."""
    await bench.warehouse("HZ", {"TEA": 9, "CUP": 9})
    parts = (Component(sku="TEA", quantity=2), Component(sku="CUP"))
    await bench.call(Bundles, "save", Bundle(sku="SET", components=parts))
    (fulfilment,) = await bench.ready(an_order(("a", "SET", 2), ("b", "CUP", 1)))
    await bench.ship(fulfilment, {"shop:1/a+1": 4, "shop:1/a+2": 1, "shop:1/b": 1})
    await bench.run(tell_shipped, fulfilment_id=fulfilment.id)
    await bench.ship(fulfilment, {"shop:1/a+2": 1})
    await bench.run(tell_shipped, fulfilment_id=fulfilment.id)
    assert [one.pieces for one in bench.outside.channels.told] == [(("a", 1), ("b", 1)), (("a", 1),)]


async def test_a_cancelled_bundle_is_told_as_the_bundle(bench: Bench) -> None:
    """The channel cannot cancel a component."""
    await bench.call(Bundles, "save", Bundle(sku="SET", components=(Component(sku="TEA"), Component(sku="CUP"))))
    order = an_order(("a", "SET", 2))
    await bench.take_in(order)
    await bench.run(decide, order_id=order.id, reason="changed_mind")
    await bench.run(tell_cancelled, order_id=order.id, reason="changed_mind")
    assert [one.pieces for one in bench.outside.channels.told] == [(("a", 2),)]
