"""The file with everything that was kept aside: original fields, file, row and reasons, to be mended and imported.

It holds personal data: nobody but its owner can read it.
"""

from __future__ import annotations

import csv
import filecmp
import glob
import json
import os
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

from oms_workflow.connect.importing.codes import Treatment
from oms_workflow.connect.importing.given import QUARANTINE_COLUMNS
from oms_workflow.connect.importing.problem import Problem
from oms_workflow.connect.importing.records.text_file import show_lost
from oms_workflow.connect.importing.results import Quarantined, RawRow
from oms_workflow.connect.importing.staging import BETWEEN

OWNER_ONLY = 0o600
LONGEST_TEXT = 100_000  # characters of a row that is written whole; the rest is in the original file


def quarantine_path(inputs: Sequence[Path], *, as_json: bool) -> Path:
    """Say where the quarantine file goes unless told otherwise: beside the first input, `orders.quarantine.csv`."""
    stem = inputs[0].stem.partition(".quarantine")[0]
    return inputs[0].with_name(f"{stem}.quarantine.{'jsonl' if as_json else 'csv'}")


class QuarantineFile:
    """Writes quarantined rows. Nothing is written while there are none, and no file is ever overwritten."""

    def __init__(self, path: Path, columns: Iterable[str], batch: str) -> None:
        """Prepare a file.

        Args:
            path: `.jsonl` writes one JSON object a line, anything else CSV in UTF-8.
            columns: Original columns of all files, looked at when the first row is written; each row has all of them.
            batch: Id of the batch, so that a mended row is known again.
        """
        self._wanted = path
        self._all_columns = columns
        self._columns: tuple[str, ...] = ()
        self._batch = batch
        self._unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
        self._stream: TextIO | None = None
        self._shared: set[tuple[str, str]] = set()  # rows that were looked up and written once

    def sweep(self) -> None:
        """Remove what imports left behind that were killed: it is personal data, and nobody knows of it."""
        for path in self._wanted.parent.glob(f".{glob.escape(self._wanted.name)}.*.unfinished"):
            number = path.name.removesuffix(".unfinished").rpartition(".")[2]
            if number.isdecimal() and not _is_running(int(number)):
                path.unlink(missing_ok=True)

    def add(self, result: Quarantined, number: int) -> None:
        """Write the rows of a result.

        Args:
            number: Of the result in its batch.
        """
        stream = self._stream or self._open()
        own = {str(place) for place in result.places}
        for row in result.rows:
            if str(row.place) not in own:
                if (row.alias, str(row.place)) in self._shared:
                    continue
                self._shared.add((row.alias, str(row.place)))
            stream.write(self._line(row, result.problems, number))

    def finish(self) -> Path | None:
        """Give the file its name; None when nothing was kept aside.

        A file of that name with other content stays: a person may be mending it. The new one gets a number then.
        """
        if self._stream is None:
            return None
        self._stream.close()
        self._stream = None
        for path in _names(self._wanted):
            if not path.exists():
                self._unfinished.replace(path)
                return path
            if filecmp.cmp(path, self._unfinished, shallow=False):
                self._unfinished.unlink()
                return path
        raise AssertionError("unreachable")

    def discard(self) -> None:
        """Leave no trace, after an import that broke off."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
            self._unfinished.unlink(missing_ok=True)

    def _open(self) -> TextIO:
        self._unfinished.unlink(missing_ok=True)
        handle = os.open(self._unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        self._stream = os.fdopen(handle, "w", encoding="utf-8", newline="")
        if not self._is_json:
            self._columns = tuple(name for name in self._all_columns if name not in QUARANTINE_COLUMNS)
            self._stream.write("\ufeff" + _csv_line([*QUARANTINE_COLUMNS, *self._columns]))
        return self._stream

    @property
    def _is_json(self) -> bool:
        return self._wanted.suffix.lower() in (".jsonl", ".json", ".ndjson")

    def _line(self, row: RawRow, problems: Sequence[Problem], number: int) -> str:
        key = json.dumps(row.key.split(BETWEEN), ensure_ascii=False) if row.key and row.place.part else ""
        where = str(row.place).removeprefix(f"{row.place.file}:")
        text = row.text[:LONGEST_TEXT]
        own = [row.alias, row.place.file, where, key, f"{self._batch}#{number}", _reasons(row, problems), text]
        if self._is_json:
            said: dict[str, Any] = dict(zip(QUARANTINE_COLUMNS, own, strict=True)) | dict(row.fields)
            return show_lost(json.dumps(said, ensure_ascii=False)) + "\n"
        return _csv_line([show_lost(cell) for cell in (*own, *(row.fields.get(name, "") for name in self._columns))])


def _reasons(row: RawRow, problems: Sequence[Problem]) -> str:
    """Give the reasons of a row: those about it, or else those about the order as a whole; its own first."""
    kept = [one for one in problems if one.treatment is Treatment.QUARANTINE]
    own = [one for one in kept if one.place == row.place]
    return "; ".join(_reason(one) for one in own or [one for one in kept if one.place is None])


def _reason(problem: Problem) -> str:
    column = f" ({problem.column or problem.field})" if problem.column or problem.field else ""
    return f"{problem.code}:{column} {problem.message}"


def _csv_line(cells: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _is_running(process: int) -> bool:
    if process == os.getpid():
        return False  # what this process has not opened yet was left by another one of that number
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _names(path: Path) -> Iterable[Path]:
    """Give the path, then `name-2`, `name-3` and so on."""
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
