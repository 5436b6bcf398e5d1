"""Rows of a file, whatever its format, as records with named columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from oms_workflow.connect.importing.records.csv_rows import Cells, csv_rows
from oms_workflow.connect.importing.records.header import Header, header_of
from oms_workflow.connect.importing.records.json_rows import array_rows, line_rows
from oms_workflow.connect.importing.records.record import MAX_COLUMNS, Record
from oms_workflow.connect.importing.records.text_file import Lines, is_mis_encoded, open_text


class NoHeader(Exception):
    """A delimited file has no header that can be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the text of a file becomes rows."""

    format: str  # csv, json or jsonl
    encoding: str
    delimiter: str = ","
    header: tuple[str, ...] = ()  # names of the columns of a file without a header row
    path: str = ""  # JSON: keys that lead to the array
    inside: tuple[str, ...] = ()  # JSON: paths of lists in a row whose elements are rows


def read_header(path: Path, layout: Layout) -> Header | None:
    """Give the columns of a delimited file; None for JSON, where every row has its own.

    Raises:
        NoHeader: If the file is empty, or its first row cannot be read.
        OSError: If the file cannot be read.
    """
    if layout.format != "csv":
        return None
    if layout.header:
        return header_of(layout.header)
    with open_text(path, layout.encoding) as stream:
        first = next(csv_rows(Lines(stream), layout.delimiter), None)
    if first is None:
        raise NoHeader("the file is empty")
    if first.broken:
        raise NoHeader(f"the header row cannot be read: {first.why}")
    if is_mis_encoded("".join(first.cells)):
        raise NoHeader(f"the header row is not {layout.encoding}")
    if len(first.cells) > MAX_COLUMNS:
        raise NoHeader(f"the header row has more than {MAX_COLUMNS:,} columns")
    return header_of(first.cells)


def read_rows(path: Path, layout: Layout, header: Header | None) -> Iterator[Record]:
    """Give the rows of a file one after the other, in bounded memory.

    Raises:
        NotJson: When a JSON file ends being one; rows before that place were given.
        OSError: If the file cannot be read.
    """
    with open_text(path, layout.encoding) as stream:
        if layout.format == "json":
            yield from array_rows(stream, layout.path, layout.inside)
        elif layout.format == "jsonl":
            yield from line_rows(Lines(stream), layout.inside)
        else:
            assert header is not None
            rows = csv_rows(Lines(stream), layout.delimiter, len(header.columns))
            for cells in islice(rows, 0 if layout.header else 1, None):
                yield named(cells, header.columns)


def named(cells: Cells, columns: Sequence[str]) -> Record:
    """Give the cells of a row their names."""
    fields = dict(zip(columns, cells.cells, strict=False))
    if cells.broken:
        if cells.broken == "nul-byte":  # the fields are known, so the row can be mended field by field
            return Record(cells.number, fields, cells.broken, cells.why)
        return Record(cells.number, fields, cells.broken, cells.why, cells.text)
    lost = [name for name, cell in fields.items() if is_mis_encoded(cell)]
    if lost:
        why = f"bytes that are not in the file's encoding, in {', '.join(map(repr, lost))}"
        return Record(cells.number, fields, "mis-encoded", why)
    return Record(cells.number, fields)
