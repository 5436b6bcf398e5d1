"""Reads orders out of files: every row ends up in exactly one result. Stores nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from oms_workflow.connect.importing.building.order import Builder
from oms_workflow.connect.importing.columns import about_ignored, check_columns
from oms_workflow.connect.importing.gathering import LookUps, bundles
from oms_workflow.connect.importing.loading import Opened, load, open_files, stage
from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.progress import (
    ORDERS_BETWEEN,
    ROWS_BETWEEN,
    OnProgress,
    Progress,
    say_nothing,
)
from oms_workflow.connect.importing.results import Accepted, Duplicate, Quarantined, Result, Skipped
from oms_workflow.connect.importing.staging import Staging
from oms_workflow.errors import Diagnostic, DiagramRefused


@dataclass(slots=True)
class ReadCounts:
    """What one pass over the files came to. `rows` is always the sum of the five kinds below it."""

    rows: int = 0  # in all files; header rows and empty lines are none
    accepted_rows: int = 0
    duplicate_rows: int = 0
    skipped_rows: int = 0
    quarantined_rows: int = 0
    reference_rows: int = 0  # of files that are only looked up, or stand alone
    accepted: int = 0  # orders
    duplicates: int = 0
    skipped: int = 0
    quarantined: int = 0
    by_code: dict[str, int] = field(default_factory=dict)  # orders with a finding of this kind
    by_reason: dict[str, int] = field(default_factory=dict)  # orders left out, by the mapping's reason

    @property
    def results(self) -> int:
        """Results given so far."""
        return self.accepted + self.duplicates + self.skipped + self.quarantined

    def count(self, result: Result) -> None:
        """Add a result."""
        rows = len({(place.file, place.row) for place in result.places if not place.part})
        if isinstance(result, Accepted):
            self.accepted += 1
            self.accepted_rows += rows
        elif isinstance(result, Duplicate):
            self.duplicates += 1
            self.duplicate_rows += rows
        elif isinstance(result, Skipped):
            self.skipped += 1
            self.skipped_rows += rows
            self.by_reason[result.reason] = self.by_reason.get(result.reason, 0) + 1
        else:
            self.quarantined += 1
            self.quarantined_rows += rows
        if isinstance(result, (Accepted, Quarantined)):
            for code in {problem.code: None for problem in result.problems}:
                self.by_code[code] = self.by_code.get(code, 0) + 1


class OrderReading:
    """Orders in files. Iterating reads the files, as often as one likes; each time gives the same results.

    Memory stays bounded: rows wait for each other in a temporary database on disk.
    """

    def __init__(
        self, mapping: ImportMapping, opened: Sequence[Opened], findings: Sequence[Diagnostic], *, at: datetime
    ) -> None:
        self.mapping = mapping
        self.findings = tuple(findings)  # what is worth knowing about the files as a whole; of JSON once it was read
        self.counts = ReadCounts()  # of the last pass; grows while it goes on
        self.columns: dict[str, None] = {}  # of all files in their order; complete once results come
        self.on_progress: OnProgress = say_nothing
        self.most = 0  # stop after so many good orders; 0: give all
        self._at = at
        self.opened = tuple(opened)
        for one in opened:
            if one.header is not None and one.file.alias:
                self.columns |= dict.fromkeys(one.header.columns)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, in the order of the mapping."""
        return tuple(one.file.path for one in self.opened)

    @property
    def is_json(self) -> bool:
        """True when the orders come in JSON."""
        return any(one.header is None for one in self.opened)

    def __iter__(self) -> Iterator[Result]:
        """Give what becomes of the rows, in the order of the file of orders; rows without an order come last.

        Raises:
            DiagramRefused: When a JSON file ends being one, or no row has the columns the mapping names.
            OSError: If a file cannot be read.
        """
        self.counts = ReadCounts()
        mapping = self.mapping
        with Staging(tuple(mapping.shape.files)) as staging:
            self._load(staging)
            builder = Builder(mapping, LookUps(mapping, staging), at=self._at)
            for bundle in bundles(mapping, staging):
                for result in builder.results(bundle):
                    self._note(result)
                    yield result
                    if self.most and self.counts.accepted >= self.most:
                        return
        self._tell()

    def _load(self, staging: Staging) -> None:
        children = frozenset((self.mapping.main, *self.mapping.children()))
        seen: dict[str, dict[str, None]] = {}
        labels: dict[str, str] = {}
        for opened in self.opened:
            for row in load(self.mapping, opened):
                stage(staging, row)
                if (opened.header is None and not row.record.broken) or not opened.file.alias:
                    seen.setdefault(row.alias, {}).update(dict.fromkeys(row.record.fields))
                    labels[row.alias] = opened.file.label
                if row.part:
                    continue
                self.counts.rows += 1
                is_alone = row.key is None or row.record.broken
                if row.alias not in children and not (is_alone and self._is_looked_up(row.alias)):
                    self.counts.reference_rows += 1
                if self.counts.rows % ROWS_BETWEEN == 0:
                    self._tell()
        staging.finish()
        for columns in seen.values():
            self.columns |= columns
        self._tell_ignored(seen, labels)
        if self.opened and all(one.file.alias for one in self.opened):
            errors = check_columns(
                self.mapping, {alias: list(have) for alias, have in seen.items()}, labels, lenient=True
            )
            if errors:
                raise DiagramRefused(errors)

    def _tell_ignored(self, seen: Mapping[str, Mapping[str, None]], labels: Mapping[str, str]) -> None:
        """Tell of keys in JSON that nothing is read from; they are known only now."""
        if all(one.file.alias for one in self.opened):
            for alias, columns in seen.items():
                told = about_ignored(self.mapping, alias, labels[alias], list(columns), guess=True)
                self.findings += tuple(one for one in told if one not in self.findings)

    def _is_looked_up(self, alias: str) -> bool:
        return any(one.alias == alias for one in self.mapping.look_ups)

    def _note(self, result: Result) -> None:
        self.counts.count(result)
        if self.counts.results % ORDERS_BETWEEN == 0:
            self._tell()

    def _tell(self) -> None:
        counts = self.counts
        self.on_progress(
            Progress(rows=counts.rows, orders=counts.results, accepted=counts.accepted, quarantined=counts.quarantined)
        )


def read_orders(
    mapping: ImportMapping, files: Sequence[Path], *, at: datetime, on_progress: OnProgress = say_nothing
) -> OrderReading:
    """Open files for reading orders out of them.

    Args:
        files: The files the mapping names; a folder stands for those in it; or a quarantine file that was mended.
        at: UTC; an order that was placed more than a day after it is a mistake.
        on_progress: Told now and then how far the reading is.

    Raises:
        DiagramRefused: When a file is missing, unknown, unreadable or lacks a column. No row was read then.
    """
    opened, findings = open_files(mapping, files)
    reading = OrderReading(mapping, opened, findings, at=at)
    reading.on_progress = on_progress
    return reading
