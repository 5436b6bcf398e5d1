"""A place for all rows until those of one order are together: a temporary database that leaves nothing behind.

SQLite keeps a database without a name in memory while it is small; when it grows, in a file that is deleted as soon as
it is opened; so a million rows take no more memory than a hundred thousand, and no personal data outlives the import.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeVar

from oms_workflow.connect.importing.problem import Place
from oms_workflow.connect.importing.records.record import Record

MEMORY_KIB = 65_536  # of the temporary database before it goes to disk
BATCH = 2_000  # rows written at once
BETWEEN = "\x1f"  # between the parts of a key; no file has this sign in a cell

Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row, with the file and the order it belongs to."""

    alias: str
    place: Place
    key: str | None = field(repr=False)  # None: it names no order, or nothing to be looked up by
    fields: dict[str, str] = field(repr=False)
    broken: str = ""
    why: str = ""
    text: str = field(default="", repr=False)
    mends: str = ""  # `<batch>#<number>`, for a row that was kept aside before


class Staging:
    """Rows by file and key. Use it in a `with` block."""

    def __init__(self, aliases: Sequence[str]) -> None:
        self._number = {alias: number for number, alias in enumerate(aliases)}
        self._sources: dict[str, int] = {}
        self._names: list[str] = []
        self._layouts: dict[tuple[str, ...], int] = {}
        self._columns: list[tuple[str, ...]] = []
        self._waiting: dict[str, list[tuple[object, ...]]] = {alias: [] for alias in aliases}
        self._database = sqlite3.connect("", isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{MEMORY_KIB}"):
            self._database.execute(f"PRAGMA {pragma}")
        for number in self._number.values():
            self._database.execute(
                f"CREATE TABLE rows_{number} (id INTEGER PRIMARY KEY, source INTEGER, number INTEGER, part INTEGER,"
                " key TEXT, layout INTEGER, fields TEXT, broken TEXT, why TEXT, text TEXT, mends TEXT)"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, alias: str, source: str, key: str | None, record: Record, *, part: int = 0, mends: str = "") -> None:
        """Keep a row; `source` is the name of its file."""
        waiting = self._waiting[alias]
        waiting.append(
            (
                _number(source, self._sources, self._names), record.number, part,
                None if key is None else json.dumps(key),
                _number(tuple(record.fields), self._layouts, self._columns), json.dumps(list(record.fields.values())),
                record.broken, record.why, json.dumps(record.text), mends,
            )
        )  # fmt: skip
        if len(waiting) >= BATCH:
            self._write(alias)

    def finish(self) -> None:
        """Make the rows ready to be asked for. No row may be added afterwards."""
        for alias, number in self._number.items():
            self._write(alias)
            self._database.execute(f"CREATE INDEX by_key_{number} ON rows_{number} (key)")

    def first_of_keys(self, alias: str) -> Iterator[str]:
        """Give every key once, in the order in which the file has them."""
        table = self._table(alias)
        last = 0
        while True:
            chunk = self._database.execute(
                f"SELECT id, key FROM {table} WHERE id > ? ORDER BY id LIMIT ?",  # noqa: S608 (a number of ours)
                (last, BATCH),
            ).fetchall()
            if not chunk:
                return
            for last, key in chunk:
                if key is not None and self._is_first(table, key, last):
                    yield json.loads(key)

    def rows(self, alias: str, key: str) -> list[Row]:
        """Give the rows of a file with a key, in their order."""
        return list(self._select(alias, "key = ?", (json.dumps(key),)))

    def keyless(self, alias: str) -> Iterator[Row]:
        """Give the rows that name nothing."""
        return self._select(alias, "key IS NULL", ())

    def broken(self, alias: str) -> Iterator[Row]:
        """Give the rows that could not be read, of a file that is looked up."""
        return self._select(alias, "broken <> '' AND key IS NOT NULL", ())

    def orphans(self, alias: str, parent: str) -> Iterator[str]:
        """Give the keys of a file that its parent does not have, in the order of the file."""
        table, other = self._table(alias), self._table(parent)
        condition = f"NOT EXISTS (SELECT 1 FROM {other} WHERE {other}.key = {table}.key)"  # noqa: S608
        statement = f"SELECT key FROM {table} WHERE key IS NOT NULL AND {condition} GROUP BY key ORDER BY MIN(id)"  # noqa: S608
        for (key,) in self._database.execute(statement):
            yield json.loads(key)

    def _is_first(self, table: str, key: str, row: int) -> bool:
        first = f"SELECT MIN(id) FROM {table} WHERE key = ?"  # noqa: S608
        return bool(self._database.execute(first, (key,)).fetchone()[0] == row)

    def _select(self, alias: str, condition: str, values: tuple[object, ...]) -> Iterator[Row]:
        statement = (
            "SELECT source, number, part, key, layout, fields, broken, why, text, mends "  # noqa: S608 (words of ours)
            f"FROM {self._table(alias)} WHERE {condition} ORDER BY id"
        )
        for source, number, part, key, layout, fields, broken, why, text, mends in self._database.execute(
            statement, values
        ):
            yield Row(
                alias=alias,
                place=Place(file=self._names[source], row=number, part=part),
                key=None if key is None else json.loads(key),
                fields=dict(zip(self._columns[layout], json.loads(fields), strict=True)),
                broken=broken,
                why=why,
                text=json.loads(text),
                mends=mends,
            )

    def _write(self, alias: str) -> None:
        statement = (
            f"INSERT INTO {self._table(alias)} (source, number, part, key, layout, fields, broken, why, text, mends) "  # noqa: S608
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        self._database.execute("BEGIN")
        self._database.executemany(statement, self._waiting[alias])
        self._database.execute("COMMIT")
        self._waiting[alias].clear()

    def _table(self, alias: str) -> str:
        return f"rows_{self._number[alias]}"


def _number(value: Value, numbers: dict[Value, int], values: list[Value]) -> int:
    """Give the number of a value that many rows share; rows keep the number only."""
    number = numbers.setdefault(value, len(values))
    if number == len(values):
        values.append(value)
    return number
