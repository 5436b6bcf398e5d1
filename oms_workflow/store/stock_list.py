"""Stock as a list, and to whom pieces of one SKU are promised. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from oms_workflow.domain.ports.stock import Claim
from oms_workflow.domain.stock import Balance, EntryKind
from oms_workflow.store.stock_book import balance
from oms_workflow.store.tables.orders import order_lines
from oms_workflow.store.tables.stock import stock_balances, stock_claims, stock_entries, warehouses
from oms_workflow.store.unit_of_work import UnitOfWork


async def list_balances(
    unit: UnitOfWork, *, sku: str = "", warehouse: str = "", offset: int = 0, limit: int = 100
) -> tuple[Balance, ...]:
    """Give balances by SKU and warehouse; '' asks for all."""
    which = select(stock_balances)
    if sku:
        which = which.where(stock_balances.c.sku == sku)
    if warehouse:
        which = which.where(stock_balances.c.warehouse == warehouse)
    ordered = which.order_by(stock_balances.c.sku, stock_balances.c.warehouse).offset(offset).limit(limit)
    async with unit.reading() as connection:
        return tuple(balance(row) for row in (await connection.execute(ordered)).mappings())


async def claims_on(unit: UnitOfWork, sku: str, *, limit: int = 100) -> tuple[Claim, ...]:
    """Give who is promised pieces of a SKU that are still in the house, by warehouse and order."""
    promised = stock_claims.c.reserved + stock_claims.c.allocated > 0
    mine = select(stock_claims).where(stock_claims.c.sku == sku, promised)
    ordered = mine.order_by(stock_claims.c.warehouse, stock_claims.c.order_id, stock_claims.c.line_id).limit(limit)
    async with unit.reading() as connection:
        return tuple(Claim(**row) for row in (await connection.execute(ordered)).mappings())


async def known_names(unit: UnitOfWork, *, limit: int = 5_000) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give SKUs that lie or lay anywhere, and warehouses, for saying which one somebody may have meant."""
    skus = select(stock_balances.c.sku).distinct().order_by(stock_balances.c.sku).limit(limit)
    async with unit.reading() as connection:
        found = tuple((await connection.execute(skus)).scalars())
        places = tuple((await connection.execute(select(warehouses.c.id).order_by(warehouses.c.id))).scalars())
    return found, places


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcingReason:
    """Why pieces of an order were promised in a warehouse: when they were first, or moved from another one."""

    at: datetime
    line_id: str
    sku: str
    warehouse: str
    quantity: int
    why: str  # in English and Chinese


async def sourcing_of(unit: UnitOfWork, order_id: str) -> tuple[SourcingReason, ...]:
    """Give the reasons of all warehouses an order ever had, oldest first."""
    table = stock_entries
    lines = select(order_lines.c.id).where(order_lines.c.order_id == order_id)
    told = select(table.c.at, table.c.line_id, table.c.sku, table.c.warehouse, table.c.quantity, table.c.reason)
    mine = told.where(table.c.line_id.in_(lines), table.c.kind == EntryKind.RESERVE.value, table.c.reason != "")
    async with unit.reading() as connection:
        rows = (await connection.execute(mine.order_by(table.c.seq))).all()
    return tuple(
        SourcingReason(at=row.at, line_id=row.line_id, sku=row.sku, warehouse=row.warehouse, quantity=row.quantity,
                       why=row.reason)
        for row in rows
    )  # fmt: skip
