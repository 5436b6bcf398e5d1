"""What is kept aside can be mended and comes in then; its file is for its owner only."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

from oms_workflow.connect.importing import PLAIN, BatchReport, read_mapping
from oms_workflow.domain.ports.imports import RowOutcome

from .reading import FLAT, GOOD, HEAD, ITEMS, ORDERS, PAYMENTS, TABLES, row, write
from .shop import Shop


def kept(report: BatchReport) -> list[dict[str, str]]:
    """Give the rows of the quarantine file."""
    assert report.quarantine is not None
    with report.quarantine.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def put_back(report: BatchReport, rows: list[dict[str, str]]) -> Path:
    """Write mended rows into the same file, as a spreadsheet does."""
    assert report.quarantine is not None
    with report.quarantine.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return report.quarantine


async def test_a_mended_row_comes_in(shop: Shop, tmp_path: Path) -> None:
    """The row, its place and its reasons; then the order, and the batch knows that it was mended."""
    paths = write(tmp_path, {"orders.csv": HEAD + GOOD + row(id="2", price="1O.00")})
    report = await shop.take(paths)
    (bad,) = kept(report)
    assert (bad["oms_file"], bad["oms_source"], bad["oms_row"]) == ("orders", "orders.csv", "3")
    assert bad["oms_reasons"].startswith("bad-number: (price)")
    assert bad["name"] == "王小明"
    again = await shop.take([put_back(report, [bad | {"price": "10.00"}])])
    assert (again.new, again.quarantined, again.order_ids) == (1, 0, ["shop:2"])
    (resolved,) = await shop.rows(report.batch, RowOutcome.RESOLVED)
    assert resolved.order_id == "shop:2"
    assert (await shop.counts())["orders"] == 2


async def test_a_row_that_was_not_mended_is_kept_aside_again(shop: Shop, tmp_path: Path) -> None:
    """And nothing is overwritten that a person may be working on."""
    report = await shop.take(write(tmp_path, {"orders.csv": HEAD + row(price="x")}))
    assert report.quarantine is not None
    again = await shop.take([report.quarantine])
    assert (again.new, again.quarantined) == (0, 1)
    assert again.quarantine is not None
    assert again.quarantine != report.quarantine
    assert kept(again)[0]["price"] == "x"


async def test_rows_of_several_files_come_back_together(shop: Shop, tmp_path: Path) -> None:
    """An order without its items cannot be mended, so all rows of it are kept."""
    files = {"orders.csv": ORDERS, "items.csv": ITEMS.replace("1,2,CUP,5.00", "1,2,CUP,five"), "payments.csv": PAYMENTS}
    report = await shop.take(write(tmp_path, dict(files)), TABLES)
    rows = kept(report)
    assert [(one["oms_file"], one["oms_row"]) for one in rows] == [
        ("orders", "2"),
        ("items", "2"),
        ("items", "3"),
        ("payments", "2"),
    ]
    mended = [one | {"price": one["price"].replace("five", "5.00")} for one in rows]
    again = await shop.take([put_back(report, mended)], TABLES)
    assert (again.new, again.quarantined) == (1, 0)
    assert (await shop.get("shop:1")).money.captured == (await shop.get("shop:1")).order.total


async def test_a_row_that_could_not_be_told_apart_keeps_its_text(shop: Shop, tmp_path: Path) -> None:
    """Who mends it fills the fields and empties the text."""
    report = await shop.take(write(tmp_path, {"orders.csv": HEAD + GOOD.strip() + ",one too many\n"}))
    (bad,) = kept(report)
    assert bad["oms_reasons"].startswith("wrong-field-count")
    assert bad["oms_text"].endswith("one too many\n")
    unmended = await shop.take([put_back(report, [bad])])
    assert (unmended.new, unmended.quarantined) == (0, 1)
    cells = dict(zip(HEAD.strip().split(","), GOOD.strip().split(","), strict=True))
    mended = await shop.take([put_back(report, [bad | cells | {"oms_text": ""}])])
    assert (mended.new, mended.quarantined) == (1, 0)


async def test_json_is_kept_as_json(shop: Shop, tmp_path: Path) -> None:
    """Lists inside an order are rows of their own there, and find their order again."""
    order = {"number": "A-1", "placed_at": "2026-11-11T10:00:00Z", "lines": [{"sku": "TEA", "quantity": 1}]}
    mapping = read_mapping(PLAIN)
    report = await shop.take(write(tmp_path, {"orders.json": json.dumps([order])}), mapping)
    assert report.quarantine is not None
    assert report.quarantine.name == "orders.quarantine.jsonl"
    lines = [json.loads(line) for line in report.quarantine.read_text(encoding="utf-8").splitlines()]
    assert [one["oms_file"] for one in lines] == ["orders", "lines"]
    lines[1]["unit_price"] = "10.00"
    report.quarantine.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    again = await shop.take([report.quarantine], mapping)
    assert (again.new, again.order_ids) == (1, ["import:A-1"])


async def test_nobody_else_may_read_it(shop: Shop, tmp_path: Path) -> None:
    """It holds names and addresses."""
    report = await shop.take(write(tmp_path, {"orders.csv": HEAD + row(price="x")}))
    assert report.quarantine is not None
    assert stat.S_IMODE(report.quarantine.stat().st_mode) == 0o600


async def test_there_is_no_file_when_nothing_is_bad(shop: Shop, tmp_path: Path) -> None:
    """An empty file makes people look for what is not there."""
    report = await shop.take(write(tmp_path, {"orders.csv": HEAD + GOOD}), FLAT)
    assert report.quarantine is None
    assert not (tmp_path / "orders.quarantine.csv").exists()


async def test_bytes_of_another_encoding_are_shown(shop: Shop, tmp_path: Path) -> None:
    """Replaced by question marks they could not be mended."""
    content = (HEAD + GOOD).encode() + row(id="2", name="José").encode("latin-1", "replace")
    report = await shop.take(write(tmp_path, {"orders.csv": content}))
    (bad,) = kept(report)
    assert bad["oms_reasons"].startswith("mis-encoded")
    assert bad["name"] == "Jos\N{REPLACEMENT CHARACTER}\\xE9"
    unmended = await shop.take([put_back(report, [bad])])
    assert (unmended.new, unmended.quarantined) == (0, 1)


async def test_a_line_that_was_no_json_is_mended_to_one(shop: Shop, tmp_path: Path) -> None:
    """Its lists may stand in it, as they did."""
    order = {"number": "A-1", "placed_at": "2026-11-11T10:00:00Z"}
    lines = [{"sku": "TEA", "quantity": 1, "unit_price": "10.00"}]
    mapping = read_mapping(PLAIN)
    report = await shop.take(write(tmp_path, {"orders.jsonl": '{"number": "A-1",\n'}), mapping)
    assert report.quarantine is not None
    kept_aside = json.loads(report.quarantine.read_text(encoding="utf-8"))
    mended = json.dumps(kept_aside | order | {"lines": lines, "oms_text": ""})
    report.quarantine.write_text(mended + "\n", encoding="utf-8")
    again = await shop.take([report.quarantine], mapping)
    assert (again.new, again.quarantined) == (1, 0)
    assert [row.order_id for row in await shop.rows(report.batch)] == ["import:A-1"]


async def test_a_list_in_place_of_a_value_does_not_pass_the_second_time(shop: Shop, tmp_path: Path) -> None:
    """Kept aside it is written as a text; nobody has mended it by that."""
    order = {"number": ["A-1"], "placed_at": "2026-11-11T10:00:00Z", "lines": []}
    mapping = read_mapping(PLAIN)
    report = await shop.take(write(tmp_path, {"orders.json": json.dumps([order])}), mapping)
    assert report.by_code == {"bad-value": 1}
    assert report.quarantine is not None
    again = await shop.take([report.quarantine], mapping)
    assert (again.new, again.quarantined) == (0, 1)
