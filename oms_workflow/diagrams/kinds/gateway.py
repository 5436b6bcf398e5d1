"""Gateways: all they say stands in their flows, but for the conditions of complex ones."""

from __future__ import annotations

from oms_workflow.diagrams.kinds.flow_node import Fields, FlowNodeParser


class GatewayParser(FlowNodeParser):
    """Compiles an exclusive, parallel or inclusive gateway."""


class EventBasedGatewayParser(FlowNodeParser):
    """Compiles an `eventBasedGateway`."""

    def own(self) -> Fields:
        """Give whether it starts the process, and whether all events must happen."""
        return {
            "instantiate": self.element.is_true("instantiate"),
            "all_events": self.element.get("eventGatewayType") == "Parallel",
        }


class ComplexGatewayParser(FlowNodeParser):
    """Compiles a `complexGateway`."""

    def own(self) -> Fields:
        """Give when it lets tokens through."""
        condition = self.element.first("activationCondition")
        return {"activation_condition": condition.text if condition is not None else ""}
