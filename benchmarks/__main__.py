"""`make bench`: every figure in a table, and all of them in one JSON line at the end.

python -m benchmarks [in_memory] [visits] [sizes] [on_temporal] [replaying] [orders]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping

from benchmarks import in_memory, on_temporal, orders, replaying, sizes, visits
from benchmarks.figures import Figure, show

ROOMS: Mapping[str, Callable[[], Iterator[Figure]]] = {
    "in_memory": in_memory.figures,
    "visits": visits.figures,
    "sizes": sizes.figures,
    "on_temporal": on_temporal.figures,
    "replaying": replaying.figures,
    "orders": orders.figures,
}


def main(names: list[str]) -> int:
    """Measure what is asked for, or everything."""
    unknown = sorted(set(names) - ROOMS.keys())
    if unknown:
        sys.stderr.write(f"There is nothing called {unknown[0]!r} to measure. There is: {', '.join(ROOMS)}\n")
        return 2
    show([figure for name in names or ROOMS for figure in ROOMS[name]()])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
