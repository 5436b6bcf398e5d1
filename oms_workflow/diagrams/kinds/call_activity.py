"""Call activity: runs another process as an instance of its own."""

from __future__ import annotations

from oms_workflow.diagrams.dialect.work import read_call
from oms_workflow.diagrams.kinds.activity import ActivityParser
from oms_workflow.diagrams.kinds.flow_node import Fields


class CallActivityParser(ActivityParser):
    """Compiles a `callActivity`."""

    def own(self) -> Fields:
        """Give the called process."""
        return super().own() | {"call": read_call(self.element)}
