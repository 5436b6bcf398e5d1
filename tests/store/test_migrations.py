"""A database made by migrations is the database the code describes, on both kinds, constraints included."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from oms_workflow.store.database import Database
from oms_workflow.store.migrate import current, pending, upgrade
from oms_workflow.store.tables.all import metadata

from .conftest import VAULT_KEY, fresh_postgres
from .shop import Shop

LAST = "0027_append_only"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def two_urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """An empty database, and one made from the tables in the code."""
    if request.param == "sqlite":
        urls = f"sqlite:///{tmp_path / 'migrated.db'}", f"sqlite:///{tmp_path / 'described.db'}"
        engine = create_engine(urls[1])
        metadata.create_all(engine)
        engine.dispose()
        return urls
    address = request.getfixturevalue("postgres_address")
    return fresh_postgres(address, template="template0"), fresh_postgres(address)


async def test_migrations_make_what_the_code_describes(two_urls: tuple[str, str]) -> None:
    """Columns, types, defaults, keys, checks and indexes alike; a forgotten migration is found here."""
    migrated = Database.open(two_urls[0], vault_key=VAULT_KEY)
    described = Database.open(two_urls[1], vault_key=VAULT_KEY)
    try:
        assert await current(migrated) is None
        assert (await pending(migrated))[-1] == LAST
        applied = await upgrade(migrated)
        assert applied[0] == "0001_orders"
        assert (await current(migrated), await pending(migrated)) == (LAST, ())
        assert await upgrade(migrated) == ()
        assert await schema(migrated) == await schema(described)
        shop = Shop(migrated)
        await shop.warehouse("HZ", {"TEA": 1})
        await shop.sound()
    finally:
        await migrated.close()
        await described.close()


async def test_two_workers_that_start_together_migrate_once(two_urls: tuple[str, str]) -> None:
    """Both run `upgrade` at start; one does it, the other finds it done."""
    one, two = (Database.open(two_urls[0], vault_key=VAULT_KEY) for _ in range(2))
    try:
        done = await asyncio.gather(upgrade(one), upgrade(two))
        assert sorted(len(names) for names in done) == [0, int(LAST[:4])]
    finally:
        await one.close()
        await two.close()


async def schema(database: Database) -> dict[str, Any]:
    """Give everything the database knows of its tables, as comparable text."""
    async with database.engine.connect() as connection:
        if database.is_sqlite:
            rows = (await connection.execute(text("SELECT type, name, sql FROM sqlite_master"))).all()
            return {
                f"{kind} {name}": parts_of(sql or "")
                for kind, name, sql in rows
                if name != "alembic_version" and not name.startswith("sqlite_")
            }
        found = {}
        for name, query in _POSTGRES.items():
            found[name] = [tuple(row) for row in (await connection.execute(text(query))).all()]
        return found


def parts_of(sql: str) -> list[str]:
    """Give the columns and constraints of a statement; SQLite writes a column that was added later at the end."""
    depth, parts = 0, [""]
    for sign in re.sub(r"\s+", " ", sql.partition("(")[2].rpartition(")")[0]):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return sorted([sql.partition("(")[0].strip(), sql.rpartition(")")[2], *(part.strip() for part in parts)])


_POSTGRES = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY table_name, column_name
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
        ORDER BY 1, 2
    """,
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), pg_get_functiondef(tgfoid) FROM pg_trigger
        WHERE NOT tgisinternal ORDER BY 1, 2
    """,
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1, 2
    """,
}
