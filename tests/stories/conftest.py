"""Fixtures: one real Temporal server for all stories of a run; each story has a shop and a world of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest

from oms_workflow.temporal.devserver import serve
from tests.stories.telling import Ground, prepare, tell
from tests.stories.told import Told

Tell = Callable[[str], Awaitable[Told]]


@pytest.fixture(scope="session")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    """A server in memory and a shop that has just opened."""
    async with serve() as server:
        yield await prepare(server.address, tmp_path_factory.mktemp("stories"))


@pytest.fixture(scope="session", name="tell")
def telling(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Tell:
    """Tell a story by its name; a story is told once, however many tests look at what is left of it."""
    return _teller(ground, tmp_path_factory, echo=False)


@pytest.fixture(scope="session", name="tell_again")
async def telling_again(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tell]:
    """Tell a story once more, on a server of its own, with everything that comes from outside told again and again."""
    async with serve() as server:
        yield _teller(replace(ground, address=server.address), tmp_path_factory, echo=True)


def _teller(ground: Ground, folders: pytest.TempPathFactory, *, echo: bool) -> Tell:
    known: dict[str, Told] = {}

    async def told(name: str) -> Told:
        if name not in known:
            known[name] = await tell(ground, [name], folders.mktemp(name), echo=echo)
        return known[name]

    return told
