"""Files of orders: what became of every row, and the rows that wait for a person. Implements `ports.imports`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, select, update

from oms_workflow.domain.ports.imports import Batch, ErrorPolicy, RowOutcome
from oms_workflow.store.statements import insert_or, upsert
from oms_workflow.store.tables.traffic import import_batches, import_rows
from oms_workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One row that came in."""

    batch: str
    row: int  # from 1
    outcome: RowOutcome
    order_id: str
    problems: tuple[dict[str, Any], ...]
    content: dict[str, Any]  # the row as it came; personal data
    resolved_at: datetime | None
    resolved_by: str


class Imports:
    """Batches and their rows in the database."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def begin(self, batch_id: str, *, source: str, policy: ErrorPolicy, by: str, at: datetime) -> Batch:
        """Begin a batch; one that was begun before is given back, to go on with it."""
        connection = await self.unit.writing()
        row = insert_or(connection, import_batches).values(
            id=batch_id, source=source, policy=policy.value, state="running", started_at=at, by=by
        )
        await connection.execute(row.on_conflict_do_nothing())
        return await self.get(batch_id)

    async def put(
        self,
        batch_id: str,
        row: int,
        *,
        outcome: RowOutcome,
        order_id: str = "",
        problems: Sequence[Mapping[str, Any]] = (),
        content: Mapping[str, Any] | None = None,
    ) -> None:
        """Note what became of a row; the row again takes the place of what was noted.

        Give the `content` of quarantined rows only: accepted ones are orders, and their data is in the vault.
        """
        connection = await self.unit.writing()
        values = {
            "outcome": outcome.value,
            "order_id": order_id,
            "problems": [dict(problem) for problem in problems],
            "content": dict(content or {}),
        }
        line = {"batch": batch_id, "row": row, **values}
        await connection.execute(upsert(connection, import_rows, ("batch", "row"), tuple(values)), line)

    async def finish(self, batch_id: str, *, rejected: bool = False, at: datetime) -> Batch:
        """End a batch and count its rows. A rejected one keeps its rows as a report; none of them is an order."""
        connection = await self.unit.writing()
        mine = select(import_rows.c.outcome, func.count()).where(import_rows.c.batch == batch_id)
        rows = (await connection.execute(mine.group_by(import_rows.c.outcome))).all()
        counted: dict[str, int] = {str(outcome): int(many) for outcome, many in rows}
        values = {
            "state": "rejected" if rejected else "done",
            "rows": sum(counted.values()),
            "accepted": counted.get("accepted", 0) + counted.get("resolved", 0),
            "duplicates": counted.get("duplicate", 0),
            "refused": counted.get("quarantined", 0),
            "ended_at": at,
        }
        await connection.execute(update(import_batches).where(import_batches.c.id == batch_id).values(**values))
        return await self.get(batch_id)

    async def get(self, batch_id: str) -> Batch:
        """Give one batch.

        Raises:
            KeyError: When there is none.
        """
        async with self.unit.reading() as connection:
            mine = select(import_batches).where(import_batches.c.id == batch_id)
            row = (await connection.execute(mine)).mappings().first()
        if row is None:
            raise KeyError(batch_id)
        return Batch(**(dict(row) | {"policy": ErrorPolicy(row["policy"])}))

    async def rows(self, batch_id: str, outcome: RowOutcome | None = None) -> tuple[ImportRow, ...]:
        """Give the rows of a batch, of one outcome or all, in their order."""
        which = select(import_rows).where(import_rows.c.batch == batch_id)
        if outcome is not None:
            which = which.where(import_rows.c.outcome == outcome.value)
        async with self.unit.reading() as connection:
            found = (await connection.execute(which.order_by(import_rows.c.row))).mappings()
            return tuple(_row(row) for row in found)

    async def resolve(self, batch_id: str, row: int, *, order_id: str, by: str, at: datetime) -> bool:
        """Note that a person mended a quarantined row; its content is forgotten. False when it was not waiting."""
        connection = await self.unit.writing()
        mine = update(import_rows).where(
            import_rows.c.batch == batch_id, import_rows.c.row == row, import_rows.c.outcome == "quarantined"
        )
        values = {"outcome": "resolved", "order_id": order_id, "content": {}, "resolved_at": at, "resolved_by": by}
        return (await connection.execute(mine.values(**values))).rowcount > 0


def _row(row: RowMapping) -> ImportRow:
    problems = tuple(row["problems"])
    return ImportRow(**(dict(row) | {"outcome": RowOutcome(row["outcome"]), "problems": problems}))
