"""Senders of messages, the risk service and the sales channels of the world."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oms_workflow.domain.audit import AuditFacts, risk_score
from oms_workflow.domain.notice import NoticeChannel
from oms_workflow.domain.ports.channel_write_back import (
    CancelledNews,
    ChannelWriteBack,
    RefundedNews,
    ShippedNews,
    StockNews,
)
from oms_workflow.domain.ports.notification_gateway import NotificationGateway, Outgoing
from oms_workflow.domain.ports.risk_service import RiskService
from oms_workflow.errors import OrderRefused, WorldUnavailable

from .conftest import OpenWorld
from .outside import MORNING, cny


def a_message() -> Outgoing:
    """Give a message to a buyer."""
    return Outgoing(
        notice_id="shop:1.N1", channel=NoticeChannel.SMS, to="+8613800138000", subject="", body="您的包裹已发出"
    )


def facts(order: str = "shop:1") -> AuditFacts:
    """Give what an audit knows of an ordinary order."""
    return AuditFacts(
        order_id=order, channel="shop", service_level="standard", terms="prepaid", origin="channel", total=cny("10"),
        paid=True, paid_difference=cny("0"), lines=1, pieces=60, highest_unit_price=cny("10"), discount_percent=0,
        gifts=0, sellers=1, country="CN", region="浙江省", address_known=True, remarks=0, remark_intents=(),
        open_holds=(), orders_of_buyer_1h=0, orders_of_buyer_24h=0, orders_of_buyer=3, orders_to_address_24h=0,
        buyers_at_address_30d=1, orders_of_phone_24h=0, cancelled_of_buyer_90d=0, returns_of_buyer_90d=0,
        orders_to_address_1h=0, spent_of_buyer_24h=cny("10"), spent_to_address_24h=cny("10"),
        undelivered_at_address_180d=0, blocked=(), blocked_reasons=(),
    )  # fmt: skip


def shipped(tracking_number: str, *, channel: str = "taobao", package: str = "P1") -> ShippedNews:
    return ShippedNews(
        order_id=f"{channel}:1", channel=channel, external_id="e", package_id=package, carrier="sf",
        tracking_number=tracking_number, pieces=(("oid-1", 1),), at=MORNING,
    )  # fmt: skip


async def test_a_message_is_sent_once(open_world: OpenWorld) -> None:
    """A buyer who gets the same text twice calls."""
    outside = await open_world()
    senders = outside.port(NotificationGateway)
    assert await senders.send(a_message(), key="n") == await senders.send(a_message(), key="n")
    assert [(one.calls, one.effects) for one in (await outside.world.audit()).keys] == [(2, 1)]


async def test_a_sender_may_refuse_a_number_or_be_down(open_world: OpenWorld) -> None:
    """No such mailbox is final; an outage is not."""
    outside = await open_world(
        {"when": {"order": "shop:1"}, "fails": [{"system": "notification", "how": "refused", "times": 1}]},
        {"fails": [{"system": "notification", "times": 1}]},
    )
    senders = outside.port(NotificationGateway)
    with pytest.raises(WorldUnavailable):
        await senders.send(a_message(), key="n")
    with pytest.raises(OrderRefused) as refused:
        await senders.send(a_message(), key="n")
    assert refused.value.code == "ADDRESS_REFUSED"
    assert await senders.send(a_message(), key="n")


async def test_risk_is_scored_as_the_house_scores_it(open_world: OpenWorld) -> None:
    """With its reasons; and what was answered for a key stays the answer."""
    outside = await open_world()
    risk = outside.port(RiskService)
    expected = risk_score(facts())
    assert expected.score > 0
    assert await risk.score(facts(), key="r") == expected
    assert await risk.score(replace(facts(), pieces=1), key="r") == expected


async def test_a_script_may_make_an_order_suspicious(open_world: OpenWorld) -> None:
    """For the stories of fraud holds."""
    outside = await open_world({"when": {"order": "shop:9"}, "risk": {"score": 95, "why": "stolen card"}})
    risk = outside.port(RiskService)
    score = await risk.score(facts("shop:9"), key="r")
    assert (score.score, score.factors[0].why) == (95, "stolen card")
    assert (await risk.score(facts("shop:8"), key="q")).score < 95


async def test_a_channel_that_takes_one_number_for_a_line_refuses_a_second(open_world: OpenWorld) -> None:
    """Taobao's rule; the shop has to know before it divides a line."""
    outside = await open_world(channels={"mall": {"several_numbers_per_line": False, "cancel_lines": False}})
    channels = outside.port(ChannelWriteBack)
    await channels.shipped(shipped("1"), key="a")
    await channels.shipped(shipped("1"), key="a")
    with pytest.raises(OrderRefused, match="one tracking number") as refused:
        await channels.shipped(shipped("2", package="P2"), key="b")
    assert refused.value.code == "ORDER_MISMATCH"
    await channels.shipped(shipped("1", channel="web"), key="c")
    await channels.shipped(shipped("2", channel="web", package="P2"), key="d")
    assert channels.abilities("taobao").several_numbers_per_line is False
    assert channels.abilities("web").several_numbers_per_line is True
    assert channels.abilities("mall").cancel_lines is False
    assert (await outside.world.audit()).is_clean


async def test_channels_take_every_kind_of_news_once(open_world: OpenWorld) -> None:
    """Cancelled, refunded, stock."""
    outside = await open_world({"fails": [{"system": "channel", "operation": "stock", "how": "answer_lost"}]})
    channels = outside.port(ChannelWriteBack)
    cancelled = CancelledNews(order_id="shop:1", channel="shop", external_id="e", pieces=(("1", 1),), reason="buyer")
    refunded = RefundedNews(
        order_id="shop:1", channel="shop", external_id="e", transaction_id="shop:1.T2", amount=cny("5.00")
    )
    stock = StockNews(channel="shop", sku="tea", available=5)
    for _ in range(2):
        await channels.cancelled(cancelled, key="a")
        await channels.refunded(refunded, key="b")
    with pytest.raises(WorldUnavailable):
        await channels.stock(stock, key="c")
    await channels.stock(stock, key="c")
    audit = await outside.world.audit()
    assert audit.is_clean
    assert {one.effects for one in audit.keys} == {1}
