"""What was found about a row or an order, in words for people. Holds no text of the row: that may be personal data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from oms_workflow.connect.importing.codes import CHECKS, Treatment

_SHAPE = (
    (re.compile(r"[\ud800-\udfff]"), "\N{REPLACEMENT CHARACTER}"),
    (re.compile(r"[^\W\d_]"), "a"),
    (re.compile(r"\d"), "9"),
)
_SHOWN = 30  # characters of a shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a row stands."""

    file: str  # name of the file, without its folder
    row: int  # line at which it begins (CSV, JSON Lines), or its place in the array (JSON), from 1
    part: int = 0  # which element of a list inside the row, from 1; 0 is the row itself

    def __str__(self) -> str:
        return f"{self.file}:{self.row}" + (f"[{self.part}]" if self.part else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding about an order or a row."""

    code: str  # a key of `CHECKS`
    message: str  # expected first, then found; no text of the row
    treatment: Treatment
    place: Place | None = None  # None: the order as a whole
    column: str = ""
    field: str = ""  # what it was read for: `order.placed_at`
    is_essential: bool = False  # without it there is no order; not even `ignore_failed` takes it in

    def __str__(self) -> str:
        at = f"{self.place}: " if self.place else ""
        column = f" ({self.column or self.field})" if self.column or self.field else ""
        return f"{at}{self.code}{column}: {self.message}"


def shape_of(text: str) -> str:
    """Give the shape of a text without what it says: digits as 9, letters as a; at most 30 characters.

    >>> shape_of("12,50 EUR")
    '99,99 aaa'
    """
    shown = text[:_SHOWN]
    for sign, stand_in in _SHAPE:
        shown = sign.sub(stand_in, shown)
    return f"{shown}..." if len(text) > _SHOWN else shown


@dataclass(slots=True)
class Report:
    """Gathers what is found about one order, each finding treated as the mapping says."""

    treatments: dict[str, Treatment]  # by code, where the mapping differs from `CHECKS`
    problems: list[Problem] = field(default_factory=list)

    def treatment_of(self, code: str) -> Treatment:
        """Say what is to be done about a kind of finding."""
        return self.treatments.get(code) or CHECKS[code].treatment

    def may_fix(self, code: str) -> bool:
        """Say whether a finding of this kind is to be mended."""
        return self.treatment_of(code) is Treatment.FIX

    def found(
        self,
        code: str,
        message: str,
        *,
        place: Place | None = None,
        column: str = "",
        field: str = "",
        fixed: bool = False,
        vital: bool = False,
        instead: Treatment | None = None,
    ) -> None:
        """Note a finding.

        Args:
            fixed: It was mended.
            instead: The treatment, in place of the one of its kind.
            vital: There is no order without the field: quarantined, whatever the mapping says.
        """
        treatment = Treatment.QUARANTINE if vital and not fixed else instead or self.treatment_of(code)
        if treatment is Treatment.IGNORE:
            return
        if treatment is Treatment.FIX and not fixed:
            treatment = Treatment.WARN
        essential = treatment is Treatment.QUARANTINE and (vital or CHECKS[code].is_essential)
        self.problems.append(
            Problem(
                code=code, message=message, treatment=treatment, place=place, column=column, field=field,
                is_essential=essential,
            )
        )  # fmt: skip

    def distinct(self) -> tuple[Problem, ...]:
        """Give what was found, each finding once."""
        return tuple(dict.fromkeys(self.problems))

    @property
    def quarantines(self) -> bool:
        """True when something found keeps the order aside."""
        return any(problem.treatment is Treatment.QUARANTINE for problem in self.problems)

    @property
    def is_hopeless(self) -> bool:
        """True when there is no order to take in at all."""
        return any(problem.is_essential for problem in self.problems)
