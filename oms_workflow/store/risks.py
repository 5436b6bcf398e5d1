"""Which promises of running orders will probably be missed, with the node that takes most of the time. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from oms_workflow.bpmn.forecast import Stop
from oms_workflow.store.forecasts import Forecast, Forecasts, forecasters_of
from oms_workflow.store.instances import InstanceRow
from oms_workflow.store.pace import read_pace
from oms_workflow.store.promises import promised_times
from oms_workflow.store.standing import OpenNode, instances_of_orders, open_nodes_of
from oms_workflow.store.tables.orders import orders
from oms_workflow.store.tables.processes import instances, sla_items
from oms_workflow.store.unit_of_work import UnitOfWork

Promise = Literal["ship_by", "deliver_by", "sla"]

SCANNED = 500  # orders that are looked at, those with the nearest promise first


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """One promise that will probably be missed."""

    order_id: str
    instance: InstanceRow
    element: str  # where the order is now
    promise: Promise
    promised_at: datetime
    expected_at: datetime
    slowest: Stop  # what takes most of the time until then
    ahead: int  # nodes that still take time until then


async def risks(unit: UnitOfWork, *, at: datetime, order_id: str = "", limit: int = 200) -> tuple[Risk, ...]:
    """Give what will probably be missed and is not missed yet, the nearest promise first.

    Looks at the running orders whose promise or deadline is nearest, `SCANNED` of them.
    """
    promised = await _promised(unit, at, order_id)
    rows = await instances_of_orders(unit, promised)
    running = [one for one in rows if one.status == "running"]
    nodes = await open_nodes_of(unit, [one.workflow_id for one in running])
    pace = await read_pace(unit)
    forecasters = await forecasters_of(unit, {one.sha256 for one in running}, pace)
    forecasts = Forecasts(running, nodes, forecasters, at=at)
    to_come = await promised_times(unit, promised)
    deadlines = await _deadlines(unit, [one.workflow_id for one in running])
    found: list[Risk] = []
    for instance in running:
        forecast = forecasts.of(instance) if not instance.parent else None
        if forecast is not None:
            here = _deepest(nodes[instance.workflow_id])
            ahead = _later(forecast, to_come.get(instance.order_id, {}))
            wanted = [*promised[instance.order_id], *deadlines.get(instance.workflow_id, ())]
            found += [risk for kind, due in wanted if (risk := _missed(instance, here, kind, due, ahead, at))]
    return tuple(sorted(found, key=lambda one: (one.promised_at, one.order_id))[:limit])


def _missed(
    instance: InstanceRow, here: OpenNode, promise: Promise, due: datetime, forecast: Forecast, at: datetime
) -> Risk | None:
    milestone = {"ship_by": "shipped", "deliver_by": "delivered"}.get(promise, "")
    expected = forecast.milestones.get(milestone) if milestone else forecast.end
    if expected is None or due <= at or expected <= due:
        return None
    ahead = [stop for stop in forecast.stops if stop.left_at <= expected and stop.basis != "nothing"]
    if not ahead:
        return None
    return Risk(
        order_id=instance.order_id,
        instance=instance,
        element=here.element,
        promise=promise,
        promised_at=due,
        expected_at=expected,
        slowest=max(ahead, key=lambda stop: stop.takes),
        ahead=len(ahead),
    )


def _later(forecast: Forecast, to_come: Mapping[str, datetime]) -> Forecast:
    """Move milestones behind what was promised of goods that are to come: nobody ships what is not there."""
    moved = {name: max(at, to_come.get(name, at)) for name, at in forecast.milestones.items()}
    return replace(forecast, milestones=moved)


def _deepest(tokens: tuple[OpenNode, ...]) -> OpenNode:
    """Give the token people mean when they ask where the order is: the first that holds no other one."""
    holding = {token.scope for token in tokens}
    return next((token for token in tokens if token.token not in holding), tokens[-1])


async def _promised(unit: UnitOfWork, at: datetime, order_id: str) -> dict[str, list[tuple[Promise, datetime]]]:
    soonest = func.coalesce(orders.c.ship_by, orders.c.deliver_by)
    which = select(orders.c.id, orders.c.ship_by, orders.c.deliver_by).where(
        orders.c.completed_at.is_(None), orders.c.cancelled_at.is_(None)
    )
    if order_id:
        which = which.where(orders.c.id == order_id)
    ranked = which.order_by(soonest <= at, soonest.is_(None), soonest, orders.c.id).limit(SCANNED)
    async with unit.reading() as connection:
        rows = (await connection.execute(ranked)).all()
    found: dict[str, list[tuple[Promise, datetime]]] = {}
    for order, ship_by, deliver_by in rows:
        both: tuple[tuple[Promise, datetime | None], ...] = (("ship_by", ship_by), ("deliver_by", deliver_by))
        found[order] = [(kind, moment) for kind, moment in both if moment is not None]
    return found


async def _deadlines(unit: UnitOfWork, workflow_ids: list[str]) -> dict[str, list[tuple[Promise, datetime]]]:
    """Give the open deadlines of whole processes: those of single nodes are listed by themselves."""
    which = (
        select(sla_items.c.instance, sla_items.c.due)
        .join(instances, instances.c.workflow_id == sla_items.c.instance)
        .where(
            sla_items.c.instance.in_(workflow_ids),
            sla_items.c.element == instances.c.process_id,
            sla_items.c.ended_at.is_(None),
            sla_items.c.due.is_not(None),
        )
    )
    async with unit.reading() as connection:
        rows = (await connection.execute(which)).all()
    found: dict[str, list[tuple[Promise, datetime]]] = {}
    for instance, due in rows:
        found.setdefault(instance, []).append(("sla", due))
    return found
