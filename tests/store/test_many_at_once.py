"""A burst of orders means hundreds of calls at once: on a file nobody waits for somebody else's connection."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from sqlalchemy import text

from oms_workflow.store.database import Database
from oms_workflow.store.unit_of_work import UnitOfWork

READERS, SECONDS = 200, 20


async def test_a_writer_gets_in_whoever_else_is_reading(sqlite_database: Database) -> None:
    """A writer that waited for a connection, holding the lock of writers, would leave every worker standing still."""
    async with AsyncExitStack() as readers, asyncio.timeout(SECONDS):
        for _ in range(READERS):
            unit = await readers.enter_async_context(UnitOfWork(sqlite_database))
            connection = await readers.enter_async_context(unit.reading())
            await connection.execute(text("SELECT count(*) FROM orders"))
        async with UnitOfWork(sqlite_database) as unit:
            await (await unit.writing()).execute(text("DELETE FROM orders"))
            await unit.commit()
