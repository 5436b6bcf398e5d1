"""From files to rows that know which order they belong to. Opens files, checks their columns, judges no row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from oms_workflow.connect.importing.codes import CHECKS
from oms_workflow.connect.importing.columns import about_header, check_columns, used_columns
from oms_workflow.connect.importing.findings import about_file
from oms_workflow.connect.importing.given import QUARANTINE_COLUMNS, GivenFile, recognise
from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.records.header import Header
from oms_workflow.connect.importing.records.json_rows import NotJson
from oms_workflow.connect.importing.records.reading import Layout, NoHeader, read_header, read_rows
from oms_workflow.connect.importing.records.record import Record
from oms_workflow.connect.importing.records.text_file import guess_encoding
from oms_workflow.connect.importing.staging import BETWEEN, Staging
from oms_workflow.errors import Diagnostic, DiagramRefused, Severity

NO_HEADER, NOT_JSON = "file-header", "file-not-json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A given file with its columns."""

    file: GivenFile
    layout: Layout
    header: Header | None  # None for JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRow:
    """One row on its way to its order."""

    alias: str
    source: str  # name of the file
    key: str | None  # None: it names no order, or nothing that could be looked up
    record: Record
    part: int = 0  # which element of a list inside a row; 0 is the row itself
    mends: str = ""  # `<batch>#<number>`, for a row that was kept aside before


def open_files(mapping: ImportMapping, given: Sequence[Path]) -> tuple[list[Opened], list[Diagnostic]]:
    """Find out what was given, and whether it has the columns the mapping names.

    Returns:
        The files, and what is worth knowing about them.

    Raises:
        DiagramRefused: When a file is missing, cannot be read, or lacks a column. No row was read then.
    """
    files, notes = recognise(mapping, given)
    opened: list[Opened] = []
    for file in files:
        layout = layout_of(mapping, file)
        try:
            header = read_header(file.path, layout)
        except NoHeader as problem:
            notes.append(_no_header(file, str(problem)))
            continue
        if header is not None and file.alias:
            notes += about_header(mapping, file, header)
        opened.append(Opened(file=file, layout=layout, header=header))
    for one in opened:
        if one.header is not None and one.file.alias:
            notes += check_columns(mapping, {one.file.alias: one.header.columns}, {one.file.alias: one.file.label})
    errors = [note for note in dict.fromkeys(notes) if note.severity is Severity.ERROR]
    if errors:
        raise DiagramRefused(errors)
    return opened, notes


def layout_of(mapping: ImportMapping, file: GivenFile) -> Layout:
    """Say how the text of a file becomes rows."""
    if not file.alias:
        lists = tuple(one.path for one in mapping.shape.files.values() if one.inside)
        return Layout(format=file.format, encoding=file.encoding, inside=lists)
    shape = mapping.file_shape(file.alias)
    inside = tuple(one.path for one in mapping.shape.files.values() if one.inside == file.alias)
    return Layout(
        format=file.format,
        encoding=file.encoding,
        delimiter=shape.delimiter,
        header=shape.header,
        path=shape.path,
        inside=inside,
    )


def load(mapping: ImportMapping, opened: Opened) -> Iterator[LoadedRow]:
    """Give the rows of a file, and of the lists inside them.

    Raises:
        DiagramRefused: When a JSON file ends being one.
        OSError: If the file cannot be read.
    """
    file = opened.file
    try:
        texts = _texts_of(mapping, file.alias) if file.format != "csv" else frozenset()
        for read in read_rows(file.path, opened.layout, opened.header):
            record = _without_lists(read, texts) if read.lists else read
            if not file.alias:
                yield from _from_quarantine(mapping, record)
                continue
            yield LoadedRow(alias=file.alias, source=file.label, key=key_of(mapping, file.alias, record), record=record)
            yield from _inside(mapping, file.alias, file.label, record)
    except NotJson as problem:
        message = f"The file cannot be read any further: {problem}. Nothing of it was taken in."
        raise DiagramRefused([about_file(NOT_JSON, message, file.label, fix="Export it again.")]) from None


def _texts_of(mapping: ImportMapping, alias: str) -> frozenset[str]:
    """Give the columns of a JSON file, and of the lists inside its rows, that a field is read from."""
    paths = {name: f"{one.path}." for name, one in mapping.shape.files.items() if one.inside == alias} | {alias: ""}
    return frozenset(f"{paths[one.alias]}{one.name}" for one in used_columns(mapping) if one.alias in paths)


def _without_lists(record: Record, texts: frozenset[str]) -> Record:
    """Give the row, as one that cannot be read when a list stands where one value is wanted."""
    wrong = sorted(record.lists & texts)
    if not wrong or record.broken:
        return record
    why = f"expected a text or a number, found a list, in {', '.join(map(repr, wrong))}"
    text = record.text or json.dumps(
        record.fields, ensure_ascii=False
    )  # kept aside as texts, lists would pass for values
    return replace(record, broken="bad-value", why=why, text=text)


def key_of(mapping: ImportMapping, alias: str, record: Record) -> str | None:
    """Give the key of a row: of the order it is or belongs to, or that it is looked up by; None without one."""
    shape = mapping.file_shape(alias)
    parts = [record.fields.get(name, "").strip() for name in (shape.by if shape.rows_of else shape.key)]
    return BETWEEN.join(parts) if any(parts) else None


def stage(staging: Staging, row: LoadedRow) -> None:
    """Put a row where the others of its order are."""
    staging.add(row.alias, row.source, row.key, row.record, part=row.part, mends=row.mends)


def _inside(mapping: ImportMapping, parent: str, source: str, record: Record, mends: str = "") -> Iterator[LoadedRow]:
    key = key_of(mapping, parent, record)
    for alias, shape in mapping.shape.files.items():
        if shape.inside != parent:
            continue
        for part, fields in enumerate(record.parts.get(shape.path, ()), start=1):
            row = Record(record.number, fields)
            yield LoadedRow(alias=alias, source=source, key=key, record=row, part=part, mends=mends)


def _from_quarantine(mapping: ImportMapping, record: Record) -> Iterator[LoadedRow]:
    """Give a mended row back to the file it came from."""
    fields = dict(record.fields)
    alias, source, number, key, batch, reasons, text = (fields.pop(f"oms_{name}", "") for name in _OWN)
    code = record.broken or (reasons.split(" ")[0].rstrip(":") if text else "")
    broken = code if code in CHECKS else "not-json" if code else ""
    number, _, part = number.partition("[")
    row = Record(
        int(number) if number.isdecimal() else record.number,
        {name: cell for name, cell in fields.items() if cell},
        broken,
        record.why or ("the row was not mended: `oms_text` is to be empty then" if broken else ""),
        text,
        parts=record.parts,  # a row that was no JSON may be mended to one with its lists inside it
    )
    if alias not in mapping.shape.files:
        alias, row = mapping.main, replace(row, broken="bad-value", why=f"{mapping.file} has no file of this name")
    found = _key_from(key) if mapping.file_shape(alias).inside else key_of(mapping, alias, row)
    place = int(part.rstrip("]")) if part.rstrip("]").isdecimal() else 0
    label = source or "quarantine"
    yield LoadedRow(alias=alias, source=label, key=found, record=row, part=place, mends=batch)
    if not row.broken:
        yield from _inside(mapping, alias, label, row, batch)


def _key_from(text: str) -> str | None:
    """Read `oms_key`: the parts of the order's key, as a JSON list of texts."""
    try:
        parts = json.loads(text)
    except ValueError:
        return None
    usable = isinstance(parts, list) and any(parts) and all(isinstance(part, str) for part in parts)
    return BETWEEN.join(parts) if usable else None


_OWN = tuple(name.removeprefix("oms_") for name in QUARANTINE_COLUMNS)


def _no_header(file: GivenFile, why: str) -> Diagnostic:
    fix = "Name the columns in the mapping with `header`, or export the file again."
    if "is not" in why:
        guessed = guess_encoding(file.path)
        fix = f'It reads well as {guessed}: say encoding = "{guessed}".' if guessed else "Set `encoding`."
    return about_file(NO_HEADER, f"There are no columns: {why}.", file.label, 1, fix=fix)
