"""The simulated outside in real time: what it says is carried when it is due, and orders that wait are started."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import structlog

from oms_workflow.connect.world.callbacks import Callback
from oms_workflow.connect.world.world import World
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.store.bindings import bind
from oms_workflow.store.standing import unstarted_orders
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import names
from oms_workflow.temporal.front_desk import News
from oms_workflow.temporal.house import House

log = structlog.get_logger("oms.postman")

ROUND_SECONDS = 1.0
MOST = 200  # callbacks and orders a round


class Postman:
    """Goes round between the outside and the house."""

    def __init__(self, house: House, world: World) -> None:
        self._house = house
        self._world = world

    async def walk(self) -> None:
        """Go round until cancelled. What does not answer is tried again on the next round; nothing is lost by that."""
        while True:
            try:
                now = datetime.now(UTC)  # noqa: TID251 - the outside lives in real time
                await self.start_waiting(at=now)
                for callback in await self._world.due(now, MOST):
                    await self.carry(callback)
            except WorldUnavailable as unavailable:
                log.warning("round broken off", reason=str(unavailable))
            await asyncio.sleep(ROUND_SECONDS)

    async def start_waiting(self, *, at: datetime) -> int:
        """Start the process of orders that are stored and have none, such as imported ones; gives how many."""
        async with UnitOfWork(self._house.database) as unit:
            waiting = await unstarted_orders(unit, limit=MOST)
        for order_id in waiting:
            try:
                await self.start(order_id, at=at)
            except OrderRefused as refused:
                log.warning("order not started", order=order_id, reason=str(refused))
        return len(waiting)

    async def start(self, order_id: str, *, at: datetime, process: str = names.ORDER_PROCESS) -> bool:
        """Start the process of a stored order, and the story of its buyer; False when it was started before."""
        async with UnitOfWork(self._house.database) as unit:
            order = await bind(Orders, unit).get(order_id)
        await self._world.begin(order_id, at, order=order)
        return await self._house.start_order(order_id, at=at, process=process)

    async def carry(self, callback: Callback) -> None:
        """Bring what the outside says to the front desk; what it does not take now comes again."""
        news = News(
            id=callback.id, kind=callback.kind, body=callback.body, at=callback.due_at, private=callback.private
        )
        try:
            taken = await self._house.front_desk.take(news)
        except WorldUnavailable as unavailable:
            log.warning("news put off", kind=callback.kind, reason=str(unavailable))
            return  # it is not marked, so it comes again
        if taken.done:
            await self._world.delivered(callback.id)
        else:
            await self._world.refused(callback.id, callback.due_at)
