"""A figure, and how all of them are shown: one row each, then one JSON line for machines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure. Ratios come from within one run; the rest depends on the machine."""

    name: str
    value: float
    unit: str
    says: str


class Stopwatch:
    """Seconds since it was started, on the wall and of this process's CPU."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    @property
    def wall(self) -> float:
        return time.perf_counter() - self._wall

    @property
    def cpu(self) -> float:
        return time.process_time() - self._cpu


def best(work: Callable[[], object], times: int = 5) -> float:
    """Give the CPU seconds of the quickest of some runs; the others were disturbed."""
    found = []
    for _ in range(times):
        watch = Stopwatch()
        work()
        found.append(watch.cpu)
    return min(found)


@contextmanager
def announced(name: str) -> Iterator[None]:
    """Say what is being measured, because it takes a while."""
    sys.stderr.write(f"measuring {name} ...\n")
    yield


def show(figures: Iterable[Figure]) -> None:
    """Print the table and the JSON line."""
    rows = list(figures)
    width = max(len(row.name) for row in rows)
    for row in rows:
        print(f"{row.name:<{width}}  {row.value:>12,.3f} {row.unit:<22} {row.says}")
    print(json.dumps({row.name: round(row.value, 4) for row in rows}))
