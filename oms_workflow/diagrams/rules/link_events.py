"""A link leads nowhere: each throw needs one catch of the same name on the same level, and each catch a throw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from oms_workflow.diagrams.dialect.events import link_name
from oms_workflow.diagrams.document import Document, scope_of
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "link-events"

Ends = dict[tuple[Element, str], list[Element]]


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Pair the link events of each level (BPMN 2.0.2, 10.5.5, Link Event Definition)."""
    throws, catches = _ends(document, "intermediateThrowEvent"), _ends(document, "intermediateCatchEvent")
    for (scope, name), events in throws.items():
        if not name:
            yield finding(document, events[0], CODE, "The link has no name.", "Give it the name of its catch event.")
        elif (scope, name) not in catches:
            elsewhere = next((found[0] for (_, other), found in catches.items() if other == name), None)
            message = f"No link catch event in {said(scope)} has the name {name!r}." + (
                f" The one in {said(scope_of(elsewhere))} is on another level." if elsewhere is not None else ""
            )
            yield finding(document, events[0], CODE, message, "Draw a link catch event of that name on this level.")
    for event in document.executed("intermediateThrowEvent"):
        yield from _one_sided(document, event)
    for (scope, name), events in catches.items():
        if (scope, name) not in throws:
            message = (
                f"No link throw event in {said(scope)} leads to the link {name!r}, so nothing would ever come here."
            )
            yield finding(document, events[0], CODE, message, "Draw a link throw event of that name on this level.")
        for event in events[1:]:
            message = f"Two link catch events on one level have the name {name!r}: {events[0].id!r} is the other."
            yield finding(document, event, CODE, message, "Give each catch event a name of its own.")


def _one_sided(document: Document, event: Element) -> Iterator[Diagnostic]:
    """Where both ends name each other by id, they must agree; by name alone they need not."""
    for definition in document.event_definitions(event):
        target = definition.first("target")
        catch = document.refer(target.text) if target is not None else None
        sources = catch.all("source") if catch is not None else []
        if sources and definition not in [document.refer(source.text) for source in sources]:
            message = f"The link points to {target.text!r}, which names other sources." if target is not None else ""
            yield finding(document, event, CODE, message, "Let source and target name each other, or remove both.")


def _ends(document: Document, kind: str) -> Ends:
    found: Ends = defaultdict(list)
    for event in document.executed(kind):
        for definition in document.event_definitions(event):
            if definition.kind == "linkEventDefinition":
                found[scope_of(event), link_name(document, definition)].append(event)
    return found
