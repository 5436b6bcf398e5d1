"""Changes in flight: named with how far the order is, taken over once, refused when they come too late."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from activities.audit_scope import begin, see_arrival
from activities.changes import accept, gather_facts
from activities.merging import join
from oms_workflow.domain.changes import MATTERS, Change
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
    assert (found.kinds, found.stage, found.merged) == (["address", "service"], "open", False)
    assert [(one.field, one.after) for one in found.fields] == [
        ("address", "CN 四川省 成都市 #other"),
        ("service", "vip"),
    ]


async def test_what_changes_before_the_audit_needs_none_of_its_own(bench: Bench) -> None:
    """The audit to come sees the order as it is then: looked at once, not twice."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    told = await change(bench, order, **ELSEWHERE)
    before = (await bench.run(gather_facts, order_id=order.id, changes=told["changes"])).change
    assert (before.audited, before.needs_audit) == (False, False)
    await bench.run(begin, order_id=order.id)
    after = (await bench.run(gather_facts, order_id=order.id, changes=told["changes"])).change
    assert (after.audited, after.needs_audit) == (True, True)


async def test_a_second_audit_looks_at_what_was_taken_over_since_the_first(bench: Bench) -> None:
    """Everything at first; after a change of address nobody is asked about the amount again."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    first = await bench.twice(begin, order_id=order.id)
    assert (first.first, first.matters) == (True, list(MATTERS))
    told = await change(bench, order, **ELSEWHERE)
    await bench.run(accept, order_id=order.id, revision=told["revision"])
    again = await bench.run(begin, order_id=order.id)
    assert (again.first, again.matters) == (False, ["risk", "contact", "address", "blocklist", "velocity"])


async def test_a_field_past_its_time_is_named(bench: Bench) -> None:
    """The table refuses it with its reason, and staff can tell the buyer which one it was."""
    await bench.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 1))
    (fulfilment,) = await bench.ready(order)
    await bench.request(fulfilment.id, RequestStatus.SUBMITTED)
    found = (await bench.run(gather_facts, order_id=order.id, changes=int(Change.ADDRESS | Change.PRICE))).change
    assert (found.too_late, found.stage) == (["address"], "at_warehouse")


async def test_how_an_order_came_in_is_seen_with_its_payment(bench: Bench) -> None:
    """Whoever has not paid is asked at once; the table needs to know."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    seen = (await bench.twice(see_arrival, order_id=order.id)).arrival
    assert (seen.channel, seen.paid, seen.audited, seen.placed_at) == ("shop", False, False, order.placed_at)
    await bench.pay(order.id)
    assert (await bench.run(see_arrival, order_id=order.id)).arrival.paid


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
