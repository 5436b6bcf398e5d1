"""Every invariant of the shop, asked of the database as it stands: for people, for monitoring, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.tracking import parcel_state
from oms_workflow.store.database import Database
from oms_workflow.store.invariants.fulfilments import FULFILMENTS
from oms_workflow.store.invariants.invariant import Invariant
from oms_workflow.store.invariants.lines import LINES
from oms_workflow.store.invariants.money import MONEY
from oms_workflow.store.invariants.orders import ORDERS
from oms_workflow.store.invariants.promises import PROMISES
from oms_workflow.store.invariants.stock import STOCK
from oms_workflow.store.shipment_rows import load_events, state_from
from oms_workflow.store.tables.fulfilments import packages
from oms_workflow.store.unit_of_work import UnitOfWork

INVARIANTS: tuple[Invariant, ...] = (*STOCK, *LINES, *FULFILMENTS, *MONEY, *ORDERS, *PROMISES)

PARCELS = Invariant(
    name="parcel-state-is-derived",
    says="the state shown of a package is the one that follows from its carrier's reports",
    counted="SELECT COUNT(*) FROM packages",
    broken="",  # asked in Python, because the rule is a function and not a query
)

SHOWN = 10
"""Violations named by one finding; the count tells how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one invariant found."""

    invariant: str
    says: str
    checked: int
    violations: int
    examples: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the result as `oms stock check --json` prints it."""
        return {
            "invariant": self.invariant,
            "says": self.says,
            "checked": self.checked,
            "violations": self.violations,
            "examples": list(self.examples),
        }


async def check(database: Database) -> list[CheckResult]:
    """Ask every invariant, all of one moment, and give what each found. Changes nothing."""
    async with UnitOfWork(database) as unit, unit.reading() as connection:
        found = [await _ask(connection, one) for one in INVARIANTS]
        wrong = await _wrong_parcels(connection)
        return [*found, await _result(connection, PARCELS, wrong)]


async def _ask(connection: AsyncConnection, one: Invariant) -> CheckResult:
    broken = [str(row) for row in (await connection.execute(text(one.broken))).scalars()]
    return await _result(connection, one, broken)


async def _result(connection: AsyncConnection, one: Invariant, broken: list[str]) -> CheckResult:
    return CheckResult(
        invariant=one.name,
        says=one.says,
        checked=(await connection.execute(text(one.counted))).scalar_one(),
        violations=len(broken),
        examples=tuple(broken[:SHOWN]),
    )


async def _wrong_parcels(connection: AsyncConnection) -> list[str]:
    rows = (await connection.execute(select(packages).order_by(packages.c.id))).mappings().all()
    events = await load_events(connection, [(row["carrier"], row["tracking_number"]) for row in rows])
    wrong = []
    for row in rows:
        derived = parcel_state(events.get((row["carrier"], row["tracking_number"]), []))
        if derived != state_from(row):
            wrong.append(f"{row['id']}: shown {row['status']}, reports say {derived.status.value}")
    return wrong
