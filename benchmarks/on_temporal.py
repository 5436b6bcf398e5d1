"""The interpreter beside the same work written by hand (`twin`), on one Temporal server, in one process, in turns.

Each ratio is the median of pairs that ran one after the other. Beside the pair that keeps records there is one in which
neither side keeps any, and, for the price of the records, the interpreter with them beside a twin without.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.diagrams import chain, fan
from benchmarks.figures import Figure, Stopwatch, announced
from benchmarks.stand import Drawn, Stand, Written, stand
from benchmarks.twin import HEADERS, Asked

ROUNDS = 15
SILENT_EACH = 3  # rounds from one without records to the next; they explain, and are no claim
ROUND = 80  # activities in a round, of as many instances at once as that takes
MOST_AT_ONCE = 16
ALONE = 100  # activities of instances that run alone, one after the other, for the latency


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is done in an instance."""

    name: str
    tasks: int
    side_by_side: bool = False
    service_levels: bool = False

    @property
    def at_once(self) -> int:
        """How many instances make a round."""
        return min(ROUND // self.tasks, MOST_AT_ONCE)

    @property
    def alone(self) -> int:
        """How many instances run alone."""
        return min(max(ALONE // self.tasks, 5), 15)

    def asked(self, *, recorded: bool) -> Asked:
        """Give it for the twin."""
        return Asked(
            process=self.name,
            tasks=self.tasks,
            side_by_side=self.side_by_side,
            service_levels=self.service_levels,
            recorded=recorded,
            headers=HEADERS if self.service_levels else {},
        )

    def diagram(self) -> bytes:
        """Give it for the interpreter."""
        draw: Callable[..., bytes] = fan if self.side_by_side else chain
        return draw(self.tasks, process=self.name, sla=self.service_levels)


SHAPES = (
    Shape(name="task1", tasks=1),
    Shape(name="task10", tasks=10),
    Shape(name="task40", tasks=40),
    Shape(name="parallel20", tasks=20, side_by_side=True),
    Shape(name="sla10", tasks=10, service_levels=True),
)

Side = Drawn | Written


@dataclass(slots=True)
class Taken:
    """Seconds a round took."""

    wall: float
    cpu: float


def figures() -> Iterator[Figure]:
    """Measure every shape."""
    yield from asyncio.run(_figures())


async def _figures() -> list[Figure]:
    async with stand() as place:
        return [figure for shape in SHAPES for figure in await _shape(place, shape)]


async def _shape(place: Stand, shape: Shape) -> list[Figure]:
    with announced(f"{shape.name}, interpreted and by hand"):
        sides: Mapping[str, Side] = {
            "hand": Written(shape.asked(recorded=True)),
            "ours": Drawn(shape.diagram()),
            "silent-hand": Written(shape.asked(recorded=False)),
            "silent-ours": Drawn(shape.diagram(), recorded=False),
        }
        taken: dict[str, list[Taken]] = {name: [] for name in sides}
        for name, side in sides.items():
            await _round(place, side, f"{shape.name}-{name}-warm", 3)
        _require_same_records(place, shape)
        for number in range(ROUNDS):
            # Who goes first takes turns, too.
            for name in _of_round(sides, number):
                taken[name].append(await _round(place, sides[name], f"{shape.name}-{name}-{number}", shape.at_once))
        alone = await _alone(place, shape, sides)
        events = {name: await _events(place, f"{shape.name}-{name}-warm-0") for name in ("hand", "ours")}
    return _told(shape, taken, alone, events)


def _of_round(sides: Mapping[str, Side], number: int) -> Sequence[str]:
    those = list(sides)[: None if number % SILENT_EACH == 0 else 2]
    return those if number % 2 else those[::-1]


def _require_same_records(place: Stand, shape: Shape) -> None:
    hand, ours = (place.register.kinds(f"{shape.name}-{name}-warm-0") for name in ("hand", "ours"))
    if hand != ours:
        raise SystemExit(f"{shape.name}: by hand {hand} is recorded, interpreted {ours}: that is not the same work")


async def _round(place: Stand, side: Side, name: str, count: int) -> Taken:
    watch = Stopwatch()
    await asyncio.gather(*(side.run(place.client, f"{name}-{number}") for number in range(count)))
    return Taken(watch.wall, watch.cpu)


async def _alone(place: Stand, shape: Shape, sides: Mapping[str, Side]) -> Mapping[str, float]:
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(shape.alone):
        for name in list(sides) if number % 2 else reversed(sides):
            taken = await _round(place, sides[name], f"{shape.name}-{name}-alone{number}", 1)
            found[name].append(taken.wall)
    return {name: statistics.median(times) for name, times in found.items()}


async def _events(place: Stand, instance: str) -> int:
    return len((await place.client.get_workflow_handle(instance).fetch_history()).events)


def _told(
    shape: Shape, taken: Mapping[str, Sequence[Taken]], alone: Mapping[str, float], events: Mapping[str, int]
) -> list[Figure]:
    rate = shape.at_once * shape.tasks / statistics.median(one.wall for one in taken["ours"])
    told = [Figure(name=f"{shape.name}_activities_per_second", value=rate, unit="activities/s", says="interpreted")]
    for prefix, ours, hand, says in (
        ("", "ours", "hand", "interpreted / by hand, both keep records"),
        ("silent_", "silent-ours", "silent-hand", "neither keeps records"),
        ("priced_", "ours", "silent-hand", "interpreted with records / by hand without"),
    ):
        sparse = SILENT_EACH if len(taken[hand]) < len(taken[ours]) else 1
        pairs = list(zip(taken[ours][::sparse], taken[hand], strict=True))
        values = {
            "throughput": statistics.median(other.wall / one.wall for one, other in pairs),
            "cpu": statistics.median(one.cpu / other.cpu for one, other in pairs),
            "latency": alone[ours] / alone[hand],
        }
        told += [
            Figure(name=f"{shape.name}_{prefix}{name}_ratio", value=value, unit="ratio", says=says)
            for name, value in values.items()
        ]
    ratio = events["ours"] / events["hand"]
    return [*told, Figure(name=f"{shape.name}_events_ratio", value=ratio, unit="ratio", says="events in the history")]
