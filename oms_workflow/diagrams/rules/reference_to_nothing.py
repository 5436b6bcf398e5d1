"""Something refers to an element that is not there, or to one of another kind than it needs."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.bpmn.work import ProcessCall
from oms_workflow.diagrams.dialect.work import read_call, read_decision
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import closest, finding, listed, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.references import ATTRIBUTES, CHILDREN, Kinds
from oms_workflow.diagrams.vocabulary import NODE_KINDS
from oms_workflow.errors import Diagnostic, Severity

CODE = "reference-to-nothing"

_ATTRIBUTES = frozenset(attribute for _, attribute in ATTRIBUTES)
_CHILDREN = frozenset(child for _, child in CHILDREN)


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Follow every reference of BPMN and of the dialect."""
    for element in document.checked:
        if not element.is_bpmn:
            continue
        for attribute in element.attributes:
            if attribute in _ATTRIBUTES:
                kinds = ATTRIBUTES.get((element.kind, attribute), ATTRIBUTES.get(("*", attribute)))
                if kinds is not None:
                    yield from _follow(document, element, attribute, element.get(attribute), kinds)
        for child in element.children:
            if child.kind in _CHILDREN and not child.children:
                kinds = CHILDREN.get((element.kind, child.kind), CHILDREN.get(("*", child.kind)))
                if kinds is not None:
                    yield from _follow(document, child, child.kind, child.text, kinds)
    yield from _calls(document, knowledge)
    yield from _decisions(document, knowledge)


def _follow(document: Document, element: Element, attribute: str, reference: str, kinds: Kinds) -> Iterator[Diagnostic]:
    referred = document.refer(reference)
    if referred is None:
        meant = closest(reference, (one for one, is_it in document.by_id.items() if is_it.kind in kinds))
        fix = f"Did you mean {meant!r}?" if meant else "Refer to an element of this file, or remove the reference."
        yield finding(document, element, CODE, f"{attribute} refers to {reference!r}, which is not in this file.", fix)
    elif kinds and referred.kind not in kinds:
        wanted = "a flow node" if kinds >= NODE_KINDS else " or ".join(sorted(kinds))
        message = f"{attribute} must refer to {wanted}; {reference!r} is {said(referred)}."
        yield finding(document, element, CODE, message, "Connect it to an element of the right kind.")


def _calls(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    known = knowledge.processes | set(knowledge.processes_by_id)
    for node in document.nodes:
        call = read_call(node) if node.kind == "callActivity" else None
        if call is None or call.process.startswith("="):
            continue
        if call.binding == "versionTag":
            yield from _tagged(document, node, knowledge, call)
            continue
        if call.process in (knowledge.processes_by_id if call.binding == "deployment" else known):
            continue
        other = document.refer(call.process)
        if other is not None and other.kind != "process":
            if not other.kind.startswith("global"):  # those are told as not supported
                message = f"Only a process can be called; {call.process!r} is {said(other)}."
                yield finding(document, node, CODE, message, "Name the process to call.")
            continue
        message = f"The called process {call.process!r} is not among the {len(known)} known ones: {listed(known)}."
        if call.binding == "deployment":
            fix = "Deploy both in one go, or use bindingType latest."
            yield finding(document, node, CODE, f"{message} It is bound to the same deployment.", fix)
        else:
            yield _missing(document, node, knowledge, message, closest(call.process, known))


def _tagged(document: Document, node: Element, knowledge: Knowledge, call: ProcessCall) -> Iterator[Diagnostic]:
    """A version that is called by its tag may also have been deployed before; deploying looks for it there."""
    if not call.version_tag:
        message = "bindingType is versionTag, but no versionTag is named."
        yield finding(document, node, CODE, message, "Name the version tag of the called process.")
        return
    given = knowledge.processes_by_id.get(call.process)
    version = given[1].extension("versionTag") if given is not None else None
    if version is None or version.get("value") != call.version_tag:
        message = f"The called process {call.process!r} with version tag {call.version_tag!r} is not among the files."
        yield finding(document, node, CODE, message, "It must have been deployed before.", Severity.INFO)


def _decisions(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    known = knowledge.decisions
    for node in document.nodes:
        called = read_decision(node) if node.kind == "businessRuleTask" else None
        if known is None or called is None or called.decision.startswith("=") or called.decision in known:
            continue
        message = f"Decision {called.decision!r} is not among the {len(known)} known ones: {listed(known)}."
        yield _missing(document, node, knowledge, message, closest(called.decision, known))


def _missing(document: Document, node: Element, knowledge: Knowledge, message: str, meant: str) -> Diagnostic:
    fix = f"Did you mean {meant!r}?" if meant else "Give its file as well, or correct the id."
    severity = Severity.ERROR if knowledge.strict_references else Severity.INFO
    return finding(document, node, CODE, message, fix, severity)
