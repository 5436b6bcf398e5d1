"""Cartons and sizes of goods in the database: kept by warehouse and SKU, impossible ones refused by the database."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from oms_workflow.domain.carton import Carton, Measured, Sides
from oms_workflow.domain.money import Money
from oms_workflow.domain.ports.cartons import Cartons
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database

from .shop import Shop

FLAT = Sides(length_mm=300, width_mm=200, height_mm=50)
CUBE = Sides(length_mm=100, width_mm=100, height_mm=100)


def a_carton(name: str, inner: Sides, cost: str = "1.00", currency: str = "CNY") -> Carton:
    return Carton(
        warehouse="HZ", id=name, inner=inner, holds_grams=5_000, own_grams=90, cost=Money.of(cost, currency), wall_mm=3
    )


async def test_cartons_are_given_smallest_first_and_replaced_by_name(database: Database) -> None:
    shop = Shop(database)
    await shop.warehouse("HZ")
    for one in (a_carton("flat", FLAT), a_carton("cube", FLAT), a_carton("cube", CUBE, "0.50")):
        await shop.call(Cartons, "save", one)
    assert await shop.call(Cartons, "of", "HZ") == (a_carton("cube", CUBE, "0.50"), a_carton("flat", FLAT))
    assert await shop.call(Cartons, "of", "SZ") == ()
    assert await shop.call(Cartons, "drop", "HZ", "flat")
    assert not await shop.call(Cartons, "drop", "HZ", "flat")
    assert [one.id for one in await shop.call(Cartons, "of", "")] == ["cube"]


async def test_costs_of_one_warehouse_can_be_compared(database: Database) -> None:
    """A carton in another currency would be the cheapest or the dearest by its number alone."""
    shop = Shop(database)
    await shop.warehouse("HZ")
    await shop.call(Cartons, "save", a_carton("flat", FLAT))
    with pytest.raises(OrderRefused, match="CNY"):
        await shop.call(Cartons, "save", a_carton("cube", CUBE, "1.00", "USD"))
    await shop.call(Cartons, "save", a_carton("flat", FLAT, "0.20", "USD"))  # the only one may change


async def test_a_carton_needs_a_warehouse(database: Database) -> None:
    with pytest.raises(OrderRefused, match="no warehouse"):
        await Shop(database).call(Cartons, "save", a_carton("flat", FLAT))


async def test_sizes_of_goods_are_kept_by_sku(database: Database) -> None:
    shop = Shop(database)
    tea = Measured(sku="TEA", sides=CUBE, weight_grams=250)
    await shop.call(Cartons, "measure", [Measured(sku="TEA", sides=FLAT), Measured(sku="POT", sides=FLAT)])
    await shop.call(Cartons, "measure", [tea, Measured(sku="BATTERY", sides=CUBE, ships_alone=True)])
    assert await shop.call(Cartons, "measured", ["TEA", "CUP"]) == {"TEA": tea}
    assert list(await shop.call(Cartons, "measured")) == ["BATTERY", "POT", "TEA"]
    assert await shop.call(Cartons, "forget", "TEA")
    assert not await shop.call(Cartons, "forget", "TEA")


async def test_many_sizes_are_stored_at_once(database: Database) -> None:
    """An import of a whole catalogue is more than one statement takes."""
    shop = Shop(database)
    await shop.call(Cartons, "measure", [Measured(sku=f"SKU-{number:04}", sides=CUBE) for number in range(1201)])
    assert len(await shop.call(Cartons, "measured")) == 1201


@pytest.mark.parametrize("change", ["height_mm = 0", "holds_grams = 0", "cost = -1", "wall_mm = -1"])
async def test_the_database_refuses_what_no_carton_can_be(database: Database, change: str) -> None:
    shop = Shop(database)
    await shop.warehouse("HZ")
    await shop.call(Cartons, "save", a_carton("flat", FLAT))
    with pytest.raises(IntegrityError):
        async with shop.unit() as unit:
            await (await unit.writing()).execute(text(f"UPDATE cartons SET {change}"))
