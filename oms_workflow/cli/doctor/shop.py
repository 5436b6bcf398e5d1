"""What the database has to be: reachable, of this version's schema, and of the same time as we are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from oms_workflow.cli.asking import now, require_address
from oms_workflow.cli.doctor.finding import Finding, fine, off
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.wording import span
from oms_workflow.settings import Settings

if TYPE_CHECKING:
    from oms_workflow.store.database import Database

SKEW = timedelta(seconds=5)  # deadlines are told to the second; more would make orders late that are not


async def database(settings: Settings) -> AsyncIterator[Finding]:
    """Look at the database; nothing is created or changed."""
    from oms_workflow.store.database import Database

    try:
        require_address(settings)
        own = not settings.database.get_secret_value()
        if own and not (settings.home / "oms.db").exists():
            yield fine("database", "database.new", path=settings.home / "oms.db")
            return
        opened = Database.open(settings.database_url, vault_key=b"only to look at the schema")
    except Unusable as wrong:
        yield Finding(check="database", state="fail", says=str(wrong))
        return
    except ModuleNotFoundError:
        yield off("database", "fail", "database.no_driver")
        return
    try:
        async for found in _opened(opened, own):
            yield found
    finally:
        await opened.close()


async def _opened(opened: Database, own: bool) -> AsyncIterator[Finding]:
    """Look into a database that has an address: whether it answers is found out by asking."""
    from alembic.script.revision import RevisionError
    from alembic.util.exc import CommandError
    from sqlalchemy.exc import DBAPIError

    try:
        async for found in _schema(opened, own):
            yield found
        if not opened.is_sqlite:
            yield await _clock(opened)
    except (CommandError, RevisionError):
        yield off("database-schema", "fail", "database.newer")
    except (DBAPIError, OSError) as error:
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        yield off("database", "fail", "database.unreachable", reason=reason)


async def _schema(opened: Database, own: bool) -> AsyncIterator[Finding]:
    from oms_workflow.store.migrate import current, pending

    waiting = await pending(opened)
    kind = "SQLite" if opened.is_sqlite else "PostgreSQL"
    yield fine("database", "database", kind=kind)
    if waiting:
        # a file of our own is upgraded by the next command; a shared database only when it is asked for
        yield off("database-schema", "warn" if own else "fail", "database.old", count=len(waiting))
    else:
        yield fine("database-schema", "database.schema", schema=await current(opened))


async def _clock(opened: Database) -> Finding:
    from sqlalchemy import text

    async with opened.engine.connect() as connection:
        before = now()
        theirs: datetime = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
        after = now()
    skew = max(theirs - after, before - theirs, timedelta(0))
    if skew > SKEW:
        return off("database-clock", "fail", "clock.database", skew=span(skew))
    return fine("database-clock", "clock.same")
