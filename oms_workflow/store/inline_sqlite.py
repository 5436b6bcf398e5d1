"""SQLite for SQLAlchemy's asynchronous engine without a thread: each statement runs where it is asked for.

A statement on a local file takes some ten microseconds; handing it to a thread and back takes a hundred times that.
The event loop stands still for those microseconds, and never for a lock: writers of this process queue up before
they begin, and whoever finds another process writing asks again later (see `unit_of_work`).
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import URL, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

DRIVER = "sqlite+inline"


async def _nothing() -> None:
    """What is awaited where SQLAlchemy expects that a driver awaits something."""


class _Cursor(sqlite3.Cursor):
    async def _async_soft_close(self) -> None:
        """SQLAlchemy asks this of cursors that hold something beyond what was fetched; ours do not."""

    def execute(self, *arguments: Any) -> Any:
        await_only(_nothing())
        return super().execute(*arguments)

    def executemany(self, *arguments: Any) -> Any:
        await_only(_nothing())
        return super().executemany(*arguments)


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)

    def commit(self) -> None:
        await_only(_nothing())
        super().commit()

    def rollback(self) -> None:
        await_only(_nothing())
        super().rollback()


class InlineSqlite(SQLiteDialect_pysqlite):
    """The standard library's driver, said to be asynchronous."""

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
        """Give the arguments for sqlite3: our connection, which may be closed by whichever thread collects it."""
        arguments, options = super().create_connect_args(url)
        return arguments, {**options, "factory": _Connection, "check_same_thread": False}


registry.register("sqlite.inline", __name__, "InlineSqlite")
