"""Reading incoming orders: every problem at once, nothing guessed, no personal data in a message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.domain.customer import CustomerRecord
from oms_workflow.domain.intake import ChannelHabits, IntakeReading, read_order
from oms_workflow.domain.note import NoteKind
from oms_workflow.domain.order import PaymentTerms, defects
from oms_workflow.domain.problem import Fault, Weight, has_errors

from .orders_for_tests import NOON, cny

HABITS = ChannelHabits(channel="shop", shop="s1", currency="CNY", zone=ZoneInfo("Asia/Shanghai"))
GOOD: dict[str, Any] = {
    "number": "1001",
    "external_id": "tid-1001",
    "buyer_id": "nick",
    "placed_at": "2026-11-11 18:00:00",
    "paid_at": "2026-11-11 18:00:07",
    "freight": "6.0000",
    "paid": "25.00",
    "name": "王小明",
    "phone": "138 0013 8000",
    "region": "浙江",
    "city": "杭州市",
    "district": "西湖区",
    "street": "文三路12号",
    "buyer_message": "尽快",
    "lines": [{"oid": "o1", "sku": "TEA", "quantity": "2", "unit_price": "10.00", "discount": "1"}],
}


def read(**changes: Any) -> IntakeReading:
    raw = {name: value for name, value in (GOOD | changes).items() if value is not ...}
    return read_order(raw, HABITS, at=NOON)


def faults(reading: IntakeReading) -> dict[str, tuple[Fault, Weight]]:
    return {one.field: (one.fault, one.weight) for one in reading.problems}


def test_a_sound_order_is_read_without_a_word() -> None:
    """Local time becomes UTC, trailing zeros go, the phone is E.164, the address has one spelling."""
    reading = read()
    assert reading.problems == ()
    draft = reading.draft
    assert draft is not None
    record = CustomerRecord(
        customer_ref="c1",
        buyer_key="b",
        address_digest="a",
        phone_digest="p",
        country="CN",
        region="浙江省",
        city="杭州市",
    )
    order = draft.order(record)
    assert (order.id, order.external_id, order.customer_ref) == ("shop:1001", "tid-1001", "c1")
    assert order.placed_at == datetime(2026, 11, 11, 10, 0, tzinfo=UTC)
    assert (order.total, order.freight, order.lines[0].id) == (cny("25.00"), cny("6.00"), "shop:1001/o1")
    assert (draft.contact.phone, draft.contact.address.region) == ("+8613800138000", "浙江省")
    assert draft.notes == ((NoteKind.BUYER_MESSAGE, "尽快"),)
    assert draft.paid
    assert defects(order) == ()


@pytest.mark.parametrize(
    ("changes", "field", "fault"),
    [
        ({"number": ...}, "number", Fault.MISSING),
        ({"number": "a b"}, "number", Fault.INVALID),
        ({"placed_at": ""}, "placed_at", Fault.MISSING),
        ({"placed_at": "yesterday"}, "placed_at", Fault.UNREADABLE),
        ({"placed_at": "2031-01-01"}, "placed_at", Fault.OUT_OF_RANGE),
        ({"currency": "RMB"}, "currency", Fault.INVALID),
        ({"country": "China!"}, "country", Fault.INVALID),
        ({"lines": []}, "lines", Fault.MISSING),
        ({"lines": ["x"]}, "lines[1]", Fault.UNREADABLE),
        ({"freight": "-1"}, "freight", Fault.NEGATIVE),
        ({"freight": "6,50"}, "freight", Fault.UNREADABLE),
        ({"freight": "1.005"}, "freight", Fault.UNREADABLE),
        ({"freight": True}, "freight", Fault.UNREADABLE),
        ({"freight": "1e30"}, "freight", Fault.OUT_OF_RANGE),
        ({"adjustment": "-99"}, "adjustment", Fault.CONTRADICTORY),
        ({"street": "æ–‡ä¸‰è·¯"}, "street", Fault.DAMAGED),
        ({"name": "锟斤拷"}, "name", Fault.DAMAGED),
        ({"terms": "barter"}, "terms", Fault.INVALID),
        ({"external_id": 1.5e300}, "external_id", Fault.DAMAGED),
    ],
)
def test_what_cannot_be_stored_is_an_error_at_its_field(changes: dict[str, Any], field: str, fault: Fault) -> None:
    """Missing, negative, contradictory, wrongly decoded: each with its place and its reason."""
    reading = read(**changes)
    assert reading.draft is None
    assert faults(reading)[field] == (fault, Weight.ERROR)


@pytest.mark.parametrize(
    ("changes", "field", "fault"),
    [
        ({"quantity": 0}, "quantity", Fault.OUT_OF_RANGE),
        ({"quantity": -1}, "quantity", Fault.NEGATIVE),
        ({"quantity": "1.5"}, "quantity", Fault.UNREADABLE),
        ({"quantity": None}, "quantity", Fault.MISSING),
        ({"sku": " "}, "sku", Fault.MISSING),
        ({"unit_price": ""}, "unit_price", Fault.MISSING),
        ({"unit_price": "-1"}, "unit_price", Fault.NEGATIVE),
        ({"discount": "20.01"}, "discount", Fault.CONTRADICTORY),
        ({"oid": "a/b"}, "oid", Fault.INVALID),
    ],
)
def test_a_wrong_line_is_named_by_its_number(changes: dict[str, Any], field: str, fault: Fault) -> None:
    """The third of forty lines is found without counting."""
    good = GOOD["lines"][0]
    reading = read(lines=[good, good | {"oid": "o2"} | changes])
    assert reading.draft is None
    assert faults(reading)[f"lines[2].{field}"] == (fault, Weight.ERROR)


def test_two_lines_with_one_sub_order_are_refused() -> None:
    """旺店通 answers 订单货品数量不一致; here the twin is named."""
    assert faults(read(lines=GOOD["lines"] * 2))["lines"] == (Fault.DUPLICATE, Weight.ERROR)


@pytest.mark.parametrize(
    ("changes", "field", "fault"),
    [
        ({"handed_over_at": "2026-11-11 17:00:00"}, "handed_over_at", Fault.CONTRADICTORY),
        ({"paid_at": ...}, "paid_at", Fault.CONTRADICTORY),
        ({"paid": "24.99"}, "paid", Fault.CONTRADICTORY),
        ({"total": "24.00", "paid": ...}, "total", Fault.CONTRADICTORY),
        ({"ship_by": "2026-11-10"}, "ship_by", Fault.CONTRADICTORY),
        ({"ship_by": "2026-11-14", "deliver_by": "2026-11-13"}, "deliver_by", Fault.CONTRADICTORY),
        ({"phone": "12"}, "phone", Fault.INVALID),
        ({"phone": ...}, "phone", Fault.MISSING),
        ({"email": "nobody"}, "email", Fault.INVALID),
        ({"name": ...}, "name", Fault.MISSING),
        ({"name": "王**"}, "name", Fault.DAMAGED),
        ({"street": ...}, "street", Fault.MISSING),
        ({"region": "Atlantis"}, "region", Fault.INVALID),
        ({"region": ...}, "region", Fault.MISSING),
        ({"buyer_message": "Ã©"}, "buyer_message", Fault.DAMAGED),
    ],
)
def test_what_a_person_can_mend_is_a_warning(changes: dict[str, Any], field: str, fault: Fault) -> None:
    """The order is stored; a rule or a person looks at it."""
    reading = read(**changes)
    assert reading.draft is not None
    assert faults(reading)[field] == (fault, Weight.WARNING)


def test_a_total_that_differs_is_believed() -> None:
    """A platform subsidy: the buyer owes the total, and the books still add up."""
    draft = read(total="20.00", paid="20.00").draft
    assert draft is not None
    assert draft.bare.adjustment == cny("-5.00")
    assert draft.bare.total == cny("20.00")


def test_what_was_paid_net_of_a_refund_is_no_contradiction() -> None:
    """Tmall exports are net: 786 of 808 refunds would be refused by a naive check."""
    reading = read(paid="5.00", refunded="20.00")
    assert reading.problems == ()


def test_a_line_that_tells_its_amount_tells_its_discount() -> None:
    """Only the paid amount of a sub-order is exported; what is missing to its price is the discount."""
    line = {"sku": "TEA", "quantity": 2, "unit_price": "10.00", "amount": "17.50"}
    draft = read(lines=[line], paid=...).draft
    assert draft is not None
    assert (draft.bare.lines[0].discount, draft.bare.lines[0].oid) == (cny("2.50"), "1001-1")


def test_the_county_becomes_the_city() -> None:
    """Taobao's trap: province-administered counties come with an empty city."""
    reading = read(region="湖北省", city="", district="仙桃市")
    assert reading.draft is not None
    assert reading.draft.contact.address.city == "仙桃市"
    assert faults(reading)["city"] == (Fault.TIDIED, Weight.INFO)


@pytest.mark.parametrize(
    "written",
    ["2026-11-11 18:00:00", "2026/11/11 18:00:00", 1794391200000, "1794391200000", 1794391200, "2026-11-11T10:00:00Z",
     "2026-11-11T12:00:00+02:00", datetime(2026, 11, 11, 18, 0)],
)  # fmt: skip
def test_times_are_read_however_they_are_written(written: Any) -> None:
    """One object mixes text and epoch milliseconds."""
    draft = read(placed_at=written, paid_at=..., paid=...).draft
    assert draft is not None
    assert draft.bare.placed_at == datetime(2026, 11, 11, 10, 0, tzinfo=UTC)


def test_headers_with_blanks_and_numbers_as_text_are_read() -> None:
    """`收货地址 ` has a trailing blank; thousands have commas; money has a sign."""
    raw = {f"{name} ": value for name, value in GOOD.items()} | {"paid ": "¥1,025.00", "freight ": "1,006.00"}
    reading = read_order(raw, HABITS, at=NOON)
    assert reading.draft is not None
    assert reading.draft.bare.freight == cny("1006.00")


def test_all_problems_come_at_once() -> None:
    """The person who mends the export does it once."""
    reading = read(number=..., placed_at="x", currency="??", lines=[{"quantity": -1}], phone="1")
    assert {"number", "placed_at", "currency", "lines[1].sku", "lines[1].quantity", "phone"} <= set(faults(reading))


def test_no_message_repeats_personal_data() -> None:
    """Problems are stored, shown and mailed."""
    secrets = {
        "name": "王**明",
        "phone": "13812",
        "street": "锟斤拷路77号",
        "email": "wang#example",
        "city": "\x07secret",
    }
    reading = read(**secrets, country="Chinaland")
    said = " ".join(one.message for one in reading.problems)
    assert reading.problems
    assert not any(part in said for part in ("王", "13812", "77", "example", "secret", "Chinaland"))
    assert "王小明" not in repr(read().draft)


def test_cash_on_delivery_has_many_names() -> None:
    """And nothing at all means prepaid."""
    assert read(terms="货到付款").draft.bare.terms is PaymentTerms.ON_DELIVERY  # type: ignore[union-attr]
    assert read().draft.bare.terms is PaymentTerms.PREPAID  # type: ignore[union-attr]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from([*GOOD, "total", "refunded", "version", "sealed", "currency", "country", "email", "ship_by"])
LINE_FIELDS = st.sampled_from(["oid", "sku", "quantity", "unit_price", "discount", "tax", "amount", "gift", "title"])


@settings(max_examples=300)
@given(changes=st.dictionaries(FIELDS, ANYTHING, max_size=5), line=st.dictionaries(LINE_FIELDS, ANYTHING, max_size=4))
def test_whatever_comes_in_is_read_or_explained(changes: dict[str, Any], line: dict[str, Any]) -> None:
    """Never a crash, never an impossible order, never silence about an order that is not taken."""
    raw = GOOD | {"lines": [GOOD["lines"][0] | line]} | changes
    reading = read_order(raw, HABITS, at=NOON)
    assert (reading.draft is None) == has_errors(reading.problems)
    if reading.draft is not None:
        assert defects(reading.draft.bare) == ()
