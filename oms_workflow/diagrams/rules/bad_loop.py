"""A loop does not say how often, or says it in two ways."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.fault import DialectFault
from oms_workflow.diagrams.dialect.loops import read_loop
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS
from oms_workflow.errors import Diagnostic

CODE = "bad-loop"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at the loops of all activities (BPMN 2.0.2, 10.3.8)."""
    for node in document.executed(*ACTIVITY_KINDS):
        standard = node.first("standardLoopCharacteristics")
        multiple = node.first("multiInstanceLoopCharacteristics")
        if standard is not None and multiple is not None:
            message = "The activity has a standard loop and a multi-instance loop."
            yield finding(document, node, CODE, message, "Keep the one that is meant.")
        if standard is not None:
            yield from _standard(document, node, standard)
        if multiple is not None:
            yield from _multiple(document, node, multiple)


def _standard(document: Document, node: Element, standard: Element) -> Iterator[Diagnostic]:
    try:
        read_loop(node)
    except DialectFault as fault:
        yield finding(document, standard, CODE, fault.message, fault.fix)
    if standard.first("loopCondition") is None and not standard.get("loopMaximum"):
        message = "The loop has neither a condition nor a maximum, so it would never end."
        yield finding(document, standard, CODE, message, "Give it a loopCondition in FEEL, or a loopMaximum.")


def _multiple(document: Document, node: Element, multiple: Element) -> Iterator[Diagnostic]:
    ours = multiple.extension("loopCharacteristics")
    collection = ours.get("inputCollection") if ours is not None else ""
    cardinality = multiple.first("loopCardinality")
    if not collection and cardinality is None:
        message = "The loop does not say over which list, or how often, it runs."
        fix = "Set inputCollection in zeebe:loopCharacteristics, or a loopCardinality."
        yield finding(document, multiple, CODE, message, fix)
    elif collection and cardinality is not None:
        message = "The loop has a list (inputCollection) and a number (loopCardinality)."
        yield finding(document, multiple, CODE, message, "Keep the one that is meant.")
    if ours is None:
        return
    if ours.get("inputElement") and not collection:
        message = "inputElement names the item of a list, but there is no inputCollection."
        yield finding(document, multiple, CODE, message, "Set inputCollection, or remove inputElement.")
    if bool(ours.get("outputCollection")) != bool(ours.get("outputElement")):
        message = "outputCollection and outputElement go together; one of them is missing."
        yield finding(document, multiple, CODE, message, "Set both, or none.")
