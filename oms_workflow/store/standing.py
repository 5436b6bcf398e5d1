"""Where instances stand: their open nodes, and the deadlines of all nodes by order and process. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from oms_workflow.store.board import SlaItem
from oms_workflow.store.instances import InstanceRow
from oms_workflow.store.tables.orders import orders
from oms_workflow.store.tables.processes import incidents, instances, open_nodes, sla_items
from oms_workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNode:
    """A token, and the node at which it is."""

    instance: str
    token: int
    element: str
    scope: int  # token of the enclosing scope
    milestone: str
    since: datetime  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What somebody has to look at about one order."""

    incidents: int = 0
    late: int = 0  # nodes past their deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineQuery:
    """Which deadlines somebody looks for; '' asks for all."""

    order_id: str = ""
    process_id: str = ""
    breached: bool = False  # only those that were missed: still open and past due, or breached whenever
    with_ended: bool = False  # also of nodes that were left


async def open_nodes_of(unit: UnitOfWork, workflow_ids: Iterable[str]) -> dict[str, tuple[OpenNode, ...]]:
    """Give the open nodes by instance, in the order in which they were entered; scopes stand before what is in them."""
    columns = [open_nodes.c[name] for name in OpenNode.__slots__]
    which = select(*columns).where(open_nodes.c.instance.in_(sorted(set(workflow_ids))))
    found: dict[str, list[OpenNode]] = {}
    async with unit.reading() as connection:
        for row in (await connection.execute(which.order_by(open_nodes.c.since, open_nodes.c.token))).mappings():
            found.setdefault(row["instance"], []).append(OpenNode(**row))
    return {instance: tuple(nodes) for instance, nodes in found.items()}


async def instances_by_id(unit: UnitOfWork, workflow_ids: Iterable[str]) -> dict[str, InstanceRow]:
    """Give instances by their workflow id; those that are not known are left out."""
    which = select(instances).where(instances.c.workflow_id.in_(sorted(set(workflow_ids))))
    async with unit.reading() as connection:
        rows = (await connection.execute(which)).mappings()
        return {row["workflow_id"]: InstanceRow(**row) for row in rows}


async def instances_of_orders(unit: UnitOfWork, order_ids: Iterable[str]) -> tuple[InstanceRow, ...]:
    """Give all instances about some orders, oldest first."""
    which = select(instances).where(instances.c.order_id.in_(sorted(set(order_ids))))
    async with unit.reading() as connection:
        rows = (await connection.execute(which.order_by(instances.c.started_at, instances.c.workflow_id))).mappings()
        return tuple(InstanceRow(**row) for row in rows)


async def trouble_of(unit: UnitOfWork, order_ids: Iterable[str], *, at: datetime) -> dict[str, Trouble]:
    """Count open incidents and late nodes by order; an order without any is left out."""
    wanted = sorted(set(order_ids))
    order = instances.c.order_id
    raised = select(order, func.count()).join(incidents, incidents.c.instance == instances.c.workflow_id)
    raised = raised.where(order.in_(wanted), incidents.c.state == "open").group_by(order)
    late = select(order, func.count()).join(sla_items, sla_items.c.instance == instances.c.workflow_id)
    late = late.where(order.in_(wanted), *is_late(at)).group_by(order)
    async with unit.reading() as connection:
        incidents_of = {row[0]: int(row[1]) for row in await connection.execute(raised)}
        late_of = {row[0]: int(row[1]) for row in await connection.execute(late)}
    troubled = sorted({*incidents_of, *late_of})
    return {one: Trouble(incidents=incidents_of.get(one, 0), late=late_of.get(one, 0)) for one in troubled}


def is_late(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions under which a node is late now: still open, and past due or breached."""
    return sla_items.c.ended_at.is_(None), or_(sla_items.c.due <= at, sla_items.c.breached_at.is_not(None))


async def deadlines(
    unit: UnitOfWork, query: DeadlineQuery, *, at: datetime, limit: int = 200
) -> tuple[tuple[SlaItem, InstanceRow], ...]:
    """Give deadlines with the instances they are of: open ones by what is due first, then ended ones, latest first."""
    items = [sla_items.c[name] for name in SlaItem.__slots__]
    which = _narrowed(select(*items), query, at)
    ranked = which.order_by(
        sla_items.c.ended_at.is_not(None), sla_items.c.ended_at.desc(), sla_items.c.due.is_(None), sla_items.c.due
    )
    async with unit.reading() as connection:
        rows = (await connection.execute(ranked.limit(limit))).mappings().all()
    about = await instances_by_id(unit, (row["instance"] for row in rows))
    return tuple((SlaItem(**row), about[row["instance"]]) for row in rows)


def _narrowed(which: Select[tuple[object, ...]], query: DeadlineQuery, at: datetime) -> Select[tuple[object, ...]]:
    which = which.join(instances, instances.c.workflow_id == sla_items.c.instance)
    if query.order_id:
        which = which.where(instances.c.order_id == query.order_id)
    if query.process_id:
        which = which.where(instances.c.process_id == query.process_id)
    if not query.with_ended:
        which = which.where(sla_items.c.ended_at.is_(None))
    if query.breached:
        which = which.where(or_(sla_items.c.breached_at.is_not(None), and_(*is_late(at))))
    return which


async def unstarted_orders(unit: UnitOfWork, *, limit: int) -> tuple[str, ...]:
    """Give ids of open orders that have no process yet, the ones first that came in first."""
    theirs = select(instances.c.workflow_id).where(instances.c.order_id == orders.c.id)
    is_open = orders.c.completed_at.is_(None) & orders.c.cancelled_at.is_(None)
    which = select(orders.c.id).where(is_open, ~theirs.exists()).order_by(orders.c.taken_in_at, orders.c.id)
    async with unit.reading() as connection:
        return tuple((await connection.execute(which.limit(limit))).scalars())
