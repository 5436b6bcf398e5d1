"""Orders in the house's own names need no mapping: JSON, JSON Lines, CSV."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from oms_workflow.connect.importing import Accepted, Duplicate, OrderReading, Quarantined, plain_mapping, read_orders
from oms_workflow.domain.money import Money
from oms_workflow.errors import DiagramRefused, Severity

from .reading import AT, codes, only, write

ORDER: dict[str, Any] = {
    "number": "A-1",
    "placed_at": "2026-11-11T18:00:00+08:00",
    "currency": "CNY",
    "name": "王小明",
    "phone": "13800138000",
    "region": "浙江",
    "city": "杭州市",
    "street": "文三路1号",
    "lines": [{"sku": "TEA", "quantity": 2, "unit_price": "10.00"}],
}


def read(folder: Path, name: str, content: str | bytes) -> OrderReading:
    paths = write(folder, {name: content})
    return read_orders(plain_mapping(paths), paths, at=AT)


def one(folder: Path, order: dict[str, Any]) -> Accepted | Quarantined:
    result = only(list(read(folder, "orders.json", json.dumps([order]))))
    assert isinstance(result, (Accepted, Quarantined))
    return result


def accepted(folder: Path, order: dict[str, Any]) -> Accepted:
    result = one(folder, order)
    assert isinstance(result, Accepted), codes(result)
    return result


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("orders.json", json.dumps([ORDER])),
        ("order.json", json.dumps(ORDER)),
        ("orders.jsonl", json.dumps(ORDER) + "\n"),
        (
            "orders.csv",
            "number,placed_at,currency,name,phone,region,city,street,sku,quantity,unit_price\n"
            "A-1,2026-11-11T18:00:00+08:00,CNY,王小明,13800138000,浙江,杭州市,文三路1号,TEA,2,10.00\n",
        ),
    ],
)
def test_the_same_order_is_the_same_in_every_format(tmp_path: Path, name: str, content: str) -> None:
    """What is taught once holds everywhere."""
    result = only(list(read(tmp_path, name, content)))
    assert isinstance(result, Accepted), codes(result)
    order = result.intake.order
    assert (order.id, order.channel, order.number) == ("import:A-1", "import", "A-1")
    assert order.total == Money.of("20.00", "CNY")
    assert order.placed_at == datetime(2026, 11, 11, 10, tzinfo=UTC)
    assert result.intake.contact.phone == "+8613800138000"


def test_rows_of_a_table_are_lines_of_an_order(tmp_path: Path) -> None:
    """A spreadsheet has one row for each line."""
    text = (
        "number,placed_at,currency,sku,quantity,unit_price,freight\n"
        "A-1,2026-11-11 10:00:00,CNY,TEA,2,10.00,5\nA-1,2026-11-11 10:00:00,CNY,CUP,1,8.00,5\n"
        "A-2,2026-11-11 11:00:00,CNY,TEA,1,10.00,0\n"
    )
    first, second = (result for result in read(tmp_path, "orders.csv", text) if isinstance(result, Accepted))
    assert [(line.sku, line.ordered) for line in first.intake.order.lines] == [("TEA", 2), ("CUP", 1)]
    assert first.intake.order.total == Money.of("33.00", "CNY")
    assert second.intake.order.id == "import:A-2"


def test_the_same_row_twice_is_not_guessed_at(tmp_path: Path) -> None:
    """Whether two pieces or one were ordered decides what is shipped and charged."""
    row = "A-1,2026-11-11 10:00:00,CNY,TEA,1,10.00\n"
    text = f"number,placed_at,currency,sku,quantity,unit_price\n{row}{row}"
    result = only(list(read(tmp_path, "orders.csv", text)))
    assert isinstance(result, Quarantined)
    assert "duplicate-row quarantine" in codes(result)


def test_what_was_paid_in_all_is_a_payment(tmp_path: Path) -> None:
    """An order with `paid` goes on as a paid one."""
    intake = accepted(tmp_path, ORDER | {"paid": "20.00", "paid_at": "2026-11-11T18:01:00+08:00"}).intake
    (payment,) = intake.payments
    assert (payment.amount, payment.reference) == (Money.of("20.00", "CNY"), "A-1-paid")
    assert intake.draft.paid


def test_payments_one_by_one_go_before_what_was_paid_in_all(tmp_path: Path) -> None:
    """Told twice, money must not count twice."""
    told = [{"amount": 15, "method": "card", "reference": "x-1"}, {"amount": 5, "method": "voucher"}]
    intake = accepted(tmp_path, ORDER | {"paid": "20.00", "payments": told}).intake
    assert [(one.amount.amount, one.provider, one.reference) for one in intake.payments] == [
        (Decimal(15), "card", "x-1"),
        (Decimal(5), "voucher", "A-1-2"),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"paid": "19.00"}, "payment-mismatch hold"),
        ({"paid_at": "2026-11-11T18:01:00Z"}, "contradiction warn"),
        ({"paid": "20.00", "refunded": "21.00"}, "refund-exceeds-paid quarantine"),
        ({"total": "25.00"}, "contradiction warn"),
        ({"lines": []}, "no-items quarantine"),
        ({"currency": "CNX"}, "bad-value quarantine"),
        ({"placed_at": ""}, "missing-field quarantine"),
        ({"placed_at": "yesterday"}, "bad-date quarantine"),
        ({"number": "A 1"}, "bad-id quarantine"),
        ({"freight": "five"}, "bad-number quarantine"),
        ({"freight": "-5"}, "negative-amount quarantine"),
        ({"terms": "later"}, "bad-value quarantine"),
        ({"service_level": "hurry"}, "bad-value warn"),
        ({"phone": "12"}, "bad-phone warn"),
        ({"lines": [{"sku": "TEA", "quantity": 1.5, "unit_price": "1"}]}, "bad-number quarantine"),
        ({"lines": [{"sku": "TEA", "quantity": -1, "unit_price": "1"}]}, "negative-amount quarantine"),
        ({"lines": [{"sku": "TEA", "quantity": True, "unit_price": "1"}]}, "bad-number quarantine"),
        ({"lines": [{"sku": "TEA", "quantity": 1, "unit_price": "1.005"}]}, "too-many-decimals quarantine"),
        ({"lines": [{"quantity": 1, "unit_price": "1"}]}, "missing-field quarantine"),
        ({"lines": ["TEA"]}, "not-json quarantine"),
        ({"lines": [{"sku": "T", "quantity": 1, "unit_price": 1, "oid": "x"}] * 2}, "impossible-order quarantine"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    """What would charge wrong money or ship wrong goods is kept aside; the rest is noted."""
    assert said in codes(one(tmp_path, ORDER | change))


def test_a_line_may_say_what_it_costs_in_all(tmp_path: Path) -> None:
    """What is missing between price and amount is a discount."""
    lines = [{"sku": "TEA", "quantity": 3, "unit_price": "10.00", "amount": "29.00"}]
    order = accepted(tmp_path, ORDER | {"lines": lines}).intake.order
    assert (order.total, order.lines[0].discount) == (Money.of("29.00", "CNY"), Money.of("1.00", "CNY"))


def test_misspelt_names_are_told_of(tmp_path: Path) -> None:
    """In a format where most things may be left away, a misspelt one would be lost in silence."""
    reading = read(tmp_path, "orders.json", json.dumps([ORDER | {"buyer_mesage": "quick", "internal": 1}]))
    assert len(list(reading)) == 1
    warned = [one for one in reading.findings if one.severity is Severity.WARNING]
    assert [one.fix for one in warned] == ["Did you mean 'buyer_message'?"]
    assert any("'internal'" in one.message for one in reading.findings)


def test_formats_are_not_mixed(tmp_path: Path) -> None:
    """One import has one mapping."""
    paths = write(tmp_path, {"a.csv": "number\n", "b.json": "[]"})
    with pytest.raises(DiagramRefused, match="one after the other"):
        plain_mapping(paths)


def test_a_folder_stands_for_the_files_of_orders_in_it(tmp_path: Path) -> None:
    """A page of explanations beside them, and what an earlier import kept aside, are none."""
    other = json.dumps([ORDER | {"number": "A-2"}])
    write(tmp_path, {"a.json": json.dumps([ORDER]), "b.json": other, "README.md": "#", "a.quarantine.jsonl": "{}"})
    results = list(read_orders(plain_mapping([tmp_path]), [tmp_path], at=AT))
    assert [result.intake.order.id for result in results if isinstance(result, Accepted)] == [
        "import:A-1",
        "import:A-2",
    ]


def test_the_same_object_twice_is_a_duplicate(tmp_path: Path) -> None:
    """With everything inside it; were its lines put together, two pieces would go out for one."""
    first, second = read(tmp_path, "orders.json", json.dumps([ORDER, ORDER]))
    assert isinstance(first, Accepted)
    assert isinstance(second, Duplicate)
    assert [line.ordered for line in first.intake.order.lines] == [2]


def test_two_objects_that_differ_inside_are_kept_aside(tmp_path: Path) -> None:
    """Equal to the eye, but for a quantity."""
    other = ORDER | {"lines": [ORDER["lines"][0] | {"quantity": 3}]}
    result = only(list(read(tmp_path, "orders.json", json.dumps([ORDER, other]))))
    assert isinstance(result, Quarantined)
    assert "duplicate-external-id quarantine" in codes(result)


def test_a_misspelt_column_of_a_table_is_told_of(tmp_path: Path) -> None:
    """Columns may be missing there as well."""
    text = "number,placed_at,sku,quantity,unit_price,buyer_mesage\nA-1,2026-11-11 10:00:00,TEA,1,10.00,quick\n"
    warned = [one for one in read(tmp_path, "orders.csv", text).findings if one.severity is Severity.WARNING]
    assert [one.fix for one in warned] == ["Did you mean 'buyer_message'?"]
