"""Restoring an instance in this process from its recorded history, with the code that is installed here.

Whoever is going to change an instance learns this way whether it can be restored at all, and where it stands: not by
asking a worker, which may have it in memory from code of an earlier day. One history is held at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowInterceptorClassInput,
)

from oms_workflow.errors import OrderRefused
from oms_workflow.temporal.migrated import Migrating, Recorded
from oms_workflow.temporal.operating import unanswered
from oms_workflow.temporal.workflow import ProcessWorkflow

CLOSING = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
    }
)


class CannotRestore(Exception):
    """The history does not lead to where it led before; the text says where it goes another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """An instance as its recorded history has made it."""

    events: int  # of the history that was replayed
    recorded: Recorded


class Restorer:
    """Replays histories, one at a time."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._witness = _Witness()
        self._replayer = Replayer(
            workflows=[ProcessWorkflow],
            workflow_runner=_Watched(self._witness),
            interceptors=[_Introducing(self._witness)],
            data_converter=client.data_converter,
        )

    async def restore(self, instance: str) -> Restored:
        """Fetch the history of the present run of an instance, and replay it.

        Raises:
            OrderRefused: When nothing runs under that name, or it has not begun.
            CannotRestore: When the history does not replay with this code.
            WorldUnavailable: When Temporal does not answer.
        """
        try:
            history = await self._client.get_workflow_handle(instance).fetch_history()
        except RPCError as error:
            raise unanswered(instance, error) from error
        return await self.replay(history)

    async def replay(self, history: WorkflowHistory) -> Restored:
        """Replay a history; raises as `restore` does."""
        kinds = [event.event_type for event in history.events]
        if kinds and kinds[-1] in CLOSING:
            raise OrderRefused(f"{history.workflow_id!r} is over.", code="NOT_RUNNING")
        if EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED not in kinds:
            # No worker has said anything yet: there is nothing to replay, and the SDK would wait for it without end.
            raise OrderRefused(f"{history.workflow_id!r} has not begun yet.", code="NOT_RUNNING")
        self._witness.saw = None
        result = await self._replayer.replay_workflow(history, raise_on_replay_failure=False)
        if result.replay_failure is not None:
            raise CannotRestore(str(result.replay_failure)) from result.replay_failure
        saw = self._witness.saw
        if not isinstance(saw, Recorded):
            raise CannotRestore(f"its state cannot be written: {saw}")
        return Restored(events=len(kinds), recorded=saw)


# -- how the state is seen at the end of a replay: the SDK forgets the workflow then, by cancelling everything in it,
# -- and the moment before that is the last one at which the state is what the history made of it


class _Witness:
    """Knows the workflow that is being replayed, and keeps what was seen of it last."""

    def __init__(self) -> None:
        self.saw: Recorded | Exception | None = None
        self._process: object = None

    def meet(self, process: object) -> None:
        """Get to know the object that runs."""
        self._process = process

    def look(self) -> None:
        """Take note of the state; what goes wrong is kept for whoever asked, as the SDK would try without end."""
        try:
            self.saw = cast(Migrating, self._process).recorded()
        except Exception as error:
            self.saw = error


class _Introducing(Interceptor):
    """Lets the witness meet the workflow's own object."""

    def __init__(self, witness: _Witness) -> None:
        self._witness = witness

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK names it
    ) -> type[WorkflowInboundInterceptor]:
        """Give the class that the SDK makes one object of for each workflow."""
        witness = self._witness

        class Introduced(WorkflowInboundInterceptor):
            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 - the SDK names it
                witness.meet(workflow.instance())
                return await super().execute_workflow(input)

        return Introduced


class _Watched(UnsandboxedWorkflowRunner):
    """Runs workflows as the workers do, and has the witness look before one is forgotten."""

    def __init__(self, witness: _Witness) -> None:
        self._witness = witness

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Give the workers' own instance, seen through."""
        return _Seen(super().create_instance(det), self._witness)


class _Seen(WorkflowInstance):
    def __init__(self, inner: WorkflowInstance, witness: _Witness) -> None:
        self._inner = inner
        self._witness = witness

    def activate(self, act: Any) -> Any:
        if any(job.HasField("remove_from_cache") for job in act.jobs):
            self._witness.look()
        return self._inner.activate(act)

    def get_serialization_context(self, command_info: Any) -> Any:
        return self._inner.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        return self._inner.get_external_store_context(command_info)

    def get_info(self) -> workflow.Info:
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        return self._inner.get_thread_id()
