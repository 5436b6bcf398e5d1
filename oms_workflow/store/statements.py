"""The few statements that the two databases spell differently."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

_QUEUE_UP = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def insert_or(connection: AsyncConnection, table: Table) -> Any:
    """Give an INSERT that can be told what to do on a conflict (`on_conflict_do_nothing`, `on_conflict_do_update`)."""
    return insert_into(connection.dialect.name, table)


def insert_into(dialect: str, table: Table) -> Any:
    """Give that INSERT for a kind of database."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


def upsert(connection: AsyncConnection, table: Table, keys: Sequence[str], changing: Sequence[str]) -> Any:
    """Give an INSERT that changes some columns of the row that is there already, to the values it came with."""
    return _upsert(connection.dialect.name, table, tuple(keys), tuple(changing))


@lru_cache(maxsize=64)
def _upsert(dialect: str, table: Table, keys: tuple[str, ...], changing: tuple[str, ...]) -> Any:
    made = insert_into(dialect, table)
    return made.on_conflict_do_update(index_elements=list(keys), set_={name: made.excluded[name] for name in changing})


async def queue_up(connection: AsyncConnection, *names: str) -> None:
    """Let transactions that name the same thing pass one after the other, where there may be no row to lock yet.

    SQLite has one writer at a time anyway; PostgreSQL takes an advisory lock that ends with the transaction.
    """
    if connection.dialect.name == "postgresql":
        for name in sorted(names):
            await connection.execute(_QUEUE_UP, {"name": name})
