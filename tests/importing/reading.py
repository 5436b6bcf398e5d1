"""Small imports for tests: files from texts, a mapping that fits most of them, results by kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from oms_workflow.connect.importing import (
    Accepted,
    ImportMapping,
    OrderReading,
    Quarantined,
    Result,
    parse_mapping,
    read_orders,
)
from oms_workflow.connect.importing.results import RawRow

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

FLAT = """
channel = "shop"
currency = "CNY"
country = "CN"
time_zone = "Asia/Shanghai"
[files.orders]
key = "id"
[order]
external_id = "id"
placed_at = "placed"
[contact]
name = "name"
phone = "phone"
city = "city"
region = "region"
street = "street"
[lines]
sku = "sku"
quantity = "pieces"
unit_price = "price"
"""
"""One row for each order, with one line."""

HEAD = "id,placed,name,phone,region,city,street,sku,pieces,price\n"
GOOD = "1,2026-11-11 18:00:00,王小明,138 0013 8000,浙江,杭州市,文三路1号,TEA,2,10.00\n"

TABLES = """
channel = "shop"
currency = "CNY"
country = "CN"
time_zone = "Asia/Shanghai"
[files.orders]
name = "orders.csv"
key = "id"
[files.items]
name = "items.csv"
rows_of = "orders"
by = "order"
[files.payments]
name = "payments.csv"
rows_of = "orders"
by = "order"
optional = true
[order]
external_id = "id"
placed_at = "placed"
[lines]
from = "items"
oid = { columns = ["order", "item"], joined_by = "-" }
sku = "sku"
unit_price = "price"
[payments]
from = "payments"
amount = "amount"
number = "number"
method = "method"
"""
"""Orders, items and payments in three files."""

ORDERS = "id,placed\n1,2026-11-11 18:00:00\n2,2026-11-11 19:00:00\n"
ITEMS = "order,item,sku,price\n1,1,TEA,10.00\n1,2,CUP,5.00\n2,1,TEA,10.00\n"
PAYMENTS = "order,number,method,amount\n1,1,card,15.00\n2,1,card,10.00\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """Write files and give their paths."""
    paths = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(path)
    return paths


def reading_of(
    folder: Path, files: Mapping[str, str | bytes], mapping: str | ImportMapping = FLAT, more: str = ""
) -> OrderReading:
    """Open files with a mapping; `more` is added to its text."""
    made = mapping if isinstance(mapping, ImportMapping) else parse_mapping(f"{mapping}\n{more}")
    return read_orders(made, write(folder, files), at=AT)


def results_of(
    folder: Path, files: Mapping[str, str | bytes], mapping: str | ImportMapping = FLAT, more: str = ""
) -> list[Result]:
    """Read files with a mapping."""
    return list(reading_of(folder, files, mapping, more))


def flat(folder: Path, *rows: str, more: str = "", mapping: str = FLAT) -> list[Result]:
    """Read rows of the flat file."""
    return results_of(folder, {"orders.csv": HEAD + "".join(rows)}, mapping, more)


def row(**changes: str) -> str:
    """Give the good row with some cells changed."""
    cells = dict(zip(HEAD.strip().split(","), GOOD.strip().split(","), strict=True)) | changes
    return ",".join(cells.values()) + "\n"


def accepted(results: Sequence[Result]) -> list[Accepted]:
    """Give the orders that were accepted."""
    return [result for result in results if isinstance(result, Accepted)]


def quarantined(results: Sequence[Result]) -> list[Quarantined]:
    """Give what was kept aside."""
    return [result for result in results if isinstance(result, Quarantined)]


def codes(result: Result) -> list[str]:
    """Give the codes of what was found, with how it is treated: `bad-city fix`."""
    assert isinstance(result, (Accepted, Quarantined))
    return [f"{problem.code} {problem.treatment.value}" for problem in result.problems]


def only(results: Sequence[Result]) -> Result:
    """Give the only result."""
    (result,) = results
    return result


def text_of(raw: RawRow) -> str:
    """Give everything a raw row says."""
    return " ".join((*raw.fields.values(), raw.text))
