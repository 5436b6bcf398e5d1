"""Telling the stories of examples/orders on a real Temporal server, each in a shop and a world of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from temporalio.client import Client

from oms_workflow.catalog.registry import Catalog, discover
from oms_workflow.connect.importing.storing.taking_in import PORTS as TAKING_IN
from oms_workflow.connect.importing.storing.taking_in import take_in
from oms_workflow.connect.stories import furnishing
from oms_workflow.connect.stories.day import quiet_monday
from oms_workflow.connect.stories.furnishing import furnish, read_furniture
from oms_workflow.connect.stories.reading import STOCK, WORLD, Story, read_stories, shipped_folder
from oms_workflow.connect.world.script.model import Script
from oms_workflow.connect.world.script.reading import read_script
from oms_workflow.connect.world.world import World
from oms_workflow.diagrams.collection import read_collection
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.store.bindings import bind
from oms_workflow.store.database import Database
from oms_workflow.store.migrate import upgrade
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.deploying import deploy
from oms_workflow.temporal.front_desk import FrontDesk, News, Taken
from oms_workflow.temporal.house import House
from oms_workflow.temporal.plugin import oms_plugin
from oms_workflow.temporal.timelapse import Timelapse
from oms_workflow.temporal.worker import discover_specs, running
from tests.stories.looking import left_of
from tests.stories.told import Told

KEY = b"only for tests, never else"
FOLDER = shipped_folder()


class EchoingDesk(FrontDesk):
    """A front desk to which everybody tells everything again: at once, with whatever comes next, and at the end."""

    def __init__(self, desk: FrontDesk) -> None:
        self.__dict__ = desk.__dict__.copy()
        self._before: list[News] = []
        self.echoes = 0

    async def take(self, news: News) -> Taken:
        taken = await super().take(news)
        for again in (news, *self._before[-3:]):
            self.echoes += 1
            await super().take(again)
        self._before.append(news)
        return taken

    async def take_everything_again(self) -> None:
        """Be told everything once more, in the wrong order."""
        for news in reversed(self._before):
            self.echoes += 1
            await super().take(news)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all stories of a run share: a server, the catalog, and a folder with a shop that has just opened."""

    address: str
    template: Path
    catalog: Catalog
    script: Script
    begin: datetime


async def prepare(address: str, folder: Path) -> Ground:
    """Open a shop: processes deployed, goods on the shelves."""
    catalog = discover(("activities",))
    template = folder / "template"
    template.mkdir()
    database = Database.open(f"sqlite:///{template / 'shop.db'}", vault_key=KEY)
    await upgrade(database)
    processes = Path(__file__).parents[2] / "processes"
    today = datetime.now(UTC)
    read = read_collection([processes], year=today.year, catalog=catalog, strict_references=True)
    begin = quiet_monday(today, read.calendars["cn-workdays"].working_between)
    await deploy(database, read, by="test", at=today)
    async with UnitOfWork(database) as unit:
        ports = {port: bind(port, unit) for port in furnishing.PORTS}
        await furnish(read_furniture(FOLDER / STOCK), ports, at=begin)
        await unit.commit()
    await database.close()
    return Ground(address=address, template=template, catalog=catalog, script=read_script(FOLDER / WORLD), begin=begin)


@asynccontextmanager
async def opened(ground: Ground, folder: Path, *, echo: bool = False) -> AsyncIterator[tuple[House, World]]:
    """Open a shop of its own for a story."""
    shutil.copytree(ground.template, folder, dirs_exist_ok=True)
    database = Database.open(f"sqlite:///{folder / 'shop.db'}", vault_key=KEY)
    world = await World.open(f"sqlite:///{folder / 'world.db'}", ground.script)
    client = await Client.connect(ground.address, plugins=[oms_plugin()])
    house = House(database, client, timelapse=True)
    if echo:
        house.front_desk = EchoingDesk(house.front_desk)
    try:
        async with running(client, discover_specs(("workers",)), house.equipment(ground.catalog, world.ports)):
            yield house, world
    finally:
        await world.close()
        await database.close()


async def tell(ground: Ground, names: Sequence[str], folder: Path, *, echo: bool = False) -> Told:
    """Tell stories side by side to their end; gives what is left of them.

    Args:
        echo: Everything that comes from outside is told again at several later moments.
    """
    return await tell_all(ground, read_stories(FOLDER, begin=ground.begin, names=names), folder, echo=echo)


async def tell_all(ground: Ground, stories: Sequence[Story], folder: Path, *, echo: bool = False) -> Told:
    """Tell stories that were read from wherever, side by side, to their end; gives what is left of them."""
    async with opened(ground, folder, echo=echo) as (house, world):
        for story in stories:
            await _begin(story, house, world)
        timelapse = Timelapse(house, world)
        ended = await timelapse.run(begin=ground.begin)
        if isinstance(house.front_desk, EchoingDesk):
            await house.front_desk.take_everything_again()
            ended = await timelapse.run(begin=ended)
        return await left_of(stories[0], ground.begin, ended, house, world)


async def _begin(story: Story, house: House, world: World) -> None:
    for one in story.orders:
        async with UnitOfWork(house.database) as unit:
            await take_in(one.order, {port: bind(port, unit) for port in TAKING_IN}, at=one.at)
            await unit.commit()
    for one in story.orders:
        async with UnitOfWork(house.database) as unit:
            order = await bind(Orders, unit).get(one.id)
        await world.begin(one.id, one.at, order=order)
        await house.start_order(one.id, at=one.at)
