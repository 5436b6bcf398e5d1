"""Events: what they wait for or throw, and whether they interrupt."""

from __future__ import annotations

from oms_workflow.diagrams.dialect.events import read_events
from oms_workflow.diagrams.dialect.keeping import read_message_ttl
from oms_workflow.diagrams.dialect.people import read_human_task
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.document import is_event_sub_process, scope_of
from oms_workflow.diagrams.kinds.activity import job_of
from oms_workflow.diagrams.kinds.flow_node import Fields, FlowNodeParser


class EventParser(FlowNodeParser):
    """Compiles an intermediate catch event, and what all events share."""

    def own(self) -> Fields:
        """Give the event definitions."""
        return {
            "events": read_events(self.document, self.element),
            "all_events": self.element.is_true("parallelMultiple"),
        }


class StartEventParser(EventParser):
    """Compiles a `startEvent`."""

    def own(self) -> Fields:
        """Give the form to start with; inside an event sub-process also whether it interrupts."""
        inner = is_event_sub_process(scope_of(self.element))
        interrupting = not inner or self.element.is_true("isInterrupting", default=True)
        return super().own() | {"interrupting": interrupting, "human": read_human_task(self.element)}


class BoundaryEventParser(EventParser):
    """Compiles a `boundaryEvent`."""

    def own(self) -> Fields:
        """Give whether its activity is cancelled."""
        return super().own() | {"interrupting": self.element.is_true("cancelActivity", default=True)}


class ThrowEventParser(EventParser):
    """Compiles an intermediate throw event or an end event; a message may be sent by a job."""

    def own(self) -> Fields:
        """Give the job, and how long a message is kept."""
        job = job_of(self.document, self.element, self.process_parser.parser.knowledge)
        return super().own() | {"job": job, "message_ttl": read_message_ttl(read_settings(self.element))}
