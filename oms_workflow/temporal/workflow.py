"""The one workflow class: an instance of whatever process its type names. Deterministic; knows no diagram file, no SQL.

Facts come in as answers of activities, timers, signals and updates; the engine's commands go out through
`perform.py`; the database is told in batches whenever somebody waits for it or the instance comes to rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ApplicationError

from oms_workflow import feel
from oms_workflow.engine import edition, facts, snapshot, view
from oms_workflow.engine.instance import Instance
from oms_workflow.engine.reopening import open_commands
from oms_workflow.temporal import border, names
from oms_workflow.temporal.clock import OrderClock
from oms_workflow.temporal.hearing import decoded
from oms_workflow.temporal.migrated import Migrating
from oms_workflow.temporal.outbox import Outbox
from oms_workflow.temporal.perform import Performer
from oms_workflow.temporal.programs import program_of

ENGINE_VERSION = edition.NEWEST
"""Raised when the engine's behaviour changes for diagrams already running; older instances keep their number.

1: the database is told by a local activity, within the workflow task.
2: it is told by an activity, once the workflow task is in the history (decision "projections are written at rest"),
   and while work is in flight only what others wait for. A run continues as new with what it has not told yet, but not
   before its words to other instances are on their way; it begins before it hears what was waiting for it.
3: rules of the engine itself changed, each named in `engine/edition.py`, and FEEL has editions (`feel/edition.py`).
"""

RECORD_LIMIT = 500  # records told at once, so that no activity carries more than about 100 KB
SYNCHRONISE_TIMEOUT = timedelta(seconds=10)
SYNCHRONISE_PAUSE = timedelta(seconds=30)  # at most, between two attempts: the database may be away for long
SUMMARY = "tell the database"


@workflow.defn(dynamic=True)
class ProcessWorkflow(Migrating):
    """Runs an instance to its end."""

    @workflow.init
    def __init__(self, args: Sequence[RawValue]) -> None:
        converter = workflow.payload_converter()
        packed: bytes = converter.from_payload(args[0].payload, bytes)
        told: border.InstanceInput = converter.from_payload(args[1].payload, border.InstanceInput)
        program, decisions = program_of(told.sha256, packed, told.process, told.version_tag)
        carried = told.carried
        state = snapshot.from_json(carried.state) if carried else None
        lead = timedelta(microseconds=carried.lead) if carried else timedelta(0)
        clock = OrderClock(follows=told.timelapse, lead=lead)
        instance = Instance(program, decisions=decisions, state=state, edition=told.engine)
        performer = Performer(instance, told, packed, clock)
        super().__init__(performer, clock, told, packed)

    @workflow.run
    async def run(self, args: Sequence[RawValue]) -> border.Ended:
        """Run until the instance is over, or continue as new when the history has grown long."""
        self._begin_once()
        cancelled = False
        while True:
            try:
                await workflow.wait_condition(self._has_to_act)
                if self._performer.defect is not None:
                    raise self._performer.defect  # fails the workflow task: seen, and tried again with mended code
                if self._told.engine > 1 and self._history_is_long():
                    self._hold_new_work()
                if self._may_continue_as_new():
                    self._continue_as_new()
                elif self._must_synchronise():
                    await self._synchronise()
                elif self._performer.finish is not None:
                    break
                else:
                    self._hold_new_work()
            except asyncio.CancelledError:
                cancelled = True
                self._performer.tell(facts.Cancelled(at=self._clock.now(), reason="cancelled in Temporal"))
        await workflow.wait_condition(workflow.all_handlers_finished)
        if cancelled:
            raise asyncio.CancelledError("cancelled in Temporal")
        return self._ended()

    # -- how it goes on

    def _begin(self) -> None:
        carried = self._told.carried
        if carried is None:
            self._clock.hear(self._told.at)
            started = facts.Started(
                at=self._clock.now(), variables=decoded(self._told.variables), start=self._told.start
            )
            self._performer.tell(started)
            return
        self._performer.outbox.asked = self._told.timelapse  # the run before could not say what is held back
        for token, child in carried.children.items():
            self._performer.watch(int(token), child)
        for command in open_commands(self._performer.instance):
            if getattr(command, "token", 0) not in self._performer.called.children:
                self._performer.carry_out(command)

    def _has_to_act(self) -> bool:
        return (
            self._performer.defect is not None
            or self._must_synchronise()
            or self._performer.finish is not None
            or (not self._performer.holding and self._history_is_long())
            or self._may_continue_as_new()
        )

    def _must_synchronise(self) -> bool:
        box = self._performer.outbox
        at_rest = not self._performer.busy or self._performer.finish is not None
        urgent = box.urgent if self._told.engine > 1 else box.changes
        return not box.empty and (urgent or at_rest or len(box.records) >= RECORD_LIMIT)

    async def _synchronise(self) -> None:
        """Tell the database what happened; it answers with messages that had been waiting."""
        box = self._performer.outbox.take(RECORD_LIMIT)
        if self._told.engine == 1:
            return await self._synchronise_within_the_task(box)
        telling = workflow.start_activity(
            names.SYNCHRONISE,
            self._request(box),
            result_type=border.Synchronised,
            start_to_close_timeout=SYNCHRONISE_TIMEOUT,
            retry_policy=RetryPolicy(maximum_interval=SYNCHRONISE_PAUSE),
            summary=SUMMARY,
        )
        cancelled = False
        while not telling.done():
            try:
                await asyncio.shield(telling)
            except asyncio.CancelledError:
                cancelled = True  # what is on its way arrives before anything that comes of being cancelled
        self._work_off_all(telling.result())
        if cancelled:
            raise asyncio.CancelledError
        return None

    async def _synchronise_within_the_task(self, box: Outbox) -> None:
        try:
            answer: border.Synchronised = await workflow.execute_local_activity(
                names.SYNCHRONISE,
                self._request(box),
                result_type=border.Synchronised,
                start_to_close_timeout=SYNCHRONISE_TIMEOUT,
                retry_policy=RetryPolicy(maximum_interval=SYNCHRONISE_PAUSE),
            )
        except asyncio.CancelledError:
            self._performer.outbox.put_back(box)
            raise
        self._work_off_all(answer)

    def _work_off_all(self, answer: border.Synchronised) -> None:
        for told in answer.messages:
            self._work_off(told)

    def _request(self, box: Outbox) -> border.Synchronise:
        instance = self._performer.instance
        info = workflow.info()
        due = view.next_due(instance)
        return border.Synchronise(
            instance=info.workflow_id,
            run=info.run_id,
            process=self._told.process,
            sha256=self._told.sha256,
            business_key=self._told.business_key,
            channel=self._told.channel,
            parent=self._told.parent,
            status=view.status(instance),
            at=self._clock.now().isoformat(),
            next_due=due.isoformat() if due is not None else "",
            idle=not self._performer.busy and self._performer.outbox.empty and not self._performer.holding,
            children=len(self._performer.called.children),
            timelapse=self._told.timelapse,
            heard=self._heard,
            **vars(box.untold()),
        )

    def _history_is_long(self) -> bool:
        return workflow.info().is_continue_as_new_suggested()

    def _hold_new_work(self) -> None:
        """Keep new work back, so that what is in flight can drain."""
        self._performer.hold()

    def _may_continue_as_new(self) -> bool:
        return (
            self._performer.holding
            and self._performer.working == 0
            and self._performer.finish is None
            and (self._performer.outbox.empty if self._told.engine == 1 else not self._performer.reaching_out)
            and workflow.all_handlers_finished()
        )

    def _continue_as_new(self) -> None:
        instance = self._performer.instance
        carried = border.Carried(
            state=snapshot.to_json(instance.state),
            seen=list(self._seen),
            heard=self._heard,
            lead=self._clock.lead // timedelta(microseconds=1),
            children={str(token): child for token, child in self._performer.called.children.items()},
            untold=self._performer.outbox.untold(),
        )
        told = border.InstanceInput(**{**self._told.__dict__, "variables": {}, "carried": carried, "at": ""})
        workflow.continue_as_new(args=[self._packed, told])

    def _ended(self) -> border.Ended:
        finish = self._performer.finish
        assert finish is not None
        ended = border.Ended(
            outcome=finish.outcome,
            variables={name: feel.encode(value) for name, value in finish.variables.items()},
            code=finish.code,
            message=finish.message,
            at=self._clock.now().isoformat(),
        )
        if finish.outcome == "failed":
            raise ApplicationError(finish.message, ended.__dict__, type="ProcessFailed", non_retryable=True)
        return ended
