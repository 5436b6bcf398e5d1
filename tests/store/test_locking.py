"""Locks are taken in one order, also by whoever finds out late that an order goes together with others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.store.database import Database
from oms_workflow.store.locking import lock_group, lock_orders
from tests.domain.orders_for_tests import an_order

from .shop import Shop

WAITING = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.mark.parametrize("database", [POSTGRES], indirect=True)
async def test_an_order_that_joined_a_group_meanwhile_blocks_nobody(database: Database) -> None:
    """One follows Two. Three comes to follow Two while a caller waits for Three; another has One and waits for Three.

    Locking One while holding Three, the first caller would wait for the second one, and that one for the first.
    """
    shop = Shop(database)
    for number in ("1", "2", "3"):
        await shop.take_in(an_order((number, "TEA", 1), number=number))
    follow = "UPDATE orders SET leader = 'shop:2' WHERE id = :who"
    async with database.engine.begin() as connection:
        await connection.execute(text(follow), {"who": "shop:1"})

    async def locked(lock: Callable[[AsyncConnection], Awaitable[object]]) -> list[str]:
        async with database.engine.begin() as connection:
            found = await lock(connection)
            assert isinstance(found, dict)
            return sorted(found)

    async with database.engine.begin() as merging:
        await lock_orders(merging, ["shop:2", "shop:3"])
        await merging.execute(text(follow), {"who": "shop:3"})
        late = asyncio.create_task(locked(lambda each: lock_group(each, "shop:3")))
        await _waiting(database, 1)
        other = asyncio.create_task(locked(lambda each: lock_orders(each, ["shop:1", "shop:3"])))
        await _waiting(database, 2)
    assert await asyncio.gather(late, other) == [["shop:1", "shop:2", "shop:3"], ["shop:1", "shop:3"]]


async def _waiting(database: Database, many: int) -> None:
    """Return when so many callers wait for a lock."""
    async with asyncio.timeout(20), database.engine.connect() as connection:
        while (await connection.execute(text(WAITING))).scalar_one() < many:
            await connection.rollback()
