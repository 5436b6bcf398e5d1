"""Reading what a person needs to know of a task: assignment, schedule, form, priority; and who answers for a node."""

from __future__ import annotations

from collections.abc import Mapping

from oms_workflow.bpmn.work import HumanTask
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element


def read_human_task(element: Element) -> HumanTask | None:
    """Give what is drawn about the person's work; None when nothing is."""
    assignment = element.extension("assignmentDefinition")
    schedule = element.extension("taskSchedule")
    form = element.extension("formDefinition")
    priority = element.extension("priorityDefinition")
    if assignment is schedule is form is priority is None:
        return None
    return HumanTask(
        assignee=_of(assignment, "assignee"),
        candidate_groups=_of(assignment, "candidateGroups"),
        candidate_users=_of(assignment, "candidateUsers"),
        due_date=_of(schedule, "dueDate"),
        follow_up_date=_of(schedule, "followUpDate"),
        priority=_of(priority, "priority"),
        form=_of(form, "formId") or _of(form, "formKey") or _of(form, "externalReference"),
    )


def read_owners(document: Document) -> Mapping[str, str]:
    """Give the role answerable for each node and process, by id; nodes of nobody are left out.

    Header or property `owner` says it; else the innermost lane around the node; else the sub-process or process that
    holds it.
    """
    known: Mapping[str, str] = document.once("owners", lambda: _owners(document))
    return known


def _owners(document: Document) -> Mapping[str, str]:
    lanes = {
        reference.text: lane.name
        for lane in document.executed("lane")  # in XML order: inner lanes come later and win
        for reference in lane.all("flowNodeRef")
        if lane.name
    }
    owners: dict[str, str] = {}
    hosts_first = sorted(document.nodes, key=lambda node: node.kind == "boundaryEvent")
    for element in (*document.processes, *hosts_first):
        own = read_settings(element).get("owner") or lanes.get(element.id, "")
        held = next((owners[around.id] for around in element.ancestors() if around.id in owners), "")
        host = owners.get(element.get("attachedToRef"), "") if element.kind == "boundaryEvent" else ""
        owner = own or host or held
        if owner:
            owners[element.id] = owner
    return owners


def _of(element: Element | None, attribute: str) -> str:
    return element.get(attribute) if element is not None else ""
