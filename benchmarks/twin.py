"""The work of a diagram as an engineer would write it by hand on Temporal, with all that the interpreter does for it.

Same activities, same options of theirs, one alarm for all service levels, the same records told to the database in one
activity when the work is done. Whether the records are the same is checked each time (`on_temporal`).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy

from oms_workflow.temporal import border, names
from oms_workflow.temporal.heartbeat import SILENCE

ACTIVITY = "measured.nothing"
SERVICE_LEVEL = timedelta(hours=2)
HEADERS = {"owner": "nobody", "sla": "PT2H"}
RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(minutes=5),
    maximum_attempts=3,
    non_retryable_error_types=["OrderRefused"],
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be done."""

    process: str
    tasks: int
    side_by_side: bool = False
    service_levels: bool = False
    recorded: bool = True
    headers: dict[str, str] = field(default_factory=dict)


@workflow.defn(name="by_hand")
class ByHand:
    """Runs the tasks."""

    @workflow.init
    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._trail: list[dict[str, Any]] = []
        self._deadlines: dict[str, datetime] = {}
        self._alarm: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, asked: Asked) -> border.Ended:
        """Do everything, tell the database, end."""
        tasks = [f"Task{number}" for number in range(asked.tasks)]
        self._note("started", asked.process, variables=[], start="")
        self._note("completed", "Begin")
        if asked.side_by_side:
            await self._side_by_side(tasks)
        else:
            for number, task in enumerate(tasks):
                self._note("flow_taken", f"f{number}")
                await self._do(task, number + 1)
            self._note("flow_taken", f"f{len(tasks)}")
        self._note("completed", "End")
        self._note("completed", asked.process)
        self._note("finished", asked.process, outcome="completed")
        if asked.recorded:
            await self._tell()
        return border.Ended(outcome="completed", variables={}, at=workflow.now().isoformat())

    async def _side_by_side(self, tasks: list[str]) -> None:
        self._note("flow_taken", "f0")
        self._note("completed", "Fork")
        for number in range(len(tasks)):
            self._note("flow_taken", f"f{number + 1}")
        await asyncio.gather(*(self._branch(task, number, len(tasks)) for number, task in enumerate(tasks)))
        self._note("completed", "Join")
        self._note("flow_taken", f"f{2 * len(tasks) + 1}")

    async def _branch(self, task: str, number: int, width: int) -> None:
        await self._do(task, number + 1)
        self._note("flow_taken", f"f{width + number + 1}")

    async def _do(self, task: str, token: int) -> None:
        if self._asked.service_levels:
            self._watch(task)
        self._note("activated", task, activity=ACTIVITY)
        workflow_id = workflow.info().workflow_id
        call = border.ActivityCall(
            key=f"{workflow_id}/{task}:{token}",
            at=workflow.now().isoformat(),
            instance=workflow_id,
            element=task,
            inputs={},
            headers=self._asked.headers,
        )
        await workflow.execute_activity(
            ACTIVITY,
            call,
            result_type=dict,
            task_queue=names.DEFAULT_ACTIVITY_QUEUE,
            start_to_close_timeout=timedelta(minutes=1),
            heartbeat_timeout=SILENCE,
            retry_policy=RETRY,
            activity_id=f"{task}:{token}.1",
            summary=task,
        )
        self._deadlines.pop(task, None)
        self._note("completed", task)

    def _watch(self, task: str) -> None:
        due = workflow.now() + SERVICE_LEVEL
        self._note("sla_started", task, due=due.isoformat())
        self._deadlines[task] = due
        if self._alarm is None:
            self._alarm = asyncio.create_task(self._ring(due))

    async def _ring(self, due: datetime) -> None:
        await workflow.sleep(due - workflow.now(), summary="service levels")
        for task, limit in list(self._deadlines.items()):
            if limit <= workflow.now():
                del self._deadlines[task]
                self._note("sla_breached", task)
        self._alarm = None
        if self._deadlines:
            self._alarm = asyncio.create_task(self._ring(min(self._deadlines.values())))

    def _note(self, kind: str, element: str, **detail: Any) -> None:
        at = workflow.now().isoformat()
        told = {"seq": len(self._trail) + 1, "at": at, "kind": kind, "element": element, "token": 0, "scope": 1}
        self._trail.append({**told, "detail": detail} if detail else told)

    async def _tell(self) -> None:
        await workflow.execute_activity(
            names.SYNCHRONISE,
            self._told(),
            result_type=border.Synchronised,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(maximum_interval=timedelta(seconds=30)),
            summary="tell the database",
        )

    def _told(self) -> border.Synchronise:
        info = workflow.info()
        return border.Synchronise(
            instance=info.workflow_id,
            run=info.run_id,
            process=self._asked.process,
            sha256="",
            business_key="",
            channel="",
            parent="",
            status="completed",
            at=workflow.now().isoformat(),
            next_due="",
            idle=True,
            children=0,
            timelapse=False,
            records=self._trail,
        )
