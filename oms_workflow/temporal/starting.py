"""Starting instances: the deployed bundle goes along as input, the order's number is the workflow id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client
from temporalio.common import (
    Priority,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from oms_workflow import feel
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.engine.bundle import travelling
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.store.bindings import bind
from oms_workflow.store.clocks import Clocks, InstanceClock
from oms_workflow.store.database import Database
from oms_workflow.store.instances import Instances
from oms_workflow.store.process_versions import ProcessVersion, ProcessVersions
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import border, names
from oms_workflow.temporal.workflow import ENGINE_VERSION

ORDER_MESSAGE = "order.received"  # a process of orders may begin with it, or plainly


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What Temporal and the lists know of an instance besides its process."""

    business_key: str = ""  # order id
    channel: str = ""
    priority: int = names.NORMAL_PRIORITY


class Starter:
    """Starts instances of the latest deployed versions."""

    def __init__(self, database: Database, client: Client, *, timelapse: bool = False) -> None:
        """Take `timelapse` True where the time of the instances is going to be skipped."""
        self._database = database
        self._client = client
        self._timelapse = timelapse
        self._bundles: dict[tuple[str, int], bytes] = {}

    async def start_order(self, order_id: str, *, at: datetime, process: str = names.ORDER_PROCESS) -> bool:
        """Start the process of a stored order; False when it was started before.

        Raises:
            OrderRefused: When there is no such order or process.
            WorldUnavailable: When the database or Temporal does not answer; asking again is harmless.
        """
        async with UnitOfWork(self._database) as unit:
            order: Order = await bind(Orders, unit).get(order_id)
        about = About(business_key=order.id, channel=order.channel, priority=order.priority)
        variables = {"order_id": order.id, "channel": order.channel, "service_level": order.service_level.value}
        element = _start_event(await self._latest(process), ORDER_MESSAGE)
        instance = names.order_workflow(order.id)
        return await self.start(process, instance, variables, about=about, at=at, element=element)

    async def start_by_message(
        self, process: str, instance: str, message: str, key: str, variables: Mapping[str, Any], *, at: datetime
    ) -> bool:
        """Start an instance at the start event that waits for a message; `variables` are encoded already."""
        element = _start_event(await self._latest(process), message)
        order_id = str(variables.get("order_id") or key)
        about = About(business_key=order_id, channel=order_id.partition(":")[0])
        decoded = {name: feel.decode(value) for name, value in variables.items()}
        return await self.start(process, instance, decoded, about=about, at=at, element=element)

    async def start_by_signal(
        self, process: str, instance: str, signal: str, variables: Mapping[str, Any], *, at: datetime
    ) -> bool:
        """Start an instance at the start event that waits for a signal; `variables` are encoded already."""
        element = _start_event(await self._latest(process), signal, "signal")
        decoded = {name: feel.decode(value) for name, value in variables.items()}
        order_id = str(decoded.get("order_id") or "")
        about = About(business_key=order_id, channel=order_id.partition(":")[0])
        return await self.start(process, instance, decoded, about=about, at=at, element=element)

    async def start(
        self,
        process: str,
        instance: str,
        variables: Mapping[str, Any],
        *,
        about: About,
        at: datetime,
        element: str = "",
    ) -> bool:
        """Start an instance under a workflow id; False when that id was started before, whatever became of it.

        Args:
            at: The order's time, UTC; the instance takes it over where time is being skipped.
            element: Start event that was triggered; '' for a plain start.
        """
        async with UnitOfWork(self._database) as unit:
            if await Instances(unit).get(instance) is not None:
                return False  # Temporal forgets old workflow ids, the database does not
        version = await self._latest(process)
        packed = await self._bundle(version)
        told = self._input(version, variables, about, element, at.isoformat() if self._timelapse else "")
        if self._timelapse:
            await self._note_start(instance, about, at)
        try:
            await self._send(instance, packed, told, version, about)
        except WorkflowAlreadyStartedError:
            return False
        except RPCError as error:
            raise WorldUnavailable(f"Temporal did not start {instance!r}: {error.message}") from error
        return True

    async def _send(
        self, instance: str, packed: bytes, told: border.InstanceInput, version: ProcessVersion, about: About
    ) -> None:
        """Ask Temporal to start the workflow."""
        await self._client.start_workflow(
            version.process_id,
            args=[packed, told],
            id=instance,
            task_queue=names.PROCESS_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            static_summary=f"{version.name or version.process_id} {about.business_key}".strip(),
            search_attributes=_attributes(version, about),
            priority=Priority(priority_key=about.priority, fairness_key=about.channel or None),
        )

    def _input(
        self, version: ProcessVersion, variables: Mapping[str, Any], about: About, element: str, at: str
    ) -> border.InstanceInput:
        return border.InstanceInput(
            process=version.process_id,
            sha256=version.sha256,
            variables={name: feel.encode(feel.normalise(value)) for name, value in variables.items()},
            start=element,
            business_key=about.business_key,
            channel=about.channel,
            at=at,
            timelapse=self._timelapse,
            engine=ENGINE_VERSION,
        )

    async def _note_start(self, instance: str, about: About, at: datetime) -> None:
        """Let whoever skips time know of an instance before it can tell anything itself."""
        clock = InstanceClock(
            instance=instance,
            parent="",
            business_key=about.business_key,
            at=at,
            told_at=datetime.now(UTC),  # noqa: TID251 - how long ago it was told is a matter of the wall clock
            next_due=None,
            idle=False,
            over=False,
            children=0,
            heard=0,
        )
        async with UnitOfWork(self._database) as unit:
            await Clocks(unit).tell(clock)
            await unit.commit()

    async def _latest(self, process: str) -> ProcessVersion:
        async with UnitOfWork(self._database) as unit:
            version = await ProcessVersions(unit).latest(process)
        if version is None:
            raise OrderRefused(f"Process {process!r} is not deployed. Deploy it with: oms process deploy FILE")
        return version

    async def _bundle(self, version: ProcessVersion) -> bytes:
        key = version.process_id, version.version
        if key not in self._bundles:
            async with UnitOfWork(self._database) as unit:
                packed = await ProcessVersions(unit).bundle(*key)
            assert packed is not None
            self._bundles[key] = travelling(packed)
        return self._bundles[key]


def _start_event(version: ProcessVersion, name: str, kind: str = "message") -> str:
    """The start event for a message or signal; '' when the process has none."""
    return next((one["element"] for one in version.starts if one.get(kind) == name), "")


def _attributes(version: ProcessVersion, about: About) -> TypedSearchAttributes:
    return TypedSearchAttributes(
        [
            SearchAttributePair(names.PROCESS, version.process_id),
            SearchAttributePair(
                names.DEFINITION, names.definition(version.process_id, version.version, version.sha256)
            ),
            SearchAttributePair(names.BUSINESS_KEY, about.business_key),
            SearchAttributePair(names.CHANNEL, about.channel),
            SearchAttributePair(names.INCIDENT, False),
        ]
    )
