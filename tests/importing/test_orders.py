"""From rows to orders: what goes together, what is found, what is done about it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from oms_workflow.connect.importing import CHECKS, Accepted, Duplicate, Quarantined, Skipped
from oms_workflow.domain.money import Money
from oms_workflow.errors import DiagramRefused

from .reading import (
    GOOD,
    HEAD,
    ITEMS,
    ORDERS,
    PAYMENTS,
    TABLES,
    accepted,
    codes,
    flat,
    only,
    quarantined,
    reading_of,
    results_of,
    row,
)

FILES = {"orders.csv": ORDERS, "items.csv": ITEMS, "payments.csv": PAYMENTS}


def tables(folder: Path, more: str = "", **files: str) -> list[object]:
    """Read three files, some of them changed."""
    changed = {f"{name}.csv": text for name, text in files.items()}
    return list(results_of(folder, FILES | changed, TABLES, more))


def test_a_good_row_is_an_order(tmp_path: Path) -> None:
    """Naive times are of the mapping's zone; phone and province come in the house's form."""
    result = only(flat(tmp_path, GOOD))
    assert isinstance(result, Accepted)
    order, contact = result.intake.order, result.intake.contact
    assert (order.id, order.total) == ("shop:1", Money.of("20.00", "CNY"))
    assert order.placed_at == datetime(2026, 11, 11, 10, tzinfo=UTC)
    assert (contact.phone, contact.address.region) == ("+8613800138000", "浙江省")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": ""}, "missing-field quarantine"),
        ({"id": "a b"}, "bad-id quarantine"),
        ({"id": "a/b"}, "bad-id quarantine"),
        ({"placed": ""}, "missing-field quarantine"),
        ({"placed": "0000-00-00 00:00:00"}, "bad-date quarantine"),
        ({"placed": "2026-13-01"}, "bad-date quarantine"),
        ({"placed": "2027-11-11 18:00:00"}, "out-of-range quarantine"),
        ({"sku": ""}, "missing-field quarantine"),
        ({"pieces": "0"}, "out-of-range quarantine"),
        ({"pieces": "two"}, "bad-number quarantine"),
        ({"pieces": "-2"}, "negative-amount quarantine"),
        ({"price": "-1"}, "negative-amount quarantine"),
        ({"price": "1.234.5"}, "bad-number quarantine"),
        ({"price": "1.999"}, "too-many-decimals quarantine"),
        ({"price": "9" * 30}, "bad-number quarantine"),
        ({"phone": "12345"}, "bad-phone warn"),
        ({"region": "Atlantis"}, "bad-region warn"),
        ({"city": "杭州市 / 宁波市"}, "bad-city warn"),
        ({"city": "who@example.com"}, "bad-city warn"),
        ({"street": "????"}, "unreadable-text quarantine"),
    ],
)
def test_each_kind_of_dirt_has_its_name(tmp_path: Path, change: dict[str, str], code: str) -> None:
    """What would ship wrong goods or charge wrong money waits; what is merely doubtful is noted."""
    assert code in codes(only(flat(tmp_path, row(**change))))


def test_a_bad_order_costs_only_itself(tmp_path: Path) -> None:
    """One typing error must not hold up a thousand parcels."""
    results = flat(tmp_path, GOOD, row(id="2", price="x"), row(id="3"))
    assert [one.intake.order.number for one in accepted(results)] == ["1", "3"]
    (bad,) = quarantined(results)
    assert [str(place) for place in bad.places] == ["orders.csv:3"]
    (problem,) = (one for one in bad.problems if one.code == "bad-number")
    assert (str(problem.place), problem.column) == ("orders.csv:3", "price")


def test_findings_repeat_nothing_of_the_row(tmp_path: Path) -> None:
    """Reasons go into logs and screens; names, numbers and streets do not."""
    secret = {"name": "Geheimnis", "phone": "4711-4711", "street": "????", "city": "secret@example.com", "price": "x8x"}
    result = only(flat(tmp_path, row(**secret)))
    assert isinstance(result, Quarantined)
    said = " ".join(str(one) for one in result.problems)
    for text in ("Geheimnis", "4711", "secret@", "x8x"):
        assert text not in said
        assert text not in repr(result)


def test_a_mapping_may_be_stricter(tmp_path: Path) -> None:
    """Who ships by phone only wants a number."""
    strict = flat(tmp_path, row(phone="12345"), more='[checks]\nbad-phone = "quarantine"')
    assert "bad-phone quarantine" in codes(only(strict))


def test_decimals_may_be_rounded_by_rule(tmp_path: Path) -> None:
    """Half to even, noted, and only where the mapping says so."""
    result = only(flat(tmp_path, row(price="1.005"), more='[checks]\ntoo-many-decimals = "fix"'))
    assert isinstance(result, Accepted)
    assert result.intake.order.lines[0].unit_price == Money.of("1.00", "CNY")
    assert codes(result) == ["too-many-decimals fix"]


def test_the_same_row_again_is_a_duplicate(tmp_path: Path) -> None:
    """Exports overlap; an order comes in once."""
    first, second = flat(tmp_path, GOOD, GOOD)
    assert isinstance(first, Accepted)
    assert isinstance(second, Duplicate)
    assert (second.order_id, str(second.first)) == ("shop:1", "orders.csv:2")


def test_two_different_rows_of_one_id_are_kept_aside_both(tmp_path: Path) -> None:
    """Nobody but their author can tell which one is right."""
    result = only(flat(tmp_path, GOOD, row(pieces="3")))
    assert isinstance(result, Quarantined)
    assert [place.row for place in result.places] == [2, 3]
    assert codes(result) == ["duplicate-external-id quarantine"]


def test_rows_of_three_files_make_an_order(tmp_path: Path) -> None:
    """Items and payments find their order by its key."""
    first, second = accepted(tables(tmp_path))  # type: ignore[arg-type]
    assert [line.sku for line in first.intake.order.lines] == ["TEA", "CUP"]
    assert [one.reference for one in first.intake.payments] == ["1-1"]
    assert first.intake.draft.paid
    assert second.intake.order.total == Money.of("10.00", "CNY")


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"items": "order,item,sku,price\n2,1,TEA,10.00\n"}, "no-items quarantine"),
        ({"payments": PAYMENTS.replace("15.00", "14.99")}, "payment-mismatch hold"),
        ({"payments": PAYMENTS.replace("15.00", "-15.00")}, "negative-amount quarantine"),
        ({"payments": PAYMENTS + "1,2,card,0.00\n"}, "zero-payment fix"),
        ({"payments": PAYMENTS.replace("1,1,card,15.00", "1,2,card,15.00")}, "numbering-gap warn"),
        ({"items": ITEMS.replace("1,2,CUP,5.00", '1,2,"CUP,5.00')}, "broken-part quarantine"),
        ({"items": ITEMS.replace("1,2,CUP", "1,1,CUP")}, "impossible-order quarantine"),
    ],
)
def test_what_is_wrong_between_files_is_found(tmp_path: Path, files: dict[str, str], code: str) -> None:
    """Money and goods have to agree before anything is shipped."""
    results = tables(tmp_path, **files)
    told = [code for one in results if isinstance(one, (Accepted, Quarantined)) for code in codes(one)]
    assert code in told


def test_rows_without_an_order_are_kept_aside(tmp_path: Path) -> None:
    """Items of an order that is missing are a hole in the export, not something to forget."""
    (orphan,) = quarantined(tables(tmp_path, items=ITEMS + "9,1,TEA,10.00\n"))  # type: ignore[arg-type]
    assert codes(orphan) == ["unknown-reference quarantine"]
    assert [str(place) for place in orphan.places] == ["items.csv:5"]


def test_single_pieces_become_lines(tmp_path: Path) -> None:
    """Olist has one row for each piece and no quantity."""
    items = "order,item,sku,price\n1,1,TEA,10.00\n1,2,TEA,10.00\n1,3,TEA,9.00\n2,1,TEA,10.00\n"
    mapping = TABLES.replace('from = "items"', 'from = "items"\ngather = true')
    first, _ = accepted(results_of(tmp_path, FILES | {"items.csv": items}, mapping))
    assert [(line.oid, line.ordered, line.unit_price.amount) for line in first.intake.order.lines] == [
        ("1-1", 2, 10),
        ("1-3", 1, 9),
    ]  # type: ignore[comparison-overlap]


def test_a_file_of_orders_may_have_a_row_for_each_line(tmp_path: Path) -> None:
    """Rows of one order have to agree on what belongs to the order as a whole."""
    mapping = FLAT_ROWS
    first, second = results_of(
        tmp_path, {"orders.csv": HEAD + GOOD + row(sku="CUP") + row(id="2") + row(id="2", city="宁波市")}, mapping
    )
    assert isinstance(first, Accepted)
    assert len(first.intake.order.lines) == 2
    assert isinstance(second, Quarantined)
    assert codes(second)[0] == "contradictory-rows quarantine"


def test_the_past_is_kept_and_not_acted_on(tmp_path: Path) -> None:
    """A fresh order runs; what happened to the old one is there for comparison."""
    text = (
        "id,placed,status,paid,sent\n"
        "1,2026-11-11 18:00:00,done,2026-11-11 19:00:00,2026-11-11 18:30:00\n2,2026-11-11 19:00:00,odd,,\n"
    )
    history = """
[history]
statuses = ["done"]
status = "status"
[history.times]
paid_at = "paid"
sent_at = "sent"
[history.expects]
done = ["paid_at", "sent_at"]
"""
    first, second = tables(tmp_path, more=history, orders=text)
    assert isinstance(first, Accepted)
    assert first.intake.history.status == "done"
    assert list(first.intake.history.times) == ["paid_at", "sent_at"]
    assert "dates-out-of-order warn" in codes(first)
    assert isinstance(second, Quarantined)
    assert "unknown-status quarantine" in codes(second)


def test_orders_are_left_out_by_rule(tmp_path: Path) -> None:
    """With the reason the mapping gives; they are counted, not lost."""
    more = '[[skip]]\nwhen = "price = null"\nreason = "no price yet"'
    first, second = flat(tmp_path, GOOD, row(id="2", price=""), more=more)
    assert isinstance(first, Accepted)
    assert isinstance(second, Skipped)
    assert second.reason == "no price yet"


def test_a_missing_column_is_told_before_any_row_is_read(tmp_path: Path) -> None:
    """With the nearest name the file has."""
    with pytest.raises(DiagramRefused) as refused:
        reading_of(tmp_path, {"orders.csv": HEAD.replace("price", "prize") + GOOD})
    said = str(refused.value)
    assert said.startswith("orders.csv:1: file-missing-column at 'lines.unit_price'")
    assert "Did you mean 'prize'?" in said


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """All at once, with what can be done."""
    with pytest.raises(DiagramRefused, match="The file 'items' is missing"):
        results_of(tmp_path, {"orders.csv": ORDERS}, TABLES)


def test_every_code_says_how_it_is_mended() -> None:
    """A finding without a way out is a complaint."""
    for check in CHECKS.values():
        assert check.says
        assert check.mend
        assert check.treatment in check.allowed


FLAT_ROWS = """
channel = "shop"
currency = "CNY"
country = "CN"
[files.orders]
key = "id"
many_rows = true
[order]
external_id = "id"
placed_at = "placed"
[contact]
city = "city"
[lines]
sku = "sku"
quantity = "pieces"
unit_price = "price"
"""
