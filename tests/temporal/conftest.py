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
