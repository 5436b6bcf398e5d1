"""Cartons and the sides of goods in the database. Implements `ports.cartons.Cartons`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.carton import Carton, Measured, Sides
from oms_workflow.domain.money import Money
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.statements import queue_up, upsert
from oms_workflow.store.tables.packing import cartons, measured_goods
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.store.warehouses import require_warehouse

_AT_ONCE = 500  # rows in one statement; SQLite takes 32,766 values


class StoredCartons:
    """Cartons of warehouses, and what is known of goods that go into them."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def save(self, carton: Carton) -> None:
        """Store a carton, in place of what its warehouse had under this name."""
        connection = await self.unit.writing()
        await queue_up(connection, f"cartons {carton.warehouse}")
        await require_warehouse(connection, carton.warehouse)
        await _require_one_currency(connection, carton)
        row = {
            "warehouse": carton.warehouse,
            "carton": carton.id,
            **_sides_values(carton.inner),
            "wall_mm": carton.wall_mm,
            "holds_grams": carton.holds_grams,
            "own_grams": carton.own_grams,
            "cost": carton.cost.minor_units,
            "currency": carton.cost.currency,
        }
        keys = ("warehouse", "carton")
        changing = tuple(name for name in row if name not in keys)
        await connection.execute(upsert(connection, cartons, keys, changing), row)

    async def drop(self, warehouse: str, carton: str) -> bool:
        """Use a carton no more."""
        connection = await self.unit.writing()
        which = delete(cartons).where(cartons.c.warehouse == warehouse, cartons.c.carton == carton)
        return bool((await connection.execute(which)).rowcount)

    async def of(self, warehouse: str) -> tuple[Carton, ...]:
        """Give the cartons of a warehouse, the smallest first."""
        volume = cartons.c.length_mm * cartons.c.width_mm * cartons.c.height_mm
        which = select(cartons).order_by(cartons.c.warehouse, volume, cartons.c.carton)
        if warehouse:
            which = which.where(cartons.c.warehouse == warehouse)
        async with self.unit.reading() as connection:
            return tuple(_carton(row) for row in (await connection.execute(which)).mappings())

    async def measure(self, goods: Iterable[Measured]) -> None:
        """Store the sides of SKUs."""
        connection = await self.unit.writing()
        rows = [
            {"sku": one.sku, **_sides_values(one.sides), "weight_grams": one.weight_grams,
             "ships_alone": one.ships_alone}
            for one in sorted(goods, key=lambda one: one.sku)
        ]  # fmt: skip
        changing = ("length_mm", "width_mm", "height_mm", "weight_grams", "ships_alone")
        for first in range(0, len(rows), _AT_ONCE):
            statement = upsert(connection, measured_goods, ("sku",), changing)
            await connection.execute(statement, rows[first : first + _AT_ONCE])

    async def forget(self, sku: str) -> bool:
        """Forget the sides of a SKU."""
        connection = await self.unit.writing()
        which = delete(measured_goods).where(measured_goods.c.sku == sku)
        return bool((await connection.execute(which)).rowcount)

    async def measured(self, skus: Iterable[str] | None = None) -> dict[str, Measured]:
        """Give what is known of SKUs."""
        which = select(measured_goods).order_by(measured_goods.c.sku)
        if skus is not None:
            which = which.where(measured_goods.c.sku.in_(sorted(set(skus))))
        async with self.unit.reading() as connection:
            return {row["sku"]: _measured(row) for row in (await connection.execute(which)).mappings()}


async def _require_one_currency(connection: AsyncConnection, carton: Carton) -> None:
    others = select(cartons.c.currency).where(
        cartons.c.warehouse == carton.warehouse,
        cartons.c.carton != carton.id,
        cartons.c.currency != carton.cost.currency,
    )
    other = (await connection.execute(others.limit(1))).scalar_one_or_none()
    if other is not None:
        raise refuse(
            Refusal.ILLEGAL_MOVE,
            f"Cartons of {carton.warehouse!r} cost {other}; one in {carton.cost.currency} cannot be compared with "
            f"them. Give its cost in {other}.",
        )


def _carton(row: RowMapping) -> Carton:
    return Carton(
        warehouse=row["warehouse"],
        id=row["carton"],
        inner=sides_from(row),
        holds_grams=row["holds_grams"],
        own_grams=row["own_grams"],
        cost=Money.minor(row["cost"], row["currency"]),
        wall_mm=row["wall_mm"],
    )


def _measured(row: RowMapping) -> Measured:
    return Measured(
        sku=row["sku"], sides=sides_from(row), weight_grams=row["weight_grams"], ships_alone=row["ships_alone"]
    )


def sides_from(row: RowMapping | Mapping[str, Any]) -> Sides:
    """Read three sides from a row."""
    return Sides(length_mm=row["length_mm"], width_mm=row["width_mm"], height_mm=row["height_mm"])


def _sides_values(sides: Sides) -> dict[str, int]:
    return {"length_mm": sides.length_mm, "width_mm": sides.width_mm, "height_mm": sides.height_mm}
