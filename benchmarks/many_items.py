"""A loop with many items beside other orders: it completes, and they hardly notice.

The second order has ten tasks in a row and runs again and again: before the loop begins, while it runs, and after it.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from benchmarks.diagrams import chain, items
from benchmarks.figures import Figure, Stopwatch, announced
from benchmarks.stand import Drawn, Stand, stand

MANY, VERY_MANY = 1_000, 10_000
ALONE = 10  # runs of the second order before the loop begins, and again when it has ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a loop took, and the second order beside it."""

    seconds: float
    cpu: float
    runs: int
    alone: float  # median seconds of the second order
    during: float


def figures() -> Iterator[Figure]:
    """Measure a loop of a thousand items, which takes the better part of a minute."""
    yield from _figures(MANY)


def very_many() -> Iterator[Figure]:
    """Measure ten thousand, which takes minutes; only when asked for."""
    yield from _figures(VERY_MANY)


def _figures(count: int) -> Iterator[Figure]:
    with announced(f"a loop of {count:,} items"):
        taken = asyncio.run(_measured(count))
    yield from _told(count, taken)


def _told(count: int, taken: Taken) -> Iterator[Figure]:
    says = f"a parallel loop of {count:,} service tasks, completed in {taken.runs} runs, beside another order"
    yield Figure(name=f"items{count}_seconds", value=taken.seconds, unit="s", says=says)
    yield Figure(name=f"items{count}_cpu_ms_per_item", value=taken.cpu * 1000 / count, unit="ms", says="Python CPU")
    says = f"the other order beside the loop, {taken.during * 1000:.0f} ms / without it, {taken.alone * 1000:.0f} ms"
    yield Figure(name=f"items{count}_latency_ratio", value=taken.during / taken.alone, unit="ratio", says=says)


async def _measured(count: int) -> Taken:
    async with stand() as place:
        second = Drawn(chain(10, process="second"))
        loop = Drawn(items(count))
        await second.run(place.client, "warm")
        alone = [taken async for taken in _again(place, second, "before", lambda number: number < ALONE)]
        watch = Stopwatch()
        running = asyncio.create_task(loop.run(place.client, "loop"))
        during = [taken async for taken in _again(place, second, "during", lambda _: not running.done())]
        await running
        seconds, cpu = watch.wall, watch.cpu
        alone += [taken async for taken in _again(place, second, "after", lambda number: number < ALONE)]
        runs = await _runs(place)
    return Taken(
        seconds=seconds, cpu=cpu, runs=runs, alone=statistics.median(alone), during=statistics.median(during[:-1])
    )


async def _again(place: Stand, order: Drawn, name: str, wanted: Callable[[int], bool]) -> AsyncIterator[float]:
    number = 0
    while wanted(number):
        watch = Stopwatch()
        await order.run(place.client, f"{name}-{number}")
        yield watch.wall
        number += 1


async def _runs(place: Stand) -> int:
    return sum([1 async for _ in place.client.list_workflows("WorkflowId = 'loop'")])
