"""Showing the simulated staff what is to be done: open tasks and incidents of instances that have just moved."""

from __future__ import annotations

from collections.abc import Iterable

from oms_workflow.connect.world.world import World
from oms_workflow.store.board import Board
from oms_workflow.store.clocks import InstanceClock
from oms_workflow.store.database import Database
from oms_workflow.store.unit_of_work import UnitOfWork


class StaffRoom:
    """Hands tasks and incidents to the world; what it was shown before it answers once."""

    def __init__(self, database: Database, world: World) -> None:
        self._database = database
        self._world = world

    async def look_around(self, moved: Iterable[InstanceClock]) -> None:
        """Show what is open in these instances; the answers come as callbacks of the world."""
        for clock in moved:
            async with UnitOfWork(self._database) as unit:
                board = Board(unit)
                tasks = await board.tasks(instance=clock.instance)
                incidents = await board.incidents(instance=clock.instance)
            for task in tasks:
                await self._world.task_opened(
                    clock.business_key, clock.instance, task.element, task.token, task.opened_at
                )
            for one in incidents:
                await self._world.incident_raised(
                    clock.business_key, clock.instance, one.element, one.incident, one.raised_at
                )
