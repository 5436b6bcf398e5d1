"""How tests are shared among several processes: what waits for a server begins first, a story stays in one process."""

from __future__ import annotations

from pathlib import Path

import pytest

STORIES = Path(__file__).parent / "stories"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep stories together, and begin with the tests on a Temporal server.

    A story is told once in a process, however many tests look at what is left of it. Tests on a server take seconds
    each: begun first, they leave small ones to fill the gap at the end.
    """
    items.sort(key=lambda item: item.get_closest_marker("server") is None)
    for item in items:
        if item.path.is_relative_to(STORIES):
            item.add_marker(pytest.mark.xdist_group("stories"))
