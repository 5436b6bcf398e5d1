"""A shop with goods on its shelves, on a real SQLite database; everything outside of it is a fake."""

from __future__ import annotations

import pytest

from oms_workflow.store.database import Database
from tests.store.conftest import sqlite_database, sqlite_template

from .bench import Bench

__all__ = ["bench", "sqlite_database", "sqlite_template"]


@pytest.fixture
def bench(sqlite_database: Database) -> Bench:
    """Activities on an empty shop."""
    return Bench(sqlite_database)
