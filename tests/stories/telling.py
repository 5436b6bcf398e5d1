"""Telling the stories of examples/orders on a real Temporal server, and looking at what stayed of them.

A story is told to its end in a database and a world of its own; what a test then looks at is plain values: walks
(records), goods (ledgers of stock and lines), money (the shop's ledger beside the provider's), and the books' checks.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from temporalio.client import Client

from oms_workflow.catalog.registry import Catalog, discover
from oms_workflow.connect.importing.storing.taking_in import PORTS as TAKING_IN
from oms_workflow.connect.importing.storing.taking_in import take_in
from oms_workflow.connect.stories import furnishing
from oms_workflow.connect.stories.furnishing import furnish, read_furniture
from oms_workflow.connect.stories.reading import STOCK, WORLD, Story, read_stories, shipped_folder
from oms_workflow.connect.world.audit import WorldAudit
from oms_workflow.connect.world.script.model import Script
from oms_workflow.connect.world.script.reading import read_script
from oms_workflow.connect.world.tables import labels as printed
from oms_workflow.connect.world.tables import payments as provider_books
from oms_workflow.connect.world.world import World
from oms_workflow.diagrams.collection import read_collection
from oms_workflow.domain.payment import Transaction, TransactionStatus
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.domain.status import OrderView
from oms_workflow.domain.stock import Balance
from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.store.bindings import bind
from oms_workflow.store.board import Board, IncidentRow
from oms_workflow.store.checks import CheckResult, check
from oms_workflow.store.database import Database
from oms_workflow.store.instances import InstanceRow, Instances
from oms_workflow.store.migrate import upgrade
from oms_workflow.store.tables.stock import stock_entries
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.deploying import deploy
from oms_workflow.temporal.front_desk import FrontDesk, News, Taken
from oms_workflow.temporal.house import House
from oms_workflow.temporal.plugin import oms_plugin
from oms_workflow.temporal.timelapse import Timelapse
from oms_workflow.temporal.worker import discover_specs, running

KEY = b"only for tests, never else"
FOLDER = shipped_folder()
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What one instance of a process left behind."""

    instance: str
    process: str
    status: str
    records: tuple[Record, ...]

    @property
    def ends(self) -> tuple[str, ...]:
        """Statuses in which it may be left; a called process is taken away when its caller is done with it."""
        return ("completed", "terminated") if "/" in self.instance else ("completed",)

    @property
    def path(self) -> list[str]:
        """Elements that were done, in their order."""
        return [one.element for one in self.records if one.kind is RecordKind.COMPLETED]

    def passed(self, *elements: str) -> bool:
        """Say whether these were done, in this order, whatever else was done between them."""
        left = iter(self.path)
        missing = next((one for one in elements if one not in left), None)
        assert missing is None, f"{missing} was not done in this order:\n{self}"
        return True

    def never(self, *elements: str) -> bool:
        """Say whether none of these was ever begun."""
        begun = {one.element for one in self.records}
        found = [one for one in elements if one in begun]
        assert not found, f"{found} happened:\n{self}"
        return True

    def times(self, element: str) -> int:
        """Count how often an element was done."""
        return self.path.count(element)

    def told(self, kind: RecordKind) -> list[str]:
        """Elements about which something of this kind was recorded, in order."""
        return [one.element for one in self.records if one.kind is kind]

    def at(self, element: str, kind: RecordKind = RecordKind.COMPLETED) -> datetime:
        """Say when something was recorded about an element, the first time."""
        return next(one.at for one in self.records if one.kind is kind and one.element == element)

    def sent(self, name: str) -> int:
        """Count how often a message was sent."""
        mine = (one for one in self.records if one.kind is RecordKind.MESSAGE_SENT)
        return sum(1 for one in mine if one.detail["message"] == name)

    def caught(self, name: str) -> int:
        """Count how often a message was caught."""
        mine = (one for one in self.records if one.kind is RecordKind.MESSAGE_CAUGHT)
        return sum(1 for one in mine if one.detail["message"] == name)

    def __str__(self) -> str:
        lines = [f"{self.instance} ({self.process}): {self.status}"]
        shown = (one for one in self.records if one.kind is not RecordKind.FLOW_TAKEN)
        lines += [f"  {one.at:%m-%d %H:%M:%S} {one.element} {one.kind.value.upper()} {one.detail}" for one in shown]
        return "\n".join(line[:220] for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story that came to its end."""

    story: Story
    began: datetime
    ended: datetime
    walks: tuple[Walk, ...]
    views: dict[str, OrderView]
    ledgers: dict[str, tuple[Transaction, ...]]
    provider: tuple[tuple[str, str, str, str], ...]  # transaction, kind, amount, outcome: the provider's own books
    balances: dict[tuple[str, str], Balance]  # (sku, warehouse)
    entries: tuple[tuple[str, str, str, int, str], ...]  # sku, warehouse, kind, pieces, order line
    incidents: tuple[IncidentRow, ...]
    checks: list[CheckResult]
    audit: WorldAudit
    labels: tuple[tuple[str, str, str], ...]  # carrier, service, warehouse of every label that stands
    echoes: int  # how often something was told again

    def order(self, order_id: str) -> Walk:
        """Give the walk of an order's own process."""
        return next(walk for walk in self.walks if walk.instance == f"order:{order_id}")

    def called(self, process: str) -> list[Walk]:
        """Give the walks of a process, in the order they began."""
        return [walk for walk in self.walks if walk.process == process]

    def status(self, order_id: str) -> str:
        """Give the status people see."""
        return self.views[order_id].status.value

    def effects(self, *names: str) -> dict[str, int]:
        """Count what outside systems did, by `system.operation`; a second call with the same key is no effect."""
        found = dict.fromkeys(names, 0)
        for use in self.audit.keys:
            name = f"{use.system}.{use.operation}"
            if name in found:
                found[name] += use.effects
        return found

    def money(self, order_id: str) -> dict[str, str]:
        """Give what the ledger of an order adds up to."""
        sums = self.views[order_id].money
        names = ("authorised", "captured", "voided", "refunded", "transferred")
        return {name: str(money.amount) for name in names if not (money := getattr(sums, name)).is_zero}

    def goods(self, order_id: str) -> dict[str, dict[str, int]]:
        """Give where the pieces of an order are, by SKU; what is nowhere is left out."""
        view = self.views[order_id]
        skus = {line.id: line.sku for line in view.order.lines}
        places = ("open", "allocated", "shipped", "cancelled", "backordered", "written_off", "delivered", "returned")
        return {
            skus[line]: {name: count for name in places if (count := getattr(quantities, name))}
            for line, quantities in view.quantities.items()
        }

    def moves(self, sku: str, warehouse: str = "hz") -> list[tuple[str, int]]:
        """Give the entries of a shelf after the opening stock."""
        found = [(kind, pieces) for one, where, kind, pieces, _ in self.entries if (one, where) == (sku, warehouse)]
        return found[1:]

    def sums(self, sku: str, warehouse: str = "hz") -> dict[str, int]:
        """Add up the entries of a shelf after the opening stock, by kind."""
        found: dict[str, int] = {}
        for kind, pieces in self.moves(sku, warehouse):
            found[kind] = found.get(kind, 0) + pieces
        return found

    def on_hand(self, sku: str, warehouse: str = "hz") -> int:
        """Give the pieces on a shelf at the end."""
        return self.balances[sku, warehouse].on_hand

    def assert_all_is_well(self) -> None:
        """Every instance ended, nothing is promised any more, shop and world agree, nothing contradicts anything."""
        unended = [walk for walk in self.walks if walk.status not in walk.ends]
        assert not unended, "\n".join(map(str, unended))
        broken = [f"{one.invariant}: {one.examples}" for one in self.checks if one.violations]
        assert not broken, broken
        assert self.audit.is_clean, self.audit.contradictions
        promised = [one for one in self.balances.values() if one.reserved or one.allocated]
        assert not promised, promised
        assert self._shop_books() == self._provider_books()
        assert not [one for one in self.incidents if one.state == "open"], self.incidents

    def _shop_books(self) -> list[tuple[str, str, str]]:
        done = (one for ledger in self.ledgers.values() for one in ledger if one.status is TransactionStatus.SUCCEEDED)
        outside = (one for one in done if one.kind.value != "transfer" and not _is_observed(one))
        return sorted((one.id, one.kind.value, str(one.amount.amount)) for one in outside)

    def _provider_books(self) -> list[tuple[str, str, str]]:
        return sorted((name, kind, amount) for name, kind, amount, outcome in self.provider if outcome == "succeeded")


def _is_observed(transaction: Transaction) -> bool:
    """Money that moved at the channel before the order came in: our provider has not seen it."""
    return transaction.kind.value in ("authorise", "capture") and transaction.provider == "alipay"


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
    begin = _quiet_monday(today, read.calendars["cn-workdays"].working_between)
    await deploy(database, read, by="test", at=today)
    async with UnitOfWork(database) as unit:
        ports = {port: bind(port, unit) for port in furnishing.PORTS}
        await furnish(read_furniture(FOLDER / STOCK), ports, at=begin)
        await unit.commit()
    await database.close()
    return Ground(address=address, template=template, catalog=catalog, script=read_script(FOLDER / WORLD), begin=begin)


def _quiet_monday(today: datetime, working: Callable[[datetime, datetime], timedelta]) -> datetime:
    """Give ten o'clock of a coming Monday with two plain weeks after it, so that no holiday changes a story."""
    day = today.astimezone(CHINA).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while day.weekday() != 0 or working(day, day + timedelta(days=14)) != timedelta(hours=80):
        day += timedelta(days=1)
    return day.astimezone(UTC)


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
    stories = read_stories(FOLDER, begin=ground.begin, names=names)
    async with opened(ground, folder, echo=echo) as (house, world):
        for story in stories:
            await _begin(story, house, world)
        timelapse = Timelapse(house, world)
        ended = await timelapse.run(begin=ground.begin)
        if isinstance(house.front_desk, EchoingDesk):
            await house.front_desk.take_everything_again()
            ended = await timelapse.run(begin=ended)
        return await _left(stories[0], ground.begin, ended, house, world)


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


async def _left(story: Story, began: datetime, ended: datetime, house: House, world: World) -> Told:
    async with UnitOfWork(house.database) as unit:
        rows = await Instances(unit).find(limit=1000)
        walks = [await _walk(unit, row) for row in sorted(rows, key=lambda one: (one.started_at, one.workflow_id))]
        orders: list[str] = sorted({row.order_id for row in rows})
        views = {order: await bind(Orders, unit).view(order) for order in orders}
        ledgers = {order: await bind(PaymentLedger, unit).ledger(order) for order in orders}
        async with unit.reading() as connection:
            columns = [stock_entries.c[name] for name in ("sku", "warehouse", "kind", "quantity", "line_id")]
            entries = (await connection.execute(select(*columns).order_by(stock_entries.c.seq))).all()
        skus = sorted({row[0] for row in entries})
        balances = await bind(Stock, unit).balances(skus)
        incidents = [one for state in ("open", "resolved") for one in await Board(unit).incidents(state=state)]
    return Told(
        story=story,
        began=began,
        ended=ended,
        walks=tuple(walks),
        views=views,
        ledgers=ledgers,
        provider=await _provider(world),
        labels=await _labels(world),
        echoes=getattr(house.front_desk, "echoes", 0),
        balances={(one.sku, one.warehouse): one for one in balances},
        entries=tuple((row[0], row[1], row[2], row[3], row[4] or "") for row in entries),
        incidents=tuple(incidents),
        checks=await check(house.database),
        audit=await world.audit(),
    )


async def _walk(unit: UnitOfWork, row: InstanceRow) -> Walk:
    records = await Instances(unit).records(row.workflow_id)
    return Walk(instance=row.workflow_id, process=row.process_id, status=row.status, records=records)


async def _provider(world: World) -> tuple[tuple[str, str, str, str], ...]:
    """Read the provider's books behind its back: what it says it did, by our transaction's id."""
    kept = select(provider_books).where(provider_books.c.minor.is_not(None)).order_by(provider_books.c.at)
    rows = await world._database.read(lambda connection: connection.execute(kept).all())
    return tuple((row.transaction, row.kind, f"{Decimal(row.minor) / 100:.2f}", row.outcome) for row in rows)


async def _labels(world: World) -> tuple[tuple[str, str, str], ...]:
    """Read which labels the carriers printed."""
    kept = select(printed).where(printed.c.cancelled_at.is_(None)).order_by(printed.c.at, printed.c.tracking_number)
    rows = await world._database.read(lambda connection: connection.execute(kept).all())
    return tuple((row.carrier, row.service, row.warehouse) for row in rows)
