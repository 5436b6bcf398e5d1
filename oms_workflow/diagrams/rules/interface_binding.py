"""A process or task that is offered as a service is not bound to the operations of its interface."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.item_types import same_type
from oms_workflow.errors import Diagnostic

CODE = "interface-binding"

_FIX = "Bind inputs and outputs to operations, or remove the interface: activities stand in zeebe:taskDefinition."


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at interfaces and bindings (BPMN 2.0.2, 10.3.6, Callable Element)."""
    for reference in document.of_kind("supportedInterfaceRef"):
        holder = reference.parent
        if holder is not None and holder.first("ioBinding") is None:
            message = f"The {said(holder)} supports an interface, but no ioBinding says how."
            yield finding(document, holder, CODE, message, _FIX)
    for binding in document.of_kind("ioBinding"):
        operation = document.refer(binding.get("operationRef"))
        if operation is not None:
            yield from _side(document, binding, operation, "inputDataRef", "inMessageRef")
            yield from _side(document, binding, operation, "outputDataRef", "outMessageRef")


def _side(document: Document, binding: Element, operation: Element, data: str, message: str) -> Iterator[Diagnostic]:
    bound, named = document.refer(binding.get(data)), operation.first(message)
    carried = document.refer(named.text) if named is not None else None
    if bound is not None and carried is not None and not same_type(document, bound, carried):
        text = f"{said(bound)} is bound to {said(carried)}, which has another type."
        yield finding(document, binding, CODE, text, _FIX)
