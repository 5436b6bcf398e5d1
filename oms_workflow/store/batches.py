"""Running instances of one process, oldest first and page by page, however many there are: for what is done to all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from sqlalchemy import Select, func, select, tuple_

from oms_workflow.store.instances import InstanceRow
from oms_workflow.store.tables.processes import instances
from oms_workflow.store.unit_of_work import UnitOfWork

PAGE = 200  # instances read at a time
OPEN = ("running", "wedged")
_COLUMNS = [instances.c[field.name] for field in fields(InstanceRow)]


class Batches:
    """Instances that have not ended, of one process; `only` those named, where any are."""

    def __init__(self, unit: UnitOfWork, process_id: str, only: Collection[str] = ()) -> None:
        self._unit = unit
        self._process = process_id
        self._only = sorted(only)

    async def bundles(self) -> tuple[str, ...]:
        """Give the hashes of the bundles that they run."""
        async with self._unit.reading() as connection:
            found = await connection.execute(self._mine(select(instances.c.sha256).distinct()))
            return tuple(sorted(found.scalars()))

    async def count(self, bundles: Collection[str]) -> int:
        """Say how many run one of these bundles."""
        counting = self._mine(select(func.count())).where(instances.c.sha256.in_(sorted(bundles)))
        async with self._unit.reading() as connection:
            return int((await connection.execute(counting)).scalar_one())

    async def page(self, bundles: Collection[str], after: InstanceRow | None = None) -> tuple[InstanceRow, ...]:
        """Give the next of those that run one of these bundles; none when there are no more."""
        order = (instances.c.started_at, instances.c.workflow_id)
        which = self._mine(select(*_COLUMNS)).where(instances.c.sha256.in_(sorted(bundles)))
        if after is not None:
            which = which.where(tuple_(*order) > (after.started_at, after.workflow_id))
        async with self._unit.reading() as connection:
            rows = (await connection.execute(which.order_by(*order).limit(PAGE))).mappings()
            return tuple(InstanceRow(**row) for row in rows)

    def _mine(self, statement: Select[Any]) -> Select[Any]:
        mine = statement.where(instances.c.process_id == self._process, instances.c.status.in_(OPEN))
        return mine.where(instances.c.workflow_id.in_(self._only)) if self._only else mine
