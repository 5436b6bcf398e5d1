"""Announced goods: what is on its way is nobody's to promise, and every piece comes or is given up, once."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy.exc import IntegrityError

from oms_workflow.domain.arrival import Announcement, ExpectedReceipt
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.domain.stock import EntryKind
from oms_workflow.errors import OrderRefused
from oms_workflow.store import migrate
from oms_workflow.store.database import Database, begin_writing
from oms_workflow.store.migrate import upgrade
from tests.domain.orders_for_tests import NOON, an_order

from .conftest import VAULT_KEY
from .shop import Shop

TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
async def shop(database: Database) -> Shop:
    """Ten teas in Hangzhou, an empty house in Wuhan."""
    opened = Shop(database)
    await opened.warehouse("HZ", {"TEA": 10})
    await opened.warehouse("WH")
    return opened


async def announce(shop: Shop, quantity: int, source: str = "", warehouse: str = "WH") -> ExpectedReceipt:
    told = Announcement(sku="TEA", warehouse=warehouse, quantity=quantity, expected_at=TOMORROW, source=source)
    return await shop.call(Arrivals, "announce", told, key=shop.key(), at=NOON)


async def arrive(shop: Shop, receipt: str, quantity: int, damaged: int = 0) -> ExpectedReceipt:
    return await shop.call(Arrivals, "arrive", receipt, quantity, damaged=damaged, key=shop.key(), at=TOMORROW)


async def test_a_transfer_is_in_no_warehouse_until_it_arrives(shop: Shop) -> None:
    """Promised meanwhile, it would be promised by nobody who has it."""
    made = await announce(shop, 6, source="HZ")
    here, there = await shop.balance("TEA", "HZ"), await shop.balance("TEA", "WH")
    assert (here.on_hand, there.on_hand, there.in_transit, there.available) == (4, 0, 6, 0)
    now = await arrive(shop, made.id, 4, damaged=1)
    there = await shop.balance("TEA", "WH")
    assert (now.outstanding, there.in_transit, there.on_hand, there.damaged) == (2, 2, 3, 1)
    await shop.call(Arrivals, "give_up", made.id, reason="lost", key=shop.key(), at=TOMORROW)
    assert (await shop.balance("TEA", "WH")).in_transit == 0
    assert await shop.call(Arrivals, "expected") == ()
    await shop.sound()


async def test_promised_pieces_are_not_sent_to_another_warehouse(shop: Shop) -> None:
    """A transfer would take away what a buyer was told."""
    await shop.take_in(an_order(("a", "TEA", 8)))
    await shop.reserve("shop:1")
    with pytest.raises(OrderRefused) as refused:
        await announce(shop, 3, source="HZ")
    assert refused.value.code == "STOCK_PROMISED"
    assert await shop.call(Arrivals, "expected") == ()
    await shop.sound()


async def test_a_purchase_order_is_on_no_shelf_until_it_arrives(shop: Shop) -> None:
    """And more than was announced is counted in, not received twice."""
    made = await announce(shop, 5)
    assert await shop.call(Stock, "balances", ["TEA"], ["WH"]) == ()
    await arrive(shop, made.id, 3)
    with pytest.raises(OrderRefused, match="2 of 5 are outstanding") as refused:
        await arrive(shop, made.id, 3)
    assert refused.value.code == "QUANTITY_EXCEEDED"
    assert (await shop.balance("TEA", "WH")).on_hand == 3
    await shop.sound()


async def test_the_next_receipt_is_first(shop: Shop) -> None:
    """Whoever waits for goods looks at the top of the list."""
    one, two = await announce(shop, 1), await announce(shop, 2, warehouse="HZ")
    late = TOMORROW + timedelta(days=3)
    await shop.call(Arrivals, "postpone", one.id, late, key=shop.key(), at=NOON)
    found = await shop.call(Arrivals, "expected", ["TEA"])
    assert [(each.id, each.expected_at) for each in found] == [(two.id, TOMORROW), (one.id, late)]
    assert await shop.call(Arrivals, "expected", None, ["WH"]) == (found[1],)


@pytest.mark.parametrize("method", ["arrive", "give_up", "postpone", "get"])
async def test_goods_nobody_announced_are_refused(shop: Shop, method: str) -> None:
    """Never another receipt in their place."""
    rest: dict[str, Any] = {"arrive": (1,), "postpone": (TOMORROW,)}.get(method, ())
    more: dict[str, Any] = {} if method == "get" else {"key": "k", "at": NOON}
    with pytest.raises(OrderRefused) as refused:
        await shop.call(Arrivals, method, "HZ.E9", *rest, **more | ({"reason": ""} if method == "give_up" else {}))
    assert refused.value.code == "UNKNOWN_RECEIPT"


async def test_nothing_outstanding_cannot_come_later(shop: Shop) -> None:
    """The promise of goods that came must not move."""
    made = await announce(shop, 1)
    await arrive(shop, made.id, 1)
    with pytest.raises(OrderRefused, match="is outstanding, so nothing can come later"):
        await shop.call(Arrivals, "postpone", made.id, TOMORROW, key="k", at=NOON)


async def test_a_warehouse_sends_nothing_to_itself(shop: Shop) -> None:
    """The pieces would vanish from the shelf they lie on."""
    with pytest.raises(OrderRefused) as refused:
        await announce(shop, 1, source="WH")
    assert refused.value.code == "ILLEGAL_MOVE"


async def test_damaged_pieces_are_set_apart_mended_and_scrapped(shop: Shop) -> None:
    """They stay in the books until somebody says what became of them."""

    async def sort_out(kind: EntryKind, quantity: int) -> Any:
        return await shop.call(Stock, "sort_out", "TEA", "HZ", kind, quantity, reason="", key=shop.key(), at=NOON)

    assert (await sort_out(EntryKind.DAMAGE, 3)).damaged == 3
    assert (await sort_out(EntryKind.MEND, 1)).on_hand == 8
    now = await sort_out(EntryKind.SCRAP, 2)
    assert (now.on_hand, now.damaged) == (8, 0)
    with pytest.raises(ValueError, match="damage, mend or scrap"):
        await sort_out(EntryKind.SHIP, 1)
    await shop.sound()


async def test_many_announce_at_once_and_none_is_lost(shop: Shop) -> None:
    """Numbers are given one after the other; transfers in both directions wait for each other in one order."""
    await shop.receive("TEA", "WH", 10)
    ways = [("HZ", "WH"), ("WH", "HZ")] * 5
    await asyncio.gather(*(announce(shop, 1, source, target) for source, target in ways))
    found = await shop.call(Arrivals, "expected")
    assert sorted(one.id for one in found) == sorted(f"{place}.E{n}" for place in ("HZ", "WH") for n in range(1, 6))
    await shop.sound()


async def test_the_database_itself_refuses_more_than_was_announced(shop: Shop) -> None:
    """Whatever code comes to be written above it."""
    await announce(shop, 1)
    async with shop.unit() as unit:
        connection = await unit.writing()
        with pytest.raises(IntegrityError):
            await connection.exec_driver_sql("UPDATE expected_receipts SET arrived = 2")
        await unit.rollback()


async def test_safety_stock_kept_before_is_in_the_ledger_afterwards(tmp_path: Path) -> None:
    """An older database keeps its balances, claims and entries, and its books add up in the new form."""
    path = tmp_path / "old.db"
    database = Database.open(f"sqlite:///{path}", vault_key=VAULT_KEY)
    try:
        async with database.engine.connect() as connection:
            await begin_writing(connection)
            await connection.run_sync(lambda each: command.upgrade(migrate._config(each), "0012_operations"))
            await connection.commit()
        with closing(sqlite3.connect(path, isolation_level=None)) as driver:
            driver.execute("INSERT INTO warehouses (id, priority, sellers) VALUES ('HZ', 1, '[]')")
            driver.execute("INSERT INTO stock_balances (sku, warehouse, on_hand, safety) VALUES ('TEA', 'HZ', 5, 2)")
            entry = "('TEA', 'HZ', 'receive', 5, '2026-01-01 00:00:00')"
            driver.execute(f"INSERT INTO stock_entries (sku, warehouse, kind, quantity, at) VALUES {entry}")
        assert (await upgrade(database))[0] == "0013_places_of_stock"
        shop = Shop(database)
        assert (await shop.balance("TEA", "HZ")).available == 3
        await shop.sound()
    finally:
        await database.close()
