"""The interpreter beside the same work written by hand on one Temporal server: ten activities in a row, no database."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.service import GrpcCompression
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from benchmarks.diagrams import chain
from benchmarks.figures import Figure, Stopwatch, announced
from oms_workflow.diagrams.reading import Source, read_diagrams
from oms_workflow.engine.bundle import Bundle, pack, sha256
from oms_workflow.temporal import border, names
from oms_workflow.temporal.devserver import serve
from oms_workflow.temporal.plugin import oms_plugin
from oms_workflow.temporal.workflow import ProcessWorkflow

STEPS = 10
ROUNDS, AT_ONCE = 3, 40
ACTIVITY = "measured.nothing"
QUEUE = names.PROCESS_QUEUE

Start = Callable[[Client, str], Awaitable[Any]]


@activity.defn(name=ACTIVITY)
async def nothing(call: border.ActivityCall) -> dict[str, Any]:
    """Do nothing."""
    return {}


@activity.defn(name=names.SYNCHRONISE)
async def synchronise(told: border.Synchronise) -> border.Synchronised:
    """Keep no database in step: it is measured with the orders."""
    return border.Synchronised()


@workflow.defn
class ByHand:
    """The same work as an engineer would write it."""

    @workflow.run
    async def run(self) -> int:
        """Do ten things in a row."""
        for number in range(STEPS):
            call = border.ActivityCall(key=str(number), at="", instance="", element=f"Task{number}", inputs={})
            await workflow.execute_activity(
                ACTIVITY,
                call,
                start_to_close_timeout=timedelta(minutes=1),
                task_queue=names.DEFAULT_ACTIVITY_QUEUE,
                result_type=dict,
            )
        return STEPS


def figures() -> Iterator[Figure]:
    """Measure both."""
    yield from asyncio.run(_figures())


async def _figures() -> list[Figure]:
    with announced("the interpreter on Temporal"):
        async with _stand() as client:
            diagram = _diagram()
            await _round(client, _by_hand, "warm-hand", 4)
            await _round(client, diagram, "warm-ours", 4)
            hand, ours = [], []
            for number in range(ROUNDS):  # in turns, so that both meet the same disturbances
                hand.append(await _round(client, _by_hand, f"hand{number}", AT_ONCE))
                ours.append(await _round(client, diagram, f"ours{number}", AT_ONCE))
            latency_hand, latency_ours = await _latency(client, _by_hand), await _latency(client, diagram)
            events_hand, events_ours = await _events(client, "hand0-0"), await _events(client, "ours0-0")
    wall = statistics.median(one.wall for one in ours), statistics.median(one.wall for one in hand)
    cpu = statistics.median(one.cpu for one in ours), statistics.median(one.cpu for one in hand)
    return [
        _figure(
            "temporal_activities_per_second", AT_ONCE * STEPS / wall[0], "activities/s", "interpreted, one process"
        ),
        _figure("temporal_throughput_ratio", wall[1] / wall[0], "ratio", "interpreted / by hand; 1 is as fast"),
        _figure("temporal_cpu_ratio", cpu[0] / cpu[1], "ratio", "Python CPU, interpreted / by hand"),
        _figure("temporal_latency_ratio", latency_ours / latency_hand, "ratio", "one alone, interpreted / by hand"),
        _figure("temporal_events_ratio", events_ours / events_hand, "ratio", "history events, interpreted / by hand"),
    ]


def _figure(name: str, value: float, unit: str, says: str) -> Figure:
    return Figure(name=name, value=value, unit=unit, says=says)


@asynccontextmanager
async def _stand() -> AsyncIterator[Client]:
    async with serve() as server:
        compression = GrpcCompression.NONE
        client = await Client.connect(server.address, plugins=[oms_plugin()], grpc_compression=compression)
        processes = Worker(
            client,
            task_queue=QUEUE,
            workflows=[ByHand, ProcessWorkflow],
            activities=[synchronise],
            workflow_runner=UnsandboxedWorkflowRunner(),
        )
        async with processes, Worker(client, task_queue=names.DEFAULT_ACTIVITY_QUEUE, activities=[nothing]):
            yield client


def _diagram() -> Start:
    definitions = read_diagrams([Source(name="chain.bpmn", raw=chain(STEPS, activity=ACTIVITY))]).require()
    bundle = Bundle(process_id="chain", definitions=tuple(definitions))
    packed, told = pack(bundle), border.InstanceInput(process="chain", sha256=sha256(bundle))

    async def start(client: Client, instance: str) -> Any:
        handle = await client.start_workflow("chain", args=[packed, told], id=instance, task_queue=QUEUE)
        return await handle.result()

    return start


async def _by_hand(client: Client, instance: str) -> Any:
    return await client.execute_workflow(ByHand.run, id=instance, task_queue=QUEUE)


async def _round(client: Client, start: Start, name: str, count: int) -> Stopwatch:
    watch = Stopwatch()
    await asyncio.gather(*(start(client, f"{name}-{number}") for number in range(count)))
    return _Stopped(watch.wall, watch.cpu)


class _Stopped(Stopwatch):
    def __init__(self, wall: float, cpu: float) -> None:
        self._stopped = wall, cpu

    @property
    def wall(self) -> float:
        return self._stopped[0]

    @property
    def cpu(self) -> float:
        return self._stopped[1]


async def _latency(client: Client, start: Start) -> float:
    found = []
    for number in range(8):
        watch = Stopwatch()
        await start(client, f"alone-{id(start)}-{number}")
        found.append(watch.wall)
    return statistics.median(found)


async def _events(client: Client, instance: str) -> int:
    history = await client.get_workflow_handle(instance).fetch_history()
    return len(history.events)
