"""Notices: into the outbox first, sent once, in the reader's language, and never in the way of an order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from activities.notification import drop, notify_buyer, notify_staff, send_waiting
from activities.texts import LANGUAGES, all_texts, language_of, notice_text
from oms_workflow.domain.customer import Address
from oms_workflow.domain.notice import NoticeChannel, NoticeStatus
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.notices import Notices
from oms_workflow.errors import OrderRefused
from tests.domain.orders_for_tests import NOON, an_order

from .bench import SOMEBODY, Bench


async def ordered(bench: Bench, contact: object = SOMEBODY) -> Order:
    order = an_order(("a", "TEA", 1))
    order = replace(order, customer_ref=await bench.somebody(order, contact))  # type: ignore[arg-type]
    await bench.take_in(order)
    return order


async def test_a_notice_is_sent_once_in_the_language_of_the_buyer(bench: Bench) -> None:
    """A buyer told twice calls; a buyer told in a foreign language calls, too."""
    order = await ordered(bench)
    assert (await bench.twice(notify_buyer, order_id=order.id, template="shipped")).state == "sent"
    (message,) = bench.outside.gateway.sent
    assert (message.channel, message.to, message.language) == (NoticeChannel.EMAIL, "nobody@example.com", "zh")
    assert message.subject == "订单 1 已发货"
    assert "测试员" in message.body


async def test_a_buyer_abroad_is_told_in_english_by_text_message(bench: Bench) -> None:
    """Without an address the number has to do."""
    contact = replace(SOMEBODY, email="", phone="+442071838750", address=Address(country="GB", street="1 High St"))
    order = await ordered(bench, contact)
    await bench.run(notify_buyer, order_id=order.id, template="shipped")
    (message,) = bench.outside.gateway.sent
    assert (message.channel, message.to, message.language) == (NoticeChannel.SMS, "+442071838750", "en")


async def test_the_outbox_holds_no_personal_data(bench: Bench) -> None:
    """The name is filled in when it is sent, and nowhere kept."""
    order = await ordered(bench)
    await bench.run(notify_buyer, order_id=order.id, template="shipped")
    (notice,) = await bench.call(Notices, "of_order", order.id)
    assert (dict(notice.values), notice.status) == ({"order": "1"}, NoticeStatus.SENT)


async def test_whoever_cannot_be_reached_gets_nothing(bench: Bench) -> None:
    """No way to reach a buyer is no reason to stop an order."""
    order = await ordered(bench, replace(SOMEBODY, email="", phone=""))
    assert (await bench.twice(notify_buyer, order_id=order.id, template="shipped")).state == "dropped"


async def test_an_erased_buyer_gets_nothing(bench: Bench) -> None:
    """Erased is erased."""
    order = await ordered(bench)
    await bench.call(Customers, "erase", order.customer_ref, key=bench.key(), at=NOON)
    assert (await bench.run(notify_buyer, order_id=order.id, template="shipped")).state == "dropped"


async def test_a_gateway_that_is_down_does_not_stop_the_order(bench: Bench) -> None:
    """The notice waits, and goes out later by itself."""
    order = await ordered(bench)
    bench.outside.gateway.effects.down = True
    assert (await bench.run(notify_buyer, order_id=order.id, template="shipped")).state == "waiting"
    bench.outside.gateway.effects.down = False
    assert (await bench.run(send_waiting, at=NOON + timedelta(minutes=1))).sent == 0
    assert (await bench.run(send_waiting, at=NOON + timedelta(minutes=5))).sent == 1
    assert len(bench.outside.gateway.sent) == 1


async def test_old_news_is_given_up(bench: Bench) -> None:
    """After hours of trying nobody wants to read it any more."""
    order = await ordered(bench)
    bench.outside.gateway.effects.down = True
    await bench.run(notify_buyer, order_id=order.id, template="shipped")
    moment = NOON
    for _ in range(6):
        moment += timedelta(hours=3)
        await bench.run(send_waiting, at=moment)
    (notice,) = await bench.call(Notices, "of_order", order.id)
    assert (notice.status, notice.attempts) == (NoticeStatus.FAILED, 6)


async def test_a_wrong_address_is_given_up_at_once(bench: Bench) -> None:
    """Trying again would not make the mailbox exist."""
    order = await ordered(bench)
    bench.outside.gateway.no_such_mailbox = True
    assert (await bench.run(notify_buyer, order_id=order.id, template="shipped")).state == "failed"


async def test_staff_reads_both_languages(bench: Bench) -> None:
    """The chat of a role has people of both."""
    order = await ordered(bench)
    values = {"element": "AwaitPacked", "owner": "warehouse"}
    answer = await bench.twice(
        notify_staff, order_id=order.id, template="staff_sla_breached", role="warehouse-lead", values=values
    )
    assert answer.state == "sent"
    (message,) = bench.outside.gateway.sent
    assert (message.to, message.channel) == ("warehouse-lead", NoticeChannel.CHAT)
    assert "late at AwaitPacked" in message.subject
    assert "在 AwaitPacked 超时" in message.subject


async def test_what_is_no_longer_true_is_dropped(bench: Bench) -> None:
    """Nobody is asked to pay for a cancelled order."""
    order = await ordered(bench)
    assert (await bench.run(drop, order_id=order.id, template="shipped")).dropped == 0
    bench.outside.gateway.effects.down = True
    await bench.run(notify_buyer, order_id=order.id, template="shipped")
    key = bench.key()
    assert (await bench.run(drop, key=key, order_id=order.id, template="shipped")).dropped == 1
    assert (await bench.run(drop, key=key, order_id=order.id, template="shipped")).dropped == 1
    assert (await bench.run(send_waiting, at=NOON + timedelta(hours=1))).sent == 0


async def test_an_unknown_text_is_named_with_those_that_exist(bench: Bench) -> None:
    """The analyst mends the node, and no order is told nonsense."""
    order = await ordered(bench)
    with pytest.raises(OrderRefused, match=r"There is no notice 'shiped'.*shipped"):
        await bench.run(notify_buyer, order_id=order.id, template="shiped")
    with pytest.raises(OrderRefused, match="needs a value 'amount'"):
        await bench.run(notify_buyer, order_id=order.id, template="refunded")


def test_both_languages_say_the_same_things() -> None:
    """A text that is missing in one language would stop every order of its readers."""
    english, chinese = (all_texts(language) for language in LANGUAGES)
    assert {part: list(texts) for part, texts in english.items()} == {
        part: list(texts) for part, texts in chinese.items()
    }
    every = {"order", "name", "role", "until", "reason", "amount", "currency", "new_order", "element", "owner"}
    values = dict.fromkeys(every | {"package", "value", "before", "day", "hold", "kind", "level"}, "?")
    for template in english["notices"]:
        for language in LANGUAGES:
            assert notice_text(template, language, values).body


@pytest.mark.parametrize(
    ("tag", "country", "language"),
    [("zh-CN", "GB", "zh"), ("", "CN", "zh"), ("", "GB", "en"), ("fr", "FR", "en"), ("en-US", "CN", "en")],
)
def test_the_buyers_own_language_goes_first(tag: str, country: str, language: str) -> None:
    """Chinese in China, English elsewhere, unless the buyer said otherwise."""
    assert language_of(tag, country) == language
