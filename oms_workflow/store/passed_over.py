"""Warehouses an order was not given goods from, and why: what the shop's passes said when it was last sourced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.sourcing import Choice
from oms_workflow.store.tables.stock import sourcing_refusals
from oms_workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A warehouse that was left out, in the order it was looked at."""

    at: datetime  # UTC
    warehouse: str
    why: str  # English and Chinese


async def keep_passed_over(connection: AsyncConnection, order_id: str, refused: Sequence[Choice], at: datetime) -> None:
    """Keep why warehouses were left out of an order, in place of what was kept before; the last pass speaks last."""
    table = sourcing_refusals
    await connection.execute(table.delete().where(table.c.order_id == order_id))
    said = {one.warehouse: one for one in refused}
    if said:
        rows = [
            {"order_id": order_id, "warehouse": name, "position": position, "why": one.why, "by_all": one.by_all,
             "at": at}
            for position, (name, one) in enumerate(said.items())
        ]  # fmt: skip
        await connection.execute(insert(table), rows)


async def passed_over_of(unit: UnitOfWork, order_id: str) -> tuple[PassedOver, ...]:
    """Give the warehouses that send nothing of an order because its passes left them out."""
    table = sourcing_refusals
    which = select(table.c.at, table.c.warehouse, table.c.why).where(table.c.order_id == order_id)
    async with unit.reading() as connection:
        rows = (await connection.execute(which.order_by(table.c.position))).mappings()
        return tuple(PassedOver(**row) for row in rows)


async def shut_out(connection: AsyncConnection, order_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Give, by order, the warehouses that no pass lets through."""
    table = sourcing_refusals
    which = select(table.c.order_id, table.c.warehouse).where(table.c.order_id.in_(list(order_ids)), table.c.by_all)
    found: dict[str, set[str]] = {}
    for order_id, warehouse in (await connection.execute(which)).all():
        found.setdefault(order_id, set()).add(warehouse)
    return {order_id: frozenset(names) for order_id, names in found.items()}
