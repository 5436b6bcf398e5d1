"""User task: a person works on it with a form; drawn with a task definition it is a job instead."""

from __future__ import annotations

from oms_workflow.diagrams.dialect.people import read_human_task
from oms_workflow.diagrams.kinds.activity import ActivityParser
from oms_workflow.diagrams.kinds.flow_node import Fields


class UserTaskParser(ActivityParser):
    """Compiles a `userTask`."""

    def own(self) -> Fields:
        """Give whose work it is, with which form and until when."""
        return super().own() | {"human": read_human_task(self.element), "job": self.job()}
