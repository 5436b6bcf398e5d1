"""SQLite for SQLAlchemy's asynchronous engine without a thread: each statement runs where it is asked for.

A statement on a local file takes some microseconds; handing it to a thread and back takes a hundred times that, and
switching between greenlets, which other drivers need in order to wait, takes longer than the statement too. The event
loop stands still for those microseconds, and never for a lock: writers of this process queue up before they begin, and
whoever finds another process writing asks again later (see `unit_of_work`).
"""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

from sqlalchemy import URL, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool

DRIVER = "sqlite+inline"


class _Cursor(sqlite3.Cursor):
    async def _async_soft_close(self) -> None:
        """SQLAlchemy asks this of cursors that hold something beyond what was fetched; ours do not."""


class _Connection(sqlite3.Connection):
    begins = "BEGIN"  # what the next transaction begins with

    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


class InlineSqlite(SQLiteDialect_pysqlite):
    """The standard library's driver, said to be asynchronous. It begins every transaction itself."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        """Give the pool that asynchronous engines use."""
        return AsyncAdaptedQueuePool

    def get_driver_connection(self, connection: Any) -> Any:
        """Give the driver's own connection, which is the one SQLAlchemy holds."""
        return connection

    def create_connect_args(self, url: URL) -> Any:
        """Give the arguments for sqlite3: our connection, which may be closed by whichever thread collects it.

        The driver must not begin transactions on its own, hence no isolation level.
        """
        arguments, options = super().create_connect_args(url)
        own = {"factory": _Connection, "check_same_thread": False, "isolation_level": None}
        return arguments, {**options, **own}

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin a transaction, so that all reads in it see one moment."""
        connection: _Connection = dbapi_connection.dbapi_connection
        connection.execute(connection.begins)


class InlineConnection(AsyncConnection):
    """A connection that never waits. Others get their turn when it is closed."""

    __slots__ = ()

    async def start(self, is_ctxmanager: bool = False) -> AsyncConnection:
        """Take a connection of the pool, or have a new one made; the pool must have no limit, nobody waits for it."""
        pool: Any = self.sync_engine.pool
        if self.sync_connection is not None or not pool.checkedin():
            return await super().start(is_ctxmanager)
        self.sync_connection = self._assign_proxied(self.sync_engine.connect())
        return self

    async def execute(self, statement: Any, parameters: Any = None, *, execution_options: Any = None) -> Any:
        """Run a statement here and now."""
        return self._proxied.execute(statement, parameters, execution_options=execution_options)

    async def begin_immediately(self) -> None:
        """Begin a transaction and take the lock of writers with it.

        Raises:
            OperationalError: When another process has the lock.
        """
        connection: Any = self._proxied.connection.dbapi_connection
        connection.begins = "BEGIN IMMEDIATE"
        try:
            self._proxied.begin()
        finally:
            connection.begins = "BEGIN"

    async def commit(self) -> None:
        """Make everything that was written stay."""
        self._proxied.commit()

    async def rollback(self) -> None:
        """Undo what was written since the last commit."""
        self._proxied.rollback()

    async def close(self) -> None:
        """Undo what was not committed, give the connection back, and let others have their turn."""
        self._proxied.close()
        await asyncio.sleep(0)

    async def __aexit__(self, *_raised: object) -> None:
        """Close it; nothing in that can be interrupted half-way."""
        await self.close()


class InlineEngine(AsyncEngine):
    """Opens such connections."""

    __slots__ = ()

    _connection_cls = InlineConnection


registry.register("sqlite.inline", __name__, "InlineSqlite")
