"""Puts the rows of one order together, with the rows they look up. Every row ends up in exactly one place."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from oms_workflow.connect.importing.mapping.model import ImportMapping, LookUp
from oms_workflow.connect.importing.problem import Report
from oms_workflow.connect.importing.scope import Scope
from oms_workflow.connect.importing.staging import BETWEEN, Row, Staging

REMEMBERED = 20_000  # rows that were looked up last; sellers and products come again and again


@dataclass(slots=True)
class Bundle:
    """Rows that one order is made of, or that were left over."""

    mains: list[Row] = field(default_factory=list)  # rows of the file of orders, all with one key
    parts: dict[str, list[Row]] = field(default_factory=dict)  # other rows of the order, by alias
    repeated: list[Row] = field(default_factory=list)  # rows of the order that say the same as another one of it
    left_over: tuple[str, str] | None = None  # code and reason, for rows that make no order

    @property
    def rows(self) -> list[Row]:
        """All rows, those of the file of orders first."""
        return [*self.mains, *(row for rows in self.parts.values() for row in rows), *self.repeated]


def bundles(mapping: ImportMapping, staging: Staging) -> Iterator[Bundle]:
    """Give the rows order by order, in the order of the file of orders; then those that belong to none."""
    children = mapping.children()
    for key in staging.first_of_keys(mapping.main):
        parts = {alias: staging.rows(alias, key) for alias in children}
        yield Bundle(mains=staging.rows(mapping.main, key), parts=parts)
    for row in staging.keyless(mapping.main):
        yield Bundle(mains=[row], left_over=_why_alone(row, "it names no order"))
    for alias in children:
        for key in staging.orphans(alias, mapping.main):
            why = ("unknown-reference", f"there is no order in {mapping.main!r} that these rows belong to")
            yield Bundle(parts={alias: staging.rows(alias, key)}, left_over=why)
        for row in staging.keyless(alias):
            yield Bundle(parts={alias: [row]}, left_over=_why_alone(row, "it does not say which order it belongs to"))
    for one in mapping.look_ups:
        for row in staging.keyless(one.alias):
            yield Bundle(parts={one.alias: [row]}, left_over=_why_alone(row, "it has no key to be looked up by"))
        for row in staging.broken(one.alias):
            yield Bundle(parts={one.alias: [row]}, left_over=(row.broken, row.why))


def _why_alone(row: Row, why: str) -> tuple[str, str]:
    return (row.broken, row.why) if row.broken else ("missing-field", why)


class LookUps:
    """Finds the rows that a row refers to."""

    def __init__(self, mapping: ImportMapping, staging: Staging) -> None:
        self._mapping = mapping
        self._staging = staging
        self._remembered: OrderedDict[tuple[str, str], list[Row]] = OrderedDict()

    def scope_of(self, bundle: Bundle, report: Report) -> Scope:
        """Give the scope of an order's first row, with those of all its rows."""
        main = bundle.mains[0]
        scope = Scope(main)
        self._look_up_all(scope, report)
        for alias, rows in bundle.parts.items():
            scope.parts[alias] = [self._part(row, scope, report) for row in rows]
        if self._mapping.file_shape(main.alias).many_rows:
            scope.parts[main.alias] = [self._part(row, scope, report) for row in bundle.mains]
        return scope

    def _part(self, row: Row, order: Scope, report: Report) -> Scope:
        scope = Scope(row, order=order)
        self._look_up_all(scope, report)
        return scope

    def _look_up_all(self, scope: Scope, report: Report) -> None:
        for one in self._mapping.look_ups if not scope.row.broken else ():
            base = scope.row if one.base == scope.row.alias else scope.look_ups.get(one.base)
            if base is not None:
                found = self._find(one, base, report)
                if found is not None:
                    scope.look_ups[one.alias] = found

    def _find(self, one: LookUp, base: Row, report: Report) -> Row | None:
        words = [base.fields.get(column, "").strip() for column in one.columns]
        if not all(words) or not self._mapping.empty.isdisjoint(words):
            return None  # it refers to nothing
        rows = self._rows(one.alias, BETWEEN.join(words))
        sound = [row for row in rows if not row.broken]
        if sound and all(row.fields == sound[0].fields for row in sound):
            return sound[0]
        place, column = base.place, ", ".join(one.columns)
        if sound:
            message = f"{len(sound)} rows of {one.alias!r} have this key and differ"
            report.found("ambiguous-reference", message, place=place, column=column)
            return None
        message = "the row it refers to cannot be read" if rows else f"there is no such row in {one.alias!r}"
        report.found("unknown-reference", message, place=place, column=column, instead=one.missing)
        return None

    def _rows(self, alias: str, key: str) -> list[Row]:
        name = (alias, key)
        if name in self._remembered:
            self._remembered.move_to_end(name)
            return self._remembered[name]
        rows = self._staging.rows(alias, key)
        self._remembered[name] = rows
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
        return rows
