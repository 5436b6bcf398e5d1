"""An output mapping reads something that the activity does not give."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.data_flow import mappings_of
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.expressions import compiled
from oms_workflow.diagrams.findings import closest, finding, listed
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.variables import all_variables, declared_activity, process_of, root_name
from oms_workflow.errors import Diagnostic, Severity

CODE = "unknown-output"


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Compare what output mappings read with the fields of the activity's output and the variables of the process."""
    variables = all_variables(document, knowledge)
    for node in document.nodes:
        declared = declared_activity(node, knowledge)
        if declared is None or declared.output.model_config.get("extra") == "allow":
            continue
        around = variables[process_of(node)]
        fields = declared.output.model_fields
        known = (
            around.names | set(fields) | {root_name(mapping.target) for mapping in mappings_of(document, node, "input")}
        )
        for mapping in mappings_of(document, node, "output"):
            if not mapping.source.startswith("="):
                continue
            for name in sorted(compiled(mapping.source.removeprefix("=")).names - known):
                meant = closest(name, fields)
                message = f"Activity {declared.name!r} gives no {name!r}; it gives {listed(fields)}."
                fix = (
                    f"Did you mean {meant!r}?" if meant else "Read a field of the output, or a variable of the process."
                )
                severity = Severity.ERROR if meant or around.complete else Severity.WARNING
                yield finding(document, node, CODE, message, fix, severity)
