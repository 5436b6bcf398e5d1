"""Bringing a database to the schema of this version, and saying how far it is."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from oms_workflow.store.database import Database, begin_writing
from oms_workflow.store.statements import queue_up

FOLDER = Path(__file__).parent / "migrations"


class NoWayBack(Exception):
    """Undoing a migration would delete what the shop has in its tables."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"Going back from {revision} would delete the shop's data. Restore a backup instead.")


async def upgrade(database: Database) -> tuple[str, ...]:
    """Apply every migration that is pending and give their names, first one first; () when there was none.

    All of them are one transaction. Two processes that start together do it one after the other.

    Raises:
        alembic.util.CommandError: When the database was made by a newer version of this program.
    """
    async with database.engine.connect() as connection:
        await begin_writing(connection)
        await queue_up(connection, "migrations")
        waiting = await connection.run_sync(_pending)
        if waiting:
            await connection.run_sync(_upgrade)
        await connection.commit()
    return waiting


async def current(database: Database) -> str | None:
    """Give the name of the last migration that was applied; None for an empty database."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_current)


async def pending(database: Database) -> tuple[str, ...]:
    """Give the names of migrations that were not applied yet, first one first."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_pending)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _pending(connection: Connection) -> tuple[str, ...]:
    scripts = ScriptDirectory.from_config(_config())
    applied = _current(connection)
    ahead = scripts.iterate_revisions("head", applied or "base")
    return tuple(reversed([script.revision for script in ahead if script.revision != applied]))
