"""Price lists in the database: every row once, read back as it was written, impossible ones refused twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from oms_workflow.domain.ports.parcel_rates import ParcelRates
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from tests.domain.orders_for_tests import cny
from tests.domain.test_parcel_rates import RATE

from .shop import Shop

FULL = replace(
    RATE, warehouse="HZ", region="广东省", up_to_grams=20_000, valid_until=date(2026, 12, 31), divisor=8000,
    remote_cost=cny("5.00"), remote_cities=frozenset({"深圳市", "*"}), on_delivery_cost=cny("1.00"),
    on_delivery_basis_points=150, oversize_mm=600, oversize_cost=cny("0.00"),
)  # fmt: skip


async def test_rows_come_back_as_they_were_written_and_replace_their_key(database: Database) -> None:
    shop = Shop(database)
    flat = replace(RATE, up_to_grams=1000, further_grams=0, further_cost=None)
    await shop.call(ParcelRates, "save", [RATE, FULL, flat, replace(FULL, carrier="zto")])
    await shop.call(ParcelRates, "save", [replace(RATE, first_cost=cny("11.00"))])
    assert await shop.call(ParcelRates, "all") == (
        replace(RATE, first_cost=cny("11.00")), flat, FULL, replace(FULL, carrier="zto")
    )  # fmt: skip


async def test_only_rows_of_the_lane_are_given(database: Database) -> None:
    shop = Shop(database)
    await shop.call(ParcelRates, "save", [RATE, FULL, replace(FULL, warehouse="SZ"), replace(FULL, country="SG")])
    assert await shop.call(ParcelRates, "to", "CN", "HZ", "广东省") == (RATE, FULL)
    assert await shop.call(ParcelRates, "to", "CN", "HZ", "海南省") == (RATE,)
    assert len(await shop.call(ParcelRates, "to", "CN")) == 3


async def test_a_list_is_dropped_whole_or_by_its_begin(database: Database) -> None:
    shop = Shop(database)
    later = replace(RATE, valid_from=date(2027, 1, 1))
    await shop.call(ParcelRates, "save", [RATE, FULL, later, replace(RATE, carrier="zto")])
    assert await shop.call(ParcelRates, "drop", "sf", "standard", date(2027, 1, 1)) == 1
    assert await shop.call(ParcelRates, "drop", "sf", "standard") == 2
    assert [one.carrier for one in await shop.call(ParcelRates, "all")] == ["zto"]


async def test_a_whole_price_book_is_stored_at_once(database: Database) -> None:
    shop = Shop(database)
    await shop.call(ParcelRates, "save", [replace(RATE, region=f"region {number}") for number in range(1100)])
    assert len(await shop.call(ParcelRates, "all")) == 1100


async def test_a_row_that_cannot_be_is_refused(database: Database) -> None:
    shop = Shop(database)
    with pytest.raises(OrderRefused, match="first weight"):
        await shop.call(ParcelRates, "save", [replace(RATE, first_grams=0)])
    await shop.call(ParcelRates, "save", [RATE])
    for change in ("first_grams = 0", "first_cost = -1", "valid_until = '2025-01-01'", "divisor = 0", "carrier = ''"):
        with pytest.raises(IntegrityError):
            async with shop.unit() as unit:
                await (await unit.writing()).execute(text(f"UPDATE parcel_rates SET {change}"))
