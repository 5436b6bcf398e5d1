"""One database of the house: SQLite for a laptop, PostgreSQL for a shop. Opens connections; knows no tables."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from oms_workflow.store import inline_sqlite

BUSY_MILLISECONDS = 20_000
"""How long a writer of another process is waited for on SQLite; a unit of work takes a few milliseconds."""

_PAUSE_MILLISECONDS = 5

_DRIVERS = {"sqlite": inline_sqlite.DRIVER, "postgresql": "postgresql+psycopg"}


class Database:
    """An engine with the settings that make both kinds of database keep the same promises.

    SQLite: WAL, foreign keys, and writers that queue up instead of failing. PostgreSQL: READ COMMITTED for writers,
    who lock the rows they decide about in a fixed order, and REPEATABLE READ for readers, who see one moment.
    """

    def __init__(self, engine: AsyncEngine, *, vault_key: bytes) -> None:
        self.engine = engine
        self.vault_key = vault_key
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.writer_queue = asyncio.Lock()  # one writer at a time on SQLite; fairer and faster than its busy loop
        if self.is_sqlite:
            event.listen(engine.sync_engine, "connect", _prepare_sqlite)

    @classmethod
    def open(cls, url: str | URL, *, vault_key: bytes, pool_size: int = 10) -> Database:
        """Open a database by its address.

        Args:
            url: `sqlite:///var/oms.db` or `postgresql://user@host/name`; the asynchronous driver is chosen here.
            vault_key: At least 16 secret bytes for the digests of personal data; it must never change.
            pool_size: Connections kept open; at most twice as many are used at once.

        Raises:
            ValueError: For any other kind of database.
        """
        address = make_url(url)
        kind = address.get_backend_name()
        if kind not in _DRIVERS:
            raise ValueError(f"The database is 'sqlite' or 'postgresql', found {kind!r}.")
        engine = create_async_engine(
            address.set(drivername=_DRIVERS[kind]),
            pool_size=pool_size,
            max_overflow=-1 if kind == "sqlite" else pool_size,  # a file has no limit, and nobody must wait for others
            pool_pre_ping=kind != "sqlite",  # a file does not hang up
        )
        if kind == "sqlite":
            engine = inline_sqlite.InlineEngine(engine.sync_engine)
        return cls(engine, vault_key=vault_key)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


async def begin_writing(connection: AsyncConnection) -> None:
    """Begin a write transaction; while another process writes, wait without stopping this one.

    Raises:
        OperationalError: When the lock was not to be had in `BUSY_MILLISECONDS`.
    """
    if not isinstance(connection, inline_sqlite.InlineConnection):
        await connection.begin()
        return
    waited = 0
    while True:
        try:
            await connection.begin_immediately()
        except OperationalError as error:
            if "locked" not in str(error.orig) or waited >= BUSY_MILLISECONDS:
                raise
            await asyncio.sleep(_PAUSE_MILLISECONDS / 1000)
            waited += _PAUSE_MILLISECONDS
        else:
            return


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout = 0",  # waiting inside SQLite would stop every task of this process: see `begin_writing`
        "journal_mode = WAL",
        "synchronous = NORMAL",  # with WAL a crash of the machine may lose the last commits, never the consistency
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
