"""A batch of migrations: journey after journey, instance after instance, at most so many a second; told as it goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oms_workflow.cli.interrupting import until_asked_to_end

if TYPE_CHECKING:
    from oms_workflow.store.instances import InstanceRow
    from oms_workflow.temporal.migrations import Concerned, Journey, Migrations


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is to be done to everybody concerned."""

    journeys: tuple[Journey, ...]
    rate: float  # instances a second, at most
    check: bool  # nothing is touched
    by: str
    reason: str


@dataclass(slots=True)
class Progress:
    """How far a batch is."""

    done: int = 0
    of: int = 0
    was_stopped: bool = False


Hear = Callable[["Concerned", Progress], None]
Knows = Callable[[str], bool]


class Turns:
    """Lets nothing begin earlier than the rate allows after what began before."""

    def __init__(self, rate: float) -> None:
        self._pause = 1 / rate
        self._began: float | None = None

    async def take(self) -> None:
        """Wait for the next turn."""
        loop = asyncio.get_running_loop()
        if self._began is not None:
            await asyncio.sleep(max(0.0, self._began + self._pause - loop.time()))
        self._began = loop.time()


async def run(house: Any, batch: Batch, knows: Knows, hear: Hear) -> Progress:
    """Do it, telling `hear` of each instance; whoever is known already is left out.

    Whoever asks this process to end has the instance in hand finished and told first.
    """
    progress = Progress()
    done = await until_asked_to_end(_all(house, batch, knows, hear, progress))
    progress.was_stopped = done is None
    return progress


async def _all(house: Any, batch: Batch, knows: Knows, hear: Hear, progress: Progress) -> bool:
    from oms_workflow.temporal.migrations import Migrations, Travellers
    from oms_workflow.temporal.restoring import Restorer

    restorer, turns = Restorer(house.client), Turns(batch.rate)
    travellers = [(Travellers(house.database, journey), journey) for journey in batch.journeys]
    progress.of = sum([await one.count() for one, _ in travellers])
    for one, journey in travellers:
        migrations = Migrations(house.operator, restorer, journey)
        async for row in _unknown(one.each(), knows, progress):
            await turns.take()
            step = asyncio.ensure_future(_step(migrations, batch, row))
            try:
                found = await asyncio.shield(step)
            except asyncio.CancelledError:
                progress.done += 1
                hear(await step, progress)
                raise
            progress.done += 1
            hear(found, progress)
    return True


async def _unknown(rows: AsyncIterator[InstanceRow], knows: Knows, progress: Progress) -> AsyncIterator[InstanceRow]:
    async for row in rows:
        if knows(row.workflow_id):
            progress.done += 1
        else:
            yield row


async def _step(migrations: Migrations, batch: Batch, row: InstanceRow) -> Concerned:
    if batch.check:
        return await migrations.dry_run(row)
    return await migrations.migrate(row, by=batch.by, reason=batch.reason)
