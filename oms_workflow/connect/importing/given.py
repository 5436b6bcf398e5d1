"""Which of the given files is which file of the mapping. Looks at names and beginnings, reads no rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from oms_workflow.connect.importing.findings import about_file, did_you_mean
from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.records.text_file import encoding_of
from oms_workflow.errors import Diagnostic, DiagramRefused, Severity

Format = Literal["csv", "json", "jsonl"]

QUARANTINE_COLUMNS = ("oms_file", "oms_source", "oms_row", "oms_key", "oms_batch", "oms_reasons", "oms_text")
"""Columns that come before the original ones in a quarantine file: alias, file, row, key of the order that a row inside
an order belongs to, batch and number, reasons, and the row itself where its fields could not be told apart."""

UNREADABLE, UNKNOWN_FILE, MISSING_FILE, OTHER_ENCODING = (
    "file-unreadable", "file-unknown", "file-missing", "file-encoding",
)  # fmt: skip

_ENDINGS: dict[str, Format] = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_TABLES = (".csv", ".tsv", ".txt")
_MARKS = (f"{QUARANTINE_COLUMNS[0]},", f'{{"{QUARANTINE_COLUMNS[0]}"')


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """A file that was given, and what the mapping makes of it."""

    path: Path
    label: str  # its name in results: without the folder, unless two files are called the same
    alias: str  # its name in the mapping; '' for a quarantine file, each row of which names its own
    format: Format
    encoding: str


def recognise(mapping: ImportMapping, given: Sequence[Path]) -> tuple[list[GivenFile], list[Diagnostic]]:
    """Tell the given files apart.

    Args:
        given: Files; a folder stands for the tables and JSON files in it that the mapping names.

    Returns:
        The files in the order of the mapping, and what is worth knowing about them.

    Raises:
        DiagramRefused: When a file cannot be read, fits nothing in the mapping, or is missing.
    """
    errors: list[Diagnostic] = []
    notes: list[Diagnostic] = []
    found: list[GivenFile] = []
    paths = list(_files_of(mapping, given))
    names = [path.name for path in paths]
    for path in paths:
        label = path.name if names.count(path.name) == 1 else str(path)
        try:
            one = _recognised(mapping, path, label, notes)
        except OSError as problem:
            message = f"The file cannot be read: {problem.strerror}."
            errors.append(about_file(UNREADABLE, message, str(path), fix="Check the path and who may read it."))
            continue
        if one is None:
            patterns = [file.name for file in mapping.shape.files.values() if not file.inside]
            message = f"The mapping has no file of this name; its patterns: {', '.join(map(repr, patterns))}."
            errors.append(about_file(UNKNOWN_FILE, message, str(path), fix=did_you_mean(path.name, patterns)))
        else:
            found.append(one)
    errors += _missing(mapping, found, have_errors=bool(errors))
    if errors:
        raise DiagramRefused(errors)
    order = list(mapping.shape.files)
    return sorted(found, key=lambda one: order.index(one.alias) if one.alias else -1), notes


def format_of(path: Path) -> Format:
    """Give the format a file has by the ending of its name; CSV unless it says JSON."""
    return _ENDINGS.get(path.suffix.lower(), "csv")


def is_data(path: Path) -> bool:
    """Say whether a file in a folder is meant when the folder is given: tables and JSON, nothing that is hidden, and
    nothing an import kept aside."""
    is_known = path.suffix.lower() in _ENDINGS or path.suffix.lower() in _TABLES
    return is_known and not path.name.startswith(".") and ".quarantine" not in path.name and path.is_file()


def is_quarantine(path: Path) -> bool:
    """Say whether a file is one that an import wrote to be mended.

    Raises:
        OSError: If it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf")
    return start.startswith(tuple(mark.encode() for mark in _MARKS))


def _files_of(mapping: ImportMapping, given: Iterable[Path]) -> Iterable[Path]:
    for path in dict.fromkeys(given):
        if not path.is_dir():
            yield path
            continue
        yield from (one for one in sorted(path.iterdir()) if is_data(one) and _alias_of(mapping, one.name))


def _recognised(mapping: ImportMapping, path: Path, label: str, notes: list[Diagnostic]) -> GivenFile | None:
    ending = format_of(path)
    if is_quarantine(path):
        return GivenFile(path=path, label=label, alias="", format=ending, encoding=encoding_of(path, "utf-8"))
    alias = _alias_of(mapping, path.name)
    if not alias:
        return None
    shape = mapping.file_shape(alias)
    wanted = shape.encoding or mapping.shape.encoding
    encoding = encoding_of(path, wanted)
    if encoding != wanted and not (encoding == "utf-8-sig" and wanted.lower() in ("utf-8", "utf8")):
        message = f"Its byte order mark says {encoding}, the mapping {wanted}; it is read as {encoding}."
        notes.append(about_file(OTHER_ENCODING, message, label, severity=Severity.INFO))
    return GivenFile(path=path, label=label, alias=alias, format=shape.format or ending, encoding=encoding)


def _alias_of(mapping: ImportMapping, name: str) -> str:
    """Give the file of the mapping whose pattern fits best: the longest one; '' when none does."""
    fits = [
        alias
        for alias, file in mapping.shape.files.items()
        if not file.inside and fnmatchcase(name.casefold(), file.name.casefold())
    ]
    return max(fits, key=lambda alias: len(mapping.shape.files[alias].name), default="")


def _missing(mapping: ImportMapping, found: Sequence[GivenFile], *, have_errors: bool) -> Iterable[Diagnostic]:
    if have_errors or any(not one.alias for one in found):
        return  # a misspelt name is one mistake; a quarantine file brings rows of all files
    have = {one.alias for one in found}
    for alias, file in mapping.shape.files.items():
        if alias not in have and not file.inside and not file.optional:
            message = f"The file {alias!r} is missing: none of the given ones is called {file.name!r}."
            fix = "Give it too, or say `optional = true` in the mapping."
            line = mapping.line_of(("files", alias))
            yield about_file(MISSING_FILE, message, mapping.file, line, fix=fix)
