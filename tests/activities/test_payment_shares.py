"""Taking promised money as goods leave: whatever is lost on the way to the provider, each share is taken once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from activities.payment import capture, look_up, request_payment, void
from activities.payment_shares import capture_share
from oms_workflow.domain.fulfilment import FulfilmentOrder, SplitReason
from oms_workflow.domain.merge import MergeWindow
from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.payment_provider import ProviderVerdict
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.errors import WorldUnavailable
from tests.domain.orders_for_tests import NOON, an_order, cny

from .bench import Bench

NAME = "shop:1"


async def promised(bench: Bench, number: str = "1", pieces: int = 3, **more: Any) -> str:
    """An order the buyer's bank promised in full."""
    order = an_order((f"a{number}", "TEA", pieces, "10.00"), number=number, freight=cny("1.00"), **more)
    await bench.take_in(order)
    await bench.run(request_payment, order_id=order.id)
    return order.id


async def in_two_parcels(bench: Bench) -> list[FulfilmentOrder]:
    """One piece and two, planned and promised, and nothing taken."""
    await bench.warehouse("HZ", {"TEA": 9})
    await promised(bench, per_shipment=True)
    assert (await bench.run(capture, order_id=NAME)).paid
    await bench.reserve(NAME)
    await bench.allocate(NAME)
    (whole,) = await bench.plan(NAME)
    parts = [{f"{NAME}/a1": 1}, {f"{NAME}/a1": 2}]
    about: Any = {"reason": SplitReason.MANUAL, "key": bench.key(), "at": NOON}
    return list(await bench.call(Fulfilments, "divide", whole.id, parts, **about))


async def taken(bench: Bench, order_id: str = NAME) -> list[Decimal]:
    """What the ledger says was taken or is about to be."""
    ledger = await bench.call(PaymentLedger, "ledger", order_id)
    return [one.amount.amount for one in ledger if one.kind is TransactionKind.CAPTURE and one.counts]


async def test_each_shipment_takes_its_share_and_the_last_one_the_rest(bench: Bench) -> None:
    """31 yuan for three pieces: 10.33 for the first, 20.67 for the other two."""
    first, second = await in_two_parcels(bench)
    assert (await bench.twice(capture_share, fulfilment_id=first.id)).amount == 0
    await bench.ship(first)
    answer = await bench.twice(capture_share, fulfilment_id=first.id)
    assert (answer.state, answer.amount, answer.currency) == ("taken", Decimal("10.33"), "CNY")
    assert (await bench.run(look_up, order_id=NAME)).outstanding == Decimal("20.67")
    await bench.ship(second)
    assert (await bench.twice(capture_share, fulfilment_id=second.id)).amount == Decimal("20.67")
    assert (await bench.run(look_up, order_id=NAME)).state == "paid"
    assert (await bench.run(void, order_id=NAME, everything=False)).transactions == 0
    reasons = {one.reason for one in await bench.call(PaymentLedger, "ledger", NAME) if one.kind == "capture"}
    assert reasons == {first.id, second.id}


async def test_a_promise_is_no_payment_where_money_is_taken_at_once(bench: Bench) -> None:
    """Its share is not asked for: it is taken in full, before anything leaves."""
    await bench.warehouse("HZ", {"TEA": 9})
    (one,) = await bench.ready(an_order(("a", "TEA", 2, "10.00")))
    await bench.ship(one)
    assert (await bench.twice(capture_share, fulfilment_id=one.id)).state == "taken"
    assert bench.outside.provider.requests == []


async def test_a_kill_between_question_and_answer_takes_nothing_twice(bench: Bench) -> None:
    """The provider took it and nobody heard: the same key finds that, and another step finds it under way."""
    first, _ = await in_two_parcels(bench)
    await bench.ship(first)
    bench.outside.provider.effects.lose_answers = 1
    with pytest.raises(WorldUnavailable):
        await bench.run(capture_share, key="one", fulfilment_id=first.id)
    assert (await bench.run(capture_share, key="other", fulfilment_id=first.id)).state == "pending"
    answer = await bench.run(capture_share, key="one", fulfilment_id=first.id)
    assert (answer.state, answer.amount) == ("taken", Decimal("10.33"))
    assert len(bench.outside.provider.effects.keys("capture")) == 1
    assert await taken(bench) == [Decimal("10.33")]


async def test_a_share_under_way_is_waited_for(bench: Bench) -> None:
    """The provider answers later; asking again begins nothing new."""
    first, _ = await in_two_parcels(bench)
    await bench.ship(first)
    bench.outside.provider.verdict = ProviderVerdict.PENDING
    assert (await bench.twice(capture_share, fulfilment_id=first.id)).state == "pending"
    assert (await bench.run(capture_share, fulfilment_id=first.id)).state == "pending"
    assert await taken(bench) == [Decimal("10.33")]


async def test_a_declined_share_is_asked_for_again_by_the_next_step(bench: Bench) -> None:
    """Goods are gone already: somebody has to look, and trying again takes it."""
    first, second = await in_two_parcels(bench)
    await bench.ship(first)
    bench.outside.provider.verdict = ProviderVerdict.DECLINED
    answer = await bench.twice(capture_share, fulfilment_id=first.id)
    assert (answer.state, answer.declined, answer.amount) == ("declined", [NAME], 0)
    bench.outside.provider.verdict = ProviderVerdict.SUCCEEDED
    await bench.ship(second)
    assert (await bench.run(capture_share, fulfilment_id=second.id)).amount == Decimal("31.00")
    assert (await bench.run(capture_share, fulfilment_id=first.id)).amount == 0


async def test_a_promise_that_lapsed_is_named_and_not_overdrawn(bench: Bench) -> None:
    """The bank forgot it after the goods had left: nothing is taken, and the order is named."""
    first, _ = await in_two_parcels(bench)
    await bench.ship(first)
    await bench.run(void, order_id=NAME, reason="lapsed")
    answer = await bench.twice(capture_share, fulfilment_id=first.id)
    assert (answer.state, answer.declined) == ("declined", [NAME])
    assert await taken(bench) == []


async def test_a_parcel_of_merged_orders_takes_the_share_of_each(bench: Bench) -> None:
    """Each order pays for its own goods, and one whose money was taken at once pays nothing more."""
    await bench.warehouse("HZ", {"TEA": 9})
    names = [await promised(bench, "1", 1, per_shipment=True), await promised(bench, "2", 2, per_shipment=True)]
    paid = an_order(("a3", "TEA", 1, "10.00"), number="3")
    await bench.take_in(paid)
    await bench.pay(paid.id)
    merge = await bench.call(Merges, "merge", [*names, paid.id], MergeWindow(), key=bench.key(), at=NOON)
    await bench.reserve(merge.leader)
    await bench.allocate(merge.leader)
    (one,) = await bench.plan(merge.leader)
    await bench.ship(one)
    answer = await bench.twice(capture_share, fulfilment_id=one.id)
    assert (answer.state, answer.amount) == ("taken", Decimal("32.00"))
    assert [await taken(bench, name) for name in names] == [[Decimal("11.00")], [Decimal("21.00")]]
