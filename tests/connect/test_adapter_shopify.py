"""Orders as Shopify sends them become orders of ours, to the cent, or are refused with every reason."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.connect.adapters import shopify_order
from oms_workflow.connect.reception.sales_order import ChannelOrder
from oms_workflow.domain.intake import ChannelHabits
from oms_workflow.domain.order import PaymentTerms
from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.errors import OrderRefused

from .channel_orders import JSON, NOW, draft, take
from .front_desk import FrontDesk
from .payloads import needs_payloads, recorded

SHOPIFY = ChannelHabits(channel="shopify", shop="example", currency="USD", zone=ZoneInfo("UTC"), country="US")


def an_item(**more: Any) -> dict[str, Any]:
    return {"id": 11, "sku": "tea", "quantity": 2, "price": "10.00", "name": "Tea", "grams": 200} | more


def a_shopify_order(*items: dict[str, Any], **more: Any) -> bytes:
    address = {
        "name": "Jane Roe", "address1": "Main Street 1", "address2": "Floor 2", "city": "Louisville",
        "province": "Kentucky", "zip": "40202", "country_code": "US", "phone": "502-625-1199",
    }  # fmt: skip
    order = {
        "id": 450789469, "name": "#1001", "order_number": 1001, "currency": "USD", "email": "jane@example.com",
        "created_at": "2026-11-10T11:00:00-05:00", "updated_at": "2026-11-10T11:00:00-05:00",
        "financial_status": "paid", "gateway": "authorize_net", "total_price": "20.00", "total_tax": "0.00",
        "taxes_included": False, "line_items": list(items) or [an_item()], "shipping_address": address,
        "shipping_lines": [], "customer": {"id": 207119551},
    }  # fmt: skip
    return json.dumps(order | more).encode()


def read(raw: bytes) -> ChannelOrder:
    return shopify_order.parse(raw, SHOPIFY, at=NOW)


def test_shopify_s_signature_covers_the_bytes() -> None:
    """Base64, constant time, and the old secret for an hour after a change."""
    raw = a_shopify_order()
    signature = base64.b64encode(hmac.new(b"new", raw, hashlib.sha256).digest()).decode()
    assert shopify_order.is_genuine(raw, signature, ["new", "old"])
    assert not shopify_order.is_genuine(raw + b"\n", signature, ["new"])
    assert not shopify_order.is_genuine(raw, signature, ["old"])
    for wrong in ("", "=", signature[:-1], signature.swapcase(), "é"):
        assert not shopify_order.is_genuine(raw, wrong, ["new"])
        assert not shopify_order.is_genuine(raw, wrong, [""])


@needs_payloads
def test_a_recorded_shopify_order_is_read_with_all_its_contradictions() -> None:
    """Three lines of 199.00 and a tax of 11.94, and a total of 409.94: the total is owed, and somebody has to look."""
    order = read(recorded("shopify/order.json"))
    bare = draft(order).bare

    assert (bare.id, bare.external_id) == ("shopify:1001", "450789469")
    assert [line.sku for line in bare.lines] == ["IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK"]
    assert [str(line.tax) for line in bare.lines] == ["3.98 USD"] * 3
    assert str(bare.total) == "409.94 USD"
    assert any(one.field == "total" for one in order.reading.problems)
    assert bare.placed_at.isoformat() == "2008-01-10T16:00:00+00:00"
    assert [(one.kind, str(one.amount)) for one in order.payments] == [(TransactionKind.AUTHORISE, "409.94 USD")]
    contact = draft(order).contact
    assert (contact.name, contact.address.country, contact.address.postal_code) == ("Bob Norman", "US", "40202")
    [(_, note)] = draft(order).notes
    assert "custom engraving: Happy Birthday" in note
    assert "IPOD2008GREEN: Custom Engraving: Happy Birthday" in note
    assert "Norman" not in repr(order)


@needs_payloads
async def test_a_recorded_shopify_order_is_taken_in_once_and_held(desk: FrontDesk) -> None:
    """Told again it is the same order; its data waits for a person."""
    order = read(recorded("shopify/order.json"))
    assert await take(desk, order) == ["order.received"]
    assert await take(desk, order) == ["order.received"]
    view = await desk.shop.view("shopify:1001")
    assert [hold.kind.value for hold in view.holds] == ["data"]
    assert str(view.money.authorised) == "409.94 USD"
    assert len(await desk.shop.call(Orders, "notes", "shopify:1001")) == 1
    contact = await desk.shop.call(Customers, "contact", view.order.customer_ref)
    assert contact.address.city == "Louisville"
    await desk.shop.sound()


def test_shopify_s_sums_add_up_to_the_cent() -> None:
    """Allocated discounts, taxes on lines and on freight: nothing is left for an adjustment."""
    item = an_item(
        quantity=3,
        discount_allocations=[{"amount": "1.01"}, {"amount": "0.49"}],
        tax_lines=[{"price": "1.71"}, {"price": "0.30"}],
    )
    freight = [{"price": "5.00", "discounted_price": "4.00", "tax_lines": [{"price": "0.24"}]}]
    order = read(a_shopify_order(item, shipping_lines=freight, total_price="34.75", total_tax="2.25"))
    bare = draft(order).bare
    assert not [one for one in order.reading.problems if one.weight == "warning"]
    assert (str(bare.lines[0].amount), str(bare.freight), str(bare.total)) == ("30.51 USD", "4.24 USD", "34.75 USD")


def test_shopify_s_tax_of_the_whole_order_is_shared_among_goods_and_freight() -> None:
    """Old bodies tell no tax by line; what belongs to the freight is not shared among the goods."""
    freight = [{"price": "4.00", "tax_lines": [{"price": "0.24"}]}]
    items = (an_item(quantity=1), an_item(id=12, sku="cup", quantity=2))
    order = read(a_shopify_order(*items, shipping_lines=freight, total_price="36.24", total_tax="2.24"))
    bare = draft(order).bare
    assert [str(line.tax) for line in bare.lines] == ["0.67 USD", "1.33 USD"]
    assert str(bare.freight) == "4.24 USD"
    assert not [one for one in order.reading.problems if one.weight == "warning"]


def test_shopify_prices_with_tax_inside_get_no_tax_on_top() -> None:
    """European shops show prices with tax."""
    order = read(a_shopify_order(an_item(tax_lines=[{"price": "3.19"}]), taxes_included=True, total_tax="3.19"))
    assert str(draft(order).bare.total) == "20.00 USD"


def test_what_was_edited_away_at_shopify_is_not_ordered() -> None:
    """The quantity stays in the body; the current quantity counts."""
    order = read(a_shopify_order(an_item(), an_item(id=12, sku="cup", current_quantity=0), current_total_price="20.00"))
    assert [line.sku for line in draft(order).bare.lines] == ["tea"]


def test_later_news_of_a_shopify_order_has_a_higher_version() -> None:
    """Webhooks overtake each other."""
    early = draft(read(a_shopify_order())).bare.channel_version
    late = draft(read(a_shopify_order(updated_at="2026-11-10T11:00:01-05:00"))).bare.channel_version
    assert late == early + 1000


async def test_a_shopify_order_changes_and_the_old_news_comes_last(desk: FrontDesk) -> None:
    """The address was changed; what was sent before changes nothing any more."""
    first = json.loads(a_shopify_order())
    moved = first | {
        "updated_at": "2026-11-10T12:00:00-05:00",
        "shipping_address": first["shipping_address"] | {"address1": "Side Street 2"},
    }
    assert await take(desk, read(json.dumps(first).encode())) == ["order.received"]
    assert await take(desk, read(json.dumps(moved).encode())) == ["order.changed"]
    cancelled = moved | {"updated_at": "2026-11-10T13:00:00-05:00", "cancelled_at": "2026-11-10T13:00:00-05:00"}
    assert "order.cancel_requested" in await take(desk, read(json.dumps(cancelled).encode()))


async def test_a_shopify_order_that_was_cancelled_before_it_came_is_not_taken_in(desk: FrontDesk) -> None:
    """There is nothing to do for it."""
    assert await take(desk, read(a_shopify_order(cancelled_at="2026-11-10T13:00:00-05:00"))) == []
    assert await desk.shop.call(Orders, "find", "shopify", "450789469") is None


def test_shopify_money_that_went_back_is_known() -> None:
    """Otherwise it could be sent back a second time."""
    refunds = [{"transactions": [{"id": 5, "kind": "refund", "status": "success", "amount": "4.00"}]}]
    order = read(a_shopify_order(financial_status="partially_refunded", refunds=refunds))
    assert [(one.kind.value, str(one.amount.amount)) for one in order.payments] == [
        ("capture", "20.00"),
        ("refund", "4.00"),
    ]


def test_shopify_terms_and_part_payments() -> None:
    """Cash on delivery is paid to the carrier; a deposit is no payment in full."""
    cod = read(a_shopify_order(financial_status="pending", gateway="Cash on Delivery (COD)"))
    assert draft(cod).bare.terms is PaymentTerms.ON_DELIVERY
    assert cod.payments == ()
    assert draft(read(a_shopify_order(financial_status="authorized"))).bare.per_shipment
    part = read(a_shopify_order(financial_status="partially_paid", total_outstanding="15.00"))
    assert [str(one.amount) for one in part.payments] == ["5.00 USD"]


def test_a_shopify_order_without_goods_is_refused_with_reasons() -> None:
    """Every problem at once, and no name in it."""
    order = read(a_shopify_order(line_items=[], currency="XXX"))
    assert order.reading.draft is None
    assert {one.field for one in order.reading.problems} >= {"lines", "currency"}
    for raw in (b"[]", b"{}", b"\xff", b"", b'{"order": 5}', b"NaN", b"[" * 100_000):
        with pytest.raises(OrderRefused) as refused:
            read(raw)
        assert refused.value.code == "DATA_REFUSED"


async def test_an_order_that_cannot_be_stored_says_everything_that_is_wrong(desk: FrontDesk) -> None:
    """The channel mends it in one go."""
    order = read(a_shopify_order(an_item(sku="", price="ten"), an_item(id=12, quantity=-1)))
    with pytest.raises(OrderRefused) as refused:
        await take(desk, order)
    said = str(refused.value)
    assert all(field in said for field in ("lines[1].sku", "lines[1].unit_price", "lines[2].quantity"))
    assert "Roe" not in said


@settings(max_examples=200, deadline=None)
@given(change=st.dictionaries(st.sampled_from(sorted(json.loads(a_shopify_order()))), JSON, max_size=4), item=JSON)
def test_no_shopify_body_breaks_the_adapter(change: dict[str, Any], item: Any) -> None:
    """Whatever stands in a field, the answer is a reading or a refusal."""
    body = json.loads(a_shopify_order()) | {"line_items": [an_item(tax_lines=item, properties=item), item]} | change
    try:
        read(json.dumps(body).encode())
    except OrderRefused as refused:
        assert refused.code == "DATA_REFUSED"
