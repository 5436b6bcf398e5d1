"""A result has the name of an input of its node and is not mapped outwards, so it ends with the node.

What an input mapping or a loop hands to a node belongs to the node, and a result of the same name replaces it there.
The process around keeps the old value, without a word.
"""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.data_flow import loop_outputs, mappings_of, variable_of
from oms_workflow.diagrams.dialect.work import read_decision, read_script
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.expressions import compiled
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.variables import declared_activity, root_name
from oms_workflow.errors import Diagnostic, Severity

CODE = "result-stays-inside"


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Compare what a node is known to give with what it is handed; what is mapped stays in the turn of a loop only."""
    for node in document.nodes:
        loop = node.first("multiInstanceLoopCharacteristics") or node.first("standardLoopCharacteristics")
        mapped = [root_name(mapping.target) for mapping in mappings_of(document, node, "output")]
        results = _results(node, knowledge) if not mapped else tuple(mapped) if loop is not None else ()
        if not results:
            continue
        handed = {root_name(mapping.target) for mapping in mappings_of(document, node, "input")}
        kept = (handed | _items(document, loop)) - _gathered(document, node, loop)
        for name in dict.fromkeys(results):
            if name in kept:
                yield _stays(document, node, name)


def _stays(document: Document, node: Element, name: str) -> Diagnostic:
    message = f"The result {name!r} of {said(node)} ends with it, because it is handed a variable of that name."
    fix = f"Hand the variable over under another name, or map the result outwards: source '={name}'."
    return finding(document, node, CODE, message, fix, Severity.WARNING)


def _results(node: Element, knowledge: Knowledge) -> tuple[str, ...]:
    """What a node surely gives: the result of its script or decision, or what its activity declares."""
    script, decision = read_script(node), read_decision(node)
    if script is not None:
        return (script.result_variable,)
    if decision is not None:
        return (decision.result_variable,)
    declared = declared_activity(node, knowledge)
    return tuple(declared.output.model_fields) if declared is not None else ()


def _items(document: Document, loop: Element | None) -> set[str]:
    """The variables in which a loop hands an item to its turn."""
    if loop is None:
        return set()
    ours, drawn = loop.extension("loopCharacteristics"), variable_of(document, loop.first("inputDataItem"))
    return {name for name in (drawn, ours.get("inputElement") if ours is not None else "") if name}


def _gathered(document: Document, node: Element, loop: Element | None) -> frozenset[str]:
    """The names that a loop reads of each turn before the turn is over; what is gathered is not lost."""
    if loop is None:
        return frozenset()
    ours, until = loop.extension("loopCharacteristics"), loop.first("completionCondition")
    texts = (
        loop_outputs(document, node, loop)[1],
        ours.get("outputElement") if ours is not None else "",
        until.text if until is not None else "",
    )
    return frozenset().union(*(compiled(text.removeprefix("=")).names for text in texts if text))
