"""The payment ledger: nothing is taken twice, nothing goes back twice, a failure frees only itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from oms_workflow.domain.axes import PaymentState
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.payment import TransactionKind, TransactionStatus
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from tests.domain.orders_for_tests import NOON, a_line, an_order, cny

from .shop import Shop

ORDER = an_order(("a", "TEA", 3, "10.00"), freight=cny("6.00"))


async def refused(awaitable: Any) -> str:
    with pytest.raises(OrderRefused) as caught:
        await awaitable
    return caught.value.code


async def begin(shop: Shop, method: str, *args: Any, **more: Any) -> Any:
    return await shop.call(PaymentLedger, method, *args, key=shop.key(), at=NOON, **more)


async def authorised(shop: Shop, amount: str = "36.00") -> None:
    await shop.take_in(ORDER)
    begun = await begin(shop, "begin_authorise", ORDER.id, cny(amount), provider="card")
    await shop.settle(begun)


async def test_authorise_capture_and_refund_add_up(database: Database) -> None:
    """The payment axis follows the ledger."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    await authorised(shop)
    assert (await shop.view(ORDER.id)).payment is PaymentState.AUTHORISED
    (capture,) = await begin(shop, "begin_capture", ORDER.id, None)
    assert capture.amount == cny("36.00")
    assert await begin(shop, "begin_capture", ORDER.id, None) == ()
    await shop.settle(capture)
    assert (await shop.view(ORDER.id)).payment is PaymentState.PAID
    assert await begin(shop, "begin_capture", ORDER.id, None) == ()
    await shop.cancel(ORDER.id)
    refund = await shop.refund(ORDER.id)
    assert refund.amount == cny("36.00")
    assert refund.freight == cny("6.00")
    assert (await shop.view(ORDER.id)).payment is PaymentState.REFUNDED
    await shop.sound()


async def test_capture_stays_within_what_is_authorised(database: Database) -> None:
    """Invariant 5, captures under way included."""
    shop = Shop(database)
    await authorised(shop, "20.00")
    assert await refused(begin(shop, "begin_capture", ORDER.id, cny("20.01"))) == "AMOUNT_EXCEEDED"
    await begin(shop, "begin_capture", ORDER.id, cny("15.00"))
    assert await refused(begin(shop, "begin_capture", ORDER.id, cny("5.01"))) == "AMOUNT_EXCEEDED"
    assert await refused(begin(shop, "begin_authorise", ORDER.id, cny("16.01"), provider="card")) == "AMOUNT_EXCEEDED"
    await shop.sound()


async def test_only_what_is_not_captured_is_voided(database: Database) -> None:
    """Invariant 5: void only uncaptured."""
    shop = Shop(database)
    await authorised(shop)
    (capture,) = await begin(shop, "begin_capture", ORDER.id, cny("30.00"))
    await shop.settle(capture)
    (void,) = await begin(shop, "begin_void", ORDER.id)
    assert void.amount == cny("6.00")
    await shop.settle(void)
    assert await begin(shop, "begin_void", ORDER.id) == ()
    assert await refused(begin(shop, "begin_capture", ORDER.id, cny("0.01"))) == "AMOUNT_EXCEEDED"
    await shop.sound()


async def test_a_failed_capture_may_be_tried_again(sqlite_database: Database) -> None:
    """The authorisation still stands."""
    shop = Shop(sqlite_database)
    await authorised(shop)
    (capture,) = await begin(shop, "begin_capture", ORDER.id, None)
    await shop.settle(capture, succeeded=False)
    (again,) = await begin(shop, "begin_capture", ORDER.id, None)
    assert again.amount == cny("36.00")
    await shop.sound()


async def test_the_same_answer_twice_is_one_answer(database: Database) -> None:
    """The webhook and the call's own answer both tell it; the opposite answer is a contradiction."""
    shop = Shop(database)
    await shop.take_in(ORDER)
    begun = await begin(shop, "begin_authorise", ORDER.id, cny("36.00"), provider="card")
    assert await shop.settle(begun) == await shop.settle(begun)
    assert await refused(shop.settle(begun, succeeded=False)) == "ILLEGAL_MOVE"


async def test_what_happened_at_the_provider_is_noted_once(database: Database) -> None:
    """Invariant 6: a payment message repeats; the same reference for another order is a mix-up."""
    shop = Shop(database)
    await shop.take_in(ORDER)
    other = an_order(("z", "TEA", 1), number="2")
    await shop.take_in(other)
    first = await shop.pay(ORDER.id, ref="tx1")
    assert await shop.pay(ORDER.id, cny("36.00"), ref="tx1") == first
    assert (await shop.view(ORDER.id)).payment is PaymentState.PAID
    assert await refused(shop.pay(other.id, ref="tx1")) == "ORDER_MISMATCH"
    assert await refused(shop.pay(ORDER.id, cny("1.00"), ref="tx1")) == "ORDER_MISMATCH"
    await shop.sound()


async def test_a_message_that_overtakes_our_own_call_answers_it(database: Database) -> None:
    """The provider's webhook may be faster than its answer: it is one capture, not two."""
    shop = Shop(database)
    await authorised(shop)
    (capture,) = await begin(shop, "begin_capture", ORDER.id, None)
    about = {"provider": "card", "provider_ref": "ch_1", "at": NOON}
    seen = await shop.call(PaymentLedger, "observe", ORDER.id, TransactionKind.CAPTURE, cny("36.00"), **about)
    assert (seen.id, seen.status) == (capture.id, TransactionStatus.SUCCEEDED)
    assert (await shop.view(ORDER.id)).money.captured == cny("36.00")
    await shop.sound()


async def test_a_refund_we_did_not_make_needs_a_capture(sqlite_database: Database) -> None:
    """A refund at the provider's own page counts against the rest; an impossible one is refused."""
    shop = Shop(sqlite_database)
    await shop.take_in(ORDER)
    await shop.pay(ORDER.id)
    about = {"provider": "alipay", "at": NOON}
    observe = (PaymentLedger, "observe", ORDER.id, TransactionKind.REFUND)
    await shop.call(*observe, cny("30.00"), provider_ref="r1", **about)
    assert await refused(shop.call(*observe, cny("6.01"), provider_ref="r2", **about)) == "AMOUNT_EXCEEDED"
    assert (await shop.view(ORDER.id)).payment is PaymentState.PARTLY_REFUNDED
    await shop.sound()


async def test_refunds_under_way_count(database: Database) -> None:
    """Invariant 4: two refunds begun before either is answered stay within what was captured."""
    shop = Shop(database)
    await shop.take_in(ORDER)
    await shop.pay(ORDER.id)
    await shop.refund(ORDER.id, None, amount=cny("30.00"))
    assert await refused(shop.refund(ORDER.id, None, amount=cny("6.01"))) == "AMOUNT_EXCEEDED"
    await shop.refund(ORDER.id, None, amount=cny("6.00"))
    await shop.sound()


async def test_a_failed_refund_frees_itself_and_nothing_else(database: Database) -> None:
    """Invariant 9."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    await shop.take_in(ORDER)
    await shop.pay(ORDER.id)
    await shop.cancel(ORDER.id)
    kept = await shop.refund(ORDER.id, None, pieces={"shop:1/a": 1})
    gone = await shop.refund(ORDER.id, None, pieces={"shop:1/a": 2})
    assert await refused(shop.refund(ORDER.id, None, pieces={"shop:1/a": 1})) == "QUANTITY_EXCEEDED"
    await shop.settle(gone.transactions[0], succeeded=False)
    await shop.settle(kept.transactions[0])
    again = await shop.refund(ORDER.id, pieces={"shop:1/a": 2})
    assert again.amount == cny("20.00")
    assert (await shop.view(ORDER.id)).money.refunded == cny("30.00")
    await shop.sound()


async def test_a_refund_is_drawn_from_several_payments(database: Database) -> None:
    """Voucher and card: the larger payment first, none beyond what it brought."""
    shop = Shop(database)
    await shop.take_in(ORDER)
    await shop.pay(ORDER.id, cny("6.00"), ref="voucher")
    await shop.pay(ORDER.id, cny("30.00"), ref="card")
    refund = await shop.refund(ORDER.id, amount=cny("33.00"))
    assert [one.amount for one in refund.transactions] == [cny("30.00"), cny("3.00")]
    await shop.sound()


async def test_a_refund_of_which_one_half_failed_keeps_its_pieces(sqlite_database: Database) -> None:
    """What failed is refundable again as a sum; the pieces are not free for a second refund."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5})
    await shop.take_in(ORDER)
    await shop.pay(ORDER.id, cny("6.00"), ref="voucher")
    await shop.pay(ORDER.id, cny("30.00"), ref="card")
    await shop.cancel(ORDER.id)
    begun = await shop.refund(ORDER.id, None)
    large, small = begun.transactions
    await shop.settle(large)
    await shop.settle(small, succeeded=False)
    assert await refused(shop.refund(ORDER.id, None, pieces={"shop:1/a": 1})) == "QUANTITY_EXCEEDED"
    await shop.refund(ORDER.id, amount=cny("6.00"))
    assert (await shop.view(ORDER.id)).payment is PaymentState.REFUNDED
    await shop.sound()


async def test_partial_refunds_are_rounded_down_and_end_at_the_cent(database: Database) -> None:
    """woocommerce#64668: 179.25 in three parts must not become 179.26."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    line = a_line("shop:1", "a", "TEA", 3, "60.00", discount=cny("0.75"))
    order = an_order(line)
    await shop.take_in(order)
    await shop.pay(order.id)
    await shop.cancel(order.id)
    amounts = [(await shop.refund(order.id, pieces={"shop:1/a": 1})).amount for _ in range(3)]
    assert amounts == [cny("59.75")] * 3
    uneven = an_order(a_line("shop:2", "b", "TEA", 3, "33.34", discount=cny("0.01")), number="2")
    await shop.take_in(uneven)
    await shop.pay(uneven.id)
    await shop.cancel(uneven.id)
    amounts = [(await shop.refund(uneven.id, pieces={"shop:2/b": 1})).amount for _ in range(3)]
    assert amounts == [cny("33.33"), cny("33.33"), cny("33.35")]
    await shop.sound()


async def test_an_order_paid_with_less_refunds_no_more(sqlite_database: Database) -> None:
    """The sum of items differs from the payments by vouchers: the refund is capped at what came."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5})
    await shop.take_in(ORDER)
    await shop.pay(ORDER.id, cny("35.50"))
    await shop.cancel(ORDER.id)
    assert (await shop.refund(ORDER.id)).amount == cny("35.50")
    assert (await shop.refund(ORDER.id)).amount.is_zero
    await shop.sound()


async def test_freight_is_refunded_up_to_what_was_paid_for_it(sqlite_database: Database) -> None:
    """Asked for by name, and never twice."""
    shop = Shop(sqlite_database)
    await shop.take_in(ORDER)
    await shop.pay(ORDER.id)
    await shop.refund(ORDER.id, pieces={}, freight=cny("4.00"))
    assert await refused(shop.refund(ORDER.id, pieces={}, freight=cny("2.01"))) == "AMOUNT_EXCEEDED"
    assert (await shop.refund(ORDER.id, pieces={}, freight=cny("2.00"))).amount == cny("2.00")


async def test_no_refund_while_risk_looks_at_it(sqlite_database: Database) -> None:
    """A fraud hold blocks money going out as well."""
    shop = Shop(sqlite_database)
    await shop.take_in(ORDER)
    await shop.pay(ORDER.id)
    await shop.call(Holds, "place", ORDER.id, HoldKind.FRAUD, reason="", by="x", key=shop.key(), at=NOON)
    assert await refused(shop.refund(ORDER.id, amount=cny("1.00"))) == "ON_HOLD"


async def test_nothing_to_refund_is_no_error(sqlite_database: Database) -> None:
    """Nothing was cancelled, nothing came back: nothing goes out."""
    shop = Shop(sqlite_database)
    await shop.take_in(ORDER)
    await shop.pay(ORDER.id)
    begun = await shop.refund(ORDER.id)
    assert (begun.transactions, begun.amount) == ((), cny(0))


async def test_unanswered_transactions_are_found(sqlite_database: Database) -> None:
    """A crash between asking and storing leaves a pending row that somebody has to look up."""
    shop = Shop(sqlite_database)
    await shop.take_in(ORDER)
    begun = await begin(shop, "begin_authorise", ORDER.id, cny("36.00"), provider="card")
    assert await shop.call(PaymentLedger, "pending", NOON) == ()
    (found,) = await shop.call(PaymentLedger, "pending", NOON + timedelta(minutes=1))
    assert found == begun
    assert await shop.call(PaymentLedger, "ledger", ORDER.id) == (begun,)


async def test_an_unknown_transaction_is_named(sqlite_database: Database) -> None:
    """A callback about something we never began."""
    answer = {"succeeded": True, "provider_ref": "x", "at": NOON}
    with pytest.raises(OrderRefused, match=r"no payment transaction 'shop:9\.T1'"):
        await Shop(sqlite_database).call(PaymentLedger, "settle", "shop:9.T1", **answer)
