"""What a row can see: its own columns, the order it belongs to, and the rows it looks up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from oms_workflow.connect.importing.mapping.model import Column, ImportMapping, Source
from oms_workflow.connect.importing.problem import Place, Report
from oms_workflow.connect.importing.staging import Row
from oms_workflow.connect.importing.values.numbers import NotANumber


@dataclass(slots=True)
class Scope:
    """A row with everything around it."""

    row: Row
    look_ups: dict[str, Row] = field(default_factory=dict)  # by alias; what is not there is left out
    order: Scope | None = None  # for a row that belongs to an order
    parts: dict[str, list[Scope]] = field(default_factory=dict)  # for an order: its rows by alias
    _context: dict[str, Any] | None = None

    def text(self, column: Column) -> str:
        """Give what stands in a column, without blanks around it; '' when there is no such row or column."""
        row = self.row if column.alias == self.row.alias else self._row_of(column.alias)
        return row.fields.get(column.name, "").strip() if row is not None else ""

    def place_of(self, source: Source) -> Place:
        """Say in which row a value stands: this one, its order's or one that is looked up."""
        aliases = {column.alias for column in source.columns}
        row = self._row_of(aliases.pop()) if len(aliases) == 1 and self.row.alias not in aliases else None
        return (row or self.row).place

    def context(self, mapping: ImportMapping, report: Report) -> dict[str, Any]:
        """Give the variables of FEEL expressions over this row: texts, null for nothing, and the numbers the mapping
        names; files that go with it by their names, rows of an order as lists."""
        if self._context is None:
            found = _values(self.row, mapping, report)
            for alias, row in self.look_ups.items():
                found[alias] = _values(row, mapping, report)
            for alias in self._unknown(mapping):
                found.setdefault(alias, None)
            if self.order is not None:
                order = _values(self.order.row, mapping, report)
                found[self.order.row.alias] = order
                for alias, row in self.order.look_ups.items():
                    found.setdefault(alias, _values(row, mapping, report))
            for alias, scopes in self.parts.items():
                found[alias] = [scope.context(mapping, report) for scope in scopes]
            self._context = found
        return self._context

    def _row_of(self, alias: str) -> Row | None:
        if alias in self.look_ups:
            return self.look_ups[alias]
        if self.order is None:
            return None
        return self.order.row if alias == self.order.row.alias else self.order.look_ups.get(alias)

    def _unknown(self, mapping: ImportMapping) -> list[str]:
        """Give the look-ups that found nothing, so that their names are null and not unknown."""
        return [one.alias for one in mapping.look_ups if one.alias not in self.look_ups]


def _values(row: Row, mapping: ImportMapping, report: Report) -> dict[str, Any]:
    empty, numbers = mapping.empty, mapping.file_shape(row.alias).numbers
    found: dict[str, Any] = {}
    for name, cell in row.fields.items():
        text = cell.strip()
        found[name] = text if text and text not in empty else None
    for name in numbers:
        written = found.get(name)
        if written is None:
            continue
        try:
            found[name] = mapping.number_format(row.alias).read(written)
        except NotANumber as problem:
            found[name] = None
            report.found("bad-number", f"{problem}", place=row.place, column=name, vital=True)
    return found
