"""`make bench`: every figure in a table, and all of them in one JSON line at the end.

python -m benchmarks [in_memory] [visits] [sizes] [on_temporal] [replaying] [many_items] [allocation] [orders]
    [very_many_items]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping

from benchmarks import allocation, in_memory, many_items, on_temporal, orders, replaying, sizes, visits
from benchmarks.figures import Figure, show

ROOMS: Mapping[str, Callable[[], Iterator[Figure]]] = {
    "in_memory": in_memory.figures,
    "visits": visits.figures,
    "sizes": sizes.figures,
    "on_temporal": on_temporal.figures,
    "replaying": replaying.figures,
    "many_items": many_items.figures,
    "allocation": allocation.figures,
    "orders": orders.figures,
}
ON_REQUEST: Mapping[str, Callable[[], Iterator[Figure]]] = {"very_many_items": many_items.very_many}


def main(names: list[str]) -> int:
    """Measure what is asked for, or everything but what takes long."""
    known = {**ROOMS, **ON_REQUEST}
    unknown = sorted(set(names) - known.keys())
    if unknown:
        sys.stderr.write(f"There is nothing called {unknown[0]!r} to measure. There is: {', '.join(known)}\n")
        return 2
    show([figure for name in names or ROOMS for figure in known[name]()])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
