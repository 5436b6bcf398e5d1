"""A shop that files are imported into, and what a test asks it afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from oms_workflow.connect.importing import (
    PORTS,
    BatchReport,
    ImportMapping,
    ImportPlan,
    parse_mapping,
    read_orders,
)
from oms_workflow.connect.importing.storing.opening_stock import PORTS as STOCK_PORTS
from oms_workflow.domain.ports.imports import ErrorPolicy, RowOutcome
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.status import OrderView
from oms_workflow.store.bindings import bind
from oms_workflow.store.database import Database
from oms_workflow.store.imports import ImportRow, Imports
from oms_workflow.store.tables.all import metadata
from oms_workflow.store.unit_of_work import UnitOfWork

from .reading import AT, FLAT


class Shop:
    """A database with the door that imports use."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @asynccontextmanager
    async def open_ports(self) -> AsyncIterator[Mapping[type, Any]]:
        """Open a unit of work; it is committed when left in peace."""
        async with UnitOfWork(self.database) as unit:
            yield {port: bind(port, unit) for port in (*PORTS, *STOCK_PORTS)}
            await unit.commit()

    async def take(
        self,
        paths: Sequence[Path],
        mapping: str | ImportMapping = FLAT,
        policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS,
        **plan: Any,
    ) -> BatchReport:
        """Import files."""
        from oms_workflow.connect.importing import import_orders

        made = mapping if isinstance(mapping, ImportMapping) else parse_mapping(mapping)
        reading = read_orders(made, paths, at=AT)
        return await import_orders(reading, self.open_ports, ImportPlan(at=AT, by="test", policy=policy, **plan))

    async def counts(self) -> dict[str, int]:
        """Count the rows of every table that is not empty."""
        found = {}
        async with self.database.engine.connect() as connection:
            for table in metadata.sorted_tables:
                many = (await connection.execute(select(func.count()).select_from(table))).scalar_one()
                if many:
                    found[table.name] = int(many)
        return found

    async def get(self, order_id: str) -> OrderView:
        """Give an order as it is stored."""
        async with self.open_ports() as ports:
            orders: Orders = ports[Orders]
            return await orders.view(order_id)

    async def rows(self, batch: str, outcome: RowOutcome | None = None) -> tuple[ImportRow, ...]:
        """Give what the batch says about its rows."""
        async with UnitOfWork(self.database) as unit:
            return await Imports(unit).rows(batch, outcome)
