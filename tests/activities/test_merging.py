"""Merging: looked for without effect, joined once, undone once, and every order knows who leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from activities.allocation import reserve
from activities.cancellation import decide
from activities.channel import tell_shipped
from activities.merging import join, propose, standing, undo
from activities.shipping.carrying import hand_over
from activities.shipping.tracking import check_parcels
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.status import OrderStatus
from tests.domain.orders_for_tests import NOON, an_order

from .bench import Bench


async def three_orders(bench: Bench) -> list[str]:
    names = []
    for number in (1, 2, 3):
        order = an_order((f"{number}", "TEA", 1), number=str(number), placed_at=NOON + timedelta(minutes=number))
        await bench.take_in(order)
        await bench.pay(order.id)
        names.append(order.id)
    return names


async def test_the_first_order_leads_and_the_later_ones_follow(bench: Bench) -> None:
    """Two orders that both believed to lead would never meet."""
    first, second, third = await three_orders(bench)
    led = await bench.twice(propose, order_id=first)
    assert (led.role, led.partners) == ("leader", [second, third])
    assert led.wait_until == NOON + timedelta(hours=2, minutes=1)
    follows = await bench.twice(propose, order_id=third)
    assert (follows.role, follows.leader) == ("follower", first)


async def test_an_order_that_cannot_be_merged_goes_alone_with_the_reason(bench: Bench) -> None:
    """Nobody waits for a window that can bring nothing."""
    order = an_order(("a", "TEA", 1), sealed=True)
    await bench.take_in(order)
    answer = await bench.twice(propose, order_id=order.id)
    assert (answer.role, answer.wait_until) == ("alone", None)
    assert answer.hindrances == ["sealed", "not_paid"]


async def test_joining_twice_makes_one_merge(bench: Bench) -> None:
    """A second merge would split the write-back of the followers."""
    first, second, third = await three_orders(bench)
    joined = await bench.twice(join, order_id=first)
    assert joined.followers == [second, third]
    assert len(await bench.call(Merges, "of_order", first)) == 1


async def test_with_nobody_to_merge_with_nothing_is_joined(bench: Bench) -> None:
    """The window passed and the order goes alone."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    await bench.pay(order.id)
    assert (await bench.twice(join, order_id=order.id)).merge_id == ""


async def test_everybody_knows_who_leads(bench: Bench) -> None:
    """A follower whose message was lost finds out by looking."""
    first, second, third = await three_orders(bench)
    assert (await bench.run(standing, order_id=second)).role == "alone"
    merge = (await bench.run(join, order_id=first)).merge_id
    seen = await bench.run(standing, order_id=second)
    assert (seen.role, seen.leader, seen.followers, seen.merge_id) == ("follower", first, [third], merge)
    assert (await bench.run(standing, order_id=first)).role == "leader"


async def test_undoing_frees_the_followers_and_names_them_each_time(bench: Bench) -> None:
    """Their processes have to be told, also when the first attempt died before it could tell."""
    first, second, third = await three_orders(bench)
    merge = (await bench.run(join, order_id=first)).merge_id
    assert (await bench.twice(undo, order_id=first, merge_id=merge)).others == [second, third]
    assert (await bench.run(standing, order_id=third)).role == "alone"


async def test_a_cancellation_that_ended_the_merge_still_names_the_followers(bench: Bench) -> None:
    """The leader's cancellation frees them in the database; only this step tells their processes."""
    first, second, third = await three_orders(bench)
    merge = (await bench.run(join, order_id=first)).merge_id
    await bench.run(decide, order_id=first, reason="changed_mind")
    assert (await bench.run(undo, order_id=first, merge_id=merge)).others == [second, third]


async def test_only_the_leader_undoes(bench: Bench) -> None:
    """A follower that is cancelled leaves; the others still go together."""
    first, second, _ = await three_orders(bench)
    merge = (await bench.run(join, order_id=first)).merge_id
    assert (await bench.run(undo, order_id=second, merge_id=merge)).others == []
    assert (await bench.run(undo, order_id=first, merge_id="")).others == []
    assert (await bench.run(standing, order_id=first)).role == "leader"


async def test_a_parcel_with_goods_of_followers_only_is_seen_by_every_step(bench: Bench) -> None:
    """The leader's process sends it, and none of its pieces is the leader's."""
    orders = [an_order((sku, sku, 1), number=str(number)) for number, sku in ((1, "TEA"), (2, "CUP"))]
    await bench.warehouse("HZ", {"TEA": 1})
    for order in orders:
        await bench.take_in(replace(order, customer_ref=await bench.somebody(order)))
        await bench.pay(order.id)
    leader = orders[0].id
    await bench.run(join, order_id=leader)
    await bench.run(reserve, order_id=leader)
    await bench.allocate(leader)
    await bench.ship(*(await bench.plan(leader)))
    await bench.receive("CUP", "HZ", 1)
    await bench.run(reserve, order_id=leader)
    await bench.allocate(leader)
    (late,) = await bench.plan(leader)
    assert late.order_id == leader
    await bench.packed(late)

    assert (await bench.twice(hand_over, fulfilment_id=late.id)).parcels == 1
    assert (await bench.run(check_parcels, fulfilment_id=late.id, dealt_with=[])).open == 1
    assert (await bench.run(tell_shipped, fulfilment_id=late.id)).news == 1
    assert (await bench.view(orders[1].id)).status is OrderStatus.SHIPPED
