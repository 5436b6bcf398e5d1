"""Stripe's events: genuine and recent, and what they mean for our ledger."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.connect.adapters.stripe import TOLERANCE, is_genuine, parse
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.errors import OrderRefused
from tests.domain.orders_for_tests import an_order, cny

from .front_desk import FrontDesk
from .outside import MORNING
from .payloads import needs_payloads, recorded

STAMP = int(MORNING.timestamp())
OURS = {"order_id": "shop:1", "transaction_id": ""}


def signed(raw: bytes, secret: str = "whsec_1", stamp: int | str = STAMP) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()


def an_event(kind: str, thing: dict[str, Any], *, live: bool = True) -> bytes:
    event = {"id": "evt_1", "type": kind, "created": STAMP, "livemode": live, "data": {"object": thing}}
    return json.dumps(event).encode()


def an_intent(**more: Any) -> dict[str, Any]:
    values = {"id": "pi_1", "object": "payment_intent", "amount": 3000, "amount_capturable": 0, "amount_received": 0}
    return values | {"currency": "cny", "metadata": OURS, "status": "succeeded", "latest_charge": "ch_1"} | more


def a_charge(**more: Any) -> dict[str, Any]:
    return {"id": "ch_1", "amount": 500, "currency": "cny", "metadata": OURS} | more


def a_refund(**more: Any) -> dict[str, Any]:
    return {"id": "re_1", "amount": 100, "currency": "cny", "metadata": OURS} | more


def test_a_signature_over_time_and_bytes_is_genuine() -> None:
    """Also while two secrets are valid, which sign both."""
    raw = an_event("payment_intent.succeeded", an_intent())
    header = f"t={STAMP},v1={signed(raw)},v0=whatever"
    assert is_genuine(raw, header, ["whsec_1"], at=MORNING)
    assert is_genuine(raw, header, ["whsec_2", "whsec_1"], at=MORNING)
    both = f"t={STAMP},v1={signed(raw, 'whsec_0')},v1={signed(raw)}"
    assert is_genuine(raw, both, ["whsec_1"], at=MORNING)
    assert not is_genuine(raw + b" ", header, ["whsec_1"], at=MORNING)
    assert not is_genuine(raw, header, ["whsec_2"], at=MORNING)
    assert not is_genuine(raw, header, [], at=MORNING)


@pytest.mark.parametrize(("age", "genuine"), [(0, True), (299, True), (301, False), (-301, False)])
def test_a_delivery_that_is_played_again_is_too_old(age: int, genuine: bool) -> None:
    """Its signature is right for ever; its time is not."""
    raw = b"{}"
    header = f"t={STAMP},v1={signed(raw)}"
    assert is_genuine(raw, header, ["whsec_1"], at=MORNING + timedelta(seconds=age)) is genuine
    assert timedelta(seconds=300) == TOLERANCE


@pytest.mark.parametrize(
    "header",
    ["", "v1=abc", f"t={STAMP}", "t=,v1=a", "t=-1,v1=a", "t=1e9,v1=a", f"t={'9' * 400},v1=a", "t=²,v1=a", "==,,"],
)
def test_anything_else_is_no_signature(header: str) -> None:
    """Headers come from outside, too."""
    assert not is_genuine(b"{}", header, ["whsec_1"], at=MORNING)


@pytest.mark.parametrize(
    ("kind", "thing", "news"),
    [
        (
            "payment_intent.amount_capturable_updated",
            an_intent(amount_capturable=3000, status="requires_capture"),
            ("payment.authorised", "30.00", "pi_1", ""),
        ),
        ("payment_intent.succeeded", an_intent(amount_received=2000), ("payment.captured", "20.00", "pi_1", "")),
        (
            "payment_intent.payment_failed",
            an_intent(last_payment_error={"code": "card_declined", "decline_code": "insufficient_funds"}),
            ("payment.failed", "30.00", "pi_1", "insufficient_funds"),
        ),
        ("payment_intent.canceled", an_intent(status="canceled"), ("payment.voided", "30.00", "pi_1", "")),
        (
            "charge.succeeded",
            a_charge(amount_captured=500, captured=True),
            ("payment.captured", "5.00", "ch_1", ""),
        ),
        (
            "charge.succeeded",
            a_charge(amount_captured=0, captured=False),
            ("payment.authorised", "5.00", "ch_1", ""),
        ),
        (
            "charge.failed",
            a_charge(failure_code="card_declined"),
            ("payment.failed", "5.00", "ch_1", "card_declined"),
        ),
        (
            "refund.updated",
            a_refund(status="succeeded"),
            ("payment.refund_settled", "1.00", "re_1", ""),
        ),
        (
            "refund.failed",
            a_refund(status="failed", failure_reason="lost_or_stolen_card"),
            ("payment.refund_settled", "1.00", "re_1", "lost_or_stolen_card"),
        ),
    ],
)  # fmt: skip
def test_what_an_event_means(kind: str, thing: dict[str, Any], news: tuple[str, ...]) -> None:
    """Kind, amount, reference and reason; amounts are whole numbers of the smallest unit."""
    [found] = parse(an_event(kind, thing))
    body = found.body
    assert (found.kind, body["amount"], body["reference"], body["code"]) == news
    assert (body["event"], body["provider"], body["order"]) == ("evt_1", "stripe", "shop:1")


@pytest.mark.parametrize(
    ("currency", "units", "amount"),
    [("jpy", 500, "500"), ("kwd", 1230, "1.230"), ("mga", 500, "500.00"), ("isk", 500, "5"), ("ugx", 500, "5")],
)
def test_the_smallest_unit_is_stripe_s(currency: str, units: int, amount: str) -> None:
    """It is not always that of ISO 4217, and a factor of a hundred is a lot."""
    [found] = parse(an_event("payment_intent.succeeded", an_intent(amount_received=units, currency=currency)))
    assert found.body["amount"] == amount


def test_what_moves_no_money_is_let_pass() -> None:
    """Twins of other events, steps on the way, other resources, test mode."""
    charge = {"id": "ch_1", "payment_intent": "pi_1", "amount_captured": 1, "captured": True, "currency": "cny"}
    for kind, thing in (
        ("charge.succeeded", charge),
        ("charge.captured", charge),
        ("charge.refunded", charge),
        ("payment_intent.created", an_intent()),
        ("refund.created", {"id": "re_1", "status": "pending", "metadata": OURS}),
        ("plan.created", {}),
    ):
        assert parse(an_event(kind, thing)) == ()
    assert parse(an_event("payment_intent.succeeded", an_intent(), live=False)) == ()


@pytest.mark.parametrize(
    "thing",
    [
        an_intent(metadata={}),
        an_intent(metadata=None),
        an_intent(amount_received="3000"),
        an_intent(amount_received=True),
        an_intent(amount_received=10**40),
        an_intent(currency="btc"),
        an_intent(currency=None),
    ],
)
def test_an_event_about_money_that_cannot_be_used_is_refused(thing: dict[str, Any]) -> None:
    """Dropped, it would be money nobody looks for."""
    with pytest.raises(OrderRefused) as refused:
        parse(an_event("payment_intent.succeeded", thing))
    assert refused.value.code == "DATA_REFUSED"


async def test_a_payment_comes_twice_and_in_the_wrong_order(desk: FrontDesk) -> None:
    """Capture before authorisation, each of them twice: the ledger holds 30 yuan once."""
    await desk.shop.take_in(an_order(("tea", "tea", 3)))
    captured = an_event("payment_intent.succeeded", an_intent(amount_received=3000))
    for raw in (captured, captured):
        for one in parse(raw):
            await desk.take(one.kind, one.body)
    totals = await desk.shop.call(PaymentLedger, "totals", "shop:1")
    assert (totals.captured, totals.is_paid) == (cny("30.00"), True)
    assert desk.of("payment.captured")[0]["paid"] is True
    await desk.shop.sound()


@needs_payloads
@pytest.mark.parametrize(
    ("name", "kind"),
    [("payment_intent", "payment_intent.succeeded"), ("charge", "charge.succeeded"), ("refund", "refund.updated")],
)
def test_recorded_resources_are_read(name: str, kind: str) -> None:
    """Made into events by putting them into the recorded envelope."""
    event = json.loads(recorded("stripe/event.json"))
    thing = json.loads(recorded(f"stripe/{name}.json"))
    thing["metadata"] = {"order_id": "shop:1"}
    thing["amount_received"] = thing["amount"]
    raw = json.dumps(event | {"type": kind, "data": {"object": thing}}).encode()
    [found] = parse(raw, live=False)
    assert found.body["currency"] == "USD"
    assert found.body["amount"] == f"{thing['amount'] / 100:.2f}"
    assert found.body["reference"] == thing["id"]


@needs_payloads
def test_a_recorded_event_about_a_plan_is_let_pass() -> None:
    """It moves no money."""
    assert parse(recorded("stripe/event.json"), live=False) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=5,
)


@given(change=st.dictionaries(st.sampled_from(sorted(an_intent())), JSON, max_size=4), stamp=JSON)
def test_no_event_breaks_the_adapter(change: dict[str, Any], stamp: Any) -> None:
    """Whatever stands in it, the answer is news or a refusal."""
    event = json.loads(an_event("payment_intent.payment_failed", an_intent() | change)) | {"created": stamp}
    try:
        parse(json.dumps(event).encode())
    except OrderRefused as refused:
        assert refused.code == "DATA_REFUSED"
