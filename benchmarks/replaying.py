"""Replay: what a worker does when it takes up an instance that it no longer has in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from benchmarks.diagrams import chain
from benchmarks.figures import Figure, Stopwatch, announced
from benchmarks.stand import Drawn, Written, stand
from benchmarks.twin import HEADERS, Asked, ByHand
from oms_workflow.temporal.plugin import oms_plugin
from oms_workflow.temporal.workflow import ProcessWorkflow

TASKS = 165  # six events each: a history of 1,000
TIMES = 25


def figures() -> Iterator[Figure]:
    """Measure how long both take to replay."""
    yield from asyncio.run(_figures())


async def _figures() -> list[Figure]:
    with announced("replay of 1,000 events"):
        hand, ours = await histories()
        taken: dict[str, list[float]] = {"hand": [], "ours": []}
        for _ in range(TIMES):
            taken["hand"].append(await replay(ByHand, hand))
            taken["ours"].append(await replay(ProcessWorkflow, ours))
    best = {name: min(times) for name, times in taken.items()}
    return [
        Figure(name="replay_events", value=len(ours.events), unit="events", says="of the interpreted history"),
        Figure(name="replay_ms", value=best["ours"] * 1000, unit="ms", says="CPU to replay it"),
        Figure(name="replay_ratio", value=best["ours"] / best["hand"], unit="ratio", says="interpreted / by hand"),
    ]


async def histories(tasks: int = TASKS, *, sla: bool = True) -> tuple[WorkflowHistory, WorkflowHistory]:
    """Give the history of a chain done by hand, and interpreted."""
    headers = HEADERS if sla else {}
    written = Written(Asked(process="chain", tasks=tasks, service_levels=sla, headers=headers))
    async with stand() as place:
        await asyncio.gather(written.run(place.client, "hand"), Drawn(chain(tasks, sla=sla)).run(place.client, "ours"))
        handles = [place.client.get_workflow_handle(name) for name in ("hand", "ours")]
        hand, ours = [await handle.fetch_history() for handle in handles]
    return hand, ours


async def replay(kind: type[Any], history: WorkflowHistory) -> float:
    """Give the CPU seconds a replay takes."""
    replayer = Replayer(workflows=[kind], plugins=[oms_plugin()])
    watch = Stopwatch()
    await replayer.replay_workflow(history)
    return watch.cpu
