"""Which columns a mapping uses, and whether the files have them: told before any row is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from oms_workflow.connect.importing.findings import about_file, did_you_mean
from oms_workflow.connect.importing.given import GivenFile
from oms_workflow.connect.importing.mapping.joins import reachable, split_reference
from oms_workflow.connect.importing.mapping.model import Column, ImportMapping, Source
from oms_workflow.connect.importing.records.header import Header
from oms_workflow.errors import Diagnostic, Severity
from oms_workflow.feel import Expression

MISSING_COLUMN, REPEATED_COLUMN = "file-missing-column", "file-repeated-column"
IGNORED_COLUMNS, CLEANED_COLUMNS = "file-ignored-columns", "file-cleaned-columns"

ALIKE = 0.8  # how alike two names are of which one is probably the other, misspelt; 1 is equal

_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')
_STEP = re.compile(r"(\w+)\s*\.\s*(\w+)")

Used = dict[Column, str]  # column -> the key of the mapping that names it first


def used_columns(mapping: ImportMapping) -> Used:
    """Give every column the mapping names, with the key that does. Columns inside expressions are found as far as
    expressions name them (`total`, `items.price`); those reached by other means are not."""
    found: Used = {}
    for column, key in _of_files(mapping):
        found.setdefault(column, key)
    for source in all_sources(mapping):
        for column in source.columns:
            found.setdefault(column, source.target.path)
    return found


def expressions_of(mapping: ImportMapping) -> Iterator[tuple[Expression, str, str]]:
    """Give every expression over a row, with the file of the row and the key that has it."""
    for source in all_sources(mapping):
        if source.expression is not None:
            yield source.expression, source.base, source.target.path
    for section, condition in mapping.conditions.items():
        yield condition, mapping.base_of(section), f"{section}.when"
    for number, skip in enumerate(mapping.skips):
        yield skip.when, mapping.main, f"skip[{number}].when"


def all_sources(mapping: ImportMapping) -> Iterator[Source]:
    """Give every source of a mapping."""
    for section in mapping.sources.values():
        yield from section.values()
    yield from mapping.steps.values()
    yield from mapping.facts.values()


def check_columns(
    mapping: ImportMapping, columns: Mapping[str, Sequence[str]], labels: Mapping[str, str], *, lenient: bool = False
) -> list[Diagnostic]:
    """Find columns that are named and not there.

    Args:
        columns: The columns of each file whose columns are known, by alias.
        labels: The name of each of these files, for findings.
        lenient: Only something of each key has to be there: rows of JSON leave away what is empty.
    """
    found: list[Diagnostic] = []
    sparse = {alias for alias in columns if lenient or mapping.file_shape(alias).sparse}
    for alias in sparse:
        found += _without_key(mapping, alias, columns[alias], labels[alias])
    for column, key in used_columns(mapping).items():
        is_known = column.alias in columns and column.alias not in sparse
        if is_known and column.name not in columns[column.alias]:
            found.append(_missing(column.name, labels[column.alias], key, columns[column.alias], mapping))
    for expression, base, key in expressions_of(mapping) if not lenient else ():
        found += _in_expression(mapping, expression, base, key, columns, labels)
    return found


def _without_key(mapping: ImportMapping, alias: str, have: Sequence[str], label: str) -> Iterator[Diagnostic]:
    """Find keys of which nothing is there, so that no row could name anything."""
    file = mapping.file_shape(alias)
    for setting, names in (("key", file.key), ("by", file.by)):
        if names and not set(names) & set(have):
            yield _missing(names[-1], label, f"files.{alias}.{setting}", have, mapping)


def about_header(mapping: ImportMapping, file: GivenFile, header: Header) -> list[Diagnostic]:
    """Tell, once a file, what was made of its header: cleaned names, names that stand twice, columns left alone."""
    used = _used_of(mapping, file.alias)
    found = []
    if header.cleaned:
        message = f"{len(header.cleaned)} column names are read without the blanks around them: {_list(header.cleaned)}"
        found.append(about_file(CLEANED_COLUMNS, message, file.label, 1, severity=Severity.INFO))
    for name in header.repeated:
        severity = Severity.ERROR if name in used else Severity.WARNING
        message = f"The column {name!r} stands there more than once; the second one is called {name + ' (2)'!r}."
        fix = "Give each column a name of its own." if name in used else ""
        found.append(about_file(REPEATED_COLUMN, message, file.label, 1, severity=severity, fix=fix))
    guess = mapping.file_shape(file.alias).sparse
    return [*found, *about_ignored(mapping, file.alias, file.label, header.columns, guess=guess)]


def about_ignored(
    mapping: ImportMapping, alias: str, label: str, columns: Sequence[str], *, guess: bool
) -> list[Diagnostic]:
    """Tell which columns nothing is read from.

    Args:
        guess: A column may be missing from such a file, so one that is called nearly like it is probably misspelt.
    """
    used = _used_of(mapping, alias)
    ignored = [name for name in columns if name not in used]
    lacking = [name for name in used if name not in columns] if guess else []
    near = {name: get_close_matches(name, lacking, n=1, cutoff=ALIKE) for name in ignored}
    found = [
        about_file(
            IGNORED_COLUMNS, f"The column {name!r} is not used by the mapping.", label, 1,
            fix=f"Did you mean {alike[0]!r}?", severity=Severity.WARNING,
        )
        for name, alike in near.items() if alike
    ]  # fmt: skip
    rest = [name for name, alike in near.items() if not alike]
    if rest:
        message = f"{len(rest)} columns are not used by the mapping: {_list(rest)}"
        found.append(about_file(IGNORED_COLUMNS, message, label, 1, severity=Severity.INFO))
    return found


def _used_of(mapping: ImportMapping, alias: str) -> set[str]:
    used = {column.name for column in used_columns(mapping) if column.alias == alias}
    return used | {word for expression, _, _ in expressions_of(mapping) for word in _words(expression)}


def _of_files(mapping: ImportMapping) -> Iterator[tuple[Column, str]]:
    files = mapping.shape.files
    for alias, file in files.items():
        named = {"key": file.key, "by": file.by, "unique": file.unique, "numbers": file.numbers}
        for setting, names in named.items():
            for name in names:
                yield Column(alias, name), f"files.{alias}.{setting}"
        for text in file.looked_up_by:
            yield Column(*split_reference(text, files, "")), f"files.{alias}.looked_up_by"


def _in_expression(
    mapping: ImportMapping,
    expression: Expression,
    base: str,
    key: str,
    columns: Mapping[str, Sequence[str]],
    labels: Mapping[str, str],
) -> Iterator[Diagnostic]:
    files = mapping.shape.files
    near = reachable(base, files, mapping.look_ups) | (set(mapping.children()) if base == mapping.main else set())
    if base in columns:
        for name in expression.names:
            if name not in columns[base] and name not in near:
                yield _missing(name, labels[base], key, [*columns[base], *sorted(near)], mapping)
    for alias, name in _STEP.findall(_TEXTS.sub("", expression.text)):
        is_file = alias in near and alias in columns and alias not in columns.get(base, ())
        if is_file and name not in columns[alias] and name not in files:
            yield _missing(name, labels[alias], key, columns[alias], mapping)


def _words(expression: Expression) -> Iterable[str]:
    yield from expression.names
    yield from (name for _, name in _STEP.findall(_TEXTS.sub("", expression.text)))


def _missing(name: str, file: str, key: str, have: Sequence[str], mapping: ImportMapping) -> Diagnostic:
    message = f"{mapping.file} names the column {name!r} (in {key}), which the file does not have."
    return about_file(MISSING_COLUMN, message, file, 1, element=key, fix=did_you_mean(name, have))


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:20])) + (", ..." if len(names) > 20 else "") + "."
