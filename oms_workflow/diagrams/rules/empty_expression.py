"""An expression element has no text, so there is nothing to evaluate."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import XSI_TYPE
from oms_workflow.errors import Diagnostic

CODE = "empty-expression"

_EXPRESSIONS = frozenset(
    {
        "conditionExpression",
        "condition",
        "loopCardinality",
        "loopCondition",
        "completionCondition",
        "activationCondition",
        "timeDate",
        "timeDuration",
        "timeCycle",
        "messagePath",
        "dataPath",
        "transformation",
        "formalExpression",
    }
)


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at everything that holds an expression (BPMN 2.0.2, 8.4.7: the body of a formal expression is required)."""
    for element in document.checked:
        formal = element.attributes.get(XSI_TYPE, "").endswith("tFormalExpression")
        if (formal or element.kind in _EXPRESSIONS) and not element.text:
            message = f"The {element.kind} is empty."
            yield finding(document, element, CODE, message, "Write the expression, or remove the element.")
