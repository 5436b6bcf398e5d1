"""Carrying out the engine's commands with Temporal, and telling the engine what came of them. Runs inside a workflow.

One activity, timer or child per command, named by element and token, so that a history reads like the diagram.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy as TemporalRetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, ChildWorkflowError, is_cancelled_exception
from temporalio.workflow import ActivityCancellationType, ParentClosePolicy

from oms_workflow import feel
from oms_workflow.bpmn.work import RetryPolicy
from oms_workflow.engine import commands, facts
from oms_workflow.engine.commands import Command
from oms_workflow.engine.instance import Instance
from oms_workflow.temporal import border, names
from oms_workflow.temporal.clock import OrderClock
from oms_workflow.temporal.heartbeat import SILENCE
from oms_workflow.temporal.outbox import Outbox
from oms_workflow.temporal.timers import Timers

CHILD_WATCH = timedelta(days=3650)  # one attempt may watch a called process as long as that process lives


class Performer:
    """The host of one instance: what is in flight for it, by token or timer."""

    def __init__(self, instance: Instance, told: border.InstanceInput, packed: bytes, clock: OrderClock) -> None:
        self.instance = instance
        self.told = told
        self.clock = clock
        self.outbox = Outbox()
        self.finish: commands.Finish | None = None
        self.defect: BaseException | None = None  # what ended a task of ours; the workflow task has to fail with it
        self.holding = False  # True: new work waits for the next run, as continue-as-new is near
        self.children: dict[int, str] = {}  # token -> workflow id
        self._watched: set[int] = set()  # tokens whose called process an earlier run started
        self._packed = packed
        self._jobs: dict[int, asyncio.Task[None]] = {}  # activities and watches of children, by token
        self._timers = Timers(clock, self._ring, self._spawn)

    @property
    def working(self) -> int:
        """How many activities are in flight; called processes are not counted."""
        return sum(1 for token in self._jobs if token not in self.children)

    def tell(self, fact: facts.Fact) -> None:
        """Hand a fact to the engine and carry out what it asks for."""
        for command in self.instance.receive(fact):
            self.carry_out(command)
        self.outbox.records.extend(self.instance.take_records())

    def catch_up(self) -> None:
        """After the clock moved ahead: let timers ring that are due by now, and set the others anew."""
        self._timers.catch_up()

    def carry_out(self, command: Command) -> None:
        """Do what the engine asks for."""
        if self.holding and isinstance(command, commands.RunActivity | commands.StartChild):
            return  # the next run asks the engine for it again
        match command:
            case commands.RunActivity():
                self._jobs[command.token] = self._spawn(self._run_activity(command))
            case commands.CancelActivity():
                self._drop(command.token)
            case commands.StartTimer():
                self._timers.start(command)
            case commands.CancelTimer():
                self._timers.cancel(command.timer)
            case commands.StartChild():
                self._jobs[command.token] = self._spawn(self._run_child(command))
            case commands.CancelChild():
                self._drop(command.token)
            case commands.Escalate():
                self._spawn(self._escalate(command))
            case commands.RaiseIncident() | commands.ClearIncident():
                self._mark_incident()
            case commands.Finish():
                self.finish = command
                self._timers.stop()
            case _:
                self.outbox.add(command)

    # -- activities

    async def _run_activity(self, command: commands.RunActivity) -> None:
        job = command.job
        call = border.ActivityCall(
            key=names.effect_key(workflow.info().workflow_id, command.element, command.token),
            at=self.clock.now().isoformat(),
            instance=workflow.info().workflow_id,
            element=command.element,
            inputs={name: feel.encode(value) for name, value in command.inputs.items()},
            headers=dict(command.headers),
        )
        try:
            answer: dict[str, Any] = await workflow.execute_activity(
                job.activity,
                call,
                result_type=dict,
                task_queue=job.queue or names.DEFAULT_ACTIVITY_QUEUE,
                start_to_close_timeout=job.timeout,
                heartbeat_timeout=SILENCE,
                retry_policy=_retry(job.retry),
                activity_id=names.activity_id(command.element, command.token, command.attempt),
                summary=command.name or command.element,
                cancellation_type=ActivityCancellationType.TRY_CANCEL,
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                return
            self._jobs.pop(command.token, None)
            self.tell(self._failure(command, error))
            return
        self._jobs.pop(command.token, None)
        variables = {name: feel.decode(value) for name, value in answer.items()}
        self.tell(facts.JobCompleted(at=self.clock.now(), token=command.token, variables=variables))

    def _failure(self, command: commands.RunActivity, error: ActivityError) -> facts.Fact:
        cause = error.cause
        at, token = self.clock.now(), command.token
        if isinstance(cause, ApplicationError):
            code = cause.details[0] if cause.type == "OrderRefused" and cause.details else ""
            if code:
                return facts.ErrorThrown(at=at, token=token, code=str(code), message=cause.message)
            return facts.JobFailed(at=at, token=token, message=f"{command.job.activity}: {cause.message}")
        reason = "did not answer in time" if cause is not None else str(error)
        return facts.JobFailed(at=at, token=token, message=f"{command.job.activity}: {reason}")

    def _ring(self, timer: int, at: datetime) -> None:
        self.tell(facts.TimerFired(at=at, timer=timer))

    # -- called processes

    async def _run_child(self, command: commands.StartChild) -> None:
        child_id = names.child_workflow(workflow.info().workflow_id, command.element, command.token, command.attempt)
        self.children[command.token] = child_id
        told = border.InstanceInput(
            process=command.process,
            sha256=self.told.sha256,
            variables={name: feel.encode(value) for name, value in command.variables.items()},
            business_key=self.told.business_key,
            channel=self.told.channel,
            parent=workflow.info().workflow_id,
            parent_token=command.token,
            at=self.clock.now().isoformat() if self.told.timelapse else "",
            timelapse=self.told.timelapse,
            engine=self.told.engine,
        )
        try:
            # Abandoned, so that it lives on when this run continues as new; the engine ends it itself when it must end.
            result: border.Ended = await workflow.execute_child_workflow(
                command.process,
                args=[self._packed, told],
                id=child_id,
                result_type=border.Ended,
                parent_close_policy=ParentClosePolicy.ABANDON,
                static_summary=command.name,
            )
        except ChildWorkflowError as error:
            if command.token in self.children and not is_cancelled_exception(error):
                self._child_ended(command.token, _ended_of(error))
            elif command.token in self.children:
                self._child_ended(command.token, border.Ended(outcome="terminated", variables={}))
            return
        self._child_ended(command.token, result)

    def watch(self, token: int, child_id: str) -> None:
        """Go on waiting for a called process that an earlier run of this workflow started."""
        self.children[token] = child_id
        self._watched.add(token)
        self._jobs[token] = self._spawn(self._watch_child(token, child_id))

    async def _watch_child(self, token: int, child_id: str) -> None:
        try:
            ended: border.Ended = await workflow.execute_activity(
                names.AWAIT_CHILD,
                child_id,
                result_type=border.Ended,
                task_queue=names.PROCESS_QUEUE,
                start_to_close_timeout=CHILD_WATCH,
                heartbeat_timeout=SILENCE,
                summary=child_id,
            )
        except ActivityError as error:
            if not is_cancelled_exception(error):
                self._child_ended(token, border.Ended(outcome="terminated", variables={}, message=str(error.cause)))
            return
        self._child_ended(token, ended)

    def _child_ended(self, token: int, ended: border.Ended) -> None:
        self._jobs.pop(token, None)
        self.children.pop(token, None)
        self._watched.discard(token)
        if self.clock.hear(ended.at):
            self.catch_up()
        outcome: Any = ended.outcome
        self.tell(
            facts.ChildEnded(
                at=self.clock.now(),
                token=token,
                outcome=outcome,
                variables={name: feel.decode(value) for name, value in ended.variables.items()},
                code=ended.code,
                message=ended.message,
            )
        )

    async def _escalate(self, command: commands.Escalate) -> None:
        if not self.told.parent:
            return
        told = border.Escalation(
            token=self.told.parent_token,
            code=command.code,
            variables={name: feel.encode(value) for name, value in command.variables.items()},
            at=self.clock.now().isoformat(),
        )
        await workflow.get_external_workflow_handle(self.told.parent).signal(names.CHILD_ESCALATED, told)

    # --

    def _drop(self, token: int) -> None:
        child = self.children.pop(token, None)
        task = self._jobs.pop(token, None)
        if task is not None:
            task.cancel()
        if child is not None and token in self._watched:
            self._watched.discard(token)
            self._spawn(self._end_child(child))

    async def _end_child(self, child: str) -> None:
        """End a called process that an earlier run started: to this run it is a stranger."""
        with contextlib.suppress(ApplicationError):  # it is over already
            await workflow.get_external_workflow_handle(child).cancel()

    def _mark_incident(self) -> None:
        workflow.upsert_search_attributes([names.INCIDENT.value_set(bool(self.instance.state.incidents))])

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        task.add_done_callback(self._note_defect)
        return task

    def _note_defect(self, task: asyncio.Task[None]) -> None:
        """Nobody awaits these tasks: a defect in one of them would leave the instance waiting without a word."""
        if not task.cancelled() and self.defect is None:
            self.defect = task.exception()


def _retry(policy: RetryPolicy) -> TemporalRetryPolicy:
    return TemporalRetryPolicy(
        initial_interval=policy.first,
        backoff_coefficient=policy.factor,
        maximum_interval=policy.maximum,
        maximum_attempts=policy.attempts,
        non_retryable_error_types=list(policy.never),
    )


def _ended_of(error: ChildWorkflowError) -> border.Ended:
    """How a failed child ended: an uncaught error it told us of, or a fault of the machinery."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type == "ProcessFailed" and cause.details:
        return border.Ended(**cause.details[0])
    message = cause.message if isinstance(cause, ApplicationError) else str(cause or error)
    return border.Ended(outcome="terminated", variables={}, message=message)
