"""Imports files: every good order is taken in, every bad one is kept aside, and nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from oms_workflow.connect.importing.orders import OrderReading
from oms_workflow.connect.importing.results import Accepted, Quarantined, Result
from oms_workflow.connect.importing.storing.noting import batch_id, lets_in, note, refused
from oms_workflow.connect.importing.storing.quarantine_file import QuarantineFile, quarantine_path
from oms_workflow.connect.importing.storing.report import BatchReport
from oms_workflow.connect.importing.storing.taking_in import Ports, Publish, take_in
from oms_workflow.domain.changes import Arrival
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.imports import ErrorPolicy, ImportBatches
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.errors import OrderRefused

TOGETHER = 50  # orders stored in one transaction: a fraction of a second in which others wait for SQLite

OpenPorts = Callable[[], AbstractAsyncContextManager[Ports]]
OnTaken = Callable[[str, Arrival], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """How an import is to be done."""

    at: datetime  # UTC
    by: str = ""  # who does it, for the record; no person's name
    policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS
    quarantine: Path | None = None  # file for what is kept aside; None: beside the first input
    publish: Publish | None = None  # takes messages for processes, in the transaction of their orders
    on_taken: OnTaken | None = None  # told of every order once it is stored for good


async def import_orders(reading: OrderReading, open_ports: OpenPorts, plan: ImportPlan) -> BatchReport:
    """Take orders in from files.

    The same files again do nothing. An import that broke off goes on where it was: orders that are in stay as they
    are.

    Args:
        open_ports: Opens a unit of work with implementations of `taking_in.PORTS`. Left in peace it is committed,
            left by an error it is undone.

    Returns:
        The counts, and in `order_ids` all orders that are in the house now, in file order, whether they came in by
        this import or were there before: `oms run` runs these. With `reject_everything` and a single bad order nothing
        is stored; with `reject_failed_rows` bad orders are kept aside; with `ignore_failed` orders that are merely
        doubtful come in, on hold.

    Raises:
        DiagramRefused: When a file ends being what it was, such as JSON.
        WorldUnavailable: When the database is not to be had; run it again.
        OSError: If a file cannot be read or written.
    """
    batch = batch_id(reading, plan.policy)
    source = ", ".join(path.name for path in reading.paths)
    async with open_ports() as ports:
        begun = await ports[ImportBatches].begin(
            batch, source=source, policy=plan.policy, by=plan.by, at=plan.at
        )  # fmt: skip
    work = _Import(reading, open_ports, plan, BatchReport(batch=batch, policy=plan.policy))
    work.aside.sweep()
    try:
        if begun.state == "done":
            return await work.repeated()
        if plan.policy is ErrorPolicy.REJECT_EVERYTHING and await work.is_rejected():
            return await work.finish(rejected=True)
        await work.store()
        return await work.finish(rejected=False)
    finally:
        work.aside.discard()


class _Import:
    """One import while it goes on."""

    def __init__(self, reading: OrderReading, open_ports: OpenPorts, plan: ImportPlan, report: BatchReport) -> None:
        self._reading = reading
        self._open_ports = open_ports
        self._plan = plan
        self._report = report
        self.aside = self._quarantine_file()

    async def repeated(self) -> BatchReport:
        """Count what was imported before."""
        self._report.repeated = True
        for number, result in enumerate(self._reading, start=1):
            self._count(result)
            if isinstance(result, Accepted) or lets_in(result, self._plan.policy):
                assert isinstance(result, (Accepted, Quarantined)) and result.intake is not None
                if await self._is_known(result.intake.order):
                    self._stored(number, result, Arrival.SAME)
                    continue
                result = self._refuse(result, "it was refused when it was imported first")
            if isinstance(result, Quarantined):
                self._keep_aside(result, number)
        return self._ended()

    async def is_rejected(self) -> bool:
        """Look at everything; when something is bad, note what is and say so."""
        if not any(isinstance(result, Quarantined) for result in self._reading):
            return False
        self._report.rejected = True
        group: list[tuple[int, Result]] = []
        for number, result in enumerate(self._reading, start=1):
            self._count(result)
            if isinstance(result, Quarantined):
                self._keep_aside(result, number)
            group.append((number, result))
            if len(group) == TOGETHER:
                await self._record(group)
                group.clear()
        await self._record(group)
        return True

    async def store(self) -> None:
        """Take everything in that can be taken in."""
        group: list[tuple[int, Result]] = []
        for number, result in enumerate(self._reading, start=1):
            self._count(result)
            group.append((number, result))
            if len(group) == TOGETHER:
                await self._store_group(group)
                group.clear()
        await self._store_group(group)

    async def finish(self, *, rejected: bool) -> BatchReport:
        """End the batch."""
        async with self._open_ports() as ports:
            await ports[ImportBatches].finish(self._report.batch, rejected=rejected, at=self._plan.at)
        return self._ended()

    def _ended(self) -> BatchReport:
        self._report.read = self._reading.counts
        self._report.quarantine = self.aside.finish()
        return self._report

    async def _store_group(self, group: Sequence[tuple[int, Result]]) -> None:
        """Store a group in one transaction; when the shop refuses one of them, each in its own."""
        if not group:
            return
        try:
            async with self._open_ports() as ports:
                taken = [(number, result, await self._store_one(number, result, ports)) for number, result in group]
        except OrderRefused:
            for number, result in group:
                await self._store_alone(number, result)
            return
        for number, result, arrival in taken:
            self._stored(number, result, arrival)

    async def _store_alone(self, number: int, result: Result) -> None:
        try:
            async with self._open_ports() as ports:
                arrival = await self._store_one(number, result, ports)
        except OrderRefused as refused:
            assert isinstance(result, (Accepted, Quarantined))
            result = self._refuse(result, str(refused))
            async with self._open_ports() as ports:
                await note(ports[ImportBatches], self._report, number, result)
            arrival = None
        self._stored(number, result, arrival)

    async def _is_known(self, order: Order) -> bool:
        async with self._open_ports() as ports:
            orders: Orders = ports[Orders]
            return await orders.find(order.channel, order.external_id) == order.id

    def _refuse(self, result: Accepted | Quarantined, why: str) -> Quarantined:
        self._report.refused += 1
        self._report.note("refused-by-shop")
        return refused(result, why)

    async def _store_one(self, number: int, result: Result, ports: Ports) -> Arrival | None:
        arrival: Arrival | None = None
        if isinstance(result, Accepted) or lets_in(result, self._plan.policy):
            assert isinstance(result, (Accepted, Quarantined)) and result.intake is not None
            arrival = await take_in(result, ports, at=self._plan.at, publish=self._plan.publish)
            for name in result.mends:
                earlier, _, row = name.partition("#")
                if row.isdecimal():
                    await ports[ImportBatches].resolve(
                        earlier, int(row), order_id=result.intake.order.id, by=self._plan.by, at=self._plan.at
                    )
        await note(ports[ImportBatches], self._report, number, result)
        return arrival

    def _stored(self, number: int, result: Result, arrival: Arrival | None) -> None:
        """Count what is committed now."""
        if arrival is None:
            if isinstance(result, Quarantined):
                self._keep_aside(result, number)
            return
        assert isinstance(result, (Accepted, Quarantined)) and result.intake is not None
        name = {Arrival.NEW: "new", Arrival.CHANGED: "changed", Arrival.SAME: "known", Arrival.STALE: "stale"}[arrival]
        setattr(self._report, name, getattr(self._report, name) + 1)
        self._report.order_ids.append(result.intake.order.id)
        if isinstance(result, Quarantined):
            self._report.let_in += 1
        if self._plan.on_taken is not None:
            self._plan.on_taken(result.intake.order.id, arrival)

    async def _record(self, group: Sequence[tuple[int, Result]]) -> None:
        async with self._open_ports() as ports:
            for number, result in group:
                await note(ports[ImportBatches], self._report, number, result)

    def _keep_aside(self, result: Quarantined, number: int) -> None:
        self._report.quarantined += 1
        self._report.note_reasons(result)
        self.aside.add(result, number)

    def _count(self, result: Result) -> None:
        if isinstance(result, (Accepted, Quarantined)):
            for code in {problem.code: None for problem in result.problems}:
                self._report.note(code)

    def _quarantine_file(self) -> QuarantineFile:
        reading = self._reading
        path = self._plan.quarantine or quarantine_path(reading.paths, as_json=reading.is_json)
        return QuarantineFile(path, reading.columns, self._report.batch)
