"""Looking at what a told story left in the shop's database and in the books of the world."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from oms_workflow.connect.stories.reading import Story
from oms_workflow.connect.world.tables import labels as printed
from oms_workflow.connect.world.tables import payments as provider_books
from oms_workflow.connect.world.world import World
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.store.bindings import bind
from oms_workflow.store.board import Board
from oms_workflow.store.checks import check
from oms_workflow.store.instances import InstanceRow, Instances
from oms_workflow.store.tables.stock import stock_entries
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.house import House
from tests.stories.told import Told, Walk


async def left_of(story: Story, began: datetime, ended: datetime, house: House, world: World) -> Told:
    """Gather everything that stayed of a story."""
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
        tasks = await Board(unit).tasks(limit=1000)
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
        tasks=tasks,
        checks=await check(house.database),
        audit=await world.audit(),
    )


async def _walk(unit: UnitOfWork, row: InstanceRow) -> Walk:
    records = await Instances(unit).records(row.workflow_id)
    return Walk(
        instance=row.workflow_id, process=row.process_id, status=row.status, records=records, order=row.order_id
    )


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
