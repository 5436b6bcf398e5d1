"""What planning a batch answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from oms_workflow.domain.batch import Plans, Score


class Planner(StrEnum):
    """Whose plan was kept."""

    RULES = "rules"  # one order after the other, as at intake
    OPTIMISER = "optimiser"  # all orders at once


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """The better of two plans for a batch, and how good it is known to be."""

    plans: Plans
    planner: Planner
    score: Score
    rules: Score  # what the rules alone would have come to
    bound: int | None  # minor units; no plan that leaves as little out costs less; None: not known
    notes: tuple[str, ...]  # what went wrong on the way, for people

    @property
    def gap(self) -> float | None:
        """How far the cost is from the proven least, as a share of it; None when that is not known."""
        if self.bound is None:
            return None
        return 0.0 if self.score.cost <= self.bound else (self.score.cost - self.bound) / max(1, self.bound)
