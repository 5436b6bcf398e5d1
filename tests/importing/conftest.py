"""A shop with an empty database to import into."""

from __future__ import annotations

import pytest

from oms_workflow.store.database import Database
from tests.store.conftest import sqlite_database, sqlite_template

from .shop import Shop

__all__ = ["sqlite_database", "sqlite_template"]


@pytest.fixture
def shop(sqlite_database: Database) -> Shop:
    """An empty shop."""
    return Shop(sqlite_database)
