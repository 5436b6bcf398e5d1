"""Worlds for tests: an empty one on SQLite, or one of each kind; and a shop behind the reception."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from oms_workflow.connect.world.script.reading import parse_script
from oms_workflow.connect.world.world import World
from oms_workflow.store.database import Database
from tests.store.conftest import fresh_postgres, postgres_address, sqlite_database, sqlite_template

from .front_desk import FrontDesk
from .outside import Outside

__all__ = ["postgres_address", "sqlite_database", "sqlite_template"]

OpenWorld = Callable[..., Awaitable[Outside]]


async def _opening(url: str) -> AsyncIterator[OpenWorld]:
    opened: list[World] = []

    async def open_world(*rules: dict[str, Any], seed: int = 7, **more: Any) -> Outside:
        """Open the world of this test with these rules; opened again, it remembers."""
        world = await World.open(url, parse_script(json.dumps({"rules": rules, **more})), seed=seed)
        opened.append(world)
        return Outside(world)

    yield open_world
    for world in opened:
        await world.close()


@pytest.fixture
async def open_world(tmp_path: Path) -> AsyncIterator[OpenWorld]:
    """Opens a world on SQLite, for what does not depend on the kind of database."""
    async for opening in _opening(f"sqlite:///{tmp_path / 'world.db'}"):
        yield opening


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'world.db'}"
    return fresh_postgres(request.getfixturevalue("postgres_address"), template="template0")


@pytest.fixture
async def open_any_world(world_url: str) -> AsyncIterator[OpenWorld]:
    """Opens a world on each kind of database."""
    async for opening in _opening(world_url):
        yield opening


@pytest.fixture
async def desk(sqlite_database: Database) -> FrontDesk:
    """A shop that takes what a test tells it."""
    return FrontDesk(sqlite_database)


OpenDesk = Callable[..., Awaitable[FrontDesk]]


@pytest.fixture
async def open_desk(sqlite_database: Database, open_world: OpenWorld) -> OpenDesk:
    """Opens a shop in front of a world with a script."""

    async def opening(*rules: dict[str, Any], **more: Any) -> FrontDesk:
        return FrontDesk(sqlite_database, await open_world(*rules, **more))

    return opening
