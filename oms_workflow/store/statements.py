"""The few statements that the two databases spell differently."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_or(connection: AsyncConnection, table: Table) -> Any:
    """Give an INSERT that can be told what to do on a conflict (`on_conflict_do_nothing`, `on_conflict_do_update`)."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


async def queue_up(connection: AsyncConnection, *names: str) -> None:
    """Let transactions that name the same thing pass one after the other, where there may be no row to lock yet.

    SQLite has one writer at a time anyway; PostgreSQL takes an advisory lock that ends with the transaction.
    """
    if connection.dialect.name == "postgresql":
        for name in sorted(names):
            await connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
