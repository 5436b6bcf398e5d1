"""Script task: a FEEL expression and the variable for its value, or a job."""

from __future__ import annotations

from oms_workflow.diagrams.dialect.work import read_script
from oms_workflow.diagrams.kinds.activity import ActivityParser
from oms_workflow.diagrams.kinds.flow_node import Fields


class ScriptTaskParser(ActivityParser):
    """Compiles a `scriptTask`."""

    def own(self) -> Fields:
        """Give the script, or the job."""
        return super().own() | {"script": read_script(self.element), "job": self.job()}
