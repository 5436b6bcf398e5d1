"""Cycles that count in months: each turn is so many months after one day, not after the turn before.

From the 31st of January on, a turn each month falls on the 28th of February and then on the 31st of March.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Monthly:
    """A cycle of whole months."""

    months: int  # from one turn to the next, 1 or more
    anchor: datetime  # UTC; turn 0

    def turn(self, number: int) -> datetime:
        """Give when a turn is due; a day that its month does not have is the last one it has.

        Raises:
            ValueError: When that is beyond the year 9999.
        """
        year, month = divmod(self.anchor.year * 12 + self.anchor.month - 1 + number * self.months, 12)
        last = monthrange(year, month + 1)[1] if year <= 9999 else 31
        return self.anchor.replace(year=year, month=month + 1, day=min(self.anchor.day, last))

    def after(self, due: datetime) -> datetime:
        """Give the turn that follows the one due then."""
        return self.turn(self._number(due) + 1)

    def from_then_on(self, moment: datetime) -> int:
        """Give the number of the first turn that is due at a moment or later; 0 when that is the anchor."""
        number = max(0, self._number(moment))
        return number if self.turn(number) >= moment else number + 1

    def _number(self, moment: datetime) -> int:
        """Turn of the month that a moment is in, or the last one before it."""
        return ((moment.year - self.anchor.year) * 12 + moment.month - self.anchor.month) // self.months
