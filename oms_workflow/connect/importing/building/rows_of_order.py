"""Whether the rows of one order agree: repetitions, contradictions, rows that could not be read."""

from __future__ import annotations

from collections.abc import Sequence

from oms_workflow.connect.importing.columns import all_sources
from oms_workflow.connect.importing.gathering import Bundle
from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.problem import Report
from oms_workflow.connect.importing.results import RawRow
from oms_workflow.connect.importing.scope import Scope
from oms_workflow.connect.importing.staging import BETWEEN, Row


def check_rows(mapping: ImportMapping, bundle: Bundle, report: Report) -> list[list[Row]]:
    """Find out whether the rows make one order. Rows of it that say nothing new are put aside in it.

    Returns:
        Repetitions of the order as a whole: each with the rows that are lists inside it.
    """
    for row in bundle.rows:
        if row.broken:
            own = row in bundle.mains
            report.found(row.broken if own else "broken-part", row.why, place=row.place, vital=True)
    is_one = mapping.file_shape(mapping.main).many_rows or any(row.broken for row in bundle.mains)
    repeated = [] if is_one else _without_repetitions(mapping, bundle, report)
    for alias, rows in bundle.parts.items():
        bundle.parts[alias] = _once(mapping, alias, rows, bundle, report)
    if mapping.file_shape(mapping.main).many_rows:
        _check_agreement(mapping, bundle.mains, report)
        bundle.mains = _once(mapping, mapping.main, bundle.mains, bundle, report)
    return repeated


def _without_repetitions(mapping: ImportMapping, bundle: Bundle, report: Report) -> list[list[Row]]:
    """Take the rows out of a bundle that say of the whole order what its first row says."""
    first, *others = bundle.mains
    if not others:
        return []
    inside = [alias for alias in bundle.parts if mapping.file_shape(alias).inside]
    wholes = [[main, *(row for alias in inside for row in _inside(main, bundle.parts[alias]))] for main in bundle.mains]
    said = [[(row.alias, row.fields) for row in whole] for whole in wholes]
    if any(one != said[0] for one in said):
        places = ", ".join(str(row.place) for row in bundle.mains)
        report.found("duplicate-external-id", f"several rows name this order and differ: {places}", place=first.place)
        return []
    bundle.mains = [first]
    for alias in inside:
        bundle.parts[alias] = _inside(first, bundle.parts[alias])
    return wholes[1:]


def _inside(main: Row, rows: Sequence[Row]) -> list[Row]:
    """Give the rows of a list that stands in one row."""
    return [row for row in rows if (row.place.file, row.place.row) == (main.place.file, main.place.row)]


def _once(mapping: ImportMapping, alias: str, rows: Sequence[Row], bundle: Bundle, report: Report) -> list[Row]:
    """Give the rows without those that say the same as another one in all columns, where the mapping tells rows apart
    by some."""
    unique = mapping.file_shape(alias).unique
    if not unique:
        return list(rows)
    first_of: dict[str, Row] = {}
    kept = []
    for row in rows:
        name = BETWEEN.join(row.fields.get(column, "").strip() for column in unique)
        first = first_of.setdefault(name, row)
        if first is row or row.broken:
            kept.append(row)
        elif first.fields != row.fields:
            message = f"differs from {first.place}, though both have the same {', '.join(unique)}"
            report.found("contradictory-rows", message, place=row.place)
            kept.append(row)
        else:
            fixed = report.may_fix("duplicate-row")
            message = f"says the same as {first.place}, and is read once"
            report.found("duplicate-row", message, place=row.place, fixed=fixed)
            bundle.repeated.append(row)
    return kept


def _check_agreement(mapping: ImportMapping, rows: Sequence[Row], report: Report) -> None:
    """Compare the columns that say something about the order as a whole."""
    columns = {
        column.name: None
        for source in all_sources(mapping)
        if source.target.section in ("order", "contact", "history")
        for column in source.columns
        if column.alias == mapping.main
    }
    for name in columns:
        if len({row.fields.get(name, "").strip() for row in rows}) > 1:
            message = f"{len(rows)} rows of this order do not agree"
            report.found("contradictory-rows", message, place=rows[0].place, column=name)


def raw_rows(bundle: Bundle, scope: Scope | None) -> tuple[RawRow, ...]:
    """Give the rows as they stood in their files, with those they look up, each once."""
    rows = [*bundle.rows]
    if scope is not None:
        scopes = [scope, *(part for parts in scope.parts.values() for part in parts)]
        rows += [row for one in scopes for row in one.look_ups.values()]
    found: dict[tuple[str, str], RawRow] = {}
    for row in rows:
        raw = RawRow(alias=row.alias, place=row.place, key=row.key, fields=row.fields, text=row.text)
        found.setdefault((row.alias, str(row.place)), raw)
    return tuple(found.values())
