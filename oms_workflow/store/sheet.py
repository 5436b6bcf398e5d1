"""Rows of one projection that are being changed in memory and written once. Knows no meaning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.store.statements import upsert

Row = dict[str, Any]


class Sheet:
    """Rows of one table that belong to one instance, by the number that tells them apart."""

    def __init__(self, connection: AsyncConnection, table: Table, number: str, instance: str) -> None:
        self._connection = connection
        self._table = table
        self._number = number
        self._instance = instance
        self._touched: dict[int, None] = {}
        self._dropped: dict[int, None] = {}
        self.rows: dict[int, Row] = {}

    async def load(self, column: str, values: Iterable[int]) -> None:
        """Read the rows whose column has one of these values."""
        wanted = sorted(set(values))
        if not wanted:
            return
        which = select(self._table).where(self._table.c.instance == self._instance, self._table.c[column].in_(wanted))
        for row in (await self._connection.execute(which)).mappings():
            self.rows[row[self._number]] = dict(row)

    async def load_all(self) -> None:
        """Read every row of the instance that was not read yet."""
        which = select(self._table).where(self._table.c.instance == self._instance)
        for row in (await self._connection.execute(which)).mappings():
            if row[self._number] not in self._dropped:
                self.rows.setdefault(row[self._number], dict(row))

    def put(self, number: int, **values: Any) -> None:
        """Make a row, or change columns of one that is there."""
        row = self.rows.setdefault(number, {"instance": self._instance, self._number: number})
        row.update(values)
        self._touched[number] = None
        self._dropped.pop(number, None)

    def drop(self, number: int) -> None:
        """Remove a row."""
        self.rows.pop(number, None)
        self._touched.pop(number, None)
        self._dropped[number] = None

    async def write(self) -> None:
        """Store what changed."""
        if self._dropped:
            mine = self._table.c.instance == self._instance
            gone = delete(self._table).where(mine, self._table.c[self._number].in_(sorted(self._dropped)))
            await self._connection.execute(gone)
        by_shape: dict[tuple[str, ...], list[Row]] = {}
        for number in self._touched:
            row = self.rows[number]
            by_shape.setdefault(tuple(sorted(row)), []).append(row)
        keys = ("instance", self._number)
        for shape, rows in by_shape.items():
            changing = tuple(name for name in shape if name not in keys)
            await self._connection.execute(upsert(self._connection, self._table, keys, changing), rows)
        self._touched, self._dropped = {}, {}
