"""Ad-hoc sub-process: its inner elements run as they are chosen."""

from __future__ import annotations

from oms_workflow.diagrams.dialect.ad_hoc import read_ad_hoc
from oms_workflow.diagrams.kinds.activity import ActivityParser
from oms_workflow.diagrams.kinds.flow_node import Fields


class AdHocSubProcessParser(ActivityParser):
    """Compiles an `adHocSubProcess`; what is inside is compiled by itself."""

    def own(self) -> Fields:
        """Give what begins, and when it is enough."""
        return super().own() | {"ad_hoc": read_ad_hoc(self.element)}
