"""Fixtures: one real Temporal server for all stories of a run; each story has a shop and a world of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from oms_workflow.temporal.devserver import serve
from tests.stories.telling import Ground, Told, prepare, tell

Tell = Callable[[str], Awaitable[Told]]


@pytest.fixture(scope="session")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    """A server in memory and a shop that has just opened."""
    async with serve() as server:
        yield await prepare(server.address, tmp_path_factory.mktemp("stories"))


@pytest.fixture(scope="session", name="tell")
def telling(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Tell:
    """Tell a story by its name; a story is told once, however many tests look at what is left of it."""
    known: dict[str, Told] = {}

    async def told(name: str) -> Told:
        if name not in known:
            known[name] = (await tell(ground, [name], tmp_path_factory.mktemp(name)))[0]
        return known[name]

    return told
