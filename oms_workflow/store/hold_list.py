"""Holds of many orders as people list them: with the clock that runs for each. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, and_, literal, select

from oms_workflow.domain.hold import Hold, HoldKind, HoldStatus
from oms_workflow.store.hold_rows import hold_from
from oms_workflow.store.tables.orders import order_holds
from oms_workflow.store.tables.processes import sla_items
from oms_workflow.store.unit_of_work import UnitOfWork

LOOKS_AFTER = "hold_care:"  # the process that looks after a hold is named after it


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedHold:
    """One hold, and how late it is."""

    hold: Hold
    due: datetime | None  # by its clock where one runs, else by its kind; None: it ends with something outside
    warned_at: datetime | None
    breached_at: datetime | None
    escalated_to: str  # who heard last that it is late


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldQuery:
    """Which holds are wanted; '' and None ask for all."""

    order_id: str = ""
    hold_id: str = ""
    kind: HoldKind | None = None
    role: str = ""
    everything: bool = False  # also those that were resolved


async def list_holds(unit: UnitOfWork, query: HoldQuery, *, limit: int = 200) -> tuple[ListedHold, ...]:
    """Give holds, those due first in front."""
    async with unit.reading() as connection:
        rows = (await connection.execute(_wanted(query).limit(limit))).mappings().all()
    return tuple(map(_listed, rows))


def _wanted(query: HoldQuery) -> Select[Any]:
    clock = and_(sla_items.c.instance == literal(LOOKS_AFTER) + order_holds.c.id, sla_items.c.element == "AwaitEnd")
    shown = [sla_items.c[name].label(f"clock_{name}") for name in ("due", "warned_at", "breached_at", "escalated_to")]
    which = select(order_holds, *shown).outerjoin(sla_items, clock)
    wanted = {
        order_holds.c.order_id: query.order_id,
        order_holds.c.id: query.hold_id,
        order_holds.c.kind: query.kind.value if query.kind else "",
        order_holds.c.resolver_role: query.role,
    }
    for column, value in wanted.items():
        if value:
            which = which.where(column == value)
    if not query.everything:
        which = which.where(order_holds.c.status != HoldStatus.RESOLVED.value)
    closed = order_holds.c.closed_at
    return which.order_by(closed.is_not(None), order_holds.c.due.is_(None), order_holds.c.due, order_holds.c.id)


def _listed(row: RowMapping) -> ListedHold:
    hold = hold_from(row)
    return ListedHold(
        hold=hold,
        due=row["clock_due"] or hold.due,
        warned_at=row["clock_warned_at"],
        breached_at=row["clock_breached_at"],
        escalated_to=row["clock_escalated_to"] or "",
    )
