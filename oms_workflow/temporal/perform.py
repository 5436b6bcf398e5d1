"""Carrying out the engine's commands with Temporal, and telling the engine what came of them. Runs inside a workflow.

One activity, timer or child per command, named by element and token, so that a history reads like the diagram.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from temporalio import workflow
from temporalio.common import Priority
from temporalio.common import RetryPolicy as TemporalRetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception
from temporalio.workflow import ActivityCancellationType

from oms_workflow import feel
from oms_workflow.bpmn.work import MultiInstance, RetryPolicy
from oms_workflow.engine import commands, facts
from oms_workflow.engine.commands import Command
from oms_workflow.engine.instance import Instance
from oms_workflow.temporal import border, names
from oms_workflow.temporal.called import Called
from oms_workflow.temporal.clock import OrderClock
from oms_workflow.temporal.heartbeat import SILENCE
from oms_workflow.temporal.outbox import Outbox
from oms_workflow.temporal.pacing import Pace
from oms_workflow.temporal.timers import Timers


class Performer:
    """The host of one instance: what is in flight for it, by token or timer."""

    def __init__(self, instance: Instance, told: border.InstanceInput, packed: bytes, clock: OrderClock) -> None:
        self.instance = instance
        self.told = told
        self.clock = clock
        self.outbox = Outbox.of(told.carried.untold if told.carried else None)
        self.finish: commands.Finish | None = None
        self.defect: BaseException | None = None  # what ended a task of ours; the workflow task has to fail with it
        self.holding = False  # True: new work waits for the next run, as continue-as-new is near
        self._sending: set[asyncio.Task[None]] = set()  # words to other instances that are not in the history yet
        self._jobs: dict[int, asyncio.Task[None]] = {}  # activities and watches of children, by token
        self._timers = Timers(clock, self._ring, self._spawn)
        self.called = Called(told, packed, clock, self._called_ended)
        self.pace = Pace(self._begin, self._spawn)

    @property
    def working(self) -> int:
        """How many activities are in flight; called processes are not counted."""
        return len(self._jobs) - sum(token in self._jobs for token in self.called.children)

    @property
    def busy(self) -> bool:
        """Whether activities are in flight, or wait for their turn."""
        return self.working > 0 or self.pace.waiting

    @property
    def reaching_out(self) -> bool:
        """Whether words to other instances, or called processes, are on their way and would be lost with this run."""
        return bool(self._sending or self.called.starting)

    def tell(self, fact: facts.Fact) -> None:
        """Hand a fact to the engine and carry out what it asks for."""
        for command in self.instance.receive(fact):
            self.carry_out(command)
        self.outbox.records.extend(record.to_json() for record in self.instance.take_records())

    def adopt(self, told: border.InstanceInput, packed: bytes) -> None:
        """Go on in another version of the process: what is called from now on comes from its bundle."""
        self.told = told
        self.called.adopt(told, packed)

    def catch_up(self) -> None:
        """After the clock moved ahead: let timers ring that are due by now, and set the others anew."""
        self._timers.catch_up()

    def carry_out(self, command: Command) -> None:
        """Do what the engine asks for."""
        if self.holding and isinstance(command, commands.RunActivity | commands.StartChild):
            return  # the next run asks the engine for it again
        match command:
            case commands.RunActivity() if self._is_of_many(command.token):
                self.pace.add(command)
            case commands.RunActivity():
                self._begin(command)
            case commands.CancelActivity():
                self._drop(command.token)
            case commands.StartTimer():
                self._timers.start(command)
            case commands.CancelTimer():
                self._timers.cancel(command.timer)
            case commands.StartChild():
                self._jobs[command.token] = self._spawn(self.called.run(command))
            case commands.CancelChild():
                self._drop(command.token)
            case commands.Escalate():
                self._send(self.called.escalate(command))
            case commands.RaiseIncident() | commands.ClearIncident():
                self._mark_incident()
            case commands.Finish():
                self.finish = command
                self._timers.stop()
            case _:
                self.outbox.add(command)

    # -- activities

    def _begin(self, command: commands.RunActivity) -> None:
        self._jobs[command.token] = self._spawn(self._run_activity(command))

    def _is_of_many(self, token: int) -> bool:
        """Whether it is an item of a parallel loop with a window; loops in older histories have none."""
        at_work = self.instance.state.tokens.get(token)
        if at_work is None or at_work.role != "item":
            return False
        loop = self.instance.program.steps[at_work.node].node.loop
        return isinstance(loop, MultiInstance) and bool(loop.window) and not loop.sequential

    async def _run_activity(self, command: commands.RunActivity) -> None:
        job = command.job
        try:
            answer: dict[str, Any] = await workflow.execute_activity(
                job.activity,
                self._call(command),
                result_type=dict,
                task_queue=job.queue or names.DEFAULT_ACTIVITY_QUEUE,
                start_to_close_timeout=job.timeout,
                heartbeat_timeout=SILENCE,
                retry_policy=_retry(job.retry),
                activity_id=names.activity_id(command.element, command.token, command.attempt),
                summary=command.name or command.element,
                cancellation_type=ActivityCancellationType.TRY_CANCEL,
                priority=self._priority(command.token),
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

    def _priority(self, token: int) -> Priority:
        """Give items of a large loop a place behind the work of other orders; there may be thousands of them."""
        if not self._is_of_many(token):
            return Priority.default
        of_order = workflow.info().priority
        behind = (of_order.priority_key or names.NORMAL_PRIORITY) + 1
        return replace(of_order, priority_key=min(behind, names.LAST_PRIORITY))

    def _call(self, command: commands.RunActivity) -> border.ActivityCall:
        return border.ActivityCall(
            key=names.effect_key(workflow.info().workflow_id, command.known_as or command.element, command.token),
            at=self.clock.now().isoformat(),
            instance=workflow.info().workflow_id,
            element=command.element,
            inputs={name: feel.encode(value) for name, value in command.inputs.items()},
            headers=dict(command.headers),
        )

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

    # --

    def watch(self, token: int, child_id: str) -> None:
        """Go on waiting for a called process that an earlier run of this workflow started."""
        self.called.expect(token, child_id)
        self._jobs[token] = self._spawn(self.called.watch(token))

    def _called_ended(self, token: int, ended: border.Ended) -> None:
        self._jobs.pop(token, None)
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

    def hold(self) -> None:
        """Begin nothing more; what is in flight can drain, and the next run begins the rest."""
        self.holding = True
        self.pace.clear()

    def _drop(self, token: int) -> None:
        if self.pace.leave(token):
            return
        called = self.called.leave(token)
        task = self._jobs.pop(token, None)
        if task is not None:
            task.cancel()
        if called:
            self._send(self.called.end(called))

    def _mark_incident(self) -> None:
        workflow.upsert_search_attributes([names.INCIDENT.value_set(bool(self.instance.state.incidents))])

    def _send(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._spawn(work)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        task.add_done_callback(self._note_defect)
        return task

    def _note_defect(self, task: asyncio.Task[None]) -> None:
        """Nobody awaits these tasks: a defect in one of them would leave the instance waiting without a word."""
        if not task.cancelled() and self.defect is None:
            self.defect = task.exception()


@lru_cache(maxsize=1024)
def _retry(policy: RetryPolicy) -> TemporalRetryPolicy:
    return TemporalRetryPolicy(
        initial_interval=policy.first,
        backoff_coefficient=policy.factor,
        maximum_interval=policy.maximum,
        maximum_attempts=policy.attempts,
        non_retryable_error_types=list(policy.never),
    )
