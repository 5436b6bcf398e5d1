"""Getting paid and giving back: whatever is lost on the way to the provider, money moves once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from activities.cancellation import decide
from activities.payment import capture, look_up, request_payment, void
from activities.refunds import refund
from oms_workflow.domain.order import PaymentTerms
from oms_workflow.domain.ports.payment_provider import ProviderVerdict
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.errors import OrderRefused, WorldUnavailable
from tests.domain.orders_for_tests import an_order, cny

from .bench import Bench


async def unpaid(bench: Bench, **more: Any) -> str:
    order = an_order(("a", "TEA", 3, "10.00"), freight=cny("6.00"), **more)
    await bench.take_in(order)
    return order.id


async def test_how_the_money_stands_follows_from_the_ledger(bench: Bench) -> None:
    """The gateway behind it must not be told by hand what was paid."""
    name = await unpaid(bench)
    before = await bench.run(look_up, order_id=name)
    assert (before.state, before.due, before.outstanding) == ("open", Decimal("36.00"), Decimal("36.00"))
    await bench.run(request_payment, order_id=name)
    assert (await bench.run(look_up, order_id=name)).state == "promised"
    await bench.run(capture, order_id=name)
    after = await bench.twice(look_up, order_id=name)
    assert (after.state, after.outstanding, after.refundable) == ("paid", Decimal("0.00"), Decimal("36.00"))


async def test_an_order_on_delivery_need_not_be_paid_first(bench: Bench) -> None:
    """The carrier collects; waiting for the money would wait for ever."""
    name = await unpaid(bench, terms=PaymentTerms.ON_DELIVERY)
    assert (await bench.run(look_up, order_id=name)).state == "on_delivery"


async def test_asking_twice_asks_for_one_promise(bench: Bench) -> None:
    """Two promises would block the buyer's money twice."""
    name = await unpaid(bench)
    key = bench.key()
    first = await bench.run(request_payment, key=key, order_id=name)
    assert await bench.run(request_payment, key=key, order_id=name) == first
    assert first.state == "promised"
    await bench.run(request_payment, key=key, forgetful=True, order_id=name)
    assert len(bench.outside.provider.requests) == 1


async def test_a_lost_answer_is_asked_for_again_under_the_same_key(bench: Bench) -> None:
    """The provider acted although nobody heard it: the second attempt must find that, not act again."""
    name = await unpaid(bench)
    bench.outside.provider.effects.lose_answers = 1
    with pytest.raises(WorldUnavailable):
        await bench.run(request_payment, key="one", order_id=name)
    answer = await bench.run(request_payment, key="one", order_id=name)
    assert answer.state == "promised"
    assert bench.outside.provider.effects.keys("authorise") == [answer.transaction_id]
    assert len(bench.outside.provider.requests) == 1


async def test_a_pending_promise_is_waited_for(bench: Bench) -> None:
    """The buyer has to act; the answer comes as a message."""
    name = await unpaid(bench)
    bench.outside.provider.verdict = ProviderVerdict.PENDING
    assert (await bench.twice(request_payment, order_id=name)).state == "pending"


async def test_a_declined_promise_is_a_business_error_and_can_be_asked_anew(bench: Bench) -> None:
    """The diagram lets the buyer try another card."""
    name = await unpaid(bench)
    bench.outside.provider.verdict = ProviderVerdict.DECLINED
    with pytest.raises(OrderRefused, match="insufficient_funds") as refused:
        await bench.run(request_payment, order_id=name)
    assert refused.value.code == "PAYMENT_DECLINED"
    bench.outside.provider.verdict = ProviderVerdict.SUCCEEDED
    assert (await bench.run(request_payment, order_id=name)).state == "promised"


async def test_nothing_to_pay_asks_nobody(bench: Bench) -> None:
    """An order that costs nothing, or is promised, needs no provider."""
    name = await unpaid(bench)
    await bench.run(request_payment, order_id=name)
    assert (await bench.run(request_payment, order_id=name)).transaction_id == ""
    assert len(bench.outside.provider.requests) == 1


async def test_capturing_twice_takes_once(bench: Bench) -> None:
    """A buyer charged twice does not come back."""
    name = await unpaid(bench)
    await bench.run(request_payment, order_id=name)
    answer = await bench.twice(capture, order_id=name)
    assert (answer.paid, answer.outstanding, answer.pending) == (True, Decimal("0.00"), [])
    assert [one.amount for one in bench.outside.provider.requests] == [cny("36.00"), cny("36.00")]
    assert bench.outside.provider.requests[1].parent_ref.startswith("authorise")


async def test_a_capture_whose_answer_comes_later_is_named(bench: Bench) -> None:
    """The process waits for exactly this transaction."""
    name = await unpaid(bench)
    await bench.run(request_payment, order_id=name)
    bench.outside.provider.verdict = ProviderVerdict.PENDING
    answer = await bench.run(capture, order_id=name)
    assert not answer.paid
    assert len(answer.pending) == 1


async def test_with_nothing_due_nothing_is_taken(bench: Bench) -> None:
    """Paid is paid."""
    name = await unpaid(bench)
    await bench.pay(name)
    assert (await bench.twice(capture, order_id=name)).paid
    assert bench.outside.provider.requests == []


async def test_a_promise_is_given_up_once(bench: Bench) -> None:
    """The buyer's money is free again, and nothing else happens."""
    name = await unpaid(bench)
    await bench.run(request_payment, order_id=name)
    assert (await bench.twice(void, order_id=name)).transactions == 1
    assert bench.outside.provider.effects.keys("void") == [f"{name}.T2"]
    assert (await bench.run(void, order_id=name)).transactions == 0


async def test_a_cancelled_order_is_refunded_whole_and_once(bench: Bench) -> None:
    """Freight included: nothing was ever sent."""
    name = await unpaid(bench)
    await bench.pay(name)
    await bench.run(decide, order_id=name, reason="changed_mind")
    answer = await bench.twice(refund, order_id=name, reason="cancelled")
    assert (answer.amount, answer.currency, answer.pending) == (Decimal("36.00"), "CNY", [])
    assert len(bench.outside.provider.requests) == 1
    assert (await bench.run(refund, order_id=name, reason="cancelled")).amount == 0


async def test_nobody_entitled_means_nothing_refunded(bench: Bench) -> None:
    """Asking for a refund is not being entitled to one."""
    name = await unpaid(bench)
    await bench.pay(name)
    answer = await bench.twice(refund, order_id=name, reason="asked")
    assert (answer.amount, answer.transactions) == (Decimal("0.00"), [])


async def test_a_refund_survives_a_lost_answer(bench: Bench) -> None:
    """Money is sent back once, however often the wire breaks."""
    name = await unpaid(bench)
    await bench.pay(name)
    await bench.run(decide, order_id=name, reason="changed_mind")
    bench.outside.provider.effects.lose_answers = 2
    for _ in range(2):
        with pytest.raises(WorldUnavailable):
            await bench.run(refund, key="one", order_id=name, reason="cancelled")
    await bench.run(refund, key="one", order_id=name, reason="cancelled")
    assert len(bench.outside.provider.requests) == 1
    totals = await bench.call(PaymentLedger, "totals", name)
    assert totals.refunded == cny("36.00")


async def test_a_sum_without_pieces_is_paid_from_what_was_taken(bench: Bench) -> None:
    """Price protection and goodwill name an amount, not goods."""
    name = await unpaid(bench)
    await bench.pay(name)
    assert (await bench.twice(refund, order_id=name, amount="5.00", reason="price_protection")).amount == 5


async def test_a_refund_the_provider_declines_is_a_business_error(bench: Bench) -> None:
    """Finance has to look; trying for ever helps nobody."""
    name = await unpaid(bench)
    await bench.pay(name)
    await bench.run(decide, order_id=name, reason="changed_mind")
    bench.outside.provider.verdict = ProviderVerdict.DECLINED
    with pytest.raises(OrderRefused) as refused:
        await bench.run(refund, order_id=name, reason="cancelled")
    assert refused.value.code == "PAYMENT_DECLINED"
    bench.outside.provider.verdict = ProviderVerdict.SUCCEEDED
    assert (await bench.run(refund, order_id=name, reason="cancelled")).amount == 36


async def test_while_an_answer_is_to_come_nobody_asks_for_a_second_promise(bench: Bench) -> None:
    """Another node asks; the provider is asked about the first request, and its answer stands."""
    name = await unpaid(bench)
    bench.outside.provider.verdict = ProviderVerdict.PENDING
    first = await bench.run(request_payment, order_id=name)
    assert await bench.run(request_payment, order_id=name) == first
    assert len(bench.outside.provider.requests) == 1


async def test_a_capture_under_way_is_named_by_every_call(bench: Bench) -> None:
    """Otherwise the second node would find nothing to wait for."""
    name = await unpaid(bench)
    await bench.run(request_payment, order_id=name)
    bench.outside.provider.verdict = ProviderVerdict.PENDING
    first = await bench.run(capture, order_id=name)
    assert (await bench.run(capture, order_id=name)).pending == first.pending
