"""The deadline of a node cannot be meant as it is written, or nobody hears of its breach."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from oms_workflow.bpmn.calendar import ALWAYS
from oms_workflow.bpmn.sla import BREACH_ESCALATION, Sla
from oms_workflow.diagrams.dialect.deadlines import read_sla
from oms_workflow.diagrams.dialect.fault import DialectFault
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.document import Document, is_event_sub_process, scope_of
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import closest, finding, listed
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS
from oms_workflow.errors import Diagnostic, Severity

CODE = "bad-sla"

_LONGEST = timedelta(days=366)  # a shop promises nothing further off; more is a slip of the pen
_STAY = ACTIVITY_KINDS | {"process", "intermediateCatchEvent", "eventBasedGateway"}  # where a token can stay


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Read the deadlines of all nodes and processes."""
    for node in (*document.processes, *document.nodes):
        settings = read_settings(node)
        try:
            sla = read_sla(settings)
        except DialectFault as fault:
            yield finding(document, node, CODE, fault.message, fault.fix)
            continue
        if sla is not None:
            yield from _sense(document, node, sla)
            yield from _calendar(document, node, sla, knowledge)
            yield from _escalation(document, node, sla)


def _sense(document: Document, node: Element, sla: Sla) -> Iterator[Diagnostic]:
    if node.kind not in _STAY or is_event_sub_process(node):
        message = f"A {node.kind} has no deadline: a token does not stay in it."
        yield finding(document, node, CODE, message, "Set the deadline on the node where the order waits.")
    elif sla.limit > _LONGEST:
        message = f"The deadline is {sla.limit.days} days off."
        yield finding(document, node, CODE, message, "Check the unit: PT2H is hours, P2D days.", Severity.WARNING)


def _calendar(document: Document, node: Element, sla: Sla, knowledge: Knowledge) -> Iterator[Diagnostic]:
    known = {ALWAYS.id, *(knowledge.calendars or ())}
    if knowledge.calendars is not None and not sla.calendar_by and sla.calendar not in known:
        message = f"slaCalendar {sla.calendar!r} is none of the {len(known)} known calendars: {listed(known)}."
        meant = closest(sla.calendar, known)
        fix = f"Did you mean {meant!r}?" if meant else "Write it into processes/calendars/, or use 24x7."
        yield finding(document, node, CODE, message, fix)


def _escalation(document: Document, node: Element, sla: Sla) -> Iterator[Diagnostic]:
    if sla.on_breach != "escalate":
        return
    catching: frozenset[str] = document.once("breach catchers", lambda: frozenset(_where_caught(document)))
    if not any(around.id in catching for around in (node, *node.ancestors())):
        message = f"A breach escalates as {BREACH_ESCALATION!r}, but nothing around the node catches that."
        fix = f"Draw an escalation boundary event, or an event sub-process, for {BREACH_ESCALATION!r}."
        yield finding(document, node, CODE, message, fix, Severity.WARNING)


def _where_caught(document: Document) -> Iterator[str]:
    """Ids of the activities and scopes whose breaches are caught, by boundary events and event sub-processes."""
    for event in document.executed("boundaryEvent"):
        if _catches(document, event):
            yield event.get("attachedToRef")
    for event in document.executed("startEvent"):
        scope = scope_of(event)
        if is_event_sub_process(scope) and _catches(document, event):
            yield scope_of(scope).id


def _catches(document: Document, event: Element) -> bool:
    for definition in document.event_definitions(event):
        if definition.kind == "escalationEventDefinition":
            reference = definition.get("escalationRef")
            escalation = document.refer(reference) if reference else None
            if escalation is None or escalation.get("escalationCode") in ("", BREACH_ESCALATION):
                return True
    return False
