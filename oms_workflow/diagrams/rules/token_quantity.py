"""An activity is to take or give fewer than one token."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS
from oms_workflow.errors import Diagnostic

CODE = "token-quantity"

_MOST = 1_000


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at startQuantity and completionQuantity (BPMN 2.0.2, table 10.3: not less than 1)."""
    for node in document.executed(*ACTIVITY_KINDS):
        for attribute in ("startQuantity", "completionQuantity"):
            text = node.get(attribute, "1")
            number = int(text) if text.isdecimal() and len(text) <= len(str(_MOST)) else 0
            if not 1 <= number <= _MOST:
                message = f"{attribute}: expected a whole number from 1 to {_MOST:,}; found {text!r}."
                yield finding(document, node, CODE, message, "Remove the attribute, which means 1.")
