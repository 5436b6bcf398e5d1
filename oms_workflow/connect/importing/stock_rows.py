"""Rows of a file that says what is on hand. They hang on no order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oms_workflow.connect.importing.building.fields import Fields
from oms_workflow.connect.importing.building.lines import origin_of
from oms_workflow.connect.importing.loading import Opened, load
from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.problem import Place, Problem, Report
from oms_workflow.connect.importing.results import Origin
from oms_workflow.connect.importing.scope import Scope
from oms_workflow.connect.importing.staging import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRow:
    """Pieces on a shelf."""

    sku: str
    quantity: int
    origin: Origin


def read_stock_rows(
    mapping: ImportMapping, opened: Iterable[Opened]
) -> tuple[tuple[StockRow, ...], tuple[Problem, ...]]:
    """Read the file [stock] names; rows that cannot be read are told and left out.

    Raises:
        DiagramRefused: When a JSON file ends being one.
        OSError: If the file cannot be read.
    """
    assert mapping.shape.stock is not None
    report = Report(dict(mapping.shape.checks))
    rows = []
    for one in opened:
        if one.file.alias != mapping.shape.stock.rows:
            continue
        for loaded in load(mapping, one):
            place = Place(file=loaded.source, row=loaded.record.number)
            if loaded.record.broken:
                report.found(loaded.record.broken, loaded.record.why, place=place, vital=True)
                continue
            row = _read(mapping, Row(alias=loaded.alias, place=place, key=None, fields=loaded.record.fields), report)
            if row is not None:
                rows.append(row)
    return tuple(rows), report.distinct()


def _read(mapping: ImportMapping, row: Row, report: Report) -> StockRow | None:
    fields = Fields(mapping, mapping.section("stock"), Scope(row), report)
    origin, sku, quantity = origin_of(mapping, fields), fields.text("sku"), fields.count("quantity")
    if not sku:
        report.found("missing-field", "expected an SKU", place=row.place, field="stock.sku", vital=True)
    if origin is None or not sku or quantity is None:
        return None
    return StockRow(sku=sku, quantity=quantity, origin=origin)
