"""Port to the record of files that came in: what became of every row, and the rows that wait for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class ErrorPolicy(StrEnum):
    """What a bad row means for the others."""

    REJECT_EVERYTHING = "reject_everything"
    REJECT_FAILED_ROWS = "reject_failed_rows"
    IGNORE_FAILED = "ignore_failed"


class RowOutcome(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One file or request with many orders."""

    id: str
    source: str
    policy: ErrorPolicy
    state: str  # running, done, rejected
    rows: int
    accepted: int
    duplicates: int
    refused: int
    started_at: datetime  # UTC
    ended_at: datetime | None
    by: str


class ImportBatches(Protocol):
    """Batches and their rows."""

    async def begin(self, batch_id: str, *, source: str, policy: ErrorPolicy, by: str, at: datetime) -> Batch:
        """Begin a batch; one that was begun before is given back, to go on with it."""
        ...

    async def put(
        self,
        batch_id: str,
        row: int,
        *,
        outcome: RowOutcome,
        order_id: str = "",
        problems: Sequence[Mapping[str, Any]] = (),
        content: Mapping[str, Any] | None = None,
    ) -> None:
        """Note what became of a row; the row again takes the place of what was noted."""
        ...

    async def finish(self, batch_id: str, *, rejected: bool = False, at: datetime) -> Batch:
        """End a batch and count its rows. A rejected one keeps its rows as a report; none of them is an order."""
        ...

    async def resolve(self, batch_id: str, row: int, *, order_id: str, by: str, at: datetime) -> bool:
        """Note that a quarantined row was mended; its content is forgotten. False when it was not waiting."""
        ...
