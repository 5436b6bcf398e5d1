"""What became of many orders: how their processes ended, which deadlines were missed, which incidents wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.store.board import IncidentRow, SlaItem
from oms_workflow.store.instances import InstanceRow
from oms_workflow.store.order_view import load_views
from oms_workflow.store.standing import instances_of_orders
from oms_workflow.store.tables.processes import incidents, instances, sla_items
from oms_workflow.store.unit_of_work import UnitOfWork

ENDED = frozenset({"completed", "failed", "terminated"})
AT_ONCE = 200  # orders read by one round of statements


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one order."""

    order: str  # id
    status: str  # as people see it: delivered, cancelled ...
    instances: tuple[InstanceRow, ...]  # oldest first; () when its process was never started
    breaches: tuple[SlaItem, ...]  # deadlines that were missed, first one first
    incidents: tuple[IncidentRow, ...]  # that wait for somebody, oldest first
    mended: int  # incidents that were answered

    @property
    def own(self) -> InstanceRow | None:
        """The instance that is the order's own process; None before it is started."""
        return next((one for one in self.instances if not one.parent), None)

    @property
    def has_ended(self) -> bool:
        """Whether every process about the order reached an end."""
        return bool(self.instances) and all(one.status in ENDED for one in self.instances)

    @property
    def ended_at(self) -> datetime | None:
        """When its own process ended, UTC; None while it runs."""
        return self.own.ended_at if self.own is not None else None


async def outcomes(unit: UnitOfWork, order_ids: Sequence[str]) -> tuple[Outcome, ...]:
    """Give what became of orders, in the order they are asked for.

    Raises:
        OrderRefused: UNKNOWN_ORDER.
    """
    found: list[Outcome] = []
    for start in range(0, len(order_ids), AT_ONCE):
        found += await _outcomes(unit, order_ids[start : start + AT_ONCE])
    return tuple(found)


async def _outcomes(unit: UnitOfWork, order_ids: Sequence[str]) -> list[Outcome]:
    about = await instances_of_orders(unit, order_ids)
    of_order = {one.workflow_id: one.order_id for one in about}
    async with unit.reading() as connection:
        views = await load_views(connection, order_ids)
        missed = await _rows(connection, select(sla_items).where(sla_items.c.breached_at.is_not(None)), order_ids)
        raised = await _rows(connection, select(incidents), order_ids)
    breaches = _by_order(of_order, [SlaItem(**row) for row in missed])
    troubles = _by_order(of_order, [IncidentRow(**row) for row in raised])
    return [
        Outcome(
            order=view.order.id,
            status=view.status.value,
            instances=tuple(one for one in about if one.order_id == view.order.id),
            breaches=tuple(sorted(breaches.get(view.order.id, ()), key=lambda one: (one.breached_at, one.element))),
            incidents=tuple(one for one in troubles.get(view.order.id, ()) if one.state == "open"),
            mended=sum(1 for one in troubles.get(view.order.id, ()) if one.state == "resolved"),
        )
        for view in views
    ]


async def _rows(connection: AsyncConnection, which: Select[Any], order_ids: Sequence[str]) -> list[dict[str, Any]]:
    table = which.get_final_froms()[0]
    mine = which.join(instances, instances.c.workflow_id == table.c.instance).where(instances.c.order_id.in_(order_ids))
    return [dict(row) for row in (await connection.execute(mine.order_by(table.c.instance))).mappings()]


def _by_order(of_order: Mapping[str, str], rows: Sequence[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(of_order[row.instance], []).append(row)
    return found
