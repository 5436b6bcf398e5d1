"""What stands behind the ports of an activity call: our own data in one transaction, the outside, the processes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from oms_workflow.domain.ports.order_processes import OrderProcesses
from oms_workflow.domain.ports.rebalancing import BatchPlanner
from oms_workflow.optimise.planning import SolvedBatches
from oms_workflow.store.bindings import PORTS
from oms_workflow.store.bindings import bind as bind_stored
from oms_workflow.store.database import Database
from oms_workflow.store.effects import once as once_in_store
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.bind import Once
from oms_workflow.temporal.bind import Ports as PortMapping
from oms_workflow.temporal.starting import Starter

Outside = Callable[[datetime], Mapping[type, Any]]
"""Gives the outside systems as they are at a moment of the order's time, by port."""


_PLANNER = SolvedBatches()


class CallPorts(Mapping[type, Any]):
    """The ports of one call, made when they are asked for."""

    def __init__(self, unit: UnitOfWork, outside: Mapping[type, Any], processes: OrderProcesses) -> None:
        self._unit = unit
        self._others: dict[type, Any] = {**outside, OrderProcesses: processes, BatchPlanner: _PLANNER}

    def __getitem__(self, port: type) -> Any:
        return bind_stored(port, self._unit) if port in PORTS else self._others[port]

    def __iter__(self) -> Iterator[type]:
        yield from PORTS
        yield from self._others

    def __len__(self) -> int:
        return len(PORTS) + len(self._others)


class StartedOrders:
    """OrderProcesses by way of Temporal."""

    def __init__(self, starter: Starter) -> None:
        self._starter = starter

    async def start(self, order_id: str, at: datetime) -> bool:
        """Start the process of a stored order; False when it was started before."""
        return await self._starter.start_order(order_id, at=at)


def once_per_call(database: Database, outside: Outside, processes: OrderProcesses) -> Once:
    """Give what runs an activity's work once per key, with its ports bound to one transaction."""

    async def once(
        key: str, activity: str, at: datetime, work: Callable[[PortMapping], Awaitable[dict[str, Any]]]
    ) -> dict[str, Any]:
        async def run(unit: UnitOfWork) -> dict[str, Any]:
            return await work(CallPorts(unit, outside(at), processes))

        answer = await once_in_store(lambda: UnitOfWork(database), key, activity, run)
        assert isinstance(answer, dict)
        return answer

    return once
