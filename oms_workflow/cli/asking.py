"""Asking the database, or the running house, from a command: opens it, waits, and names what does not answer."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.errors import WorldUnavailable

if TYPE_CHECKING:
    from oms_workflow.cli.opening import Opened
    from oms_workflow.settings import Settings
    from oms_workflow.store.database import Database
    from oms_workflow.store.unit_of_work import UnitOfWork

T = TypeVar("T")

ANSWER_SECONDS = 30  # longer than a worker takes to load an instance it does not know; a person is waiting


def ask_store(question: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    """Ask the database something, in one unit of work that is not committed.

    Raises:
        Unusable: When the settings name no usable database.
        WorldUnavailable: When it does not answer.
    """

    async def asked(database: Database) -> T:
        from oms_workflow.store.unit_of_work import UnitOfWork

        async with UnitOfWork(database) as unit:
            return await question(unit)

    return ask_database(asked)


def ask_database(question: Callable[[Database], Awaitable[T]]) -> T:
    """Ask with the database itself at hand."""

    async def asked() -> T:
        from oms_workflow.cli.database import open_database
        from oms_workflow.settings import settings

        chosen = settings()
        require_address(chosen)
        async with opened(open_database(chosen)) as database:
            return await question(database)

    return asyncio.run(asked())


def ask_house(question: Callable[[Opened], Awaitable[T]], *, seconds: float = ANSWER_SECONDS) -> T:
    """Ask with everything at hand that reaches running orders.

    Without a configured Temporal the house of `oms up` is used; when none is open, one opens for this command, with
    workers, because nobody else would answer.

    Args:
        seconds: How long the workers have to answer.

    Raises:
        WorldUnavailable: When something does not answer, workers included.
    """

    async def asked() -> T:
        from oms_workflow.cli.opening import open_house
        from oms_workflow.settings import settings

        chosen = settings()
        require_address(chosen)
        async with opened(open_house(chosen, work=not chosen.temporal)) as house:
            try:
                async with asyncio.timeout(seconds):
                    return await question(house)
            except TimeoutError as error:
                raise WorldUnavailable(say("workers.silent", seconds=int(seconds), address=house.address)) from error

    return asyncio.run(asked())


def require_address(chosen: Settings) -> None:
    """Let an address of a database pass that can be one.

    Raises:
        Unusable: When it cannot; the address itself is not told, because it may hold a password.
    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        kind = make_url(chosen.database_url).get_backend_name()
    except (ArgumentError, ValueError):
        kind = ""
    if kind not in ("sqlite", "postgresql"):
        raise Unusable(say("database.no_address", name="OMS_DATABASE"), code="settings")


def now() -> datetime:
    """Give the moment at which the person asks, UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the person's now


def who(by: str) -> str:
    """Give who does it: the name that was given, else the login name, which the system vouches for."""
    if by:
        return by
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "oms"  # a container without user names


@asynccontextmanager
async def opened(opening: AbstractAsyncContextManager[T]) -> AsyncIterator[T]:
    """Enter a context; what goes wrong while opening is told in the words of who has to mend it."""
    from oms_workflow.cli.logs import keep_quiet

    keep_quiet()
    try:
        found = await opening.__aenter__()
    except Exception as error:
        raise _why(error) from error
    try:
        yield found
    except BaseException as error:
        if not await opening.__aexit__(type(error), error, error.__traceback__):
            raise
    else:
        await opening.__aexit__(None, None, None)


def _why(error: Exception) -> Exception:
    """Give the error to raise for one that opening ended with; itself, when it says enough."""
    from alembic.script.revision import RevisionError
    from alembic.util.exc import CommandError
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, ModuleNotFoundError) and error.name == "psycopg":
        return Unusable(say("database.no_driver"), code="settings")
    if isinstance(error, CommandError | RevisionError):
        return WorldUnavailable(say("database.newer"))
    if isinstance(error, DBAPIError):
        reason = str(error.orig).strip().partition("\n")[0] or type(error.orig).__name__
        return WorldUnavailable(say("database.unreachable", reason=reason))
    return error
