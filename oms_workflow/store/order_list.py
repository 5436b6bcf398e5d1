"""Orders as a list: those that fit what somebody looks for, newest first. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.status import OrderStatus, OrderView
from oms_workflow.store.order_view import load_views
from oms_workflow.store.search import find_orders
from oms_workflow.store.standing import is_late
from oms_workflow.store.tables.orders import order_holds, order_lines, orders
from oms_workflow.store.tables.processes import incidents, instances, sla_items
from oms_workflow.store.unit_of_work import UnitOfWork

BATCH = 200  # orders that are looked into at a time when a status is asked for, which no column holds
FOUND = 1_000  # orders that one number can have to do with; a payment of a merged order has dozens


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuery:
    """What somebody looks for; '' and None ask for all."""

    status: OrderStatus | None = None
    channel: str = ""
    hold: HoldKind | None = None  # one of this kind that still blocks
    overdue: bool = False  # a node is late, or what was promised to the buyer is
    incident: bool = False  # a person has to look at one of its instances
    text: str = ""  # a number of any kind, the beginning of an order's number, a SKU, or a part of a line's title


async def list_orders(
    unit: UnitOfWork, query: OrderQuery, *, at: datetime, offset: int = 0, limit: int = 20
) -> tuple[OrderView, ...]:
    """Give the orders that fit, newest first.

    A status is derived, so asking for one reads orders until enough are found.

    Args:
        at: Now, UTC; lateness is measured against it.
        offset: How many of those that fit are passed over.
    """
    named = await find_orders(unit, query.text, limit=FOUND) if query.text else ()
    narrowed = select(orders.c.id).where(*_conditions(query, named, at))
    ordered = narrowed.order_by(orders.c.placed_at.desc(), orders.c.id)
    async with unit.reading() as connection:
        if query.status is None:
            found = (await connection.execute(ordered.offset(offset).limit(limit))).scalars().all()
            return await load_views(connection, found)
        candidates = (await connection.execute(ordered)).scalars().all()
        fitting = await _with_status(connection, candidates, query.status, offset + limit)
    return tuple(fitting[offset:])


async def channels(unit: UnitOfWork) -> tuple[str, ...]:
    """Give the channels that orders came from, by name."""
    async with unit.reading() as connection:
        found = await connection.execute(select(orders.c.channel).distinct().order_by(orders.c.channel))
        return tuple(found.scalars())


async def newest_numbers(unit: UnitOfWork, *, limit: int = 2_000) -> tuple[str, ...]:
    """Give ids of the newest orders, for saying which one somebody may have meant."""
    async with unit.reading() as connection:
        found = await connection.execute(select(orders.c.id).order_by(orders.c.placed_at.desc()).limit(limit))
        return tuple(found.scalars())


async def _with_status(
    connection: AsyncConnection, candidates: Sequence[str], status: OrderStatus, enough: int
) -> list[OrderView]:
    found: list[OrderView] = []
    for start in range(0, len(candidates), BATCH):
        views = await load_views(connection, candidates[start : start + BATCH])
        found += [view for view in views if view.status is status]
        if len(found) >= enough:
            break
    return found[:enough]


def _conditions(query: OrderQuery, named: Sequence[str], at: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.channel:
        found.append(orders.c.channel == query.channel)
    if query.hold is not None:
        mine = and_(order_holds.c.order_id == orders.c.id, order_holds.c.status != "resolved")
        found.append(exists().where(mine, order_holds.c.kind == query.hold.value))
    if query.overdue:
        found.append(or_(_late_node(at), _late_promise(at)))
    if query.incident:
        about = and_(instances.c.order_id == orders.c.id, incidents.c.instance == instances.c.workflow_id)
        found.append(exists().where(about, incidents.c.state == "open"))
    if query.text:
        found.append(_speaks_of(query.text.strip(), named))
    return found


def _late_node(at: datetime) -> ColumnElement[bool]:
    about = and_(instances.c.order_id == orders.c.id, sla_items.c.instance == instances.c.workflow_id)
    return exists().where(about, *is_late(at))


def _late_promise(at: datetime) -> ColumnElement[bool]:
    line: Any = order_lines.c
    to_ship = exists().where(line.order_id == orders.c.id, line.open + line.allocated + line.backordered > 0)
    under_way = line.ordered - line.cancelled - line.written_off > line.delivered
    to_deliver = exists().where(line.order_id == orders.c.id, under_way)
    return or_(and_(orders.c.ship_by < at, to_ship), and_(orders.c.deliver_by < at, to_deliver))


def _speaks_of(text: str, named: Sequence[str]) -> ColumnElement[bool]:
    line = order_lines.c
    in_line = or_(line.sku == text, line.title.icontains(text, autoescape=True))
    return or_(
        orders.c.id.in_(named),
        orders.c.number.startswith(text, autoescape=True),
        exists().where(line.order_id == orders.c.id, in_line),
    )
