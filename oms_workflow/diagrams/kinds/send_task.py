"""Send task: a job that sends, or without a job the publication of its message."""

from __future__ import annotations

from oms_workflow.diagrams.dialect.events import read_message
from oms_workflow.diagrams.dialect.keeping import read_message_ttl
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.kinds.activity import ActivityParser
from oms_workflow.diagrams.kinds.flow_node import Fields


class SendTaskParser(ActivityParser):
    """Compiles a `sendTask`."""

    def own(self) -> Fields:
        """Give the job and the message, and how long that is kept."""
        reference = self.element.get("messageRef")
        events = (read_message(self.document, reference),) if reference else ()
        return super().own() | {
            "job": self.job(),
            "events": events,
            "message_ttl": read_message_ttl(read_settings(self.element)),
        }
