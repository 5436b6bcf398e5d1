"""Service task: an activity of the catalog does the work."""

from __future__ import annotations

from oms_workflow.diagrams.kinds.activity import ActivityParser
from oms_workflow.diagrams.kinds.flow_node import Fields


class ServiceTaskParser(ActivityParser):
    """Compiles a `serviceTask`."""

    def own(self) -> Fields:
        """Give the job."""
        return super().own() | {"job": self.job()}
