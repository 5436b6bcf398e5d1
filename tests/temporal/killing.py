"""Orders run to their end while their workers are killed and the server is restarted: the means of the kill test.

This process holds the server, the database and the clock. The workers are processes of their own, `oms worker`, and die
by SIGKILL in the midst of their work, each at another moment, spread over the whole run.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.service import RPCError

from oms_workflow.catalog.registry import discover
from oms_workflow.connect.importing.storing.taking_in import PORTS as TAKING_IN
from oms_workflow.connect.importing.storing.taking_in import take_in
from oms_workflow.connect.stories import furnishing
from oms_workflow.connect.stories.day import quiet_monday
from oms_workflow.connect.stories.furnishing import furnish, read_furniture
from oms_workflow.connect.stories.reading import STOCK, WORLD, StoryOrder, read_stories, shipped_folder
from oms_workflow.connect.world.audit import WorldAudit
from oms_workflow.connect.world.script.reading import read_script
from oms_workflow.connect.world.world import World
from oms_workflow.diagrams.collection import read_collection
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.errors import WorldUnavailable
from oms_workflow.store.bindings import bind
from oms_workflow.store.checks import CheckResult, check
from oms_workflow.store.database import Database
from oms_workflow.store.effects import calls_done
from oms_workflow.store.instances import Instances
from oms_workflow.store.migrate import upgrade
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import devserver
from oms_workflow.temporal.deploying import deploy
from oms_workflow.temporal.house import House
from oms_workflow.temporal.plugin import oms_plugin
from oms_workflow.temporal.postman import Postman
from oms_workflow.temporal.timelapse import Timelapse

ROOT = Path(__file__).parents[2]
KEY = "only for tests, never else"
CALLS_PER_ORDER = (
    20  # activities of a plain order, measured: 27; kills are spread over fewer, so that none is left over
)
APART = timedelta(minutes=3)  # between two orders
MOST_SECONDS = 3_600.0


@dataclass(slots=True, kw_only=True)
class Ran:
    """What became of a run."""

    orders: int
    kills: int = 0
    restarts: int = 0
    seconds: float = 0.0
    calls: int = 0  # activities done
    second_attempts: int = 0  # outside calls that were made again under the same key
    statuses: dict[str, int] = field(default_factory=dict)  # of the orders
    broken: list[CheckResult] = field(default_factory=list)  # invariants of the shop that do not hold
    audit: WorldAudit | None = None
    set_back: list[str] = field(default_factory=list)  # errors the run went on after

    def to_json(self) -> dict[str, Any]:
        """Give the figures."""
        assert self.audit is not None
        return {
            "orders": self.orders,
            "statuses": self.statuses,
            "kills": self.kills,
            "restarts": self.restarts,
            "seconds": round(self.seconds, 1),
            "calls": self.calls,
            "repeated_outside_calls": self.second_attempts,
            "contradictions": [str(one) for one in self.audit.contradictions],
            "broken_invariants": [one.invariant for one in self.broken],
            "set_back": dict(Counter(self.set_back)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a run takes place."""

    home: Path
    port: int

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """Give what a worker is told."""
        told = {
            "OMS_HOME": str(self.home),
            "OMS_TEMPORAL": self.address,
            "OMS_TIMELAPSE": "true",
            "OMS_VAULT_KEY": KEY,
            "OMS_WORLD_SCRIPT": str(shipped_folder() / WORLD),
        }
        return {**{name: value for name, value in os.environ.items() if not name.startswith("OMS_")}, **told}


class Worker:
    """A process of `oms worker`, which can be killed and started again."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0

    async def start(self) -> None:
        """Start it and wait until it serves."""
        self._started += 1
        command = [str(Path(sys.executable).with_name("oms")), "worker", "--json"]
        said = self._place.home / f"worker{self._started}.out"  # a pipe nobody reads would stop it when it is full
        with said.open("wb") as out, (self._place.home / "worker.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - it takes a millisecond
                command,
                cwd=ROOT,
                env=self._place.environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
                start_new_session=True,
            )
        while b'"queues"' not in said.read_bytes():
            if self._process.poll() is not None:
                raise AssertionError(f"the worker did not start; see {self._place.home / 'worker.log'}")
            await asyncio.sleep(0.05)

    def kill(self) -> None:
        """End it in the midst of whatever it does."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


class Server:
    """A server on a file, which can be killed and started again."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._stack = AsyncExitStack()
        self._running: devserver.DevServer | None = None

    async def start(self) -> None:
        """Start it and wait until it answers."""
        home = self._place.home
        serving = devserver.serve(port=self._place.port, database=home / "temporal.db", log=home / "temporal.log")
        self._running = await self._stack.enter_async_context(serving)

    async def restart(self) -> None:
        """Kill it and start it again on its file."""
        assert self._running is not None
        self._running.process.kill()
        await self._stack.aclose()
        await self.start()

    async def close(self) -> None:
        """End it."""
        await self._stack.aclose()


async def run(home: Path, *, orders: int, kills: int, restarts: int = 1, seed: int = 7) -> Ran:
    """Run plain orders to their end while workers are killed, and say what became of them.

    Args:
        home: An empty folder.
        seed: Of the moments at which workers are killed.
    """
    place = Place(home=home, port=devserver.free_port())
    async with AsyncExitStack() as stack:
        server, worker = Server(place), Worker(place)
        stack.push_async_callback(server.close)
        await server.start()
        database = Database.open(f"sqlite:///{home / 'oms.db'}", vault_key=KEY.encode())
        stack.push_async_callback(database.close)
        world = await World.open(f"sqlite:///{home / 'world.db'}", read_script(shipped_folder() / WORLD))
        stack.push_async_callback(world.close)
        client = await Client.connect(place.address, plugins=[oms_plugin()])
        house = House(database, client, timelapse=True)
        begin, taken = await _open_shop(database, home, orders)
        stack.callback(worker.kill)
        await worker.start()
        ran = Ran(orders=orders)
        since = time.monotonic()
        async with asyncio.timeout(MOST_SECONDS), _trouble(ran, kills, restarts, seed, worker, server, database):
            await _start(taken, house, world, ran)
            await _to_the_end(house, world, begin, ran)
        ran.seconds = time.monotonic() - since
        await _look(ran, database, world)
        return ran


async def _open_shop(database: Database, home: Path, orders: int) -> tuple[datetime, Sequence[StoryOrder]]:
    """Deploy the processes, fill the shelves and take in orders that resemble examples/orders/plain."""
    await upgrade(database)
    today, folder = datetime.now(UTC), shipped_folder()
    catalog = discover(("activities",))
    read = read_collection([ROOT / "processes"], year=today.year, catalog=catalog, strict_references=True)
    await deploy(database, read, by="test", at=today)
    begin = quiet_monday(today, read.calendars["cn-workdays"].working_between)
    furniture = read_furniture(folder / STOCK)
    for site in furniture.warehouses:
        site.stock = {sku: pieces * orders for sku, pieces in site.stock.items()}
    async with UnitOfWork(database) as unit:
        await furnish(furniture, {port: bind(port, unit) for port in furnishing.PORTS}, at=begin)
        await unit.commit()
    story = _many(home, folder, orders)
    (told,) = read_stories(story.parent, begin=begin, names=[story.stem])
    for one in told.orders:
        async with UnitOfWork(database) as unit:
            await take_in(one.order, {port: bind(port, unit) for port in TAKING_IN}, at=one.at)
            await unit.commit()
    return begin, told.orders


def _many(home: Path, folder: Path, orders: int) -> Path:
    """Write a story of many plain orders; their buyers differ, so that none are merged."""
    (plain,) = json.loads((folder / "plain.json").read_text(encoding="utf-8"))
    first = datetime.fromisoformat(plain["placed_at"])
    many = []
    for count in range(orders):
        number = str(50_001 + count)
        lines = [{**line, "oid": f"{number}-{place}"} for place, line in enumerate(plain["lines"], 1)]
        about = {
            "number": number,
            "placed_at": (first + count * APART).isoformat(),
            "buyer_id": f"buyer-{number}",
            "phone": f"138{20_000_000 + count}",
            "street": f"{plain['street']}-{number}",
        }
        many.append({**plain, **about, "lines": lines})
    path = home / "many.json"
    path.write_text(json.dumps(many, ensure_ascii=False), encoding="utf-8")
    return path


async def _start(taken: Sequence[StoryOrder], house: House, world: World, ran: Ran) -> None:
    """Start every order, with its buyer's story, whatever does not answer meanwhile."""
    postman = Postman(house, world)
    for one in taken:
        while True:
            try:
                await postman.start(one.id, at=one.at)
                break
            except WorldUnavailable as unavailable:
                ran.set_back.append(f"start: {type(unavailable).__name__}")
                await asyncio.sleep(0.5)


async def _to_the_end(house: House, world: World, begin: datetime, ran: Ran) -> None:
    """Skip time until nothing more happens; after a server that was away, go on."""
    while True:
        went_through = True
        try:
            await Timelapse(house, world).run(begin=begin)
        except* (WorldUnavailable, RPCError) as away:
            went_through = False
            ran.set_back += [f"time: {type(one).__name__}" for one in _leaves(away)]
        if went_through:
            return
        await asyncio.sleep(0.5)


def _leaves(group: BaseExceptionGroup[Any]) -> Sequence[BaseException]:
    return [
        leaf for one in group.exceptions for leaf in (_leaves(one) if isinstance(one, BaseExceptionGroup) else [one])
    ]


@asynccontextmanager
async def _trouble(
    ran: Ran, kills: int, restarts: int, seed: int, worker: Worker, server: Server, database: Database
) -> AsyncIterator[None]:
    making = asyncio.create_task(_make_trouble(ran, kills, restarts, seed, worker, server, database))
    try:
        yield
        await making  # what it has still to do is done on orders that are over, and shows as a failure of the test
    finally:
        making.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await making


async def _make_trouble(
    ran: Ran, kills: int, restarts: int, seed: int, worker: Worker, server: Server, database: Database
) -> None:
    """Kill the worker at moments spread over the work, and the server somewhere in between."""
    chance = random.Random(seed)
    work = ran.orders * CALLS_PER_ORDER
    at = sorted((work * (number + chance.random()) / (kills + 1), "kill") for number in range(kills))
    at += [(work * (number + 0.5) / restarts, "restart") for number in range(restarts)]
    for calls, what in sorted(at):
        await _reached(database, calls)
        await asyncio.sleep(chance.random() * 0.3)
        if what == "restart":
            await server.restart()
            ran.restarts += 1
        else:
            worker.kill()
            await worker.start()
            ran.kills += 1


async def _reached(database: Database, calls: float) -> None:
    """Wait until so many activities were done."""
    while await _calls(database) < calls:  # noqa: ASYNC110 - other processes do them
        await asyncio.sleep(0.05)


async def _calls(database: Database) -> int:
    async with UnitOfWork(database) as unit:
        return await calls_done(unit)


async def _look(ran: Ran, database: Database, world: World) -> None:
    """Look at what is left: orders, invariants of the shop, books of the outside."""
    async with UnitOfWork(database) as unit:
        rows = await Instances(unit).find(process_id="order_to_cash", limit=ran.orders * 2)
        views = [await bind(Orders, unit).view(row.order_id) for row in rows]
    ran.statuses = dict(Counter(f"{row.status}, {view.status.value}" for row, view in zip(rows, views, strict=True)))
    ran.calls = await _calls(database)
    ran.broken = [one for one in await check(database) if one.violations]
    ran.audit = await world.audit()
    ran.second_attempts = sum(use.calls - 1 for use in ran.audit.keys if use.calls > 1)
