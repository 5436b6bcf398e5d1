"""A task does not say what it does: which activity, message, script, decision or process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from oms_workflow.diagrams.dialect.work import read_call, read_decision, read_mappings, read_script
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS, EVENT_KINDS
from oms_workflow.errors import Diagnostic

CODE = "incomplete-work"

Problem = tuple[str, str]  # message, fix


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at what each kind of task needs."""
    for node in document.executed(*ACTIVITY_KINDS, *EVENT_KINDS):
        for message, fix in (*_KINDS.get(node.kind, _nothing)(node), *_job(node), *_mappings(node)):
            yield finding(document, node, CODE, message, fix)


def _nothing(_: Element) -> Iterator[Problem]:
    return iter(())


def _service(node: Element) -> Iterator[Problem]:
    if node.extension("taskDefinition") is None:
        yield "The service task names no activity.", "Set the task definition type, for example 'allocation.reserve'."


def _send(node: Element) -> Iterator[Problem]:
    if node.extension("taskDefinition") is None and not node.get("messageRef"):
        yield "The send task names neither an activity nor a message.", "Set the task definition type, or a message."


def _receive(node: Element) -> Iterator[Problem]:
    if not node.get("messageRef"):
        yield (
            "The receive task names no message, so nothing could ever complete it.",
            "Choose the message it waits for.",
        )


def _script(node: Element) -> Iterator[Problem]:
    script, job = read_script(node), node.extension("taskDefinition")
    if script is None and job is None:
        yield "The script task has no script.", "Write FEEL into zeebe:script, with a result variable."
    elif script is not None and job is not None:
        yield "The script task has a FEEL script and an activity.", "Keep the one that is meant."
    elif script is not None and not script.expression:
        yield "The script is empty.", "Write a FEEL expression."
    elif script is not None and not script.result_variable:
        yield "The value of the script goes nowhere: there is no result variable.", "Name the resultVariable."


def _rule(node: Element) -> Iterator[Problem]:
    called, job = read_decision(node), node.extension("taskDefinition")
    if called is None and job is None:
        yield "The business rule task asks no decision.", "Name the called decision, or an activity."
    elif called is not None and job is not None:
        yield "The business rule task has a decision and an activity.", "Keep the one that is meant."
    elif called is not None and not called.decision:
        yield "The called decision has no id.", "Set decisionId."
    elif called is not None and not called.result_variable:
        yield "The answer of the decision goes nowhere: there is no result variable.", "Name the resultVariable."


def _call(node: Element) -> Iterator[Problem]:
    if read_call(node) is None:
        yield "The call activity names no process.", "Set the called process."


def _job(node: Element) -> Iterator[Problem]:
    task = node.extension("taskDefinition")
    if task is None:
        return
    if not task.get("type"):
        yield f"The task definition of {said(node)} has no type.", "Set type to the activity, as 'allocation.reserve'."
    elif task.get("type").startswith("="):
        message = "The activity is FEEL, so it is known only at run time and cannot be checked."
        yield message, "Name the activity, and decide with a gateway in front."


def _mappings(node: Element) -> Iterator[Problem]:
    for direction in ("input", "output"):
        seen: set[str] = set()
        for mapping in read_mappings(node, direction):
            if not mapping.target or not mapping.source:
                end = "target" if mapping.source else "source"
                yield f"An {direction} mapping has no {end}.", f"Set {end}, or remove the mapping."
            elif not all(part.strip() for part in mapping.target.split(".")):
                yield (
                    f"The {direction} mapping to {mapping.target!r} names no variable.",
                    "Write a name or a path: a.b.",
                )
            elif mapping.target in seen:
                yield f"Two {direction} mappings set {mapping.target!r}; only the last would count.", "Keep one."
            seen.add(mapping.target)


_KINDS: dict[str, Callable[[Element], Iterator[Problem]]] = {
    "serviceTask": _service,
    "sendTask": _send,
    "receiveTask": _receive,
    "scriptTask": _script,
    "businessRuleTask": _rule,
    "callActivity": _call,
}
