"""EasyPost's tracker webhooks: genuine by their bytes, read report by report."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.connect.adapters.easypost import is_genuine, parse
from oms_workflow.domain.ports.shipments import Shipments, Tracking
from oms_workflow.domain.shipment import PackedParcel
from oms_workflow.domain.tracking import ParcelStatus
from oms_workflow.errors import OrderRefused

from .front_desk import FrontDesk
from .outside import MORNING
from .payloads import needs_payloads, recorded

SECRET = "sécret"
SIGNATURE = "hmac-sha256-hex=38f3f53c103713df81616a0a186d77141957323ec21d5fe9363db93840f527db"
"""What EasyPost's own client libraries expect for this secret and the recorded body without its last line end."""


def a_body(*details: dict[str, Any], **more: Any) -> bytes:
    result = {"tracking_code": "1Z", "carrier": "UPS", "tracking_details": list(details)}
    event = {"description": "tracker.updated", "mode": "production", "result": result | more}
    return json.dumps(event).encode()


def a_detail(status: str = "in_transit", **more: Any) -> dict[str, Any]:
    return {"status": status, "datetime": "2026-11-11T08:00:00Z"} | more


@needs_payloads
def test_the_vendor_s_own_signature_is_accepted() -> None:
    """The secret is normalised, and every byte counts."""
    body = recorded("easypost/event-body.json").strip()
    assert is_genuine(body, SIGNATURE, [SECRET])
    assert is_genuine(body, SIGNATURE, ["old", SECRET])
    assert not is_genuine(body + b"\n", SIGNATURE, [SECRET])
    assert not is_genuine(json.dumps(json.loads(body)).encode(), SIGNATURE, [SECRET])
    assert not is_genuine(body, SIGNATURE, ["secret"])


@pytest.mark.parametrize("signature", ["", "hmac-sha256-hex=", "hmac-sha256-hex=é", SIGNATURE.upper(), "x" * 5000])
def test_anything_else_is_no_signature(signature: str) -> None:
    """Without secret or signature nothing is genuine."""
    assert not is_genuine(b"{}", signature, [SECRET])
    assert not is_genuine(b"{}", signature, [])
    assert not is_genuine(b"{}", signature, [""])


@needs_payloads
def test_every_report_of_a_recorded_body_is_read() -> None:
    """With its time in UTC, a place that is no address, and the carrier in our spelling."""
    news = parse(recorded("easypost/event-body.json"))
    assert len(news) == 7
    assert Counter(one.body["status"] for one in news) == {"pre_transit": 1, "in_transit": 6}
    assert [one.body["occurred_at"] for one in news] == sorted(one.body["occurred_at"] for one in news)
    assert {(one.body["carrier"], one.body["tracking_number"]) for one in news} == {("fedex", "1")}
    assert news[1].body["place"] == "ORLANDO FL US"
    assert news[-1].body["occurred_at"] == "2024-08-02T18:50:00+00:00"


@needs_payloads
async def test_a_recorded_body_moves_a_parcel_once(desk: FrontDesk) -> None:
    """Each webhook repeats all reports so far; only new ones count."""
    await desk.submitted(tea=1)
    planned = await desk.shop.call(
        Shipments, "plan", "shop:1.F1", carrier="fedex", service="ground", key="p", at=MORNING
    )
    parcel = PackedParcel(tracking_number="1", weight_grams=614, pieces=(("shop:1/tea", 1),))
    await desk.shop.call(Shipments, "pack", planned.id, [parcel], key="q", at=MORNING)
    for _ in range(2):
        for one in parse(recorded("easypost/event-body.json")):
            await desk.take(one.kind, one.body)

    package = await desk.shop.call(Tracking, "package", "fedex", "1")
    assert len(await desk.shop.call(Tracking, "events", package.id)) == 7
    assert package.status is ParcelStatus.IN_TRANSIT
    assert {one["status"] for one in desk.of("parcel.moved")} == {"pre_transit", "in_transit"}


def test_a_report_has_the_same_id_in_every_body() -> None:
    """It has none of EasyPost's; what it says makes one."""
    first = parse(a_body(a_detail(), a_detail("delivered", datetime="2026-11-12T08:00:00Z")))
    again = parse(a_body(a_detail()))
    other = parse(a_body(a_detail(message="Arrived")))
    assert again[0].body == first[0].body
    assert len({one.body["event"] for one in (*first, *again, *other)}) == 3


@pytest.mark.parametrize(
    ("detail", "more", "status"),
    [
        (a_detail("delivered"), {}, "delivered"),
        (a_detail("delivered"), {"is_return": True}, "returned"),
        (a_detail("failure"), {}, "failure"),
        (a_detail("unknown", status_detail="lost"), {}, "lost"),
        (a_detail("cancelled"), {}, "unknown"),
        (a_detail("teleported"), {}, "unknown"),
    ],
)
def test_statuses_are_told_in_our_words(detail: dict[str, Any], more: dict[str, Any], status: str) -> None:
    """A word we do not know is kept and moves nothing."""
    [news] = parse(a_body(detail, **more))
    assert news.body["status"] == status


def test_a_time_without_a_zone_is_utc_and_a_report_without_a_time_is_none() -> None:
    """Some carriers leave one or the other out."""
    news = parse(a_body(a_detail(datetime="2026-11-11T08:00:00"), a_detail(datetime=None)))
    assert [one.body["occurred_at"] for one in news] == ["2026-11-11T08:00:00+00:00"]


def test_who_signed_for_a_parcel_stays_outside() -> None:
    """Carriers write names into their messages."""
    [news] = parse(a_body(a_detail("delivered", message="Signed by: J. ROE", description="Signed by: J. ROE")))
    assert "ROE" not in json.dumps(news.body)


def test_other_events_and_test_events_move_nothing() -> None:
    """They come to the same address."""
    assert parse(json.dumps({"description": "batch.created", "mode": "production", "result": {}}).encode()) == ()
    assert parse(a_body(a_detail()).replace(b"production", b"test")) == ()
    assert len(parse(a_body(a_detail()).replace(b"production", b"test"), mode="test")) == 1


@given(
    result=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["tracking_code", "carrier", "tracking_details", "status", "datetime", "x"]), inner
            )
        ),
    )
)
def test_no_tracker_breaks_the_adapter(result: Any) -> None:
    """A body nobody expected is refused, not crashed on."""
    event = {"description": "tracker.updated", "mode": "production", "result": result}
    try:
        parse(json.dumps(event).encode())
    except OrderRefused as refused:
        assert refused.code == "DATA_REFUSED"


def test_a_body_in_the_future_is_refused_at_the_door() -> None:
    """The adapter reads; the reception judges times."""
    late = (MORNING + timedelta(days=400)).isoformat()
    [news] = parse(a_body(a_detail(datetime=late)))
    assert news.body["occurred_at"] == late
