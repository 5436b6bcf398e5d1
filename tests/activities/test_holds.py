"""Holds: each finding stops the order once, and lifting or rejecting is done once as well."""

from __future__ import annotations

from activities.holds import lift_holds, look_at_hold, place_holds, reject_holds
from oms_workflow.domain.ports.holds import Holds
from tests.domain.orders_for_tests import an_order

from .bench import Bench

FRAUD = {"kind": "fraud", "reason": "risk score 80"}
REMARK = {"kind": "remark", "reason": "the buyer asks for an invoice"}


async def an_order_on_hold(bench: Bench) -> str:
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    await bench.run(place_holds, order_id=order.id, findings=[FRAUD, REMARK])
    return order.id


async def test_each_finding_becomes_one_hold(bench: Bench) -> None:
    """Asking twice must not leave a second hold that nobody lifts."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    answer = await bench.twice(place_holds, order_id=order.id, findings=[FRAUD, REMARK])
    assert answer.holds == ["fraud", "remark"]
    assert answer.resolvers == ["risk", "customer-service"]
    assert len(await bench.call(Holds, "of_order", order.id)) == 2


async def test_a_hold_is_looked_at_with_what_sets_its_clock(bench: Bench) -> None:
    """A clock for a hold that was lifted meanwhile would call people for nothing."""
    name = await an_order_on_hold(bench)
    placed = (await bench.run(place_holds, order_id=name, findings=[FRAUD])).touched
    seen = (await bench.run(look_at_hold, hold_id=placed[0])).hold
    assert (seen.kind.value, seen.role, seen.limit, seen.stands, seen.by_hand) == ("fraud", "risk", "PT4H", True, False)
    lifted = await bench.run(lift_holds, order_id=name, kinds=["fraud"], by="risk")
    assert lifted.touched == placed
    assert not (await bench.run(look_at_hold, hold_id=placed[0])).hold.stands


async def test_without_findings_nothing_is_held(bench: Bench) -> None:
    """A table that finds nothing lets the order go on."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    assert (await bench.twice(place_holds, order_id=order.id, findings=[])).holds == []


async def test_only_the_named_kinds_are_lifted(bench: Bench) -> None:
    """Who resolves a remark has not resolved the fraud."""
    name = await an_order_on_hold(bench)
    assert (await bench.twice(lift_holds, order_id=name, kinds=["remark"], by="customer-service")).holds == ["fraud"]


async def test_lifting_everything_twice_is_lifting_it_once(bench: Bench) -> None:
    """The order goes on, and nobody is told that a hold could not be lifted."""
    name = await an_order_on_hold(bench)
    assert (await bench.twice(lift_holds, order_id=name)).holds == []
    assert (await bench.run(lift_holds, order_id=name)).holds == []


async def test_a_rejected_hold_blocks_until_it_is_lifted(bench: Bench) -> None:
    """The audit's no must outlast a retry, and a second look may still lift it."""
    name = await an_order_on_hold(bench)
    assert (await bench.twice(reject_holds, order_id=name)).holds == ["fraud", "remark"]
    assert {hold.status.value for hold in await bench.call(Holds, "of_order", name)} == {"rejected"}
    assert (await bench.run(lift_holds, order_id=name)).holds == []


async def test_an_order_without_holds_stays_as_it_is(bench: Bench) -> None:
    """There is nothing to lift or reject, and that is no error."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    assert (await bench.run(lift_holds, order_id=order.id)).holds == []
    assert (await bench.run(reject_holds, order_id=order.id)).holds == []
