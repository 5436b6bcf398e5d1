"""Business rule task: asks a decision, or runs a job."""

from __future__ import annotations

from oms_workflow.diagrams.dialect.work import read_decision
from oms_workflow.diagrams.kinds.activity import ActivityParser
from oms_workflow.diagrams.kinds.flow_node import Fields


class BusinessRuleTaskParser(ActivityParser):
    """Compiles a `businessRuleTask`."""

    def own(self) -> Fields:
        """Give the decision, or the job."""
        return super().own() | {"decision": read_decision(self.element), "job": self.job()}
