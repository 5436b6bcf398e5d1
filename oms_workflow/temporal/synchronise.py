"""The activity that keeps the database in step with an instance, and the one that watches a called process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ApplicationError, CancelledError

from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.store.attempts import Attempts
from oms_workflow.store.clocks import Clocks, InstanceClock
from oms_workflow.store.database import Database
from oms_workflow.store.instances import Instances
from oms_workflow.store.messages import Delivery, Messages, Subscription
from oms_workflow.store.projections import apply
from oms_workflow.store.signals import Signals
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import border, names
from oms_workflow.temporal.dispatch import Dispatcher
from oms_workflow.temporal.heartbeat import beating

TRIED_NO_MORE = (RecordKind.COMPLETED, RecordKind.TERMINATED, RecordKind.INCIDENT_RAISED)
OVER = ("completed", "failed", "terminated")

Activity = Callable[..., Awaitable[Any]]


def own_activities(database: Database, client: Client, dispatcher: Dispatcher) -> Sequence[Activity]:
    """Give the activities that belong to the binding itself."""

    @activity.defn(name=names.SYNCHRONISE)
    async def synchronise(told: border.Synchronise) -> border.Synchronised:
        """Store what an instance tells, and give messages that had been waiting for it."""
        at = datetime.fromisoformat(told.at)
        async with UnitOfWork(database) as unit:
            deliveries = await _store(unit, told, dispatcher, at)
            await unit.commit()
        mine = [one for one in deliveries if one.instance == told.instance]
        await dispatcher.deliver((one for one in deliveries if one.instance != told.instance), at=at)
        heard = [one for one in told.published if one.kind == "signal"]
        for signal in heard:
            await dispatcher.broadcast(f"{told.instance}#{signal.number}", signal.name, signal.variables, at=at)
        return border.Synchronised(
            messages=[
                border.Message(
                    subscription=one.subscription, message_id=one.message_id, name=one.name, variables=one.variables
                )
                for one in mine
            ]
        )

    @activity.defn(name=names.AWAIT_CHILD)
    async def await_child(workflow_id: str) -> border.Ended:
        """Wait for a called process to end, however long that takes."""
        async with beating():
            return await _ended(client, workflow_id)

    return [synchronise, await_child]


async def _store(unit: UnitOfWork, told: border.Synchronise, dispatcher: Dispatcher, at: datetime) -> list[Delivery]:
    records = [_record(one) for one in told.records]
    if records and records[0].kind is RecordKind.STARTED:
        await Instances(unit).started(
            told.instance,
            process_id=told.process,
            version=None,
            sha256=told.sha256,
            order_id=told.business_key,
            channel=told.channel,
            parent=told.parent,
            at=records[0].at,
        )
    if records:
        await apply(unit, told.instance, records)
        await Attempts(unit).over(told.instance, (one.element for one in records if one.kind in TRIED_NO_MORE))
    deliveries = await _store_messages(unit, told, dispatcher, at)
    if told.timelapse:
        answered = any(one.instance == told.instance for one in deliveries)
        await Clocks(unit).tell(_clock(told, at, idle=told.idle and not answered))
    return deliveries


async def _store_messages(
    unit: UnitOfWork, told: border.Synchronise, dispatcher: Dispatcher, at: datetime
) -> list[Delivery]:
    messages, signals = Messages(unit), Signals(unit)
    found: list[Delivery] = []
    for done in told.applied:
        await messages.applied(done.message_id, instance=told.instance, subscription=done.subscription, at=at)
    await messages.unsubscribe_all(told.instance, told.closed, at=at)
    for number in told.unheard:
        await signals.stop(told.instance, number)
    for one in told.opened:
        if one.kind == "signal":
            await signals.wait(told.instance, one.subscription, one.name, at=at)
    waits = [one for one in told.opened if one.kind != "signal"]
    wanted = [Subscription(number=one.subscription, name=one.name, key=one.key, once=one.once) for one in waits]
    found += await messages.subscribe_all(told.instance, wanted, at=at)
    for sent in told.published:
        if sent.kind == "message":
            message_id = f"{told.instance}#{sent.number}"
            keep = timedelta(seconds=sent.keep)
            _, matched = await dispatcher.store(unit, message_id, sent.name, sent.key, sent.variables, at=at, keep=keep)
            found += matched
    if told.status in OVER:
        await signals.stop_all(told.instance)
    return found


def _clock(told: border.Synchronise, at: datetime, *, idle: bool) -> InstanceClock:
    """Where the instance is; it is not at rest while it has yet to work off what the answer gives it."""
    return InstanceClock(
        instance=told.instance,
        parent=told.parent,
        business_key=told.business_key,
        at=at,
        told_at=datetime.now(UTC),  # noqa: TID251 - how long ago it was told is a matter of the wall clock
        next_due=datetime.fromisoformat(told.next_due) if told.next_due else None,
        idle=idle,
        over=told.status in OVER,
        children=told.children,
        heard=told.heard,
    )


def _record(told: dict[str, Any]) -> Record:
    return Record(
        seq=told["seq"],
        at=datetime.fromisoformat(told["at"]),
        kind=RecordKind(told["kind"]),
        element=told["element"],
        token=told["token"],
        scope=told["scope"],
        detail=told.get("detail", {}),
    )


async def _ended(client: Client, workflow_id: str) -> border.Ended:
    handle = client.get_workflow_handle(workflow_id, result_type=border.Ended)
    try:
        ended: border.Ended = await handle.result()
        return ended
    except WorkflowFailureError as failed:
        cause = failed.cause
        if isinstance(cause, ApplicationError) and cause.type == "ProcessFailed" and cause.details:
            return border.Ended(**cause.details[0])
        message = "cancelled" if isinstance(cause, CancelledError) else str(cause)
        return border.Ended(outcome="terminated", variables={}, message=message)
