"""Databases for tests: SQLite in a temporary file, PostgreSQL from a package. Every test gets an empty one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from oms_workflow.store.database import Database
from oms_workflow.store.tables.all import metadata

from .postgres import postgres

VAULT_KEY = b"only for tests, never else"


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """One PostgreSQL server for the whole run, with an empty schema as the template of every database."""
    with postgres() as address:
        with create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("CREATE DATABASE empty_schema"))
        engine = create_engine(address.format(name="empty_schema"))
        metadata.create_all(engine)
        engine.dispose()
        yield address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the empty schema; copying it is faster than making it."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "oms.db")
        url = f"sqlite:///{tmp_path / 'oms.db'}"
    else:
        url = fresh_postgres(request.getfixturevalue("postgres_address"))
    opened = Database.open(url, vault_key=VAULT_KEY, pool_size=12)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite database, for what does not depend on the kind."""
    shutil.copy(sqlite_template, tmp_path / "oms.db")
    opened = Database.open(f"sqlite:///{tmp_path / 'oms.db'}", vault_key=VAULT_KEY, pool_size=12)
    yield opened
    await opened.close()


_numbers = iter(range(1, 1_000_000))


def fresh_postgres(address: str, template: str = "empty_schema") -> str:
    """Make a new database on the server and give its address."""
    name = f"test_{next(_numbers)}"
    engine = create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return address.format(name=name)
