"""An activity needs an input that neither a mapping nor a variable of the process gives."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.data_flow import mappings_of
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.variables import all_variables, declared_activity, process_of, root_name
from oms_workflow.errors import Diagnostic, Severity

CODE = "missing-input"


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Compare the required fields of the activity's input with mappings and variables of the same name."""
    variables = all_variables(document, knowledge)
    for node in document.nodes:
        declared = declared_activity(node, knowledge)
        if declared is None:
            continue
        around = variables[process_of(node)]
        mapped = {root_name(mapping.target) for mapping in mappings_of(document, node, "input")}
        for name, field in declared.input.model_fields.items():
            if not field.is_required() or name in mapped or name in around.names:
                continue
            message = f"Activity {declared.name!r} needs input {name!r}; no mapping and nothing in the process sets it."
            fix = f"Add an input mapping to {name!r}."
            if not around.complete:
                fix += " If it comes from outside, list it in the process property startVariables."
            severity = Severity.ERROR if around.complete else Severity.WARNING
            yield finding(document, node, CODE, message, fix, severity)
