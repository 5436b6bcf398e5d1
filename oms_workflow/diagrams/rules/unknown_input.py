"""An input mapping gives an activity something it does not take."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.data_flow import mappings_of
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.expressions import compiled
from oms_workflow.diagrams.findings import closest, finding, listed
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.variables import declared_activity, root_name
from oms_workflow.errors import Diagnostic

CODE = "unknown-input"


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Compare mapping targets with the fields of the activity's input; a helper that other mappings read is fine."""
    for node in document.nodes:
        declared = declared_activity(node, knowledge)
        if declared is None or declared.input.model_config.get("extra") == "allow":
            continue
        inputs, outputs = mappings_of(document, node, "input"), mappings_of(document, node, "output")
        read = {
            name
            for mapping in (*inputs, *outputs)
            if mapping.source.startswith("=")
            for name in compiled(mapping.source.removeprefix("=")).names
        }
        fields = declared.input.model_fields
        for mapping in inputs:
            name = root_name(mapping.target)
            if name and name not in fields and name not in read:
                message = f"Activity {declared.name!r} takes no input {name!r}; it takes {listed(fields)}."
                meant = closest(name, fields)
                fix = f"Did you mean {meant!r}?" if meant else "Remove the mapping, or correct its target."
                yield finding(document, node, CODE, message, fix)
