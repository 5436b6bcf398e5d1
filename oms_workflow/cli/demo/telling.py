"""Tells the stories: opens their shop, takes their orders in, and runs them to their end while somebody looks on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from oms_workflow.cli.demo.display import Line, Screen
from oms_workflow.cli.opening import Opened, processes_folder
from oms_workflow.cli.orders.standing import standing_of
from oms_workflow.cli.running.summary import Names, names_of
from oms_workflow.cli.running.to_the_end import Run, run_to_the_end
from oms_workflow.connect.importing.storing.taking_in import PORTS as TAKING_IN
from oms_workflow.connect.importing.storing.taking_in import take_in
from oms_workflow.connect.stories import furnishing
from oms_workflow.connect.stories.day import quiet_monday
from oms_workflow.connect.stories.furnishing import furnish, read_furniture
from oms_workflow.connect.stories.reading import STOCK, Story, read_stories
from oms_workflow.connect.world.audit import WorldAudit
from oms_workflow.diagrams.collection import read_collection
from oms_workflow.store.bindings import bind
from oms_workflow.store.checks import CheckResult, check
from oms_workflow.store.outcomes import outcomes
from oms_workflow.store.unit_of_work import UnitOfWork

LOOK_SECONDS = 0.5
CALENDAR = "cn-workdays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of the stories."""

    stories: tuple[Story, ...]
    run: Run
    called: Names
    checks: Sequence[CheckResult]
    audit: WorldAudit

    @property
    def is_well(self) -> bool:
        """Whether every order ended, and shop and world agree about everything."""
        ended = all(one.has_ended for one in self.run.outcomes)
        return ended and self.audit.is_clean and not any(one.violations for one in self.checks)


async def tell_stories(house: Opened, folder: Path, names: Sequence[str], *, at: datetime, screen: Screen) -> Told:
    """Tell stories to their end.

    Args:
        names: Of stories; () tells all.
        at: UTC, today.

    Raises:
        DiagramRefused: When there is no story of a name, or its file cannot be used.
    """
    begin = _begin(house, at)
    stories = read_stories(folder, begin=begin, names=names)
    await _open_shop(house, folder, stories, begin)
    about = {order.id: story for story in stories for order in story.orders}
    async with _looking_on(house, about, screen):
        run = await run_to_the_end(house, list(about), begin=begin, tell=screen.far)
    await _show(house, about, screen)
    async with UnitOfWork(house.house.database) as unit:
        called = await names_of(unit, run.outcomes)
    return Told(
        stories=stories,
        run=run,
        called=called,
        checks=await check(house.house.database),
        audit=await house.world.audit(),
    )


def _begin(house: Opened, at: datetime) -> datetime:
    folder = processes_folder(house.settings)
    calendars = read_collection([folder], year=at.year, catalog=house.catalog).calendars
    return quiet_monday(at, calendars[CALENDAR].working_between)


async def _open_shop(house: Opened, folder: Path, stories: Sequence[Story], begin: datetime) -> None:
    async with UnitOfWork(house.house.database) as unit:
        ports = {port: bind(port, unit) for port in furnishing.PORTS}
        await furnish(read_furniture(folder / STOCK), ports, at=begin)
        await unit.commit()
    for story in stories:
        for one in story.orders:
            async with UnitOfWork(house.house.database) as unit:
                await take_in(one.order, {port: bind(port, unit) for port in TAKING_IN}, at=one.at)
                await unit.commit()


@asynccontextmanager
async def _looking_on(house: Opened, about: Mapping[str, Story], screen: Screen) -> AsyncIterator[None]:
    async def look() -> None:
        while True:
            await _show(house, about, screen)
            await asyncio.sleep(LOOK_SECONDS)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking


async def _show(house: Opened, about: Mapping[str, Story], screen: Screen) -> None:
    async with UnitOfWork(house.house.database) as unit:
        found = await outcomes(unit, list(about))
        standing = await standing_of(unit, list(about))
    screen.show(
        [
            Line(
                order=one.order,
                story=about[one.order].about,
                status=one.status,
                has_ended=one.has_ended,
                nodes=tuple(dict.fromkeys(place.short for place in standing[one.order].nodes)),
                late=len(one.breaches),
                incidents=len(one.incidents),
            )
            for one in found
        ]
    )
