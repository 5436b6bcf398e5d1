"""Reading a CSV file in the house's own column names: good rows go on, bad ones are kept aside with reasons."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from oms_workflow.domain.money import Money

REASONS = "reasons"
"""The column a file of bad rows has besides; it is passed over when that file is read again."""

MOST_ROWS = 200_000  # more is not a table people keep
_ENCODINGS = ("utf-8-sig", "gb18030")  # what spreadsheets write in China

T = TypeVar("T")


class Unreadable(ValueError):
    """The file as a whole cannot be used: the message says why, and what would be right."""


class BadRow(ValueError):
    """A row cannot be used; what is wrong with its cells was noted."""


class Cells:
    """The cells of one row; what is wrong with any of them is noted, so that all of it can be told at once."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self.reasons: list[str] = []

    def note(self, column: str, why: str) -> None:
        """Keep what is wrong with a cell."""
        self.reasons.append(f"{column}: {why}")

    def text(self, column: str, *, default: str | None = None) -> str:
        """Give a text; without a default it must not be empty."""
        found = (self._cells.get(column) or "").strip()
        if not found and default is None:
            self.note(column, "expected a text, found nothing")
        return found or default or ""

    def whole(self, column: str, *, least: int = 0, default: int | None = None) -> int:
        """Give a whole number."""
        found = self.text(column, default="" if default is not None else None)
        if not found:
            return default or 0
        try:
            number = int(found)
        except ValueError:
            self.note(column, "expected a whole number")
            return default or 0
        if not least <= number <= 2_000_000_000:
            self.note(column, f"expected {least} or more, found {number}")
        return number

    def money(self, column: str, currency: str, *, default: str | None = None) -> Money:
        """Give an amount that is not negative."""
        found = self.text(column, default=default)
        try:
            amount = Money.of(found or "0", currency)
        except ValueError as wrong:
            self.note(column, str(wrong))
            return Money.zero("CNY")
        if amount.is_negative:
            self.note(column, "expected an amount of 0 or more")
        return amount

    def day(self, column: str, *, optional: bool = False) -> date | None:
        """Give a day written as 2026-11-30; None when it is left away."""
        found = self.text(column, default="" if optional else None)
        try:
            return date.fromisoformat(found) if found else None
        except ValueError:
            self.note(column, "expected a day such as 2026-11-30")
            return None

    def flag(self, column: str) -> bool:
        """Give yes or no; empty is no."""
        found = self.text(column, default="no").casefold()
        if found not in _YES | _NO:
            self.note(column, "expected yes or no")
        return found in _YES


_YES, _NO = frozenset({"yes", "true", "1", "是"}), frozenset({"no", "false", "0", "否"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAside:
    """A row that cannot be used."""

    line: int  # of the file, at which it begins
    cells: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainRows(Generic[T]):
    """What was in a file."""

    columns: tuple[str, ...]
    cells: Mapping[int, tuple[str, ...]]  # of every row, by line
    good: tuple[tuple[int, T], ...]  # (line, what was read), in order of the file
    bad: tuple[KeptAside, ...]

    def once_each(self, named: Callable[[T], Iterable[str]]) -> PlainRows[T]:
        """Keep all rows aside that speak about the same thing: nobody can know which of them is meant."""
        lines: dict[str, list[int]] = {}
        for line, row in self.good:
            for name in named(row):
                lines.setdefault(name, []).append(line)
        why = {
            line: f"the rows {', '.join(str(one) for one in same)} speak about the same"
            for same in lines.values()
            if len(same) > 1
            for line in same
        }
        more = [KeptAside(line=line, cells=self.cells[line], reasons=(reason,)) for line, reason in why.items()]
        bad = sorted([*self.bad, *more], key=lambda one: one.line)
        good = tuple(pair for pair in self.good if pair[0] not in why)
        return replace(self, good=good, bad=tuple(bad))


def read_plain_rows(
    path: Path, *, columns: Sequence[str], required: Iterable[str], read: Callable[[Cells], T]
) -> PlainRows[T]:
    """Read a file; every row is either good or kept aside.

    Args:
        columns: All names a column may have.
        required: Those that must be there.
        read: Reads one row; it notes what is wrong, and may raise BadRow when it cannot go on.

    Raises:
        Unreadable: When it is no text, has no header, or has a column nobody knows.
        OSError: If the file cannot be read.
    """
    lines = csv.reader(io.StringIO(_text(path), newline=""))
    try:
        header = tuple(cell.strip().casefold() for cell in next(lines, []))
        _require_columns(path, header, columns, required)
        good: list[tuple[int, T]] = []
        bad: list[KeptAside] = []
        raw: dict[int, tuple[str, ...]] = {}
        before = lines.line_num
        for cells in lines:
            line, before = before + 1, lines.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(good) + len(bad) >= MOST_ROWS:
                raise Unreadable(f"{path.name} has more than {MOST_ROWS} rows. Divide it.")
            raw[line] = tuple(cells)
            made, reasons = _row(header, cells, read)
            if made is None or reasons:
                bad.append(KeptAside(line=line, cells=raw[line], reasons=reasons))
            else:
                good.append((line, made))
    except csv.Error as wrong:
        raise Unreadable(f"{path.name}:{lines.line_num}: this is no CSV ({wrong}).") from None
    return PlainRows(columns=header, cells=raw, good=tuple(good), bad=tuple(bad))


def write_aside(path: Path, rows: PlainRows[T]) -> None:
    """Write the rows that were kept aside, each with its reasons; mended, the file can be read again.

    Raises:
        OSError: If the file cannot be written.
    """
    columns = [name for name in rows.columns if name != REASONS]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*columns, REASONS])
        for row in rows.bad:
            cells = [cell for name, cell in zip(rows.columns, row.cells, strict=False) if name != REASONS]
            cells += [""] * (len(columns) - len(cells))
            writer.writerow([*cells, "; ".join(row.reasons)])


def _text(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"{path.name} is no text in UTF-8 or GB18030. Save it as CSV UTF-8.")


def _require_columns(path: Path, header: Sequence[str], known: Sequence[str], required: Iterable[str]) -> None:
    missing = [name for name in required if name not in header]
    unknown = [name for name in header if name not in (*known, REASONS)]
    twice = sorted({name for name in header if header.count(name) > 1})
    for what, names in (("misses the columns", missing), ("has the unknown columns", unknown), ("repeats", twice)):
        if names:
            listed = ", ".join(repr(name) for name in names)
            raise Unreadable(f"{path.name} {what} {listed}. Known are: {', '.join(known)}.")


def _row(header: Sequence[str], cells: Sequence[str], read: Callable[[Cells], T]) -> tuple[T | None, tuple[str, ...]]:
    if len(cells) > len(header):
        return None, (f"expected {len(header)} cells, found {len(cells)}",)
    row = Cells(dict(zip(header, cells, strict=False)))
    try:
        made = read(row)
    except BadRow as wrong:
        if str(wrong):
            row.reasons.append(str(wrong))
        made = None
    except ValueError as wrong:
        return None, (*row.reasons, str(wrong))
    return made, tuple(row.reasons)
