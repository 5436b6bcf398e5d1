"""The one workflow class: an instance of whatever process its type names. Deterministic; knows no diagram file, no SQL.

Facts come in as answers of activities, timers, signals and updates; the engine's commands go out through
`perform.py`; the database is told in batches whenever somebody waits for it or the instance comes to rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ApplicationError

from oms_workflow import feel
from oms_workflow.engine import facts, snapshot, view
from oms_workflow.engine.instance import Instance
from oms_workflow.engine.reopening import open_commands
from oms_workflow.temporal import border, names
from oms_workflow.temporal.clock import OrderClock
from oms_workflow.temporal.outbox import Outbox
from oms_workflow.temporal.perform import Performer
from oms_workflow.temporal.programs import program_of

ENGINE_VERSION = 1
"""Raised when the engine's behaviour changes for diagrams already running; older instances keep their number."""

RECORD_LIMIT = 500  # records told at once, so that no local activity carries more than about 100 KB
REMEMBERED_MESSAGES = 1_000  # ids kept to recognise a message delivered twice; redelivery takes seconds, not weeks
SYNCHRONISE_TIMEOUT = timedelta(seconds=10)


@workflow.defn(dynamic=True)
class ProcessWorkflow:
    """Runs an instance to its end."""

    @workflow.init
    def __init__(self, args: Sequence[RawValue]) -> None:
        converter = workflow.payload_converter()
        packed: bytes = converter.from_payload(args[0].payload, bytes)
        told: border.InstanceInput = converter.from_payload(args[1].payload, border.InstanceInput)
        program, decisions = program_of(told.sha256, packed, told.process)
        carried = told.carried
        state = snapshot.from_json(carried.state) if carried else None
        lead = timedelta(microseconds=carried.lead) if carried else timedelta(0)
        self._packed = packed
        self._told = told
        self._clock = OrderClock(follows=told.timelapse, lead=lead)
        self._performer = Performer(Instance(program, decisions=decisions, state=state), told, packed, self._clock)
        self._heard = carried.heard if carried else 0
        self._seen: dict[str, None] = dict.fromkeys(carried.seen if carried else ())

    @workflow.run
    async def run(self, args: Sequence[RawValue]) -> border.Ended:
        """Run until the instance is over, or continue as new when the history has grown long."""
        self._begin()
        cancelled = False
        while True:
            try:
                await workflow.wait_condition(self._has_to_act)
                if self._performer.defect is not None:
                    raise self._performer.defect  # fails the workflow task: seen, and tried again with mended code
                if self._must_synchronise():
                    await self._synchronise()
                elif self._performer.finish is not None:
                    break
                elif self._may_continue_as_new():
                    self._continue_as_new()
                else:
                    self._hold_new_work()
            except asyncio.CancelledError:
                cancelled = True
                self._performer.tell(facts.Cancelled(at=self._clock.now(), reason="cancelled in Temporal"))
        await workflow.wait_condition(workflow.all_handlers_finished)
        if cancelled:
            raise asyncio.CancelledError("cancelled in Temporal")
        return self._ended()

    # -- what comes in

    @workflow.signal(name=names.MESSAGE)
    def message(self, told: border.Message) -> None:
        """Take in a message for a subscription; the same message id counts once.

        One whose subscription is closed is left alone: the database gives it back when it hears of the closing.
        """
        self._take_in(told.at)
        self._work_off(told)

    def _work_off(self, told: border.Message) -> None:
        if told.subscription not in self._performer.instance.state.waits or not self._is_new(told.message_id):
            return
        self._performer.outbox.applied.append(
            border.Applied(subscription=told.subscription, message_id=told.message_id)
        )
        self._performer.tell(
            facts.MessageArrived(
                at=self._clock.now(),
                subscription=told.subscription,
                message_id=told.message_id,
                variables=_decoded(told.variables),
            )
        )

    @workflow.signal(name=names.SIGNAL)
    def signal(self, told: border.Signal) -> None:
        """Take in a BPMN signal; the same signal id counts once."""
        self._take_in(told.at)
        if self._is_new(told.signal_id):
            fact = facts.SignalArrived(at=self._clock.now(), name=told.name, variables=_decoded(told.variables))
            self._performer.tell(fact)

    @workflow.signal(name=names.TIME)
    def time(self, told: str) -> None:
        """Hear how late it is, ISO 8601: while called processes run, skipped time passes by an instance itself."""
        self._take_in(told)

    @workflow.signal(name=names.CHILD_ESCALATED)
    def child_escalated(self, told: border.Escalation) -> None:
        """Take in an escalation of a called process."""
        self._hear(told.at)
        fact = facts.ChildEscalated(
            at=self._clock.now(), token=told.token, code=told.code, variables=_decoded(told.variables)
        )
        self._performer.tell(fact)

    @workflow.update(name=names.COMPLETE)
    def complete(self, told: border.Complete) -> dict[str, Any]:
        """Finish the work of a token; gives the view after it."""
        self._take_in(told.at)
        at, variables = self._clock.now(), _decoded(told.variables)
        if told.error_code:
            self._performer.tell(facts.ErrorThrown(at=at, token=told.token, code=told.error_code, variables=variables))
        else:
            self._performer.tell(facts.JobCompleted(at=at, token=told.token, variables=variables, by=told.by))
        return self.view()

    @complete.validator
    def _may_complete(self, told: border.Complete) -> None:
        if not any(one["token"] == told.token and one["state"] == "active" for one in self.view()["tokens"]):
            raise ApplicationError(f"Token {told.token} is not open any more.", type="NotOpen")

    @workflow.update(name=names.RESOLVE_INCIDENT)
    def resolve_incident(self, told: border.Resolve) -> dict[str, Any]:
        """Answer an incident; gives the view after it."""
        self._take_in(told.at)
        action: Any = told.action
        self._performer.tell(
            facts.IncidentResolved(
                at=self._clock.now(),
                incident=told.incident,
                action=action,
                variables=_decoded(told.variables),
                by=told.by,
                reason=told.reason,
            )
        )
        return self.view()

    @resolve_incident.validator
    def _may_resolve(self, told: border.Resolve) -> None:
        if told.incident not in self._performer.instance.state.incidents:
            raise ApplicationError(f"Incident {told.incident} is resolved already.", type="NotOpen")
        if told.action not in ("retry", "complete", "skip"):
            raise ApplicationError(
                f"An incident can be retried, completed or skipped, not {told.action!r}.", type="Bad"
            )

    @workflow.update(name=names.MOVE_TOKEN)
    def move_token(self, told: border.Move) -> dict[str, Any]:
        """Set a token on another node; gives the view after it."""
        self._take_in("")
        fact = facts.TokenMoved(
            at=self._clock.now(), token=told.token, element=told.element, by=told.by, reason=told.reason
        )
        self._performer.tell(fact)
        return self.view()

    @workflow.update(name=names.SET_VARIABLES)
    def set_variables(self, told: border.SetVariables) -> dict[str, Any]:
        """Set variables; gives the view after it."""
        self._take_in("")
        fact = facts.VariablesSet(
            at=self._clock.now(), variables=_decoded(told.variables), scope=told.scope, by=told.by
        )
        self._performer.tell(fact)
        return self.view()

    @workflow.update(name=names.END)
    def end(self, told: border.End) -> dict[str, Any]:
        """End the instance now; nothing is compensated."""
        self._take_in("")
        self._performer.tell(facts.Cancelled(at=self._clock.now(), by=told.by, reason=told.reason))
        return self.view()

    @workflow.query(name=names.VIEW)
    def view(self) -> dict[str, Any]:
        """Give what is open now."""
        return view.of(self._performer.instance)

    # -- how it goes on

    def _begin(self) -> None:
        carried = self._told.carried
        if carried is None:
            self._clock.hear(self._told.at)
            started = facts.Started(
                at=self._clock.now(), variables=_decoded(self._told.variables), start=self._told.start
            )
            self._performer.tell(started)
            return
        self._performer.outbox.asked = self._told.timelapse  # the run before could not say what is held back
        for token, child in carried.children.items():
            self._performer.watch(int(token), child)
        for command in open_commands(self._performer.instance):
            if getattr(command, "token", 0) not in self._performer.children:
                self._performer.carry_out(command)

    @workflow.signal(name=names.ASK)
    def ask(self) -> None:
        """Have the database told where the instance is."""
        self._performer.outbox.asked = True

    def _take_in(self, at: str) -> None:
        """Count what was told from outside, and set the clock after it where time is being skipped."""
        self._heard += 1
        self._performer.outbox.asked = self._performer.outbox.asked or self._told.timelapse
        self._hear(at)

    def _hear(self, at: str) -> None:
        if self._clock.hear(at):
            self._performer.catch_up()

    def _is_new(self, message_id: str) -> bool:
        if message_id in self._seen:
            return False
        self._seen[message_id] = None
        if len(self._seen) > REMEMBERED_MESSAGES:
            del self._seen[next(iter(self._seen))]
        return True

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
        at_rest = self._performer.working == 0 or self._performer.finish is not None
        return not box.empty and (box.urgent or at_rest or len(box.records) >= RECORD_LIMIT)

    async def _synchronise(self) -> None:
        """Tell the database what happened; it answers with messages that had been waiting."""
        box = self._performer.outbox.take(RECORD_LIMIT)
        try:
            answer: border.Synchronised = await workflow.execute_local_activity(
                names.SYNCHRONISE,
                self._request(box),
                result_type=border.Synchronised,
                start_to_close_timeout=SYNCHRONISE_TIMEOUT,
                retry_policy=RetryPolicy(maximum_interval=timedelta(seconds=30)),
            )
        except asyncio.CancelledError:
            self._performer.outbox.put_back(box)
            raise
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
            idle=self._performer.working == 0 and self._performer.outbox.empty and not self._performer.holding,
            children=len(self._performer.children),
            timelapse=self._told.timelapse,
            heard=self._heard,
            records=[record.to_json() for record in box.records],
            opened=box.opened,
            closed=box.closed,
            unheard=box.unheard,
            published=box.published,
            applied=box.applied,
        )

    def _history_is_long(self) -> bool:
        return workflow.info().is_continue_as_new_suggested()

    def _hold_new_work(self) -> None:
        """Keep new work back, so that what is in flight can drain."""
        self._performer.holding = True

    def _may_continue_as_new(self) -> bool:
        return (
            self._performer.holding
            and self._performer.working == 0
            and self._performer.finish is None
            and self._performer.outbox.empty
            and workflow.all_handlers_finished()
        )

    def _continue_as_new(self) -> None:
        instance = self._performer.instance
        carried = border.Carried(
            state=snapshot.to_json(instance.state),
            seen=list(self._seen),
            heard=self._heard,
            lead=self._clock.lead // timedelta(microseconds=1),
            children={str(token): child for token, child in self._performer.children.items()},
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


def _decoded(variables: dict[str, Any]) -> dict[str, Any]:
    return {name: feel.decode(value) for name, value in variables.items()}
