"""Orders that nobody pays."""

from __future__ import annotations

from datetime import timedelta

from tests.stories.conftest import Tell
from tests.stories.paths import CANCELLED


async def test_an_unpaid_order_frees_its_goods_when_its_time_is_up(tell: Tell) -> None:
    """Goods that nobody pays for are somebody else's."""
    told = await tell("unpaid")
    order = told.order("shop:1601")

    told.assert_all_is_well()
    assert order.passed("ReserveForBuyer", "AskForPayment", "TimeIsUp", "LookOnceMore", "CancelUnpaid", *CANCELLED)
    assert order.never("CapturePayment", "ReserveStock", "SendGoods", "GiveMoneyBack", "GiveBackLeft")
    assert order.at("TimeIsUp") - told.began <= timedelta(days=1)
    assert told.status("shop:1601") == "cancelled"
    assert told.goods("shop:1601") == {"LAMP": {"cancelled": 1}}
    assert told.moves("LAMP") == [("reserve", 1), ("release", 1)]
    assert told.money("shop:1601") == {}
    assert told.effects("payment.capture", "channel.cancelled") == {"payment.capture": 0, "channel.cancelled": 1}
