"""An expression is written in another language than FEEL."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.logic_reader import is_feel
from oms_workflow.errors import Diagnostic

CODE = "expression-language"


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Look at attribute `expressionLanguage`, which holds for everything inside as well."""
    for node in document.root.descendants():
        language = node.get("expressionLanguage")
        if language and not is_feel(node):
            message = f"Expected FEEL, found {node.kind} in '{language}'; only FEEL is evaluated."
            yield document.finding(node, CODE, message, "Write it in FEEL, and remove the attribute.")
