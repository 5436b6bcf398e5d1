"""How tests are shared among several processes, and how one of them tells of a failure at once.

What waits for a server begins first, and a story stays in one process.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

STORIES = Path(__file__).parent / "stories"


settings.register_profile("unhurried", deadline=None)  # how long one example takes says how busy the machine is
settings.load_profile("unhurried")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks at the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep stories together, and begin with the tests on a Temporal server.

    A story is told once in a process, however many tests look at what is left of it. Tests on a server take seconds
    each: begun first, they leave small ones to fill the gap at the end.
    """
    items.sort(key=lambda item: item.get_closest_marker("server") is None)
    for item in items:
        if item.path.is_relative_to(STORIES):
            item.add_marker(pytest.mark.xdist_group("stories"))


@pytest.hookimpl(wrapper=True)
def pytest_report_teststatus(report: pytest.TestReport) -> Iterator[None]:
    """Name what failed where the others have a dot: a run that is broken off never gets to its summary."""
    category, short, verbose = yield
    return category, f"\n{report.nodeid} FAILED\n" if short == "F" else short, verbose
