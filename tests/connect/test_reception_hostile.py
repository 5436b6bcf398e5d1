"""Bodies are hostile until checked: whatever comes in, the answer is a refusal with a code, never a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.connect.reception.door import KINDS, ports_for, receive
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.errors import OrderRefused

from .outside import DAY, MORNING

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)

LINE = {"line": "shop:1/tea", "sku": "tea", "quantity": 1, "sellable": 1, "damaged": 0}
COMPLETE: dict[str, Any] = {
    "event": "e1", "occurred_at": MORNING.isoformat(), "order": "shop:1", "provider": "p", "reference": "r",
    "transaction": "", "amount": "1.00", "currency": "CNY", "code": "", "status": "failed", "fulfilment": "shop:1.F1",
    "return": "shop:1.R1", "warehouse": "hz", "lines": [LINE], "parcels": [{"weight_grams": 1, "lines": [LINE]}],
    "carrier": "sf", "tracking_number": "1", "place": "", "note": "", "reason": "ok", "scope": "whole", "version": 1,
    "flag": 0, "kind": "return", "new": [], "sku": "tea", "quantity": 1,
    "receipt": "hz.E1", "damaged": 0, "hold": "shop:1.H1", "by": "lead", "role": "operations",
}  # fmt: skip
"""Every field any body has, each with a value that passes."""

PRIVATE = {"contact": {"name": "Wang Wu", "country": "CN", "phone": "138 0013 8000"}, "text": "hello"}


class Nobody:
    """A port behind which nobody knows anything."""

    def __getattr__(self, name: str) -> Any:
        async def method(*args: Any, **kwargs: Any) -> Any:
            raise refuse(Refusal.UNKNOWN_ORDER, "nobody knows it")

        return method


def answer(kind: str, body: Mapping[str, Any], private: Mapping[str, Any]) -> str:
    """Give the code with which a body is refused."""
    ports = {port: Nobody() for port in ports_for(kind)}
    with pytest.raises(OrderRefused) as refused:
        asyncio.run(receive(kind, body, ports, private=private, at=MORNING + DAY))
    assert "Wang" not in str(refused.value)
    return refused.value.code


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_complete_body_reaches_the_shop(kind: str) -> None:
    """Otherwise the test below would only show that everything is refused at the door."""
    body = COMPLETE | ({"status": "delivered"} if kind == "carrier.reported" else {})
    body |= {"kind": "manual"} if kind.startswith("hold.") else {}
    assert answer(kind, body, PRIVATE) == "UNKNOWN_ORDER"


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    change=st.dictionaries(st.sampled_from(sorted(COMPLETE)), JSON, min_size=1, max_size=4),
    without=st.sets(st.sampled_from(sorted(COMPLETE)), max_size=2),
)
def test_no_body_breaks_the_reception(kind: str, change: dict[str, Any], without: set[str]) -> None:
    """A crash would be retried for ever, and would show the body in a trace."""
    body = {name: value for name, value in (COMPLETE | change).items() if name not in without}
    assert answer(kind, body, PRIVATE) in ("DATA_REFUSED", "UNKNOWN_ORDER")


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(["buyer.address_changed", "buyer.wrote"]), private=st.dictionaries(
    st.sampled_from(["contact", "text"]), JSON | st.dictionaries(st.sampled_from(["name", "country", "phone"]), JSON)
))  # fmt: skip
def test_no_personal_data_breaks_the_reception(kind: str, private: dict[str, Any]) -> None:
    """The private part is as hostile as the body."""
    assert answer(kind, COMPLETE, private) in ("DATA_REFUSED", "UNKNOWN_ORDER")


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 1e300, "2026-02-30"])
def test_times_beyond_the_calendar_are_refused(when: Any) -> None:
    """Arithmetic on them would overflow."""
    assert answer("stock.received", COMPLETE | {"occurred_at": when}, {}) == "DATA_REFUSED"
