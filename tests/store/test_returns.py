"""Returns: money follows pieces that came back and were accepted, each piece once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from oms_workflow.domain.exchange import NewGoods
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.returns import ReceivedPieces, Returns
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.returns import (
    Acceptance,
    Condition,
    Reception,
    Return,
    ReturnRequestLine,
    ReturnType,
)
from oms_workflow.domain.service_level import Origin
from oms_workflow.domain.shipment import Shipment
from oms_workflow.domain.status import OrderStatus
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from tests.domain.orders_for_tests import NOON, an_order, cny

from .shop import Shop

ORDER = an_order(("a", "TEA", 3, "10.00"), freight=cny("6.00"))
LINE = "shop:1/a"


async def shipped(shop: Shop) -> Shipment:
    await shop.warehouse("HZ", {"TEA": 9, "CUP": 9})
    (fulfilment,) = await shop.ready(ORDER)
    return await shop.ship(fulfilment)


async def announce(shop: Shop, kind: ReturnType, quantity: int = 3) -> Return:
    lines = [ReturnRequestLine(line_id=LINE, quantity=quantity)]
    return await shop.call(Returns, "open", ORDER.id, kind, lines, reason="x", key=shop.key(), at=NOON)


async def receive(shop: Shop, one: Return, quantity: int, **more: Any) -> Return:
    counted = [ReceivedPieces(item_id=one.items[0].id, quantity=quantity, **more)]
    return await shop.call(Returns, "receive", one.id, "HZ", counted, key=shop.key(), at=NOON)


async def judge(shop: Shop, one: Return, verdict: Acceptance, item: int = 0) -> Return:
    verdicts = {one.items[item].id: verdict}
    return await shop.call(Returns, "judge", one.id, verdicts, note="", key=shop.key(), at=NOON)


async def refused(awaitable: Any) -> str:
    with pytest.raises(OrderRefused) as caught:
        await awaitable
    return caught.value.code


async def test_three_announced_two_received_two_refunded(database: Database) -> None:
    """Invariant 4 (spree PR 14678 paid three): units received decide, and they are on the shelf again."""
    shop = Shop(database)
    await shipped(shop)
    one = await announce(shop, ReturnType.RETURN)
    assert (await shop.refund(ORDER.id, return_id=one.id)).amount.is_zero
    counted = await receive(shop, one, 2)
    assert [(item.quantity, item.reception) for item in counted.items] == [
        (2, Reception.RECEIVED),
        (1, Reception.SHORT_SHIPPED),
    ]
    assert (await shop.refund(ORDER.id, return_id=one.id)).amount.is_zero
    await judge(shop, one, Acceptance.ACCEPTED)
    await judge(shop, counted, Acceptance.ACCEPTED, item=1)
    assert await refused(shop.refund(ORDER.id, pieces={LINE: 3}, return_id=one.id)) == "QUANTITY_EXCEEDED"
    assert (await shop.refund(ORDER.id, return_id=one.id)).amount == cny("20.00")
    assert (await shop.refund(ORDER.id, return_id=one.id)).amount.is_zero
    assert (await shop.balance("TEA", "HZ")).on_hand == 8
    assert (await shop.view(ORDER.id)).status is OrderStatus.PARTLY_RETURNED
    await shop.sound()


async def test_missing_pieces_may_follow(sqlite_database: Database) -> None:
    """The buyer finds the third one and sends it after."""
    shop = Shop(sqlite_database)
    await shipped(shop)
    one = await receive(shop, await announce(shop, ReturnType.RETURN), 2)
    counted = [ReceivedPieces(item_id=one.items[1].id, quantity=1)]
    late = await shop.call(Returns, "receive", one.id, "HZ", counted, key=shop.key(), at=NOON)
    assert late.received == 3
    assert (await shop.view(ORDER.id)).status is OrderStatus.RETURNED
    await shop.sound()


async def test_damaged_pieces_do_not_go_back_on_the_shelf(sqlite_database: Database) -> None:
    """They came back all the same."""
    shop = Shop(sqlite_database)
    await shipped(shop)
    one = await receive(shop, await announce(shop, ReturnType.RETURN), 3, condition=Condition.DAMAGED)
    assert one.items[0].condition is Condition.DAMAGED
    assert (await shop.balance("TEA", "HZ")).on_hand == 6
    await shop.sound()


async def test_no_piece_is_announced_twice(database: Database) -> None:
    """Neither in two returns of one kind nor of two kinds."""
    shop = Shop(database)
    await shipped(shop)
    await announce(shop, ReturnType.RETURN, 2)
    assert await refused(announce(shop, ReturnType.REFUND_WITHOUT_RETURN, 2)) == "QUANTITY_EXCEEDED"
    await announce(shop, ReturnType.EXCHANGE, 1)
    assert await refused(announce(shop, ReturnType.RETURN, 1)) == "QUANTITY_EXCEEDED"
    await shop.sound()


async def test_nothing_shipped_nothing_to_return(sqlite_database: Database) -> None:
    """What has not left can be cancelled, not returned."""
    shop = Shop(sqlite_database)
    await shop.take_in(ORDER)
    for kind in (ReturnType.RETURN, ReturnType.EXCHANGE, ReturnType.REFUND_WITHOUT_RETURN):
        assert await refused(announce(shop, kind, 1)) == "QUANTITY_EXCEEDED"
    assert await refused(announce(shop, ReturnType.REFUND_BEFORE_SHIPPING, 1)) == "QUANTITY_EXCEEDED"


async def test_a_return_that_never_came_frees_its_pieces(sqlite_database: Database) -> None:
    """The buyer may announce them anew; if the old parcel comes after all, it is not counted twice."""
    shop = Shop(sqlite_database)
    await shipped(shop)
    one = await announce(shop, ReturnType.RETURN)
    await shop.call(Returns, "close_waiting", one.id, Reception.EXPIRED, key=shop.key(), at=NOON)
    again = await announce(shop, ReturnType.RETURN)
    assert await refused(receive(shop, one, 3)) == "QUANTITY_EXCEEDED"
    await receive(shop, again, 3)
    await shop.sound()


async def test_an_expired_return_that_comes_after_all_is_received(sqlite_database: Database) -> None:
    """The shop may be generous."""
    shop = Shop(sqlite_database)
    await shipped(shop)
    one = await announce(shop, ReturnType.RETURN)
    await shop.call(Returns, "close_waiting", one.id, Reception.EXPIRED, key=shop.key(), at=NOON)
    late = await receive(shop, one, 3)
    assert late.received == 3
    await shop.sound()


async def test_a_cancelled_return_is_over(sqlite_database: Database) -> None:
    """All of its items are, and their pieces are free."""
    shop = Shop(sqlite_database)
    await shipped(shop)
    one = await announce(shop, ReturnType.RETURN)
    over = await shop.call(Returns, "close_waiting", one.id, Reception.CANCELLED, key=shop.key(), at=NOON)
    assert over.cancelled_at == NOON
    assert await refused(receive(shop, one, 1)) == "ILLEGAL_MOVE"
    assert (await shop.view(ORDER.id)).quantities[LINE].return_announced == 0


async def test_goods_in_transit_cannot_be_cancelled(sqlite_database: Database) -> None:
    """The table of moves says what may follow."""
    shop = Shop(sqlite_database)
    await shipped(shop)
    one = await announce(shop, ReturnType.RETURN)
    sent = await shop.call(Returns, "sent", one.id, key=shop.key(), at=NOON)
    assert sent.items[0].reception is Reception.IN_TRANSIT
    close = shop.call(Returns, "close_waiting", one.id, Reception.CANCELLED, key=shop.key(), at=NOON)
    assert await refused(close) == "ILLEGAL_MOVE"


async def test_a_verdict_may_only_become_kinder(sqlite_database: Database) -> None:
    """The buyer was told yes."""
    shop = Shop(sqlite_database)
    await shipped(shop)
    one = await receive(shop, await announce(shop, ReturnType.RETURN), 3)
    await judge(shop, one, Acceptance.REJECTED)
    await judge(shop, one, Acceptance.ACCEPTED)
    assert await refused(judge(shop, one, Acceptance.REJECTED)) == "ILLEGAL_MOVE"
    await shop.sound()


async def test_a_refund_without_return_needs_a_yes(database: Database) -> None:
    """Pieces the buyer keeps are paid for once they are accepted, and cannot come back for money as well."""
    shop = Shop(database)
    await shipped(shop)
    one = await announce(shop, ReturnType.REFUND_WITHOUT_RETURN, 1)
    assert await refused(receive(shop, one, 1)) == "ILLEGAL_MOVE"
    await judge(shop, one, Acceptance.ACCEPTED)
    assert (await shop.refund(ORDER.id, return_id=one.id)).amount == cny("10.00")
    assert await refused(announce(shop, ReturnType.RETURN, 3)) == "QUANTITY_EXCEEDED"
    await shop.sound()


async def test_a_refused_claim_frees_the_pieces(sqlite_database: Database) -> None:
    """They may still be returned the normal way."""
    shop = Shop(sqlite_database)
    await shipped(shop)
    one = await announce(shop, ReturnType.REFUND_WITHOUT_RETURN, 3)
    await judge(shop, one, Acceptance.REJECTED)
    await announce(shop, ReturnType.RETURN, 3)
    assert await refused(judge(shop, one, Acceptance.ACCEPTED)) == "QUANTITY_EXCEEDED"
    await shop.sound()


async def test_lost_pieces_are_paid_for_or_sent_again_not_both(database: Database) -> None:
    """A lost parcel has one remedy per piece."""
    shop = Shop(database)
    shipment = await shipped(shop)
    await shop.call(Shipments, "write_off", shipment.packages[0].id, key=shop.key(), at=NOON)
    one = await announce(shop, ReturnType.REFUND_WITHOUT_RETURN, 2)
    again = (Orders, "send_again", ORDER.id)
    assert await refused(shop.call(*again, {LINE: 2}, key=shop.key(), at=NOON)) == "QUANTITY_EXCEEDED"
    await shop.call(*again, {LINE: 1}, key=shop.key(), at=NOON)
    await judge(shop, one, Acceptance.ACCEPTED)
    assert (await shop.refund(ORDER.id)).amount == cny("20.00")
    await shop.sound()


async def test_a_cancelled_piece_is_refunded_once_with_or_without_a_return(database: Database) -> None:
    """The claim at the channel and the cancellation in the house speak of the same pieces."""
    shop = Shop(database)
    await shop.take_in(ORDER)
    await shop.pay(ORDER.id)
    await shop.cancel(ORDER.id)
    one = await announce(shop, ReturnType.REFUND_BEFORE_SHIPPING, 3)
    await judge(shop, one, Acceptance.ACCEPTED)
    assert (await shop.refund(ORDER.id, return_id=one.id)).amount == cny("30.00")
    rest = await shop.refund(ORDER.id)
    assert (rest.lines, rest.amount) == ((), cny("6.00"))
    assert (await shop.refund(ORDER.id)).amount.is_zero
    await shop.sound()


async def test_price_protection_is_a_sum_without_pieces(sqlite_database: Database) -> None:
    """Nothing comes back, nothing is counted."""
    shop = Shop(sqlite_database)
    await shipped(shop)
    one = await announce(shop, ReturnType.PRICE_PROTECTION, 0)
    await judge(shop, one, Acceptance.ACCEPTED)
    assert (await shop.refund(ORDER.id, amount=cny("2.00"), return_id=one.id)).amount == cny("2.00")
    assert (await shop.view(ORDER.id)).quantities[LINE].return_announced == 0
    await shop.sound()


async def accepted_exchange(shop: Shop) -> Return:
    await shipped(shop)
    one = await receive(shop, await announce(shop, ReturnType.EXCHANGE, 2), 2)
    return await judge(shop, one, Acceptance.ACCEPTED)


async def exchange(shop: Shop, one: Return, price: str, quantity: int = 1) -> Any:
    new = (NewGoods(sku="CUP", quantity=quantity, unit_price=cny(price), tax=cny(0)),)
    return await shop.call(Returns, "exchange", one.id, new, key=shop.key(), at=NOON)


async def test_an_exchange_is_an_order_of_its_own(database: Database) -> None:
    """Linked to the first, paid by what came back; the pieces cannot be refunded as well."""
    shop = Shop(database)
    one = await accepted_exchange(shop)
    made = await exchange(shop, one, "15.00")
    assert (made.order.id, made.order.parent, made.order.origin) == ("shop:1-X1", ORDER.id, Origin.EXCHANGE)
    assert (made.credit_used, made.to_pay, made.to_refund) == (cny("15.00"), cny("0"), cny("5.00"))
    assert await shop.call(Orders, "children", ORDER.id) == (made.order.id,)
    assert (await shop.view(made.order.id)).may_ship
    assert (await shop.refund(ORDER.id)).amount.is_zero
    assert (await shop.refund(ORDER.id, amount=made.to_refund)).amount == cny("5.00")
    assert (await shop.call(PaymentLedger, "totals", ORDER.id)).refundable == cny("16.00")
    assert await refused(shop.refund(ORDER.id, amount=cny("16.01"))) == "AMOUNT_EXCEEDED"
    assert await refused(exchange(shop, one, "15.00")) == "ILLEGAL_MOVE"
    parts = await shop.plan(made.order.id)
    assert parts == ()
    await shop.sound()


async def test_dearer_goods_are_paid_for(sqlite_database: Database) -> None:
    """The buyer owes the difference before they ship."""
    shop = Shop(sqlite_database)
    made = await exchange(shop, await accepted_exchange(shop), "25.00")
    assert (made.credit_used, made.to_pay, made.to_refund) == (cny("20.00"), cny("5.00"), cny("0"))
    assert (await shop.view(made.order.id)).status is OrderStatus.AWAITING_PAYMENT
    await shop.pay(made.order.id)
    assert (await shop.view(made.order.id)).may_ship


async def test_a_cancelled_exchange_gives_the_credit_back(database: Database) -> None:
    """The buyer gets money for what came back after all, or another exchange."""
    shop = Shop(database)
    one = await accepted_exchange(shop)
    made = await exchange(shop, one, "20.00")
    await shop.cancel(made.order.id)
    again = await exchange(shop, one, "10.00")
    assert again.order.id == "shop:1-X2"
    await shop.cancel(again.order.id)
    assert (await shop.refund(ORDER.id, return_id=one.id)).amount == cny("20.00")
    await shop.sound()


async def test_an_exchange_needs_goods_that_are_accepted(sqlite_database: Database) -> None:
    """Nothing came back, nothing is exchanged; a return of another kind is none."""
    shop = Shop(sqlite_database)
    await shipped(shop)
    one = await announce(shop, ReturnType.EXCHANGE, 2)
    assert await refused(exchange(shop, one, "10.00")) == "ILLEGAL_MOVE"
    other = await announce(shop, ReturnType.RETURN, 1)
    assert await refused(exchange(shop, other, "10.00")) == "ILLEGAL_MOVE"
    assert await refused(exchange(shop, replace(one, id="shop:1.R9"), "1.00")) == "UNKNOWN_RETURN"


async def protected(shop: Shop, amount: str) -> Return:
    """An order of three teas and a price protection for it, accepted and paid."""
    await shipped(shop)
    one = await judge(shop, await announce(shop, ReturnType.PRICE_PROTECTION, 0), Acceptance.ACCEPTED)
    assert (await shop.refund(ORDER.id, amount=cny(amount), return_id=one.id)).amount == cny(amount)
    return one


async def test_goods_whose_price_fell_are_worth_less_when_they_come_back(database: Database) -> None:
    """Else the buyer is paid the difference twice, from what other goods of the order cost."""
    shop = Shop(database)
    await protected(shop, "6.00")
    back = await judge(shop, await receive(shop, await announce(shop, ReturnType.RETURN, 1), 1), Acceptance.ACCEPTED)
    assert (await shop.refund(ORDER.id, return_id=back.id)).amount == cny("8.00")
    rest = await judge(shop, await receive(shop, await announce(shop, ReturnType.RETURN, 2), 2), Acceptance.ACCEPTED)
    assert (await shop.refund(ORDER.id, return_id=rest.id)).amount == cny("16.00")
    await shop.sound()


async def test_a_price_protection_is_paid_once_and_within_the_price(sqlite_database: Database) -> None:
    """A second try after the money went out pays nothing; one that failed may be tried again."""
    shop = Shop(sqlite_database)
    await shipped(shop)
    one = await announce(shop, ReturnType.PRICE_PROTECTION, 0)
    asked = {"return_id": one.id, "amount": cny("6.00")}
    assert await refused(shop.refund(ORDER.id, **asked)) == "AMOUNT_EXCEEDED"
    await judge(shop, one, Acceptance.ACCEPTED)
    assert await refused(shop.refund(ORDER.id, return_id=one.id, amount=cny("30.01"))) == "AMOUNT_EXCEEDED"
    await shop.refund(ORDER.id, succeeded=False, **asked)
    await shop.refund(ORDER.id, **asked)
    assert await refused(shop.refund(ORDER.id, **asked)) == "AMOUNT_EXCEEDED"
    assert (await shop.view(ORDER.id)).money.refunded == cny("6.00")
    await shop.sound()
