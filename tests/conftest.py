"""Which tests stay together when several processes share them: those that use one Temporal server, or one story."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent

TOGETHER = {"stories": "stories"}
"""Folder -> group. A story is told once in a process, however many tests look at what is left of it."""

ON_A_SERVER = "server"
"""Group of the other tests marked `server`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests into groups, see `TOGETHER`. The largest groups are begun first, what is small fills the gaps."""
    for item in items:
        group = TOGETHER.get(item.path.relative_to(TESTS).parts[0])
        if group is None and item.get_closest_marker("server"):
            group = ON_A_SERVER
        if group is not None:
            item.add_marker(pytest.mark.xdist_group(group))
