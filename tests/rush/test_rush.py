"""32 clients at once on one database; `python -m tests.rush --seconds 60` is the same for longer."""

from __future__ import annotations

import pytest

from .__main__ import is_sound, run

SECONDS, CLIENTS = 4, 32


@pytest.mark.slow
def test_a_rush_of_clients_leaves_the_books_in_order(address: str) -> None:
    """medusa#16569 and its like show only when everybody does everything at the same moment."""
    found = run(address, clients=CLIENTS, processes=2, seconds=SECONDS, seed=7)
    assert found["wrong"] == []
    assert (found["violations"], found["deadlocks"]) == ({}, 0)
    assert is_sound(found)
    assert found["done"] > 0
    assert found["rows_checked"] > found["invariants"]


@pytest.mark.parametrize(
    "finding",
    [{"violations": {"stock-not-oversold": []}}, {"deadlocks": 1}, {"wrong_count": 1}],
    ids=lambda one: next(iter(one)),
)
def test_a_run_with_a_finding_is_not_sound(finding: dict[str, object]) -> None:
    """A bar that cannot be missed would be none."""
    sound: dict[str, object] = {"violations": {}, "deadlocks": 0, "wrong_count": 0}
    assert is_sound(sound)
    assert not is_sound(sound | finding)
