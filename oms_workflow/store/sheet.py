"""Rows of one projection that are being changed in memory and written once. Knows no meaning."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, bindparam, delete, update
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
        self._changed: dict[int, Row] = {}
        self._stored: set[int] = set()
        self._dropped: dict[int, None] = {}
        self.rows: dict[int, Row] = {}

    def found(self, number: int, values: Mapping[str, Any]) -> None:
        """Take in what was read of a row that is stored; what changed since stays changed."""
        if number not in self.rows and number not in self._dropped:
            self.rows[number] = dict(values)
            self._stored.add(number)

    def put(self, number: int, **values: Any) -> None:
        """Make a row, or change columns of one that is there."""
        self.rows.setdefault(number, {}).update(values)
        self._changed.setdefault(number, {}).update(values)
        self._dropped.pop(number, None)

    def drop(self, number: int) -> None:
        """Remove a row."""
        self.rows.pop(number, None)
        self._changed.pop(number, None)
        self._stored.discard(number)
        self._dropped[number] = None

    async def write(self) -> None:
        """Store what changed."""
        if self._dropped:
            gone = [{"of_instance": self._instance, "of_number": number} for number in self._dropped]
            await self._connection.execute(_deleting(self._table, self._number), gone)
        by_shape: dict[tuple[bool, tuple[str, ...]], list[Row]] = {}
        for number, values in self._changed.items():
            shape = number in self._stored, tuple(sorted(values))
            by_shape.setdefault(shape, []).append(self._named(number, values, stored=shape[0]))
        for (is_stored, names), rows in by_shape.items():
            if is_stored:
                changing = _updating(self._table, self._number, names)
            else:
                changing = upsert(self._connection, self._table, ("instance", self._number), names)
            await self._connection.execute(changing, rows)
        self._stored |= self._changed.keys()
        self._changed, self._dropped = {}, {}

    def _named(self, number: int, values: Row, *, stored: bool) -> Row:
        if stored:
            return {f"new_{name}": value for name, value in values.items()} | {
                "of_instance": self._instance,
                "of_number": number,
            }
        return values | {"instance": self._instance, self._number: number}


@lru_cache(maxsize=16)
def _deleting(table: Table, number: str) -> Any:
    return delete(table).where(*_mine(table, number))


@lru_cache(maxsize=128)
def _updating(table: Table, number: str, names: tuple[str, ...]) -> Any:
    return update(table).where(*_mine(table, number)).values({name: bindparam(f"new_{name}") for name in names})


def _mine(table: Table, number: str) -> tuple[Any, Any]:
    return table.c.instance == bindparam("of_instance"), table.c[number] == bindparam("of_number")
