"""A loop does not say how often, or says it in two ways."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.data_flow import loop_collection, loop_ends, variable_of
from oms_workflow.diagrams.dialect.fault import DialectFault
from oms_workflow.diagrams.dialect.loops import read_loop
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.item_types import item_definition
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS
from oms_workflow.errors import Diagnostic

CODE = "bad-loop"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at the loops of all activities (BPMN 2.0.2, 10.3.8)."""
    for node in (*document.processes, *document.nodes):
        yield from _window(document, node)
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


def _window(document: Document, node: Element) -> Iterator[Diagnostic]:
    if not read_settings(node).get("loopWindow"):
        return
    multiple = node.first("multiInstanceLoopCharacteristics")
    if multiple is None or multiple.is_true("isSequential"):
        message = "loopWindow says how many items of a parallel multi-instance run at a time; this is none."
        yield finding(document, node, CODE, message, "Remove loopWindow.")
        return
    try:
        read_loop(document, node)
    except DialectFault as fault:
        yield finding(document, node, CODE, fault.message, fault.fix)


def _standard(document: Document, node: Element, standard: Element) -> Iterator[Diagnostic]:
    try:
        read_loop(document, node)
    except DialectFault as fault:
        yield finding(document, standard, CODE, fault.message, fault.fix)
    if standard.first("loopCondition") is None and not standard.get("loopMaximum"):
        message = "The loop has neither a condition nor a maximum, so it would never end."
        yield finding(document, standard, CODE, message, "Give it a loopCondition in FEEL, or a loopMaximum.")


def _multiple(document: Document, node: Element, multiple: Element) -> Iterator[Diagnostic]:
    ours = multiple.extension("loopCharacteristics")
    collection = ours.get("inputCollection") if ours is not None else ""
    cardinality = multiple.first("loopCardinality")
    yield from _data(document, multiple, ours)
    if multiple.first("loopDataInputRef") is not None:
        collection = loop_collection(document, node, multiple)
    if not collection and cardinality is None:
        message = "The loop does not say over which list, or how often, it runs."
        fix = "Set inputCollection in zeebe:loopCharacteristics, a loopDataInputRef to data, or a loopCardinality."
        yield finding(document, multiple, CODE, message, fix)
    elif collection and cardinality is not None:
        message = "The loop has a list and a number (loopCardinality)."
        yield finding(document, multiple, CODE, message, "Keep the one that is meant.")
    if ours is None:
        return
    if ours.get("inputElement") and not collection:
        message = "inputElement names the item of a list, but there is no inputCollection."
        yield finding(document, multiple, CODE, message, "Set inputCollection, or remove inputElement.")
    if bool(ours.get("outputCollection")) != bool(ours.get("outputElement")):
        message = "outputCollection and outputElement go together; one of them is missing."
        yield finding(document, multiple, CODE, message, "Set both, or none.")


_SAID_TWICE = (
    ("loopDataInputRef", "inputCollection"),
    ("inputDataItem", "inputElement"),
    ("loopDataOutputRef", "outputCollection"),
    ("outputDataItem", "outputElement"),
)


def _data(document: Document, multiple: Element, ours: Element | None) -> Iterator[Diagnostic]:
    for kind, attribute in _SAID_TWICE:
        told = multiple.first(kind)
        if told is None:
            continue
        data = document.refer(told.text) if kind.endswith("Ref") else told
        if ours is not None and ours.get(attribute):
            message = f"{kind} and {attribute} of zeebe:loopCharacteristics say the same thing in two ways."
            yield finding(document, told, CODE, message, "Keep the one that is meant.")
        elif data is not None and not variable_of(document, data):
            message = f"{kind} is data whose name FEEL cannot say: {data.name or data.id!r}."
            yield finding(document, told, CODE, message, "Give the data a name of letters, digits and underscores.")
        elif data is not None and kind.endswith("Ref"):
            yield from _list(document, told, data)
    if (multiple.first("loopDataOutputRef") is None) != (multiple.first("outputDataItem") is None):
        message = "loopDataOutputRef and outputDataItem go together; one of them is missing."
        yield finding(document, multiple, CODE, message, "Set both, or none.")


def _list(document: Document, told: Element, data: Element) -> Iterator[Diagnostic]:
    """A loop runs over data that is a collection (BPMN 2.0.2, table 10.30), and that somebody fills."""
    definition = item_definition(document, data)
    if definition is not None and not definition.is_true("isCollection"):
        message = f"{told.kind} is {said(data)}, whose type {definition.id!r} is no collection."
        yield finding(document, told, CODE, message, f"Set isCollection of {definition.id!r} to true.")
    activity = next((around for around in told.ancestors() if around.kind in ACTIVITY_KINDS), None)
    own = activity is not None and data.kind == "dataInput" and activity in data.ancestors()
    if own and activity is not None and not loop_ends(document, activity):
        message = f"Nothing carries a list to {said(data)}."
        yield finding(document, told, CODE, message, "Draw a data association to it.")
