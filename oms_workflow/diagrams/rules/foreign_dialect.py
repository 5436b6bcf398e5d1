"""The diagram is written for another engine, in words that would be lost here."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import DRAWING, PLAIN_XML, TOOL_NOTES, ZEEBE
from oms_workflow.errors import Diagnostic, Severity

CODE = "foreign-dialect"

_ENGINES = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://activiti.org/bpmn": "Activiti",
    "http://flowable.org/bpmn": "Flowable",
    "http://flowable.org/modeler": "Flowable",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
    "http://www.jboss.org/drools": "jBPM",
    "http://drools.org/drools-5.0/process": "jBPM",
}

_HARMLESS = frozenset(
    {
        # when and by whom a process is started, kept or shown; nothing of what happens in it
        "historyTimeToLive",
        "versionTag",
        "candidateStarterGroups",
        "candidateStarterUsers",
        "isStartableInTasklist",
        "diagramRelationId",
        "modelerTemplate",
        "modelerTemplateVersion",
        "modelerTemplateIcon",
        "executionPlatform",
        "executionPlatformVersion",
        "properties",
        "property",
        "category",
        "packageName",
        "version",
        "isResizable",
        "bgcolor",
        # transaction borders of engines that commit between nodes; here every node is one
        "async",
        "asyncBefore",
        "asyncAfter",
        "exclusive",
        "jobPriority",
    }
)
"""Words of those engines without which a diagram does the same."""

_NOT_FOREIGN = DRAWING | PLAIN_XML | TOOL_NOTES | {ZEEBE}

_FIX = "Say the same in the zeebe dialect (docs/dialect.md), then remove it."


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at attributes and extensions of other name spaces; harmless ones are told once for each name."""
    harmless: dict[str, list[Element]] = {}
    inside: Element | None = None
    for element in document.checked:
        if inside is not None and inside in element.ancestors():
            continue  # the parts of a foreign element go with it
        inside = element if element.kind.startswith("{") else None
        names = [element.kind] if inside else [name for name in element.attributes if name.startswith("{")]
        for name in names:
            namespace, _brace, local = name.removeprefix("{").rpartition("}")
            engine = _ENGINES.get(namespace, "")
            if engine and local not in _HARMLESS:
                message = f"{local!r} is meant for {engine}; it would be lost here."
                yield finding(document, element, CODE, message, _FIX)
            elif namespace not in _NOT_FOREIGN:
                harmless.setdefault(f"{local!r} of {namespace or 'no name space'}", []).append(element)
    for name, elements in harmless.items():
        times = f", {len(elements)} times in this file" if len(elements) > 1 else ""
        message = f"Extension {name}{times} is not known here; it is kept and changes nothing."
        fix = "Nothing to do, if another tool needs it."
        yield finding(document, elements[0], CODE, message, fix, Severity.INFO)
