"""Orders as 旺店通 pushes them become orders of ours, to the cent, or are refused with every reason."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.connect.adapters import wangdiantong_order
from oms_workflow.connect.reception.sales_order import ChannelOrder
from oms_workflow.domain.intake import ChannelHabits
from oms_workflow.domain.order import PaymentTerms
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.errors import OrderRefused

from .channel_orders import JSON, NOW, draft, take
from .front_desk import FrontDesk
from .payloads import needs_payloads, recorded

WANGDIANTONG = ChannelHabits(channel="wdt", shop="", currency="CNY", zone=ZoneInfo("Asia/Shanghai"))


def a_push(*lines: dict[str, Any], shop: str = "shop-7", **more: Any) -> bytes:
    trade = {
        "tid": "T1", "process_status": 10, "trade_status": 30, "refund_status": 0, "pay_status": 2, "pay_method": 7,
        "trade_time": "2026-11-10 18:24:37", "pay_time": "2026-11-10 18:25:00", "buyer_nick": "nick",
        "receiver_name": "李四", "receiver_area": "浙江省 杭州市 西湖区", "receiver_address": "文三路 1 号",
        "receiver_mobile": "13800138000", "post_amount": 2, "other_amount": "", "discount": 0, "receivable": 19,
        "cod_amount": "", "received": "", "delivery_term": 1, "buyer_message": "", "remark": "", "receiver_zip": "",
    }  # fmt: skip
    return json.dumps([shop, [trade | more], list(lines) or [a_line()]], ensure_ascii=False).encode()


def a_line(**more: Any) -> dict[str, Any]:
    return {
        "tid": "T1", "oid": "T1-0", "spec_no": "tea", "num": 2, "price": 10, "discount": "2.0000", "adjust_amount": 0,
        "share_discount": "1.0000", "total_amount": 18, "goods_name": "茶", "spec_name": "一斤", "refund_status": 0,
        "status": 30,
    } | more  # fmt: skip


def pushed(raw: bytes) -> ChannelOrder:
    [order] = wangdiantong_order.parse(raw, WANGDIANTONG, at=NOW)
    return order


def test_a_push_that_adds_up_is_read_to_the_cent() -> None:
    """Four decimals, empty text for no value, China time, one text for the area."""
    order = pushed(a_push())
    bare = draft(order).bare
    assert (bare.id, bare.shop, str(bare.total)) == ("wdt:T1", "shop-7", "19.00 CNY")
    assert (bare.lines[0].oid, bare.lines[0].title, str(bare.lines[0].discount)) == ("T1-0", "茶 一斤", "3.00 CNY")
    assert bare.placed_at.isoformat() == "2026-11-10T10:24:37+00:00"
    contact = draft(order).contact
    assert (contact.address.region, contact.address.city, contact.address.district) == ("浙江省", "杭州市", "西湖区")
    assert contact.phone == "+8613800138000"
    assert [(one.provider, str(one.amount)) for one in order.payments] == [("alipay", "19.00 CNY")]
    assert not [one for one in order.reading.problems if one.weight in ("warning", "error")]


def test_times_in_milliseconds_and_as_text_may_stand_side_by_side() -> None:
    """The vendor mixes them in one object."""
    order = pushed(a_push(trade_time=1_794_220_000_000))
    assert draft(order).bare.placed_at.isoformat() == "2026-11-09T10:26:40+00:00"


def test_other_fees_are_part_of_what_is_owed() -> None:
    """When everything adds up with them, nobody has to look."""
    order = pushed(a_push(other_amount=1.5, receivable=20.5))
    assert str(draft(order).bare.total) == "20.50 CNY"
    assert not [one for one in order.reading.problems if one.weight == "warning"]


@needs_payloads
@pytest.mark.parametrize("name", ["sales.RawTrade.pushSelf.1.json", "sales.RawTrade.pushSelf2.1.json"])
async def test_a_recorded_push_is_read_and_held_for_its_contradictions(desk: FrontDesk, name: str) -> None:
    """The vendor's own example does not add up; what is receivable is owed."""
    order = pushed(recorded(f"wangdiantong/{name}"))
    bare = draft(order).bare
    assert (bare.number, str(bare.total), [line.ordered for line in bare.lines]) == (
        "tid-aqyYHjEldp", "17.60 CNY", [3, 3]
    )  # fmt: skip
    assert draft(order).contact.address.region == "北京市"
    assert await take(desk, order) == ["order.received"]
    assert await take(desk, order) == ["order.received"]
    view = await desk.shop.view(bare.id)
    assert view.money.is_paid
    assert [hold.kind.value for hold in view.holds] == ["data"]
    await desk.shop.sound()


@needs_payloads
@pytest.mark.parametrize("name", ["sales.RawTrade.pushSelf.2.json", "sales.RawTrade.pushSelf.3.json"])
def test_an_answer_is_no_push(name: str) -> None:
    """Some recorded examples are answers, and errors are successes with a status."""
    with pytest.raises(OrderRefused, match="no push of raw orders"):
        wangdiantong_order.parse(recorded(f"wangdiantong/{name}"), WANGDIANTONG, at=NOW)


def test_lines_that_were_refunded_are_not_ordered() -> None:
    """The rest goes out; with no line left the order is cancelled."""
    gone = a_line(oid="T1-1", spec_no="cup", refund_status=5)
    order = pushed(a_push(a_line(), gone))
    assert [line.sku for line in draft(order).bare.lines] == ["tea"]
    assert not order.cancelled
    assert pushed(a_push(gone)).cancelled


@pytest.mark.parametrize(
    "state", [{"trade_status": 80}, {"trade_status": 90}, {"process_status": 70}, {"refund_status": 3}]
)
def test_closed_trades_are_cancelled(state: dict[str, Any]) -> None:
    """By any of the three fields that say so."""
    assert pushed(a_push(**state)).cancelled


def test_what_goes_on_at_the_channel_is_pointed_out() -> None:
    """A refund is asked for; goods have left already."""
    asked = pushed(a_push(a_line(refund_status=2)))
    left = pushed(a_push(trade_status=50))
    assert any("refund" in one.message for one in asked.reading.problems)
    assert any("left already" in one.message for one in left.reading.problems)


def test_terms_seals_and_payments_of_a_push() -> None:
    """Cash on delivery, no merging, nothing paid."""
    order = pushed(a_push(delivery_term=2, is_sealed=3, pay_status=0, pay_time=""))
    assert (draft(order).bare.terms, draft(order).bare.sealed, order.payments) == (PaymentTerms.ON_DELIVERY, True, ())


def test_a_price_raised_by_hand_is_left_to_the_total() -> None:
    """A discount cannot be negative."""
    order = pushed(a_push(a_line(discount=0, share_discount=0, adjust_amount="1.50"), receivable="23.50"))
    bare = draft(order).bare
    assert (str(bare.lines[0].amount), str(bare.total)) == ("20.00 CNY", "23.50 CNY")


def test_one_bad_order_does_not_stop_the_others() -> None:
    """A push holds many."""
    shop, [trade], [line] = json.loads(a_push())
    other = trade | {"tid": "T2"}
    raw = json.dumps([shop, [trade | {"trade_time": "soon"}, other], [line, line | {"tid": "T2", "oid": "T2-0"}]])
    bad, good = wangdiantong_order.parse(raw.encode(), WANGDIANTONG, at=NOW)
    assert bad.reading.draft is None
    assert draft(good).bare.number == "T2"


async def test_money_and_holds_reach_the_books(desk: FrontDesk) -> None:
    """A push without doubts is paid and free to go on."""
    assert await take(desk, pushed(a_push())) == ["order.received"]
    assert (await desk.shop.call(PaymentLedger, "totals", "wdt:T1")).is_paid
    assert await desk.shop.call(Holds, "of_order", "wdt:T1") == ()
    await desk.shop.sound()


@settings(max_examples=200, deadline=None)
@given(
    trade=st.dictionaries(st.sampled_from(sorted(json.loads(a_push())[1][0])), JSON, max_size=4),
    line=st.dictionaries(st.sampled_from(sorted(a_line())), JSON, max_size=4),
)
def test_no_push_breaks_the_adapter(trade: dict[str, Any], line: dict[str, Any]) -> None:
    """The same for 旺店通."""
    shop, [known], _ = json.loads(a_push())
    raw = json.dumps([shop, [known | trade], [a_line() | line]]).encode()
    for order in wangdiantong_order.parse(raw, WANGDIANTONG, at=NOW):
        assert order.reading.draft is not None or order.reading.problems


def test_numbers_are_read_exactly() -> None:
    """A float would lose the cent: thirty times 0.1 is 3.0000000000000004."""
    found = pushed(a_push(a_line(price=0.1, num=30, discount=0, share_discount=0), receivable=5))
    [line] = draft(found).bare.lines
    assert (str(line.unit_price), str(line.amount)) == ("0.10 CNY", "3.00 CNY")
    assert not [one for one in found.reading.problems if one.weight == "warning"]
