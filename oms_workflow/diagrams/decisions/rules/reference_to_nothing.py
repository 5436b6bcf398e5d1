"""A requirement or service refers to an element that does not exist, or to one of the wrong kind."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.dmn.model import BusinessKnowledge, Decision, DecisionService, InputData
from oms_workflow.errors import Diagnostic

CODE = "reference-to-nothing"
WANTED: dict[tuple[str, str], tuple[type, ...]] = {
    ("informationRequirement", "requiredDecision"): (Decision,),
    ("informationRequirement", "requiredInput"): (InputData,),
    ("knowledgeRequirement", "requiredKnowledge"): (BusinessKnowledge, DecisionService),
    ("decisionService", "outputDecision"): (Decision,),
    ("decisionService", "encapsulatedDecision"): (Decision,),
    ("decisionService", "inputDecision"): (Decision,),
    ("decisionService", "inputData"): (InputData,),
}
"""Where a reference stands -> kinds of element it may mean."""


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Follow every `href`."""
    for node in document.root.descendants():
        wanted = WANTED.get((node.parent.kind, node.kind)) if node.parent is not None else None
        if wanted is None:
            continue
        reference = node.get("href")
        key = document.graph.resolve(document.position, reference)
        if key is None:
            message = f"Expected an element for '{reference}', found none."
            fix = "Draw the requirement again; a reference is '#id', or 'namespace#id' for an imported element."
            yield document.finding(node, CODE, message, fix)
        elif not isinstance(document.graph.elements[key], wanted):
            found = type(document.graph.elements[key]).__name__
            message = f"Expected '{reference}' to be a {wanted[0].__name__}, found a {found}."
            yield document.finding(node, CODE, message, "Draw the requirement again.")
