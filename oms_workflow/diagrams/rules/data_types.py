"""The declared type of data contradicts what it is taken from or handed to."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.work import read_call
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.item_types import item_definition, item_type, same_type
from oms_workflow.diagrams.vocabulary import EVENT_KINDS
from oms_workflow.errors import Diagnostic

CODE = "data-types"

_FIX = "Correct the item definitions, or remove the data: variables are set by mappings."
_CARRIERS = {
    "messageEventDefinition": "messageRef",
    "errorEventDefinition": "errorRef",
    "escalationEventDefinition": "escalationRef",
    "signalEventDefinition": "signalRef",
}


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Compare item definitions (BPMN 2.0.2, 8.4.10, 10.3.3, 10.3.6, 10.4.1 and 10.5.1)."""
    for data in document.executed("dataObject", "dataInput", "dataOutput"):
        item = item_definition(document, data)
        if item is not None and item.is_true("isCollection") != data.is_true("isCollection"):
            message = f"isCollection of {said(data)} contradicts its item definition {item.id!r}."
            yield finding(document, data, CODE, message, _FIX)
    for task in document.executed("serviceTask"):
        yield from _service(document, task)
    for task in document.executed("sendTask", "receiveTask"):
        yield from _message_task(document, task)
    for event in document.executed(*EVENT_KINDS):
        yield from _event(document, event)
    for call in document.executed("callActivity"):
        yield from _call(document, call)


def _service(document: Document, task: Element) -> Iterator[Diagnostic]:
    operation = document.refer(task.get("operationRef")) if task.get("operationRef") else None
    if operation is None or operation.kind != "operation":
        return
    box = task.first("ioSpecification")
    inputs, outputs = _sets(box, "inputSet"), _sets(box, "outputSet")
    if inputs != 1 or outputs > 1:
        message = f"An operation needs one input set and at most one output set; there are {inputs} and {outputs}."
        yield finding(document, task, CODE, message, _FIX)
    for data, reference in (("dataInput", "inMessageRef"), ("dataOutput", "outMessageRef")):
        named = operation.first(reference)
        message_element = document.refer(named.text) if named is not None else None
        yield from _unlike(document, task, box.all(data) if box is not None else [], message_element)


def _message_task(document: Document, task: Element) -> Iterator[Diagnostic]:
    carried = document.refer(task.get("messageRef")) if task.get("messageRef") else None
    box = task.first("ioSpecification")
    if carried is None or box is None:
        return
    data, sets = ("dataInput", "inputSet") if task.kind == "sendTask" else ("dataOutput", "outputSet")
    if _sets(box, sets) > 1 or len(box.all(data)) > 1:
        message = f"The task carries one message, so it has at most one {sets} with one {data}."
        yield finding(document, task, CODE, message, _FIX)
    for one in box.all(data):
        if item_definition(document, one) is None:
            yield finding(document, one, CODE, f"{said(one)} does not say which item the message carries.", _FIX)
    yield from _unlike(document, task, box.all(data), carried)


def _event(document: Document, event: Element) -> Iterator[Diagnostic]:
    data = event.all("dataInput") + event.all("dataOutput")
    definitions = document.event_definitions(event)
    if not data:
        return
    if len(data) != len(definitions):
        message = f"The event has {len(definitions)} definitions but data for {len(data)} of them."
        yield finding(document, event, CODE, message, _FIX)
        return
    for one, definition in zip(data, definitions, strict=True):
        reference = definition.get(_CARRIERS.get(definition.kind, ""))
        carried = document.refer(reference) if reference else None
        yield from _unlike(document, event, [one], carried)


def _call(document: Document, call: Element) -> Iterator[Diagnostic]:
    named = read_call(call)
    called = document.refer(named.process) if named is not None else None
    box = call.first("ioSpecification")
    if called is None or box is None:
        return
    theirs = called.first("ioSpecification")
    for data in ("dataInput", "dataOutput"):
        ours = sorted(item_type(document, one) for one in box.all(data))
        wanted = sorted(item_type(document, one) for one in (theirs.all(data) if theirs is not None else []))
        if ours != wanted:
            message = (
                f"The call declares {len(ours)} {data} ({ours}); the called {called.kind} has {len(wanted)} ({wanted})."
            )
            yield finding(document, call, CODE, message, _FIX)


def _unlike(document: Document, node: Element, data: list[Element], carried: Element | None) -> Iterator[Diagnostic]:
    for one in data:
        if carried is not None and not same_type(document, one, carried):
            message = f"{said(one)} has another type than {said(carried)}."
            yield finding(document, node, CODE, message, _FIX)


def _sets(box: Element | None, kind: str) -> int:
    return len(box.all(kind)) if box is not None else 0
