"""An expression reads a variable that nothing in the process can have set."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.bpmn.sla import HOLDS_VARIABLE
from oms_workflow.diagrams.dialect.feel_texts import FeelText, feel_texts
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.expressions import compiled
from oms_workflow.diagrams.findings import closest, finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.variables import all_variables, process_of
from oms_workflow.errors import Diagnostic, Severity

CODE = "unknown-variable"

_CLOSE = 0.85  # as near as `shortfal` and `shortfall`; further words are other words
_MOST_COMPARED = 200  # names of one file that are compared with all others


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Compare names in expressions with what the process sets.

    Where other variables may come from outside, only a name that is nearly another one is told.
    """
    variables = all_variables(document, knowledge)
    near: dict[tuple[str, str], str] = {}
    for text in feel_texts(document):
        process = process_of(text.node)
        around = variables.get(process)
        if around is None or not text.is_feel:
            continue
        for name in sorted(compiled(text.expression).names - around.names - text.extra - {HOLDS_VARIABLE}):
            key = process.id, name
            if key not in near:
                near[key] = closest(name, around.names, _CLOSE) if len(near) < _MOST_COMPARED else ""
            if near[key] or around.complete:
                yield _unknown(document, text, name, near[key])


def _unknown(document: Document, text: FeelText, name: str, meant: str) -> Diagnostic:
    message = f"{text.what.capitalize()} of {said(text.node)} reads {name!r}, which nothing in the process sets."
    fix = f"Did you mean {meant!r}?" if meant else "Set it by a mapping, or list it in startVariables of the process."
    return finding(document, text.element, CODE, message, fix, Severity.WARNING)
