"""Sub-processes: embedded, started by an event, and transactions."""

from __future__ import annotations

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.diagrams.document import is_event_sub_process
from oms_workflow.diagrams.kinds.activity import ActivityParser


class SubProcessParser(ActivityParser):
    """Compiles a `subProcess` or `transaction`; what is inside is compiled by itself."""

    def node_kind(self) -> NodeKind:
        """Tell an event sub-process from an embedded one."""
        return NodeKind.EVENT_SUB_PROCESS if is_event_sub_process(self.element) else super().node_kind()
