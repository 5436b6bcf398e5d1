"""Warehouses, lanes and goods out of files, so that imported orders find something to be sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oms_workflow.connect.importing import (
    PLAIN,
    OpeningStock,
    opening_stock,
    parse_mapping,
    read_mapping,
    read_orders,
    store_opening_stock,
)
from oms_workflow.domain.order import Destination
from oms_workflow.domain.ports.stock import Stock, Warehouses
from oms_workflow.store.checks import check

from .reading import AT, FLAT, GOOD, HEAD, row, write
from .shop import Shop

BY_REGION = f"""{FLAT}
[stock]
warehouse = {{ feel = 'if region = "浙江" then "EAST" else "WEST"' }}
region = "region"
same_region = {{ cost = "5.00", km = 80, days = 1 }}
elsewhere = {{ cost = "9.00", km = 900, days = 3 }}
"""
ROWS = HEAD + GOOD + row(id="2", pieces="3") + row(id="3", region="四川", city="成都市") + row(id="4", price="x")


def stock_of(folder: Path, mapping: str = BY_REGION, more: str = "", rows: str = ROWS) -> OpeningStock:
    """Work out the opening stock for rows."""
    made = parse_mapping(mapping + more)
    return opening_stock(read_orders(made, write(folder, {"orders.csv": rows}), at=AT))


def test_there_is_as_much_as_the_orders_want(tmp_path: Path) -> None:
    """An order that cannot come in wants nothing."""
    stock = stock_of(tmp_path)
    assert stock.levels == {("TEA", "EAST"): 5, ("TEA", "WEST"): 2}
    assert [one.id for one in stock.warehouses] == ["EAST", "WEST"]


def test_factor_and_minimum_are_kept(tmp_path: Path) -> None:
    """Half of it, rounded up, and never less than three."""
    assert stock_of(tmp_path, more="factor = 0.5\nminimum = 3").levels == {("TEA", "EAST"): 3, ("TEA", "WEST"): 3}


async def test_orders_can_be_sourced_from_it_once(shop: Shop, tmp_path: Path) -> None:
    """The near warehouse is the cheap one; storing it again puts nothing there."""
    stock = stock_of(tmp_path)
    for _ in range(2):
        assert await store_opening_stock(stock, shop.open_ports, batch="b", at=AT) == 7
    async with shop.open_ports() as ports:
        warehouses: Warehouses = ports[Warehouses]
        shelves: Stock = ports[Stock]
        near = Destination(country="CN", region="浙江", city="")
        found = {one.warehouse: one.cost.amount for one in await warehouses.candidates(near, currency="CNY", at=AT)}
        balances = {one.warehouse: one.on_hand for one in await shelves.balances(["TEA"])}
    assert {name: str(cost) for name, cost in found.items()} == {"EAST": "5.00", "WEST": "9.00"}
    assert balances == {"EAST": 5, "WEST": 2}
    assert all(one.violations == 0 for one in await check(shop.database))


async def test_orders_from_abroad_are_reached_in_their_currency(shop: Shop, tmp_path: Path) -> None:
    """A lane has one price, and an order is sourced in its own money."""
    order = {
        "number": "1", "placed_at": "2026-11-11T10:00:00Z", "currency": "GBP", "country": "GB", "name": "Nora",
        "city": "Bristol", "street": "14 Orchard Lane", "postal_code": "BS1 4ZZ",
        "lines": [{"sku": "TEA", "quantity": 2, "unit_price": "9.50"}],
    }  # fmt: skip
    reading = read_orders(read_mapping(PLAIN), write(tmp_path, {"o.json": json.dumps(order)}), at=AT)
    await store_opening_stock(opening_stock(reading), shop.open_ports, batch="b", at=AT)
    async with shop.open_ports() as ports:
        warehouses: Warehouses = ports[Warehouses]
        (found,) = await warehouses.candidates(Destination(country="GB"), currency="GBP", at=AT)
    assert (found.warehouse, found.cost.currency) == ("MAIN", "GBP")


async def test_a_warehouse_that_is_there_stays_as_it_is(shop: Shop, tmp_path: Path) -> None:
    """Trying out a file must not change what people have set up."""
    stock = stock_of(tmp_path)
    async with shop.open_ports() as ports:
        await ports[Warehouses].save(stock.warehouses[0], ())
    await store_opening_stock(stock, shop.open_ports, batch="b", at=AT)
    async with shop.open_ports() as ports:
        warehouses: Warehouses = ports[Warehouses]
        far = Destination(country="CN", region="四川省")
        assert [one.warehouse for one in await warehouses.candidates(far, currency="CNY", at=AT)] == ["WEST"]


def test_a_file_may_say_what_is_on_hand(tmp_path: Path) -> None:
    """Several rows for one shelf add up; a row that cannot be read is told and left out."""
    mapping = f"""{FLAT.replace("[files.orders]", "[files.orders]" + chr(10) + 'name = "orders.csv"')}
[files.shelves]
name = "stock.csv"
stands_alone = true
[stock]
from = "shelves"
warehouse = "site"
sku = "sku"
quantity = "pieces"
"""
    shelves = "site,sku,pieces\nA,TEA,5\nA,TEA,2\nB,CUP,1\nB,CUP,many\nB,,1\n"
    paths = write(tmp_path, {"orders.csv": HEAD + GOOD, "stock.csv": shelves})
    stock = opening_stock(read_orders(parse_mapping(mapping), paths, at=AT))
    assert stock.levels == {("CUP", "B"): 1, ("TEA", "A"): 7}
    assert [(one.code, str(one.place)) for one in stock.problems] == [
        ("bad-number", "stock.csv:5"),
        ("missing-field", "stock.csv:6"),
    ]


def test_a_mapping_without_stock_says_so(tmp_path: Path) -> None:
    """Nothing is invented."""
    with pytest.raises(ValueError, match=r"has no \[stock\]"):
        stock_of(tmp_path, FLAT)
