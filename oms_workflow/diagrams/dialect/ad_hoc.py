"""Reading an ad-hoc sub-process: `zeebe:adHoc`, and what BPMN itself says about order and completion."""

from __future__ import annotations

from oms_workflow.bpmn.work import AdHoc
from oms_workflow.diagrams.element import Element


def read_ad_hoc(element: Element) -> AdHoc:
    """Give what begins in an ad-hoc sub-process, and when it is enough."""
    ours = element.extension("adHoc")
    condition = element.first("completionCondition")
    return AdHoc(
        active=ours.get("activeElementsCollection") if ours is not None else "",
        completion_condition=condition.text if condition is not None else "",
        cancel_remaining=element.is_true("cancelRemainingInstances", default=True),
        sequential=element.get("ordering") == "Sequential",
        output_collection=ours.get("outputCollection") if ours is not None else "",
        output_element=ours.get("outputElement") if ours is not None else "",
    )
