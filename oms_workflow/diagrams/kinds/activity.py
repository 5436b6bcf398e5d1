"""What all activities have in common when they are compiled: loops, compensation, quantities, and jobs of tasks."""

from __future__ import annotations

from oms_workflow.bpmn.work import Job
from oms_workflow.diagrams.dialect.loops import read_loop
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.dialect.work import read_job
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.kinds.flow_node import Fields, FlowNodeParser
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.variables import declared_activity


class ActivityParser(FlowNodeParser):
    """Compiles an activity."""

    def own(self) -> Fields:
        """Give loop, compensation and quantities."""
        return {
            "loop": read_loop(self.document, self.element),
            "for_compensation": self.element.is_true("isForCompensation"),
            "start_quantity": int(self.element.get("startQuantity", "1")),
            "completion_quantity": int(self.element.get("completionQuantity", "1")),
        }

    def job(self) -> Job | None:
        """Give the job of `zeebe:taskDefinition`, with the defaults of the catalog."""
        return job_of(self.document, self.element, self.process_parser.parser.knowledge)


def job_of(_: Document, element: Element, knowledge: Knowledge) -> Job | None:
    """Give the job of an element, with what the catalog declares for its activity."""
    return read_job(element, read_settings(element), declared_activity(element, knowledge))
