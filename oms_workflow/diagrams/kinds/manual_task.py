"""Manual task: a person does it without any form."""

from __future__ import annotations

from oms_workflow.diagrams.dialect.people import read_human_task
from oms_workflow.diagrams.kinds.activity import ActivityParser
from oms_workflow.diagrams.kinds.flow_node import Fields


class ManualTaskParser(ActivityParser):
    """Compiles a `manualTask`."""

    def own(self) -> Fields:
        """Give whose work it is."""
        return super().own() | {"human": read_human_task(self.element)}
