"""Takes orders out of files into the shop's database, for `oms orders import` and `oms run`. Starts no process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.connect.importing import (
    PORTS,
    BatchReport,
    ImportPlan,
    OnProgress,
    OpeningStock,
    OrderReading,
    batch_id,
    import_orders,
    opening_stock,
    plain_mapping,
    read_mapping,
    read_orders,
    store_opening_stock,
    try_out,
)
from oms_workflow.connect.importing.progress import say_nothing
from oms_workflow.connect.importing.storing.opening_stock import PORTS as STOCK_PORTS
from oms_workflow.domain.ports.imports import ErrorPolicy
from oms_workflow.errors import DiagramRefused

if TYPE_CHECKING:
    from oms_workflow.store.database import Database

STOCK_BATCH = ErrorPolicy.REJECT_FAILED_ROWS  # opening stock hangs on files and mapping, not on how bad rows are taken


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What came of importing files."""

    report: BatchReport  # its `order_ids` are all orders that are in the shop now, in file order
    stock: OpeningStock | None  # what was put on the shelves; None when that was not asked for, or all was rejected


def open_orders(
    files: Sequence[Path], mapping: Path | None, *, at: datetime, on_progress: OnProgress = say_nothing
) -> OrderReading:
    """Open files of orders, or folders with them.

    Args:
        mapping: What their columns mean; None for orders in the house's own names (docs/importing.md).
        at: UTC.

    Raises:
        Unusable: With every finding, when a file or the mapping cannot be used. Nothing was read or stored then.
    """
    try:
        used = read_mapping(mapping) if mapping is not None else plain_mapping(files)
        return read_orders(used, files, at=at, on_progress=on_progress)
    except DiagramRefused as refused:
        raise unusable(refused) from refused


def try_orders(reading: OrderReading, *, policy: ErrorPolicy) -> TakenIn:
    """Say what taking in the orders of opened files would come to, as far as the files alone tell; stores nothing.

    Raises:
        Unusable: When a file ends being what it was, such as JSON.
    """
    try:
        return TakenIn(report=try_out(reading, policy), stock=None)
    except DiagramRefused as refused:
        raise unusable(refused) from refused


async def take_orders(
    database: Database,
    reading: OrderReading,
    *,
    at: datetime,
    by: str,
    policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS,
    quarantine: Path | None = None,
    with_stock: bool = False,
) -> TakenIn:
    """Take the orders of opened files into the database; the same files again change nothing.

    Args:
        at: UTC.
        by: Who does it, for the record.
        quarantine: File for what is kept aside; None: beside the first input.
        with_stock: Open the warehouses of the mapping's [stock], and put on their shelves what the orders want. Once
            for the same files and mapping, whatever the policy.

    Raises:
        Unusable: When a file ends being what it was, such as JSON, or the mapping has no [stock] and it was asked for.
        WorldUnavailable: When the database does not answer; what came in stays, and doing it again goes on there.
        OSError: If a file cannot be read or written.
    """
    require_stock(reading, wanted=with_stock)
    open_ports = partial(_ports, database)
    plan = ImportPlan(at=at, by=by, policy=policy, quarantine=quarantine)
    try:
        report = await import_orders(reading, open_ports, plan)
    except DiagramRefused as refused:
        raise unusable(refused) from refused
    if not with_stock or report.rejected:
        return TakenIn(report=report, stock=None)
    stock = opening_stock(reading)
    batch = batch_id(reading, STOCK_BATCH)
    await store_opening_stock(stock, open_ports, batch=batch, at=at)
    return TakenIn(report=report, stock=stock)


@asynccontextmanager
async def _ports(database: Database) -> AsyncIterator[Mapping[type, Any]]:
    """One unit of work, committed when the block ends well."""
    from oms_workflow.store.bindings import bind
    from oms_workflow.store.unit_of_work import UnitOfWork

    async with UnitOfWork(database) as unit:
        yield {port: bind(port, unit) for port in (*PORTS, *STOCK_PORTS)}
        await unit.commit()


def require_stock(reading: OrderReading, *, wanted: bool) -> None:
    """Let a mapping pass that can say where goods lie, when that is wanted.

    Raises:
        Unusable: When it cannot.
    """
    if wanted and reading.mapping.shape.stock is None:
        raise Unusable(say("orders.import.no_stock", mapping=reading.mapping.file), code="no-stock")


def unusable(refused: DiagramRefused) -> Unusable:
    """Give findings about files and mappings as an error of the command line."""
    findings = [finding.to_json() for finding in refused.diagnostics]
    return Unusable(str(refused), code="import-refused", findings=findings)
