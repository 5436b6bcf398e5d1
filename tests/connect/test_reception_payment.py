"""What payment providers tell reaches our ledger once: twice told, late, for orders unknown, with wrong amounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import Transaction, TransactionKind, TransactionStatus
from oms_workflow.domain.ports.payment_provider import PaymentProvider
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.errors import OrderRefused
from tests.domain.orders_for_tests import an_order, cny

from .conftest import OpenDesk
from .front_desk import FrontDesk
from .outside import DAY, MORNING

AUTHORISE, CAPTURE, REFUND = TransactionKind.AUTHORISE, TransactionKind.CAPTURE, TransactionKind.REFUND


async def an_unpaid_order(desk: FrontDesk) -> str:
    """Let an order of 30 yuan come in."""
    return (await desk.shop.take_in(an_order(("tea", "tea", 3)))).order_id


async def asked(desk: FrontDesk, amount: str = "30.00") -> Transaction:
    """Begin an authorisation, as the shop does before it asks the provider."""
    begun: Transaction = await desk.shop.call(
        PaymentLedger,
        "begin_authorise",
        "shop:1",
        cny(amount),
        provider="world-pay",
        key=desk.shop.key(),
        at=MORNING,
    )
    return begun


async def ledger(desk: FrontDesk) -> list[tuple[str, str, str]]:
    """Give kind, status and amount of every transaction."""
    rows = await desk.shop.call(PaymentLedger, "ledger", "shop:1")
    return [(one.kind.value, one.status.value, str(one.amount.amount)) for one in rows]


def news(transaction: str = "", reference: str = "pay_1", amount: str = "30.00", **more: Any) -> dict[str, Any]:
    return {
        "event": f"evt-{reference}",
        "occurred_at": MORNING.isoformat(),
        "provider": "world-pay",
        "order": "shop:1",
        "reference": reference,
        "transaction": transaction,
        "amount": amount,
        "currency": "CNY",
        "code": "",
    } | more


async def test_a_buyer_pays_what_the_shop_asked_for(open_desk: OpenDesk) -> None:
    """Asked, promised, taken: every step once in the ledger although each webhook comes twice."""
    desk = await open_desk({"payment": {"webhooks": {"copies": 2}, "capture": {"answer": "pending"}}})
    await an_unpaid_order(desk)
    assert desk.outside is not None
    begun = await asked(desk)
    await desk.outside.pay(AUTHORISE, "30.00", key=begun.id)
    await desk.catch_up()
    assert desk.of("payment.authorised") == [{"order_id": "shop:1", "transaction_id": begun.id}]

    (capture,) = await desk.shop.call(PaymentLedger, "begin_capture", "shop:1", None, key="c", at=MORNING + DAY)
    promised = {one.id: one for one in await desk.shop.call(PaymentLedger, "ledger", "shop:1")}[begun.id]
    await desk.outside.pay(CAPTURE, "30.00", parent=promised.provider_ref, key=capture.id, at=MORNING + DAY)
    await desk.catch_up()

    assert desk.of("payment.captured") == [{"order_id": "shop:1", "transaction_id": capture.id, "paid": True}]
    assert await ledger(desk) == [("authorise", "succeeded", "30.00"), ("capture", "succeeded", "30.00")]
    assert desk.refused == []
    await desk.shop.sound()


async def test_a_payment_at_the_channel_is_observed(open_desk: OpenDesk) -> None:
    """The shop learns of money it did not ask for, in parts if need be."""
    desk = await open_desk()
    order = await an_unpaid_order(desk)
    assert desk.outside is not None
    await desk.outside.world.begin(order, MORNING, unpaid=cny("10.00"))
    await desk.catch_up()
    assert desk.of("payment.captured")[0]["paid"] is False
    rest = news(reference="pay_2", amount="20.00")
    await desk.take("payment.captured", rest)
    assert desk.of("payment.captured")[1]["paid"] is True
    await desk.shop.sound()


async def test_a_declined_card_and_the_next_one(open_desk: OpenDesk) -> None:
    """The first transaction has failed for good; the payment that follows is noted as another one."""
    desk = await open_desk({"buyer": {"pays": {"declined_first": 1}}})
    await an_unpaid_order(desk)
    assert desk.outside is not None
    begun = await asked(desk)
    await desk.outside.pay(AUTHORISE, "30.00", key=begun.id)
    await desk.catch_up()

    failed = {"order_id": "shop:1", "transaction_id": begun.id, "code": "card_declined"}
    assert desk.of("payment.failed") == [failed]
    assert [one[:2] for one in await ledger(desk)] == [("authorise", "failed"), ("authorise", "succeeded")]
    assert desk.of("payment.authorised")[0]["transaction_id"] != begun.id


async def test_a_failure_told_after_the_success_is_late(desk: FrontDesk) -> None:
    """Webhooks overtake each other; the money is there."""
    await an_unpaid_order(desk)
    begun = await asked(desk)
    await desk.take("payment.authorised", news(begun.id))
    late = await desk.take("payment.failed", news(begun.id, "pay_0", code="card_declined"))
    assert late.messages == ()
    assert "Late news" in late.remark
    assert await ledger(desk) == [("authorise", "succeeded", "30.00")]


@pytest.mark.parametrize("status", ["succeeded", "failed"])
async def test_a_refund_is_settled_once(desk: FrontDesk, status: str) -> None:
    """A refund that failed frees its amount, and only that."""
    await an_unpaid_order(desk)
    await desk.take("payment.captured", news())
    order = await desk.shop.refund("shop:1", succeeded=None, amount=cny("5.00"))
    (transaction,) = order.transactions
    told = news(transaction.id, "re_1", "5.00", status=status)
    for _ in range(2):
        await desk.take("payment.refund_settled", told)
    assert desk.of("refund.settled") == [{"transaction_id": transaction.id, "status": status}]
    totals = await desk.shop.call(PaymentLedger, "totals", "shop:1")
    assert totals.refundable == cny("25.00" if status == "succeeded" else "30.00")
    await desk.shop.sound()


async def test_what_somebody_did_at_the_provider_is_noted(desk: FrontDesk) -> None:
    """A refund by hand in the provider's own console, and one that failed there."""
    await an_unpaid_order(desk)
    await desk.take("payment.captured", news())
    await desk.take("payment.refund_settled", news("", "re_9", "4.00"))
    failed = await desk.take("payment.refund_settled", news("", "re_8", "4.00", status="failed"))
    assert failed.messages == ()
    assert (await ledger(desk))[-1] == ("refund", "succeeded", "4.00")
    assert len(desk.of("refund.settled")) == 1


async def test_a_promise_may_lapse(desk: FrontDesk) -> None:
    """The provider gives it up by itself after some days."""
    await an_unpaid_order(desk)
    await desk.take("payment.authorised", news())
    await desk.take("payment.voided", news(reference="void_1"))
    assert [one[0] for one in await ledger(desk)] == ["authorise", "void"]
    assert "payment.voided" in desk.names


async def test_a_failed_attempt_of_the_buyer_s_own_is_told_and_not_booked(desk: FrontDesk) -> None:
    """There is no transaction of ours to fail."""
    await an_unpaid_order(desk)
    await desk.take("payment.failed", news(code="insufficient_funds"))
    assert desk.of("payment.failed") == [{"order_id": "shop:1", "transaction_id": "", "code": "insufficient_funds"}]
    assert await ledger(desk) == []


@pytest.mark.parametrize(
    ("what", "body", "code"),
    [
        ("captured", news() | {"order": "shop:9"}, "UNKNOWN_ORDER"),
        ("failed", news() | {"order": "shop:9"}, "UNKNOWN_ORDER"),
        ("authorised", news("shop:1.T9"), "UNKNOWN_TRANSACTION"),
        ("captured", news(amount="0.00"), "DATA_REFUSED"),
        ("captured", news(amount="-3"), "DATA_REFUSED"),
        ("captured", news(amount="3.001"), "DATA_REFUSED"),
        ("captured", news(currency="XXX"), "DATA_REFUSED"),
        ("captured", news() | {"amount": 30.0}, "DATA_REFUSED"),
        ("captured", news() | {"reference": ""}, "DATA_REFUSED"),
    ],
)
async def test_what_cannot_be_booked_is_refused(desk: FrontDesk, what: str, body: dict[str, Any], code: str) -> None:
    """An order that is not there yet may come; an amount that is none will not."""
    await an_unpaid_order(desk)
    with pytest.raises(OrderRefused) as refused:
        await desk.take(f"payment.{what}", body)
    assert refused.value.code == code
    assert await ledger(desk) == []


@pytest.mark.parametrize(("what", "amount"), [("authorised", "29.99"), ("captured", "30.00")])
async def test_another_amount_or_kind_than_ours_is_refused(desk: FrontDesk, what: str, amount: str) -> None:
    """A transaction settled with the wrong sum would never balance again."""
    await an_unpaid_order(desk)
    begun = await asked(desk)
    with pytest.raises(OrderRefused) as refused:
        await desk.take(f"payment.{what}", news(begun.id, amount=amount))
    assert refused.value.code == "ORDER_MISMATCH"
    assert [one[1] for one in await ledger(desk)] == [TransactionStatus.PENDING.value]


async def test_a_webhook_that_precedes_its_order_is_told_again(open_desk: OpenDesk) -> None:
    """The sender tries again, and by then the order is there."""
    desk = await open_desk()
    assert desk.outside is not None
    world = desk.outside.world
    await world.begin("shop:1", MORNING, unpaid=Money.of("30.00", "CNY"))
    moment = await world.next_due()
    assert moment is not None
    await desk.catch_up(until=moment)
    assert [one.code for one in desk.refused] == ["UNKNOWN_ORDER"]

    await an_unpaid_order(desk)
    await desk.catch_up(until=moment + timedelta(minutes=1))
    assert "payment.captured" in desk.names


async def test_the_name_of_the_provider_is_the_one_our_ledger_uses(open_desk: OpenDesk) -> None:
    """Otherwise a payment told by webhook would not be known as the one we began."""
    desk = await open_desk()
    assert desk.outside is not None
    await desk.outside.pay(AUTHORISE, "30.00")
    [told] = await desk.outside.told("payment")
    assert told.body["provider"] == desk.outside.port(PaymentProvider).name


async def test_money_for_an_order_that_is_over_begins_a_process_of_its_own(desk: FrontDesk) -> None:
    """A month after an unpaid close nobody listens for the order any more; told twice, it is one payment."""
    await an_unpaid_order(desk)
    await desk.shop.cancel("shop:1")
    for _ in range(2):
        await desk.take("payment.captured", news())
    (late,) = desk.of("payment.late")
    assert late == {"order_id": "shop:1", "transaction_id": "shop:1.T2"}
    assert (await desk.shop.refund("shop:1")).amount == cny("30.00")
    await desk.take("payment.captured", news(reference="pay_2"))
    assert [one["transaction_id"] for one in desk.of("payment.late")] == ["shop:1.T2", "shop:1.T5"]
    assert (await desk.shop.refund("shop:1")).amount == cny("30.00")
    assert (await desk.shop.refund("shop:1")).amount == cny("0.00")
    await desk.shop.sound()


async def test_a_failed_attempt_for_an_order_that_is_over_begins_nothing(desk: FrontDesk) -> None:
    """There is no money to give back."""
    await an_unpaid_order(desk)
    await desk.shop.cancel("shop:1")
    await desk.take("payment.failed", news())
    assert desk.of("payment.late") == []
