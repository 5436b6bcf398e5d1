"""What a rule of the linter is: a code with a page of that name, and a check that gives findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic, Severity

_MOST = 200  # findings of one rule in one file; nobody mends more at a time, and hostile files would give millions

Check = Callable[[Document, Knowledge], Iterator[Diagnostic]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that may be wrong with a diagram. The first sentence of the module's docstring says what."""

    code: str
    check: Check
    summary: str

    def run(self, document: Document, knowledge: Knowledge) -> list[Diagnostic]:
        """Give what the rule finds; a rule that breaks becomes a finding of its own and stops no other rule."""
        try:
            found = list(islice(self.check(document, knowledge), _MOST + 1))
            return found if len(found) <= _MOST else [*found[:_MOST], _more(document, self.code)]
        except Exception as error:  # whatever it is, the other findings must still reach the analyst
            message = f"Rule {self.code!r} could not check this file: {type(error).__name__}: {error}"
            fix = "This is a defect of the linter; report it with the diagram. The diagram is not deployed unchecked."
            return [finding(document, document.root, "rule-failed", message, fix)]


def _more(document: Document, code: str) -> Diagnostic:
    message = f"There are more than {_MOST} findings {code!r}; the others are not listed."
    return finding(document, document.root, code, message, "Mend these, then check again.", Severity.INFO)
