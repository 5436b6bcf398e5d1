"""Receive task: waits for its message."""

from __future__ import annotations

from oms_workflow.diagrams.dialect.events import read_message
from oms_workflow.diagrams.kinds.activity import ActivityParser
from oms_workflow.diagrams.kinds.flow_node import Fields


class ReceiveTaskParser(ActivityParser):
    """Compiles a `receiveTask`."""

    def own(self) -> Fields:
        """Give the message, and whether its arrival starts the process."""
        message = read_message(self.document, self.element.get("messageRef"))
        return super().own() | {"events": (message,), "instantiate": self.element.is_true("instantiate")}
