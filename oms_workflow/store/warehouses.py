"""Warehouses and lanes in the database. Implements `ports.stock.Warehouses`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Destination
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.sourcing import Candidate
from oms_workflow.domain.warehouse import Lane, Warehouse
from oms_workflow.store.statements import insert_or
from oms_workflow.store.tables.fulfilments import fulfilments
from oms_workflow.store.tables.stock import lanes, warehouses
from oms_workflow.store.unit_of_work import UnitOfWork


class StoredWarehouses:
    """Warehouses and the lanes from them."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def candidates(self, destination: Destination, *, currency: str, at: datetime) -> tuple[Candidate, ...]:
        """Give the active warehouses with a lane to the destination, with today's remaining capacity."""
        async with self.unit.reading() as connection:
            rows = await self._lanes(connection, destination, currency)
            busy = await self._planned_today(connection, [row["id"] for row in rows if row["daily_parcels"]], at)
        best: dict[str, RowMapping] = {}
        for row in rows:  # the lane to the region goes before the lane to the whole country
            if row["id"] not in best or row["lane_region"]:
                best[row["id"]] = row
        return tuple(
            Candidate(
                warehouse=row["id"],
                priority=row["priority"],
                cost=Money.minor(row["cost"], row["currency"]),
                distance_km=row["distance_km"],
                transit=None if row["transit_seconds"] is None else timedelta(seconds=row["transit_seconds"]),
                sellers=frozenset(row["sellers"]),
                remaining_parcels=None
                if row["daily_parcels"] is None
                else max(0, row["daily_parcels"] - busy.get(row["id"], 0)),
            )
            for row in best.values()
        )

    async def get(self, warehouse: str) -> Warehouse:
        """Give one warehouse."""
        async with self.unit.reading() as connection:
            row = (await connection.execute(select(warehouses).where(warehouses.c.id == warehouse))).mappings().first()
        if row is None:
            raise refuse(Refusal.UNKNOWN_WAREHOUSE, f"There is no warehouse {warehouse!r}. Check the id.")
        return _warehouse(row)

    async def save(self, warehouse: Warehouse, lanes_of_it: Sequence[Lane]) -> None:
        """Store a warehouse with its lanes, in place of what was stored for it."""
        connection = await self.unit.writing()
        values: dict[str, Any] = {
            "name": warehouse.name,
            "country": warehouse.country,
            "region": warehouse.region,
            "priority": warehouse.priority,
            "sellers": sorted(warehouse.sellers),
            "daily_parcels": warehouse.daily_parcels,
            "active": warehouse.active,
        }
        row = insert_or(connection, warehouses).values(id=warehouse.id, **values)
        await connection.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))
        await connection.execute(delete(lanes).where(lanes.c.warehouse == warehouse.id))
        if lanes_of_it:
            await connection.execute(insert(lanes), [_lane_values(warehouse.id, lane) for lane in lanes_of_it])

    async def all(self) -> tuple[Warehouse, ...]:
        """Give all warehouses by id, inactive ones too."""
        async with self.unit.reading() as connection:
            rows = (await connection.execute(select(warehouses).order_by(warehouses.c.id))).mappings()
            return tuple(_warehouse(row) for row in rows)

    async def _lanes(
        self, connection: AsyncConnection, destination: Destination, currency: str
    ) -> Sequence[RowMapping]:
        statement = (
            select(
                warehouses,
                lanes.c.cost,
                lanes.c.currency,
                lanes.c.distance_km,
                lanes.c.transit_seconds,
                lanes.c.region.label("lane_region"),
            )
            .join(lanes, lanes.c.warehouse == warehouses.c.id)
            .where(
                warehouses.c.active,
                lanes.c.country == destination.country,
                lanes.c.region.in_({destination.region, ""}),
                lanes.c.currency == currency,
            )
            .order_by(warehouses.c.id, lanes.c.region)
        )
        return (await connection.execute(statement)).mappings().all()

    async def _planned_today(self, connection: AsyncConnection, limited: Sequence[str], at: datetime) -> dict[str, int]:
        if not limited:
            return {}
        midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        statement = (
            select(fulfilments.c.warehouse, func.count())
            .where(
                fulfilments.c.warehouse.in_(list(limited)),
                fulfilments.c.created_at >= midnight,
                fulfilments.c.created_at < midnight + timedelta(days=1),
                fulfilments.c.status != "cancelled",
            )
            .group_by(fulfilments.c.warehouse)
        )
        return {warehouse: int(many) for warehouse, many in (await connection.execute(statement)).all()}


async def require_warehouse(connection: AsyncConnection, warehouse: str) -> None:
    """Let the name of a warehouse pass that is one.

    Raises:
        OrderRefused: UNKNOWN_WAREHOUSE.
    """
    known = select(warehouses.c.id).where(warehouses.c.id == warehouse)
    if (await connection.execute(known)).first() is None:
        raise refuse(Refusal.UNKNOWN_WAREHOUSE, f"There is no warehouse {warehouse!r}. Check the id.")


def _warehouse(row: RowMapping) -> Warehouse:
    plain = {name: row[name] for name in ("id", "name", "country", "region", "priority", "daily_parcels", "active")}
    return Warehouse(**plain, sellers=frozenset(row["sellers"]))


def _lane_values(warehouse: str, lane: Lane) -> dict[str, Any]:
    return {
        "warehouse": warehouse,
        "country": lane.country,
        "region": lane.region,
        "cost": lane.cost.minor_units,
        "currency": lane.cost.currency,
        "distance_km": lane.distance_km,
        "transit_seconds": None if lane.transit is None else int(lane.transit.total_seconds()),
    }
