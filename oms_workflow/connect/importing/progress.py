"""How far an import is, for those who wait for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Counts so far. Rows are read first, then orders come out of them."""

    rows: int = 0  # read from the files
    orders: int = 0  # results given: accepted, duplicate, skipped or kept aside
    accepted: int = 0
    quarantined: int = 0


OnProgress = Callable[[Progress], None]

ROWS_BETWEEN = 1_000  # rows read between two calls
ORDERS_BETWEEN = 100  # results given between two calls


def say_nothing(_: Progress) -> None:
    """Take progress and tell nobody."""
