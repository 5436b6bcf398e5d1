"""The three families of errors a person can act on. Anything else is a defect of ours and is left to crash.

    Exception
    +-- DiagramRefused     the analyst edits: a diagram, decision table, calendar or form
    +-- OrderRefused       the shop says no: do not retry
    +-- WorldUnavailable   something outside does not answer: retry

No wording is made here: whoever raises says what happened, where, and how to mend it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs: an `error` keeps a diagram from being deployed."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding about a file an analyst edits, placed so that it can be mended from the text alone."""

    code: str  # stable, kebab-case, has a page of that name in docs/rules/
    message: str  # what is wrong, expected first, then found
    file: str
    line: int | None  # 1-based; None only when the file could not be read as text at all
    element: str = ""  # id of the element, '' for the file as a whole
    name: str = ""  # the element's label
    fix: str = ""  # what to do about it
    severity: Severity = Severity.ERROR

    def to_json(self) -> dict[str, Any]:
        """Give the finding as `oms lint --json` prints it."""
        return asdict(self) | {"severity": self.severity.value}

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        label = f" ({self.name!r})" if self.name else ""
        at = f" at {self.element!r}{label}" if self.element else ""
        fix = f"\n  Fix: {self.fix}" if self.fix else ""
        return f"{place}: {self.code}{at}\n  {self.message}{fix}"


class DiagramRefused(Exception):
    """A diagram or decision cannot be run as drawn; `diagnostics` holds every finding of severity error."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__("\n".join(str(finding) for finding in self.diagnostics))


class OrderRefused(Exception):
    """The shop says no; asking again gives the same answer, so nothing retries it.

    `code` names a business error that a boundary event on the node may catch (`OUT_OF_STOCK`); without a code, or when
    nothing catches it, the token waits at the node as an incident.
    """

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class WorldUnavailable(Exception):
    """A system outside ours does not answer now (network, database, carrier, payment); asking again may help."""
