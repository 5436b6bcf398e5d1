"""The rush has its own databases: it begins with an empty one, as a shop does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.conftest import fresh_postgres, postgres_address

__all__ = ["postgres_address"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database without tables, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'rush.db'}"
    return fresh_postgres(request.getfixturevalue("postgres_address"), template="template0")
