"""Instances that stand still without a word: wedged ones, whose code cannot go on, and those whose workflow is gone.

Temporal says of both only that they run, or nothing at all; lists and counts of ours shall tell the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from oms_workflow.store.clocks import Clocks, InstanceClock
from oms_workflow.store.database import Database
from oms_workflow.store.instances import InstanceRow, Instances
from oms_workflow.store.signals import Signals
from oms_workflow.store.unit_of_work import UnitOfWork

log = structlog.get_logger("oms.standstills")

FAILED_OFTEN = 3  # attempts of one workflow task; a worker that was killed costs one, rarely two
PROBLEMS = 'ExecutionStatus = "Running" AND TemporalReportedProblems IS NOT NULL'
CLOSED = 'ExecutionStatus IN ("Terminated", "TimedOut", "Canceled", "Failed") AND CloseTime > "{since}"'
LOOK_BACK = timedelta(hours=2)  # visibility may lag, and rounds may have been missed
MOST = 100  # instances looked at in one round, of each kind; about 3 ms of the server each
OURS = {
    WorkflowExecutionStatus.COMPLETED: "completed",
    WorkflowExecutionStatus.FAILED: "failed",
    WorkflowExecutionStatus.CANCELED: "terminated",
    WorkflowExecutionStatus.TERMINATED: "terminated",
    WorkflowExecutionStatus.TIMED_OUT: "terminated",
}
GONE = "workflow-gone"


class Standstills:
    """Compares what the database believes with what Temporal knows, some instances a round."""

    def __init__(self, database: Database, client: Client, *, timelapse: bool = False) -> None:
        """Take `timelapse` True where somebody skips time, and must not wait for an instance that is gone."""
        self._database = database
        self._client = client
        self._timelapse = timelapse
        self._before: datetime | None = None  # where the walk through all running instances goes on

    async def look(self, *, at: datetime) -> int:
        """Look at instances that may stand still, and note what became of them; gives how many changed their status.

        Args:
            at: The wall clock's time, UTC.
        """
        suspects = dict.fromkeys([*await self._listed(PROBLEMS), *await self._listed(_closed_since(at - LOOK_BACK))])
        rows: dict[str, InstanceRow] = {}
        async with UnitOfWork(self._database) as unit:
            instances = Instances(unit)
            known = [await instances.get(one) for one in suspects]
            wedged = await instances.find(status="wedged", limit=MOST)
            walked = await instances.find(status="running", before=self._before, limit=MOST)
        self._before = _next_page(walked)
        for row in (*known, *wedged, *walked):
            if row is not None and row.status in ("running", "wedged"):
                rows.setdefault(row.workflow_id, row)
        return sum([await self._compare(row, at) for row in rows.values()])

    async def _compare(self, row: InstanceRow, at: datetime) -> bool:
        status, why = await self._status(row.workflow_id)
        if status == row.status:
            return False
        async with UnitOfWork(self._database) as unit:
            await Instances(unit).ended_outside(row.workflow_id, status, code=why, at=at)
            if status not in ("running", "wedged"):
                await Signals(unit).stop_all(row.workflow_id)
                if self._timelapse:
                    await Clocks(unit).tell(_stopped(row, at))
            await unit.commit()
        log.warning("instance stands still", instance=row.workflow_id, was=row.status, now=status, why=why)
        return True

    async def _status(self, instance: str) -> tuple[str, str]:
        """Give the status that Temporal's view of an instance means for us, and the reason of a standstill."""
        asked = DescribeWorkflowExecutionRequest(
            namespace=self._client.namespace, execution=WorkflowExecution(workflow_id=instance)
        )
        try:
            found = await self._client.workflow_service.describe_workflow_execution(asked)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return "terminated", GONE
            raise
        status = WorkflowExecutionStatus(found.workflow_execution_info.status)
        if status in OURS:
            return OURS[status], "" if status is WorkflowExecutionStatus.COMPLETED else status.name.lower()
        if found.HasField("pending_workflow_task") and found.pending_workflow_task.attempt >= FAILED_OFTEN:
            return "wedged", "workflow-task-fails"
        return "running", ""

    async def _listed(self, query: str) -> list[str]:
        try:
            return [one.id async for one in self._client.list_workflows(query, limit=MOST)]
        except RPCError as error:
            if error.status is RPCStatusCode.INVALID_ARGUMENT:  # servers before 1.30 report no problems
                return []
            raise


def _next_page(walked: Sequence[InstanceRow]) -> datetime | None:
    """Where the walk goes on; instances that started at the same moment as the last one are looked at again."""
    if len(walked) < MOST:
        return None
    first, last = walked[0].started_at, walked[-1].started_at
    return last + timedelta(microseconds=1) if last < first else last


def _closed_since(moment: datetime) -> str:
    return CLOSED.format(since=f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")


def _stopped(row: InstanceRow, at: datetime) -> InstanceClock:
    return InstanceClock(
        instance=row.workflow_id,
        parent=row.parent,
        business_key=row.order_id,
        at=at,
        told_at=at,
        next_due=None,
        idle=True,
        over=True,
        children=0,
        heard=0,
    )
