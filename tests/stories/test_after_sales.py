"""Goods that come back."""

from __future__ import annotations

from tests.stories.conftest import Tell
from tests.stories.paths import REFUNDED


async def test_one_of_three_pieces_comes_back_and_is_refunded(tell: Tell) -> None:
    """A part of an order comes back: its price is refunded to the cent, without freight, and it is sold again."""
    told = await tell("partial-return")
    (back,), (goods,), (refund,) = (told.called(name) for name in ("return_and_refund", "goods_back", "refund"))

    told.assert_all_is_well()
    assert told.order("shop:2701").passed("OrderCompleted")
    assert back.passed("ReturnRequested", "TakeGoodsBack", "MoneyDue", "ChooseRefund", "GiveMoneyBack", "Refunded")
    assert goods.passed("JudgeWish", "AnnounceReturn", "TellAccepted", "GoodsSent", "AwaitGoods", "GoodsTakenBack")
    assert goods.never("LookAtWish", "InspectGoods", "TellRejected")
    assert refund.passed(*REFUNDED)
    assert told.status("shop:2701") == "partly_returned"
    assert told.goods("shop:2701") == {"CUP": {"shipped": 3, "delivered": 3, "returned": 1}}
    assert told.on_hand("CUP") == 200 - 3 + 1
    assert told.money("shop:2701") == {"authorised": "117.50", "captured": "117.50", "refunded": "36.50"}
    assert told.effects("payment.refund", "channel.refunded") == {"payment.refund": 1, "channel.refunded": 1}


async def test_an_exchange_is_an_order_of_its_own_paid_with_the_old_money(tell: Tell) -> None:
    """What was paid for the small cup pays for the large one; only the difference is asked for."""
    told = await tell("exchange")
    (exchange,), (goods,) = told.called("exchange"), told.called("goods_back")
    first, second = told.order("shop:2801"), told.order("shop:2801-X1")

    told.assert_all_is_well()
    assert goods.passed("AnnounceReturn", "AwaitGoods", "GoodsAccepted")
    assert exchange.passed(
        "TakeGoodsBack", "MakeNewOrder", "StartNewOrder", "TellExchange", "AwaitNewGoods", "Exchanged"
    )
    assert exchange.never("RefundDifference", "RefundInstead", "LookAtExchange")
    assert first.records[-1].at < exchange.at("MakeNewOrder") <= second.records[0].at
    assert second.passed("AskForPayment", "CapturePayment", "SendGoods", "TellExchange", "OrderCompleted")
    assert exchange.at("Exchanged") >= second.at("TellExchange")
    assert told.money("shop:2801") == {"authorised": "44.50", "captured": "44.50", "transferred": "36.50"}
    assert told.money("shop:2801-X1") == {"authorised": "10.00", "captured": "10.00"}
    assert told.goods("shop:2801") == {"CUP": {"shipped": 1, "delivered": 1, "returned": 1}}
    assert told.goods("shop:2801-X1") == {"CUP-XL": {"shipped": 1, "delivered": 1}}
    assert (told.on_hand("CUP"), told.on_hand("CUP-XL")) == (200, 49)
