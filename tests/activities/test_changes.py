"""Changes in flight: named with how far the order is, taken over once, refused when they come too late."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from activities.changes import accept, gather_facts
from activities.merging import join
from oms_workflow.domain.fulfilment import RequestStatus
from oms_workflow.domain.order import Destination, Order
from oms_workflow.domain.service_level import ServiceLevel
from tests.domain.orders_for_tests import an_order, cny

from .bench import Bench

ELSEWHERE = {"address_digest": "other", "destination": Destination(country="CN", region="四川省", city="成都市")}


async def change(bench: Bench, order: Order, **news: Any) -> dict[str, Any]:
    """Let the channel send the order again; gives the message's fields."""
    taken = await bench.take_in(replace(order, channel_version=order.channel_version + 1, **news))
    return {"revision": taken.revision, "changes": int(taken.changes)}


async def test_what_changed_is_named(bench: Bench) -> None:
    """The table asks for 'address', not for bit 2."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    told = await change(bench, order, service_level=ServiceLevel.VIP, **ELSEWHERE)
    found = (await bench.twice(gather_facts, order_id=order.id, changes=told["changes"])).change
    assert (found.kinds, found.needs_audit, found.stage, found.merged) == (["address", "service"], True, "open", False)


async def test_the_stage_says_what_is_still_possible(bench: Bench) -> None:
    """An address can be changed on paper, hardly on a parcel."""
    await bench.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 1))
    (fulfilment,) = await bench.ready(order)
    await bench.request(fulfilment.id, RequestStatus.SUBMITTED)
    assert (await bench.run(gather_facts, order_id=order.id, changes=2)).change.stage == "at_warehouse"
    await bench.request(fulfilment.id, RequestStatus.ACCEPTED)
    await bench.ship(fulfilment)
    assert (await bench.run(gather_facts, order_id=order.id, changes=2)).change.stage == "shipped"
    cancelled = an_order(("b", "TEA", 1), number="2")
    await bench.take_in(cancelled)
    await bench.cancel(cancelled.id)
    assert (await bench.run(gather_facts, order_id=cancelled.id, changes=2)).change.stage == "over"


async def test_a_merged_order_is_told_apart(bench: Bench) -> None:
    """Its parcel is not its own."""
    orders = [an_order((str(number), "TEA", 1), number=str(number)) for number in (1, 2)]
    for order in orders:
        await bench.take_in(order)
        await bench.pay(order.id)
    await bench.run(join, order_id=orders[0].id)
    for order in orders:
        assert (await bench.run(gather_facts, order_id=order.id, changes=2)).change.merged


async def test_a_change_is_taken_over_once(bench: Bench) -> None:
    """The order is what was decided, whatever is retried."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    told = await change(bench, order, service_level=ServiceLevel.VIP, **ELSEWHERE)
    answer = await bench.twice(accept, order_id=order.id, revision=told["revision"])
    assert (answer.service_level, answer.priority) == ("vip", 1)
    assert (await bench.view(order.id)).order.destination.region == "四川省"


async def test_a_cheaper_price_is_taken_over_before_anything_is_planned(bench: Bench) -> None:
    """The buyer got a voucher after ordering."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    told = await change(bench, order, adjustment=cny("-2.00"))
    await bench.run(accept, order_id=order.id, revision=told["revision"])
    assert (await bench.view(order.id)).money.due == cny("8.00")
