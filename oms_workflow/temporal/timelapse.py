"""Passing days in seconds: who moves next, and skipping the server's time up to then. For demos, trial runs and tests.

Time is skipped by the Temporal server itself, one workflow at a time, and never for one that is at work. This module
only decides the order: always the earliest thing next, be it a timer of an instance or something the simulated world
says. Orders move side by side within a short window, so that they still meet each other in the right order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from oms_workflow.connect.world.callbacks import Callback
from oms_workflow.connect.world.world import World
from oms_workflow.store.clocks import InstanceClock
from oms_workflow.temporal import names
from oms_workflow.temporal.house import House
from oms_workflow.temporal.postman import Postman
from oms_workflow.temporal.staff_room import StaffRoom
from oms_workflow.temporal.watching import Watch

WINDOW = timedelta(minutes=10)  # of the order's time; orders may be that far apart when they meet
SIDE_BY_SIDE = 24  # orders that move at once: enough to keep two cores busy
LATEST = timedelta(days=200)  # then whatever still waits is left waiting; the longest shipped wait is below 60 days
NUDGE = timedelta(milliseconds=2)  # past a timer, so that it is due for certain
MOST_CALLBACKS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How far the time has been skipped."""

    at: datetime  # UTC, the orders' time
    orders: frozenset[str]  # ids of those that are not over


class Timelapse:
    """Skips time for all instances of a house until nothing more will happen by itself."""

    def __init__(self, house: House, world: World) -> None:
        self._house = house
        self._world = world
        self.watch = Watch(house.database, house.client)
        self._postman = Postman(house, world)
        self._staff = StaffRoom(house.database, world)

    async def start(self, order_ids: Sequence[str], *, at: datetime, process: str, told: Callable[[int], None]) -> None:
        """Start stored orders, some at a time: the next one begins when one has come to rest.

        Args:
            at: Time of the orders, UTC.
            told: Is given how many have come to rest, after each.

        Raises:
            OrderRefused: When there is no such process.
            WorldUnavailable: When instances do not come to rest: workers or Temporal are gone for good.
        """
        gate = asyncio.Semaphore(SIDE_BY_SIDE)
        rested = 0

        async def start(order_id: str) -> None:
            nonlocal rested
            async with gate:
                if await self._postman.start(order_id, at=at, process=process):
                    self.watch.started(names.order_workflow(order_id), order_id, at=at)
                    await self.watch.settled(order_id)
                rested += 1
                told(rested)

        await together(start(order_id) for order_id in order_ids)

    async def run(self, *, begin: datetime, told: Callable[[Moment], None] | None = None) -> datetime:
        """Skip time until every instance is over, or waits for what will not come by itself.

        Args:
            begin: Time of the first orders, UTC.
            told: Is given the progress after each window.

        Returns:
            The orders' time at the end, UTC.

        Raises:
            WorldUnavailable: When instances do not come to rest: workers or Temporal are gone for good.
        """
        now = begin
        while now < begin + LATEST:
            await self.watch.settled()
            await self._staff.look_around(self.watch.touched())
            moment = self._next_moment(await self._world.next_due())
            if moment is None:
                return now
            now = max(now, moment)
            await self._pass(now + WINDOW)
            await self._house.dispatcher.redeliver(now, at=now)
            if told is not None:
                told(Moment(at=now, orders=self.watch.orders()))
        return now

    def _next_moment(self, callback_due: datetime | None) -> datetime | None:
        due = [clock.next_due for clock in self.watch.running() if clock.next_due is not None]
        return min([*due, *([callback_due] if callback_due else [])], default=None)

    async def _pass(self, horizon: datetime) -> None:
        """Let everything happen that is due by a moment."""
        callbacks: dict[str, list[Callback]] = {}
        for callback in await self._world.due(horizon, MOST_CALLBACKS):
            callbacks.setdefault(callback.subject, []).append(callback)
        due = {
            clock.business_key
            for clock in self.watch.running()
            if clock.next_due is not None and clock.next_due <= horizon
        }
        gate = asyncio.Semaphore(SIDE_BY_SIDE)
        keys = sorted(due | callbacks.keys())
        await together(self._pass_for(key, callbacks.get(key, []), horizon, gate) for key in keys)

    async def _pass_for(self, key: str, callbacks: list[Callback], horizon: datetime, gate: asyncio.Semaphore) -> None:
        """Let the things of one order happen one after the other, each once the one before has settled."""
        async with gate:
            waiting = list(callbacks)
            while True:
                await self.watch.settled(key)
                timer = min(
                    (clock for clock in self.watch.running(key) if clock.next_due is not None),
                    key=lambda clock: (clock.next_due, clock.instance),
                    default=None,
                )
                due = timer.next_due if timer is not None else None
                if waiting and (due is None or waiting[0].due_at <= due):
                    await self._postman.carry(waiting.pop(0))
                elif timer is not None and due is not None and due <= horizon:
                    await self._skip(timer, due)
                else:
                    return

    async def _skip(self, clock: InstanceClock, due: datetime) -> None:
        """Have the server skip an instance's time up to a timer; one with called processes it cannot, so it is told."""
        if clock.children:
            await self._house.dispatcher.tell_time(clock.instance, due + NUDGE)
            return
        left = due - self.watch.now_of(clock) + NUDGE
        self.watch.expect(clock.instance)
        if left <= timedelta(0):
            return  # it fires by itself
        await self.watch.skip(clock.instance, left)


async def together(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do things side by side; when one fails the others end, and it is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
