"""Messages on their way to instances: stored and matched in one transaction, then carried until they have arrived.

Nothing is lost between the two: a match that was not confirmed is carried again, and an instance drops what it knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from oms_workflow.engine.commands import KEPT
from oms_workflow.errors import WorldUnavailable
from oms_workflow.store.database import Database
from oms_workflow.store.messages import Delivery, Message, Messages
from oms_workflow.store.process_versions import ProcessVersions
from oms_workflow.store.signals import Signals
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import border, names
from oms_workflow.temporal.operating import Telling
from oms_workflow.temporal.starting import Starter

log = structlog.get_logger("oms.messages")

STARTS_PROCESS = 0  # subscription number of a start event; the engine's own numbers begin with 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of a message."""

    is_new: bool  # False: it was published before
    instance: str  # workflow id of the instance that took it or was started by it; '' while nobody waits


class Dispatcher:
    """Publishes messages and signals, and carries them."""

    def __init__(self, database: Database, client: Client, starter: Starter, telling: Telling | None = None) -> None:
        """Take `telling`, which hears of each instance before it is told something."""
        self._database = database
        self._client = client
        self._starter = starter
        self._telling = telling

    async def publish(
        self,
        message_id: str,
        name: str,
        key: str,
        variables: Mapping[str, Any],
        *,
        at: datetime,
        keep: timedelta = KEPT,
    ) -> Sent:
        """Store a message, and carry it to whoever waits for it or is started by it.

        Args:
            variables: FEEL values in the form of `feel.encode`.
            keep: How long it waits for somebody to want it.

        Raises:
            WorldUnavailable: When the database or Temporal does not answer. A message that was stored is carried
                later by the housekeeping, so publishing it again is harmless.
        """
        async with UnitOfWork(self._database) as unit:
            sent, deliveries = await self.store(unit, message_id, name, key, variables, at=at, keep=keep)
            await unit.commit()
        await self.deliver(deliveries, at=at)
        return sent

    async def store(
        self,
        unit: UnitOfWork,
        message_id: str,
        name: str,
        key: str,
        variables: Mapping[str, Any],
        *,
        at: datetime,
        keep: timedelta = KEPT,
    ) -> tuple[Sent, list[Delivery]]:
        """Store and match a message within a transaction; what it gives has to be delivered after the commit."""
        messages = Messages(unit)
        message = Message(id=message_id, name=name, key=key, variables=variables, expires_at=at + keep)
        published = await messages.publish(message, at=at)
        if published.delivery is not None:
            sent = Sent(is_new=published.is_new, instance=published.delivery.instance)
            return sent, [published.delivery]
        if not published.is_new:
            return Sent(is_new=False, instance=""), []
        for version in await ProcessVersions(unit).started_by(name):
            instance = names.instance_workflow(version.process_id, key or message_id)
            taken = await messages.subscribe(instance, STARTS_PROCESS, name=name, key=key, once=True, at=at)
            if taken:
                return Sent(is_new=True, instance=instance), list(taken)
        return Sent(is_new=True, instance=""), []

    async def broadcast(
        self, signal_id: str, name: str, variables: Mapping[str, Any], *, at: datetime, spare: str = ""
    ) -> int:
        """Tell a signal to every instance that waits for it now, but to `spare`, and start what begins with it.

        Gives how many there are. What it starts is named after the signal, so telling it again starts nothing twice.

        Raises:
            WorldUnavailable: When Temporal does not answer; telling it again is harmless.
        """
        async with UnitOfWork(self._database) as unit:
            waiting = await Signals(unit).waiting(name)
            begun = await ProcessVersions(unit).started_by(name, "signal")
        told = border.Signal(signal_id=signal_id, name=name, variables=dict(variables), at=at.isoformat())
        for instance in waiting:
            if instance != spare:
                await self._signal(instance, names.SIGNAL, told)
        for version in begun:
            instance = names.signalled_workflow(version.process_id, signal_id)
            await self._starter.start_by_signal(version.process_id, instance, name, variables, at=at)
        return len(waiting) + len(begun)

    async def tell_time(self, instance: str, at: datetime) -> bool:
        """Tell an instance what time it is, where time is being skipped; False when it is over.

        Raises:
            WorldUnavailable: When Temporal does not answer; telling it again is harmless.
        """
        return await self._signal(instance, names.TIME, at.isoformat())

    async def deliver(self, deliveries: Iterable[Delivery], *, at: datetime) -> None:
        """Carry matched messages; one whose instance is gone goes back to the inbox.

        Raises:
            WorldUnavailable: When Temporal does not answer; what was not carried is carried later.
        """
        for delivery in deliveries:
            if delivery.subscription == STARTS_PROCESS:
                await self._start(delivery, at)
            elif not await self._signal(delivery.instance, names.MESSAGE, _told(delivery, at)):
                log.info("message returned", message=delivery.name, instance=delivery.instance)
                async with UnitOfWork(self._database) as unit:
                    await Messages(unit).unsubscribe(delivery.instance, delivery.subscription, at=at)
                    await unit.commit()

    async def redeliver(self, before: datetime, *, at: datetime) -> int:
        """Carry again what was matched before a moment and never confirmed; gives how many there were."""
        async with UnitOfWork(self._database) as unit:
            late = await Messages(unit).undelivered(before)
        await self.deliver(late, at=at)
        return len(late)

    async def _start(self, delivery: Delivery, at: datetime) -> None:
        process = names.process_of(delivery.instance)
        await self._starter.start_by_message(
            process, delivery.instance, delivery.name, delivery.key, delivery.variables, at=at
        )
        async with UnitOfWork(self._database) as unit:
            await Messages(unit).applied(
                delivery.message_id, instance=delivery.instance, subscription=STARTS_PROCESS, at=at
            )
            await unit.commit()

    async def _signal(self, instance: str, name: str, told: Any) -> bool:
        """Signal an instance; False when it is over or was never there."""
        if self._telling is not None:
            await self._telling(instance)
        try:
            await self._client.get_workflow_handle(instance).signal(name, told)
        except RPCError as error:
            if self._telling is not None:
                await self._telling(instance, taken_back=True)
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise WorldUnavailable(f"Temporal did not take a message for {instance!r}: {error.message}") from error
        return True


def _told(delivery: Delivery, at: datetime) -> border.Message:
    return border.Message(
        subscription=delivery.subscription,
        message_id=delivery.message_id,
        name=delivery.name,
        variables=delivery.variables,
        at=at.isoformat(),
    )
