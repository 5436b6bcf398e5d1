"""From the rows of one order to what becomes of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from oms_workflow.connect.importing.building.fields import Fields
from oms_workflow.connect.importing.building.reading import OrderReader
from oms_workflow.connect.importing.building.rows_of_order import check_rows, raw_rows
from oms_workflow.connect.importing.gathering import Bundle, LookUps
from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.problem import Place, Report
from oms_workflow.connect.importing.results import Accepted, Duplicate, Intake, Quarantined, RawRow, Result, Skipped
from oms_workflow.connect.importing.scope import Scope
from oms_workflow.connect.importing.staging import Row


class Builder:
    """Makes orders of rows, one bundle at a time."""

    def __init__(self, mapping: ImportMapping, look_ups: LookUps, *, at: datetime) -> None:
        self._mapping = mapping
        self._look_ups = look_ups
        self._at = at

    def results(self, bundle: Bundle) -> Iterator[Result]:
        """Give what becomes of the rows of one key: usually one result, and one for every repetition."""
        report = Report(dict(self._mapping.shape.checks))
        if bundle.left_over is not None:
            code, why = bundle.left_over
            for row in bundle.rows:
                report.found(row.broken or code, row.why or why, place=row.place, vital=True)
            yield self._aside(bundle, report, None, "", None)
            return
        repeated = check_rows(self._mapping, bundle, report)
        scope = self._look_ups.scope_of(bundle, report)
        skipped = self._skipped(scope, bundle, report)
        yield skipped or self._built(bundle, scope, report)
        if repeated:
            first = bundle.mains[0].place
            name = OrderReader(self._mapping, scope, Report({}), at=self._at).name
            for rows in repeated:
                yield Duplicate(order_id=name, places=tuple(row.place for row in rows), first=first)

    def _skipped(self, scope: Scope, bundle: Bundle, report: Report) -> Skipped | None:
        if scope.row.broken:
            return None
        fields = Fields(self._mapping, {}, scope, report)
        for skip in self._mapping.skips:
            if fields.holds(skip.when):
                return Skipped(reason=skip.reason, places=_places(bundle))
        return None

    def _built(self, bundle: Bundle, scope: Scope, report: Report) -> Result:
        if any(row.broken for row in bundle.mains):
            return self._aside(bundle, report, scope, "", None)
        reader = OrderReader(self._mapping, scope, report, at=self._at)
        intake = reader.intake()
        if report.quarantines or intake is None:
            return self._aside(bundle, report, scope, reader.name, None if report.is_hopeless else intake)
        rows = raw_rows(bundle, scope)
        return Accepted(
            intake=intake,
            places=_places(bundle),
            rows=rows,
            problems=report.distinct(),
            digest=_digest(rows),
            mends=_mends(bundle.rows),
        )

    def _aside(
        self, bundle: Bundle, report: Report, scope: Scope | None, name: str, intake: Intake | None
    ) -> Quarantined:
        rows = raw_rows(bundle, scope)
        return Quarantined(
            problems=report.distinct(),
            places=_places(bundle),
            rows=rows,
            order_id=name,
            intake=intake,
            digest=_digest(rows),
            mends=_mends(bundle.rows),
        )


def _places(bundle: Bundle) -> tuple[Place, ...]:
    return tuple(row.place for row in bundle.rows)


def _mends(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.mends for row in rows if row.mends))


def _digest(rows: Sequence[RawRow]) -> str:
    """Give what two deliveries of the same rows have in common; it tells nothing about them."""
    said = sorted(json.dumps([row.alias, sorted(row.fields.items())]) for row in rows)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]
