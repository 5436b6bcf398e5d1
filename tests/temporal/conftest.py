"""Fixtures: one real Temporal server for all tests of a run, a stand with its own database for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from oms_workflow.temporal.devserver import DevServer, serve
from tests.temporal.stand import CALLS, Stand, stand_on


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[DevServer]:
    """A development server in memory."""
    async with serve() as running:
        yield running


@pytest.fixture
async def stand(server: DevServer, tmp_path: Path) -> AsyncIterator[Stand]:
    """A stand of its own."""
    CALLS.clear()
    async with stand_on(server.address, tmp_path) as one:
        yield one


@pytest.fixture(scope="session")
async def forgetful_server() -> AsyncIterator[DevServer]:
    """A development server that suggests to continue as new after a few steps, not after hundreds."""
    async with serve(config=["limit.historyCount.suggestContinueAsNew=50"]) as running:
        yield running


@pytest.fixture
async def short(forgetful_server: DevServer, tmp_path: Path) -> AsyncIterator[Stand]:
    """A stand whose instances continue as new all the time."""
    CALLS.clear()
    async with stand_on(forgetful_server.address, tmp_path) as one:
        yield one
