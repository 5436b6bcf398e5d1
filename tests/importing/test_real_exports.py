"""The exports of two real shops: every kind of dirt they are known to have is found and named."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import process_time

import pytest

from oms_workflow.connect.importing import (
    Accepted,
    ImportMapping,
    OrderReading,
    Quarantined,
    history_in,
    opening_stock,
    read_mapping,
    read_orders,
    store_opening_stock,
)
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.store.checks import check
from tests.beside import BESIDE, needs

from .reading import AT
from .shop import Shop

ROOT = Path(__file__).parents[2]
DATA = BESIDE / "data"

pytestmark = needs(DATA)

MANY = 1_000
SECONDS = 60  # of processor time; some 15 on an ordinary machine: the wall is against a slip into quadratic time


def mapping(name: str) -> ImportMapping:
    """Give the mapping that comes with the product."""
    return read_mapping(ROOT / "examples" / "imports" / f"{name}.toml")


@pytest.fixture(scope="module")
def olist() -> OrderReading:
    """The Olist export, read once."""
    reading = read_orders(mapping("olist"), [DATA / "olist"], at=AT)
    for _ in reading:
        pass
    return reading


@pytest.mark.parametrize(
    "code",
    [
        "dates-out-of-order",  # handed over before it was approved
        "missing-time",  # delivered, with a time in between missing
        "status-contradiction",  # cancelled, and handed over
        "payment-mismatch",  # cents and interest
        "no-items",  # unavailable and cancelled orders
        "numbering-gap",  # of payments
        "zero-payment",
        "bad-postcode",  # lost their leading zero
        "bad-city",  # of sellers: state, country, e-mail
        "empty-field",  # products without category
        "unknown-reference",  # a category without translation
    ],
)
def test_each_kind_of_dirt_of_olist_is_found(olist: OrderReading, code: str) -> None:
    """Found means named, placed and counted."""
    assert olist.counts.by_code[code] > 0


def test_every_row_of_olist_is_accounted_for(olist: OrderReading) -> None:
    """Seven files, and nothing falls between them."""
    rows = 0
    for path in sorted((DATA / "olist").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows += sum(1 for _ in csv.reader(file)) - 1
    counts = olist.counts
    assert counts.rows == rows
    ends = counts.accepted_rows + counts.duplicate_rows + counts.skipped_rows + counts.quarantined_rows
    assert ends + counts.reference_rows == rows


def test_only_what_has_no_goods_is_kept_aside(olist: OrderReading) -> None:
    """The rest of the dirt can be lived with, and is noted."""
    for result in islice(olist, 2000):
        if isinstance(result, Quarantined):
            assert {one.code for one in result.problems if one.is_essential} == {"no-items"}
        if isinstance(result, Accepted):
            assert result.intake.history.status


def test_a_promise_that_is_a_day_stays_a_day(olist: OrderReading) -> None:
    """As a moment it would make every delivery on the promised day late."""
    result = next(one for one in olist if isinstance(one, Accepted))
    assert result.intake.history.facts["promised_day"].endswith("00:00:00")
    assert result.intake.order.promise.deliver_by is None


def first_orders(folder: Path, many: int) -> list[Path]:
    """Write the first orders of Olist with all that belongs to them, as files of the same names."""
    source = DATA / "olist"
    with (source / "olist_orders_dataset.csv").open(encoding="utf-8-sig", newline="") as file:
        kept = {row["order_id"] for row in islice(csv.DictReader(file), many)}

    def lines(path: Path) -> Iterator[list[str]]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            head = next(rows)
            yield head
            at = head.index("order_id") if "order_id" in head else None
            yield from (row for row in rows if at is None or row[at] in kept)

    for path in source.glob("*.csv"):
        with (folder / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines(path))
    return [folder]


async def test_a_thousand_orders_come_in_with_their_stock(shop: Shop, tmp_path: Path) -> None:
    """Once; twice is no change; and the shop's books agree afterwards."""
    folder = tmp_path / "export"
    folder.mkdir()
    paths = first_orders(folder, MANY)
    chosen = mapping("olist")
    begun = process_time()
    report = await shop.take(paths, chosen)
    stock = opening_stock(read_orders(chosen, paths, at=AT))
    await store_opening_stock(stock, shop.open_ports, batch=report.batch, at=AT)
    assert process_time() - begun < SECONDS
    assert report.new + report.quarantined == MANY
    before = await shop.counts()
    again = await shop.take(paths, chosen)
    await store_opening_stock(stock, shop.open_ports, batch=report.batch, at=AT)
    assert await shop.counts() == before
    assert (again.new, again.changed, again.known) == (0, 0, report.new)
    assert again.order_ids == report.order_ids
    assert all(one.violations == 0 for one in await check(shop.database))
    async with shop.open_ports() as ports:
        orders: Orders = ports[Orders]
        history = history_in(note.text for note in await orders.notes(report.order_ids[0]))
    assert history is not None
    assert history.status


@pytest.fixture(scope="module")
def tmall() -> OrderReading:
    """The Tmall report, read once."""
    reading = read_orders(mapping("tmall"), [DATA / "tmall"], at=AT)
    for _ in reading:
        pass
    return reading


def test_headers_with_blanks_are_told_once(tmall: OrderReading) -> None:
    """And matched all the same."""
    (cleaned,) = (one for one in tmall.findings if one.code == "file-cleaned-columns")
    assert "收货地址" in cleaned.message


def test_every_row_of_tmall_is_accounted_for(tmall: OrderReading) -> None:
    """One row, one order."""
    with (DATA / "tmall" / "tmall_order_report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1
    assert tmall.counts.rows == tmall.counts.accepted_rows + tmall.counts.quarantined_rows == rows


def test_net_payments_are_read_as_what_was_paid(tmall: OrderReading) -> None:
    """What the report calls paid is net of the refund: read plainly, most refunds would look wrong."""
    refunded = unpaid = 0
    for result in tmall:
        assert isinstance(result, Accepted)
        intake = result.intake
        unpaid += not intake.payments
        if intake.refunds:
            refunded += 1
            assert intake.payments[0].amount == intake.order.total
    assert refunded > 0
    assert unpaid > 0
    assert not {"refund-exceeds-paid", "payment-mismatch"} & set(tmall.counts.by_code)


def test_provinces_come_in_one_form(tmall: OrderReading) -> None:
    """上海 and 上海市 are one province, and rules ask for it by one name."""
    regions = {result.intake.contact.address.region for result in tmall if isinstance(result, Accepted)}
    assert "上海市" in regions
    assert "上海" not in regions
    assert "内蒙古自治区" in regions
