"""The payment stories: paid at once, late, twice told, declined, never; and a provider that keeps its limits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oms_workflow.connect.world.callbacks import Callback
from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.ports.payment_provider import PaymentProvider, ProviderVerdict
from oms_workflow.errors import OrderRefused
from tests.domain.orders_for_tests import an_order

from .conftest import OpenWorld
from .outside import DAY, HOUR, MORNING, Outside

AUTHORISE, CAPTURE = TransactionKind.AUTHORISE, TransactionKind.CAPTURE
REFUND, VOID = TransactionKind.REFUND, TransactionKind.VOID
SUCCEEDED, PENDING, DECLINED = ProviderVerdict.SUCCEEDED, ProviderVerdict.PENDING, ProviderVerdict.DECLINED


def after(callback: Callback) -> timedelta:
    """Give the time from the morning to a callback."""
    return callback.due_at - MORNING


async def paid(outside: Outside, amount: str = "100.00") -> str:
    """Let an order be paid in full, and give the provider's reference of the capture."""
    promised = await outside.pay(AUTHORISE, amount)
    return (await outside.pay(CAPTURE, amount, parent=promised.provider_ref, at=MORNING + DAY)).provider_ref


async def test_a_buyer_pays_within_minutes(open_world: OpenWorld) -> None:
    """Unless a script says otherwise, everything works, and takes the time it takes."""
    outside = await open_world()
    answer = await outside.pay(AUTHORISE, "100.00", key="T1")
    [told] = await outside.told()

    assert answer.verdict is PENDING
    assert told.kind == "payment.authorised"
    assert timedelta(seconds=20) < after(told) < timedelta(minutes=12)
    expected = {"transaction": "T1", "reference": answer.provider_ref, "amount": "100.00", "currency": "CNY"}
    assert expected.items() <= told.body.items()


async def test_a_payment_at_the_channel_is_told_without_being_asked_for(open_world: OpenWorld) -> None:
    """Most orders of a marketplace are paid there; the shop only hears of it."""
    outside = await open_world()
    await outside.begin(unpaid="88.00")
    [told] = await outside.told()

    assert (told.kind, told.body["amount"], told.body["transaction"]) == ("payment.captured", "88.00", "")


async def test_a_buyer_who_never_pays_is_never_heard_of(open_world: OpenWorld) -> None:
    """The process has to find out by its own time-out."""
    outside = await open_world({"when": {"order": "shop:1"}, "buyer": {"pays": {"never": True}}})
    await outside.begin(unpaid="88.00")
    await outside.begin("shop:2", unpaid="88.00")

    assert [one.subject for one in await outside.told("payment")] == ["shop:2"]


async def test_a_buyer_pays_when_the_script_says(open_world: OpenWorld) -> None:
    """Late payment is a race with the time-out, so it needs an exact time."""
    outside = await open_world({"when": {"external_id": "ext-1"}, "buyer": {"pays": {"after": "PT45M"}}})
    await outside.begin(facts=an_order(("1", "tea", 1)), unpaid="10.00")
    [told] = await outside.told()

    assert timedelta(minutes=45) < after(told) < timedelta(minutes=46)


async def test_a_payment_is_told_twice_with_one_event_id(open_world: OpenWorld) -> None:
    """Providers repeat webhooks; the event id is what tells a repetition from a second payment."""
    outside = await open_world({"payment": {"webhooks": {"copies": 2}}})
    await outside.pay(AUTHORISE, "10.00")
    first, second = await outside.told()

    assert first.id != second.id
    assert first.body == second.body
    assert first.due_at < second.due_at


async def test_a_declined_buyer_tries_again_and_pays(open_world: OpenWorld) -> None:
    """The first attempt ends our transaction; the second is a payment of the buyer's own."""
    outside = await open_world(
        {"buyer": {"pays": {"after": "PT10M", "declined_first": 1, "tries_again_after": "PT20M"}}}
    )
    await outside.begin()
    await outside.pay(AUTHORISE, "10.00", key="T1")
    failed, paid_then = await outside.told()

    assert [failed.kind, failed.body["transaction"], failed.body["code"]] == ["payment.failed", "T1", "card_declined"]
    assert [paid_then.kind, paid_then.body["transaction"]] == ["payment.authorised", ""]
    assert timedelta(minutes=30) < after(paid_then) < timedelta(minutes=31)


async def test_a_card_that_is_declined_at_once_works_with_the_next_transaction(open_world: OpenWorld) -> None:
    """What was answered for a key stays the answer; a new attempt has a new key."""
    outside = await open_world({"payment": {"authorise": {"answer": "declined", "times": 1}}})

    first = await outside.pay(AUTHORISE, "10.00", key="T1")
    again = await outside.pay(AUTHORISE, "10.00", key="T1")
    second = await outside.pay(AUTHORISE, "10.00", key="T2")

    assert (first.verdict, first.code, first.provider_ref) == (DECLINED, "card_declined", "")
    assert again == first
    assert second.verdict is PENDING


async def test_a_buyer_pays_once_however_often_the_shop_asks(open_world: OpenWorld) -> None:
    """Two open requests for one order must not both be paid."""
    outside = await open_world()
    await outside.begin(unpaid="10.00")
    [planned] = await outside.told()
    await outside.pay(AUTHORISE, "10.00", key="T1")
    await outside.pay(AUTHORISE, "10.00", key="T2")
    [told] = await outside.told("payment")

    assert told.body["transaction"] == "T2"
    assert told.body["occurred_at"] == planned.body["occurred_at"]


async def test_a_voided_request_can_no_longer_be_paid(open_world: OpenWorld) -> None:
    """After the time-out the shop gives the request up, and late money must not come."""
    outside = await open_world({"buyer": {"pays": {"after": "PT2H"}}})
    await outside.begin()
    asked = await outside.pay(AUTHORISE, "10.00")
    given_up = await outside.pay(VOID, "10.00", parent=asked.provider_ref, at=MORNING + HOUR)

    assert given_up.verdict is SUCCEEDED
    assert not await outside.told("payment")
    late = await outside.pay(CAPTURE, "10.00", parent=asked.provider_ref, at=MORNING + 3 * HOUR)
    assert (late.verdict, late.code) == (DECLINED, "not_settled")


async def test_nothing_is_captured_before_the_buyer_has_acted(open_world: OpenWorld) -> None:
    """A pending promise is no money."""
    outside = await open_world({"buyer": {"pays": {"after": "PT2H"}}})
    await outside.begin()
    asked = await outside.pay(AUTHORISE, "10.00")

    early = await outside.pay(CAPTURE, "10.00", parent=asked.provider_ref, key="C1", at=MORNING + HOUR)
    in_time = await outside.pay(CAPTURE, "10.00", parent=asked.provider_ref, key="C2", at=MORNING + 3 * HOUR)

    assert (early.verdict, early.code) == (DECLINED, "not_settled")
    assert in_time.verdict is SUCCEEDED


@pytest.mark.parametrize("kind", [CAPTURE, VOID])
async def test_no_more_is_drawn_than_was_promised(open_world: OpenWorld, kind: TransactionKind) -> None:
    """The provider keeps its own limits; a shop that asks for more has a mistake."""
    outside = await open_world()
    promised = (await outside.pay(AUTHORISE, "100.00")).provider_ref
    later = MORNING + DAY
    first = await outside.pay(CAPTURE, "60.00", parent=promised, key="C1", at=later)
    too_much = await outside.pay(kind, "40.01", parent=promised, key="C2", at=later)
    rest = await outside.pay(kind, "40.00", parent=promised, key="C3", at=later)

    assert [first.verdict, too_much.verdict, rest.verdict] == [SUCCEEDED, DECLINED, SUCCEEDED]
    assert too_much.code == "amount_exceeded"
    assert (await outside.world.audit()).is_clean


async def test_no_more_is_refunded_than_was_captured(open_world: OpenWorld) -> None:
    """Also when the first refund failed: its amount is free again."""
    outside = await open_world({"payment": {"refund": {"answer": "fails_later", "times": 1}}})
    captured = await paid(outside)
    later = MORNING + 2 * DAY
    first = await outside.pay(REFUND, "80.00", parent=captured, key="R1", at=later)
    too_early = await outside.pay(REFUND, "80.00", parent=captured, key="R2", at=later)
    after_failure = await outside.pay(REFUND, "80.00", parent=captured, key="R3", at=later + HOUR)
    too_much = await outside.pay(REFUND, "20.01", parent=captured, key="R4", at=later + HOUR)

    assert [first.verdict, too_early.verdict] == [PENDING, DECLINED]
    assert [after_failure.verdict, too_much.verdict] == [SUCCEEDED, DECLINED]
    [told] = await outside.told("payment.refund_settled")
    assert (told.body["transaction"], told.body["status"], told.body["code"]) == ("R1", "failed", "provider_declined")


async def test_a_payment_made_before_the_world_began_can_be_refunded(open_world: OpenWorld) -> None:
    """Orders arrive paid at the channel, under a reference this world has not made."""
    outside = await open_world()
    assert (await outside.pay(REFUND, "5.00", parent="alipay-2026")).verdict is SUCCEEDED


async def test_a_capture_or_refund_of_the_wrong_kind_of_transaction_is_declined(open_world: OpenWorld) -> None:
    """A refund draws on a capture, never on a promise."""
    outside = await open_world()
    promised = (await outside.pay(AUTHORISE, "10.00")).provider_ref
    wrong = await outside.pay(REFUND, "10.00", parent=promised, at=MORNING + DAY)
    assert (wrong.verdict, wrong.code) == (DECLINED, "wrong_kind_of_transaction")


async def test_looking_up_a_call_tells_what_became_of_it(open_world: OpenWorld) -> None:
    """After a lost answer nobody knows; the provider does, and it knows more as time goes by."""
    outside = await open_world()
    asked = await outside.pay(AUTHORISE, "10.00", key="T1")

    async def found(kind: TransactionKind, days: int) -> ProviderVerdict | None:
        answer = await outside.port(PaymentProvider, MORNING + days * DAY).look_up(kind, key="T1")
        assert answer is None or answer.provider_ref == asked.provider_ref
        return answer.verdict if answer else None

    assert [await found(AUTHORISE, 0), await found(AUTHORISE, 1), await found(CAPTURE, 1)] == [PENDING, SUCCEEDED, None]


async def test_a_key_used_for_another_amount_is_refused(open_world: OpenWorld) -> None:
    """One of the two callers has a mistake, and guessing which would move the wrong sum."""
    outside = await open_world()
    await outside.pay(AUTHORISE, "10.00", key="T1")
    with pytest.raises(OrderRefused, match="for something else") as refused:
        await outside.pay(AUTHORISE, "10.01", key="T1")
    assert refused.value.code == "ORDER_MISMATCH"
    assert [one.effects for one in (await outside.world.audit()).keys] == [1]
