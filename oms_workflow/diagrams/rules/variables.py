"""Which variables a process can have: what its mappings, results, loops and activities set. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oms_workflow.catalog.declaration import Declaration
from oms_workflow.diagrams.dialect.data_flow import loop_outputs, mappings_of, variable_of
from oms_workflow.diagrams.dialect.feel_texts import LOOP_COUNTERS
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.dialect.work import read_decision, read_script
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import NODE_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """The variables of one process."""

    names: frozenset[str]
    complete: bool  # False: others may come from outside, with a start, a message, a person or a called process


def declared_activity(node: Element, knowledge: Knowledge) -> Declaration | None:
    """Give the catalog's declaration of the activity that a node runs, when it is known."""
    task = node.extension("taskDefinition")
    return knowledge.catalog.get(task.get("type")) if task is not None and knowledge.catalog is not None else None


def variables_of(document: Document, process: Element, knowledge: Knowledge) -> Variables:
    """Work out which variables the nodes of a process can set."""
    start = read_settings(process).get("startVariables")
    names = {name.strip() for name in start.split(",") if name.strip()}
    complete = bool(names)
    for node in document.inside(process):
        if node.kind in NODE_KINDS:
            found = list(_set_by(document, node, knowledge))
            names.update(name for name in found if name)
            complete = complete and "" not in found
    return Variables(names=frozenset(names) | LOOP_COUNTERS, complete=complete)


def all_variables(document: Document, knowledge: Knowledge) -> Mapping[Element, Variables]:
    """Give the variables of each executable process of a file."""
    found: Mapping[Element, Variables] = document.once(
        "variables", lambda: {process: variables_of(document, process, knowledge) for process in document.processes}
    )
    return found


def process_of(node: Element) -> Element:
    """Give the process that holds an element."""
    return next((around for around in node.ancestors() if around.kind == "process"), node)


def root_name(target: str) -> str:
    """Give the variable that a mapping target begins with: `order` of `order.total`."""
    return target.partition(".")[0].strip()


def _set_by(document: Document, node: Element, knowledge: Knowledge) -> Iterator[str]:
    """Names that a node sets; '' when it may set others, too."""
    outputs = mappings_of(document, node, "output")
    for mapping in (*mappings_of(document, node, "input"), *outputs):
        yield root_name(mapping.target)
    yield from _set_by_loop(document, node)
    chosen = node.extension("adHoc")
    if chosen is not None and chosen.get("outputCollection"):
        yield chosen.get("outputCollection")
    script, decision = read_script(node), read_decision(node)
    if script is not None:
        yield script.result_variable
    elif decision is not None:
        yield decision.result_variable
    elif node.extension("taskDefinition") is not None:
        declared = declared_activity(node, knowledge)
        yield from declared.output.model_fields if declared is not None else ("",)
    elif node.kind in ("userTask", "manualTask", "receiveTask", "callActivity") and not outputs:
        yield ""
    elif node.kind in ("startEvent", "intermediateCatchEvent", "boundaryEvent") and not outputs:
        yield from _brought_by_event(node)


def _set_by_loop(document: Document, node: Element) -> Iterator[str]:
    multiple = node.first("multiInstanceLoopCharacteristics")
    if multiple is None:
        return
    ours, item = multiple.extension("loopCharacteristics"), variable_of(document, multiple.first("inputDataItem"))
    if ours is not None:
        yield from (ours.get(key) for key in ("inputElement", "outputCollection") if ours.get(key))
    yield from (name for name in (item, loop_outputs(document, node, multiple)[0]) if name)


def _brought_by_event(node: Element) -> Iterator[str]:
    brings = {"messageEventDefinition", "signalEventDefinition", "errorEventDefinition", "escalationEventDefinition"}
    if any(child.kind in brings or child.kind == "eventDefinitionRef" for child in node.children):
        yield ""
