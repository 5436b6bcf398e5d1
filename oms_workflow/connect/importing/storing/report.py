"""What an import came to, for people and for the exit code of a command."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from oms_workflow.connect.importing.codes import Treatment
from oms_workflow.connect.importing.orders import ReadCounts
from oms_workflow.connect.importing.problem import Problem
from oms_workflow.connect.importing.results import Quarantined
from oms_workflow.domain.ports.imports import ErrorPolicy

MOST_REASONS = 100  # all of them are in the quarantine file


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
    reasons: list[Problem] = field(default_factory=list)  # why the first ones were kept aside; holds no personal data
    order_ids: list[str] = field(default_factory=list)  # of all orders that are in the house now, in file order

    @property
    def taken_in(self) -> int:
        """Orders that are in the house now."""
        return self.new + self.changed + self.known + self.stale

    @property
    def is_clean(self) -> bool:
        """True when nothing was kept aside."""
        return not self.quarantined and not self.rejected

    def note_reasons(self, result: Quarantined) -> None:
        """Keep the reasons of something that was kept aside, as long as there are not too many."""
        kept = [one for one in result.problems if one.treatment is Treatment.QUARANTINE]
        for problem in kept[: MOST_REASONS - len(self.reasons)]:
            self.reasons.append(problem if problem.place else replace(problem, place=result.places[0]))

    def note(self, code: str) -> None:
        """Count an order with a finding."""
        self.by_code[code] = self.by_code.get(code, 0) + 1
