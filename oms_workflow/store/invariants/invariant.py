"""What an invariant is: a sentence, how many rows it speaks about, and the rows that break it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """One condition that must hold for every row, whatever happened.

    `counted` gives one number: the rows looked at. `broken` gives one text per violation, which names the row by ids
    and shows the figures that disagree. Both are plain SQL that means the same on SQLite and PostgreSQL.
    """

    name: str
    says: str
    counted: str
    broken: str
