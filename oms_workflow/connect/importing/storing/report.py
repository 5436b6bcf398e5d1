"""What an import came to, for people and for the exit code of a command."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from oms_workflow.connect.importing.orders import ReadCounts
from oms_workflow.domain.ports.imports import ErrorPolicy


@dataclass(slots=True, kw_only=True)
class BatchReport:
    """Counts of an import. Rows are told apart in `read`, orders here."""

    batch: str
    policy: ErrorPolicy
    read: ReadCounts = field(default_factory=ReadCounts)
    rejected: bool = False  # nothing was stored, because one order was bad
    repeated: bool = False  # the same files came in before with the same mapping: nothing was done
    new: int = 0
    changed: int = 0  # known orders that say something else now; a revision waits for a decision
    known: int = 0  # orders that were there, and say the same
    stale: int = 0  # older news than what is stored
    refused: int = 0  # by the shop, after they could be read; they are in quarantine too
    let_in: int = 0  # orders with problems that `ignore_failed` let in; counted under new, changed or known too
    quarantined: int = 0  # orders, and rows without an order, that were kept aside
    quarantine: Path | None = None  # the file to mend; None when nothing was kept aside
    by_code: dict[str, int] = field(default_factory=dict)  # orders with a finding of this kind

    @property
    def taken_in(self) -> int:
        """Orders that are in the house now."""
        return self.new + self.changed + self.known + self.stale

    @property
    def is_clean(self) -> bool:
        """True when nothing was kept aside."""
        return not self.quarantined and not self.rejected

    def note(self, code: str) -> None:
        """Count an order with a finding."""
        self.by_code[code] = self.by_code.get(code, 0) + 1
