"""One activity call, one transaction. Reads before the first write are short; the first write opens the transaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Self

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.errors import WorldUnavailable
from oms_workflow.store.database import BUSY_MILLISECONDS, Database, begin_writing

RETRY_STATES = ("40", "08", "53", "57P")
"""Classes of SQLSTATE after which trying again helps: serialization and deadlock, connection, resources, shutdown."""


class UnitOfWork:
    """What one call reads and writes. Leave it with `commit` or it is all undone.

    Never wait for a system outside while a unit of work is writing: other writers wait for the same rows, and on
    SQLite for the whole file. `commit` first, the next write opens a new transaction.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._connection: AsyncConnection | None = None
        self._held = AsyncExitStack()
        self.on_write: Callable[[AsyncConnection], Awaitable[None]] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            await asyncio.shield(self._leave())
        if error is not None and (reason := passing(error)):
            raise WorldUnavailable(f"The database did not take the work: {reason}. It is safe to try again.") from error

    @property
    def is_writing(self) -> bool:
        """True while a transaction with writes is open."""
        return self._connection is not None

    async def writing(self) -> AsyncConnection:
        """Give the connection of the write transaction; the first call opens it."""
        if self._connection is None:
            await self._open()
        assert self._connection is not None
        return self._connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose reads all see one moment; inside a write transaction, that transaction."""
        if self._connection is not None:
            yield self._connection
            return
        async with self.database.engine.connect() as connection:
            if not self.database.is_sqlite:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    async def commit(self) -> None:
        """Make everything written so far stay, and hold no lock any more; without writes nothing happens."""
        if self._connection is not None:
            await self._connection.commit()
            await self._leave()

    async def rollback(self) -> None:
        """Undo what was written since the last commit."""
        await self._leave()

    async def _open(self) -> None:
        stack = AsyncExitStack()
        try:
            if self.database.is_sqlite:
                async with asyncio.timeout(BUSY_MILLISECONDS / 1000):
                    await self.database.writer_queue.acquire()
                stack.callback(self.database.writer_queue.release)
            connection = await stack.enter_async_context(self.database.engine.connect())
            await begin_writing(connection)
            if self.on_write is not None:
                await self.on_write(connection)
        except BaseException:
            await asyncio.shield(stack.aclose())
            raise
        self._held, self._connection = stack, connection

    async def _leave(self) -> None:
        held, self._held, self._connection = self._held, AsyncExitStack(), None
        await held.aclose()


def passing(error: BaseException) -> str:
    """Say in a few words what is wrong with the database for the moment; '' when trying again would not help.

    Never repeats the statement: its values may be personal data.
    """
    if isinstance(error, PoolExhausted):
        return "all connections are in use"
    if isinstance(error, TimeoutError):
        return "other writers took too long"
    if not isinstance(error, DBAPIError):
        return ""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state.startswith(RETRY_STATES):
        return f"SQLSTATE {state}"
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return "the connection was lost"
    said = str(error.orig)
    locked = isinstance(error, OperationalError) and ("locked" in said or "busy" in said)
    return "it is locked by another writer" if locked else ""
