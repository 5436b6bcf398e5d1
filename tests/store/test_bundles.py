"""Bundles in orders: expanded at the door, counted with single sales, whole in every warehouse and parcel."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from oms_workflow.domain.bundle import Bundle, Component
from oms_workflow.domain.changes import Arrival
from oms_workflow.domain.fulfilment import SplitReason
from oms_workflow.domain.ports.bundles import Bundles
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from tests.domain.orders_for_tests import NOON, a_line, an_order, cny

from .shop import Shop

SET = Bundle(sku="SET", title="Tea for one", components=(Component(sku="TEA", quantity=2), Component(sku="CUP")))


@pytest.fixture
async def shop(database: Database) -> Shop:
    """Five teas and nine cups in one house, four teas and one cup in the other; sets of two teas and a cup."""
    opened = Shop(database)
    await opened.warehouse("A", {"TEA": 5, "CUP": 9}, priority=1)
    await opened.warehouse("B", {"TEA": 4, "CUP": 1}, priority=2)
    await opened.call(Bundles, "save", SET)
    return opened


async def test_a_set_and_a_single_tea_do_not_share_one_piece(shop: Shop) -> None:
    """medusa#16502: each was checked against the same stock, and both were promised."""
    await shop.take_in(an_order(("t", "TEA", 4), ("s", "SET", 1)))
    result = await shop.reserve("shop:1")
    assert result.missing == 0
    assert sum(one.quantity for one in result.reserved if one.sku == "TEA") == 6
    assert (await shop.balance("TEA", "A")).reserved == 5
    await shop.sound()


async def test_a_set_is_reserved_whole_in_one_warehouse_or_not_at_all(shop: Shop) -> None:
    """Three sets want six teas: no house has them, and half a set helps nobody."""
    await shop.take_in(an_order(("s", "SET", 3)))
    result = await shop.reserve("shop:1")
    assert (result.reserved, result.missing) == ((), 9)
    await shop.take_in(an_order(("s2", "SET", 2), number="2"))
    held = (await shop.reserve("shop:2")).reserved
    assert [(one.sku, one.warehouse, one.quantity) for one in held] == [("TEA", "A", 4), ("CUP", "A", 2)]
    await shop.sound()


async def test_many_buyers_of_sets_and_teas_at_once_oversell_nothing(shop: Shop) -> None:
    """Five teas and four: four sets, or fewer sets and more teas, but never a tenth tea."""
    for number in range(8):
        await shop.take_in(an_order((f"l{number}", "SET" if number % 2 else "TEA", 1), number=str(number)))
    results = await asyncio.gather(*(shop.reserve(f"shop:{number}") for number in range(8)))
    teas = sum(one.quantity for result in results for one in result.reserved if one.sku == "TEA")
    assert teas <= 9
    await shop.sound()


async def test_each_parcel_holds_whole_sets(shop: Shop) -> None:
    """A limit of weight cuts between sets, never through one."""
    line = a_line("shop:1", "s", "SET", 2, "9.99", weight_grams=900)
    parts = await shop.ready(an_order(line, freight=cny("5.01")), weight_grams=1000)
    held = [{one.line_id: one.quantity for one in part.lines} for part in parts]
    assert held == [{"shop:1/s+1": 2, "shop:1/s+2": 1}] * 2
    await shop.sound()


async def test_a_set_is_not_torn_apart_by_hand(shop: Shop) -> None:
    """Nothing changes when somebody tries."""
    (part,) = await shop.ready(an_order(("s", "SET", 2)))
    torn: list[dict[str, int]] = [{"shop:1/s+1": 4}, {"shop:1/s+2": 2}]
    with pytest.raises(OrderRefused, match="Cannot divide bundle"):
        await shop.call(Fulfilments, "divide", part.id, torn, reason=SplitReason.MANUAL, key="d", at=NOON)
    even: list[dict[str, int]] = [{"shop:1/s+1": 2, "shop:1/s+2": 1}] * 2
    assert len(await shop.call(Fulfilments, "divide", part.id, even, reason=SplitReason.MANUAL, key="e", at=NOON)) == 2
    await shop.sound()


async def test_an_order_keeps_what_its_sets_were_made_of(shop: Shop) -> None:
    """The shop changes a set; the same order comes in again and is the same order."""
    order = an_order(("s", "SET", 1, "9.99"), ("t", "TEA", 1))
    await shop.take_in(order)
    await shop.call(Bundles, "save", Bundle(sku="SET", components=(Component(sku="CUP", quantity=5),)))
    assert (await shop.take_in(order)).arrival is Arrival.SAME
    assert [line.sku for line in (await shop.view("shop:1")).order.lines] == ["TEA", "CUP", "TEA"]
    await shop.call(Bundles, "save", Bundle(sku="TEA-X", components=(Component(sku="CUP"),)))
    await shop.call(Bundles, "drop", "SET")
    assert (await shop.take_in(order)).arrival is Arrival.SAME
    await shop.sound()


async def test_a_plain_order_stays_plain_when_its_sku_becomes_a_set(shop: Shop) -> None:
    """Its pieces are promised as what they were."""
    order = an_order(("t", "BOX", 1))
    await shop.take_in(order)
    await shop.call(Bundles, "save", Bundle(sku="BOX", components=(Component(sku="CUP"),)))
    assert (await shop.take_in(order)).arrival is Arrival.SAME


@pytest.mark.parametrize(
    ("bundle", "why"),
    [
        (Bundle(sku="BIG", components=(Component(sku="SET"),)), "hold a bundle or be held"),
        (Bundle(sku="CUP", components=(Component(sku="POT"),)), "hold a bundle or be held"),
        (Bundle(sku="INK", components=(Component(sku="POT"),)), "lie in 'A'"),
    ],
)
async def test_sets_hold_single_goods_that_lie_on_shelves(shop: Shop, bundle: Bundle, why: str) -> None:
    """A set of sets, or one with stock of its own, would be counted twice."""
    await shop.receive("INK", "A", 1)
    with pytest.raises(OrderRefused, match=why):
        await shop.call(Bundles, "save", bundle)
    assert await shop.call(Bundles, "all") == (SET,)


async def test_how_many_sets_there_are_follows_from_their_components(shop: Shop) -> None:
    """The scarcest component decides, in each warehouse by itself."""
    assert await shop.call(Bundles, "available", "SET") == {"A": 2, "B": 1}
    assert await shop.call(Bundles, "available", "TEA") == {}


async def test_a_sub_order_id_too_long_for_components_is_refused(shop: Shop) -> None:
    """A refusal with a code, which importers report, not a crash."""
    with pytest.raises(OrderRefused) as refused:
        await shop.take_in(an_order(("s" * 64, "SET", 1)))
    assert refused.value.code == "DATA_REFUSED"


@pytest.mark.parametrize(
    "change", ["UPDATE bundle_components SET quantity = 0", "UPDATE order_bundles SET amount = -1"]
)
async def test_the_database_itself_refuses_impossible_sets(shop: Shop, change: str) -> None:
    """Whatever code comes to be written above it."""
    await shop.take_in(an_order(("s", "SET", 1)))
    async with shop.unit() as unit:
        connection: Any = await unit.writing()
        with pytest.raises(IntegrityError):
            await connection.execute(text(change))
        await unit.rollback()
