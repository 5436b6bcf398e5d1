"""The world's own database, apart from the shop's: it stands for systems that commit on their own. Knows no tables.

Its calls are synchronous and run in threads: a call of the world makes a dozen small statements, and with an
asynchronous SQLite driver each of them would change threads several times, which measured ten times the cost. For the
same reason the statements of this room are built once, as constants with named parameters: five times the speed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, MetaData, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from oms_workflow.errors import WorldUnavailable

Result = TypeVar("Result")

_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
_WRITES = "world_writes"
_BUSY_MILLISECONDS = 20_000  # a call takes a few milliseconds; only a stopped process holds the lock this long
_CREATING = 728_193  # the advisory lock under which PostgreSQL makes the tables


class WorldDatabase:
    """A database whose write transactions never fail half-way for want of a lock.

    SQLite: one connection a process, so that tasks queue up fairly, WAL, and the write lock taken at the beginning.
    PostgreSQL: READ COMMITTED, a few connections; callers lock the row of their subject first.
    """

    def __init__(self, engine: Engine, *, connections: int) -> None:
        self._engine = engine
        self._closed = False
        self._threads = ThreadPoolExecutor(max_workers=connections, thread_name_prefix="world")
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)

    @classmethod
    def open(cls, url: str | URL) -> WorldDatabase:
        """Open by address: `sqlite:///var/world.db` or `postgresql://host/world`; the driver is chosen here.

        Raises:
            ValueError: For any other kind of database, and for one in memory, which no other process could see.
        """
        address = make_url(url)
        kind = address.get_backend_name()
        if kind not in _DRIVERS:
            raise ValueError(f"The world's database is 'sqlite' or 'postgresql', found {kind!r}.")
        if kind == "sqlite" and address.database in (None, "", ":memory:"):
            raise ValueError("The world's database is a file: it has to outlive the process that uses it.")
        if kind == "sqlite" and address.database is not None:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        connections = 1 if kind == "sqlite" else 5
        more: dict[str, Any] = {} if kind == "sqlite" else {"pool_pre_ping": True}
        address = address.set(drivername=_DRIVERS[kind])
        return cls(create_engine(address, pool_size=connections, max_overflow=0, **more), connections=connections)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run work in a transaction that commits when it ends well, even if whoever waits for it has gone.

        Raises:
            WorldUnavailable: When the database cannot be had. What was asked may have happened or not, as with every
                system that breaks off: ask again with the same key.
        """
        return await self._run(work, writes=True)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run work that only reads, and sees one moment.

        Raises:
            WorldUnavailable: When the database cannot be had.
        """
        return await self._run(work, writes=False)

    async def create(self, tables: MetaData) -> None:
        """Make the tables that are missing; processes that start together may all call it."""

        def make(connection: Connection) -> None:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CREATING})")
            tables.create_all(connection)

        await self.write(make)

    async def close(self) -> None:
        """Wait for work under way and close all connections; closing again does nothing."""
        if self._closed:
            return
        self._closed = True
        await asyncio.get_running_loop().run_in_executor(self._threads, self._engine.dispose)
        self._threads.shutdown(wait=False)

    async def _run(self, work: Callable[[Connection], Result], *, writes: bool) -> Result:
        def in_thread() -> Result:
            options: dict[str, Any] = {_WRITES: writes}
            if not writes and self._engine.dialect.name == "postgresql":
                options["isolation_level"] = "REPEATABLE READ"
            with (
                _answering(),
                self._engine.connect() as connection,
                connection.execution_options(**options).begin(),
            ):
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._threads, in_thread)


def insert_new(connection: Connection, table: Table, rows: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, leaving those alone that are there already."""
    connection.execute(_insert_new(connection.dialect.name, table), rows)


@lru_cache
def _insert_new(dialect: str, table: Table) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table).on_conflict_do_nothing()


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (PoolExhausted, DBAPIError) as broken:
        if isinstance(broken, DBAPIError) and not _passes(broken):
            raise
        # The statement is left out: its values stand for what other systems know about persons.
        raise WorldUnavailable("The simulated world's database does not answer. Ask again.") from None


def _passes(broken: DBAPIError) -> bool:
    """Say whether asking again may help (classes of SQLSTATE: rollback, connection, resources, shutdown)."""
    state = str(getattr(broken.orig, "sqlstate", None) or "")
    locked = "is locked" in str(broken.orig)
    return state.startswith(("40", "08", "53", "57P")) or broken.connection_invalidated or locked


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own
    cursor = connection.cursor()
    for pragma in (f"busy_timeout = {_BUSY_MILLISECONDS}", "journal_mode = WAL", "synchronous = NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")
