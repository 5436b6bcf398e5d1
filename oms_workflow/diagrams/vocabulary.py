"""Names of the XML vocabularies a diagram may use. Reads nothing."""

from __future__ import annotations

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMN_DRAWING = "http://www.omg.org/spec/BPMN/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"

DRAWING = frozenset(
    {
        BPMN_DRAWING,
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    }
)
"""Where things stand on the page and how they are coloured; says nothing about what happens."""

PLAIN_XML = frozenset({"http://www.w3.org/2001/XMLSchema-instance", "http://www.w3.org/XML/1998/namespace"})
"""Attributes that XML itself brings along (`xsi:type`, `xsi:schemaLocation`, `xml:lang`)."""

TOOL_NOTES = frozenset({"http://camunda.org/schema/modeler/1.0"})
"""What modelers write for themselves, such as the version they were set to; in nearly every file."""

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

SCOPE_KINDS = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})

ACTIVITY_KINDS = frozenset(
    {
        "task",
        "manualTask",
        "userTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
    }
)

TASK_KINDS = ACTIVITY_KINDS - {"callActivity"} - SCOPE_KINDS

GATEWAY_KINDS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
)

EVENT_KINDS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})

CHOREOGRAPHY_KINDS = frozenset({"choreographyTask", "subChoreography", "callChoreography"})

NODE_KINDS = ACTIVITY_KINDS | GATEWAY_KINDS | EVENT_KINDS

EVENT_DEFINITION_KINDS: dict[str, str] = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "signalEventDefinition": "signal",
    "compensateEventDefinition": "compensation",
    "conditionalEventDefinition": "conditional",
    "linkEventDefinition": "link",
    "terminateEventDefinition": "terminate",
    "cancelEventDefinition": "cancel",
}
"""Element of an event definition -> kind of the event, as in `oms_workflow.bpmn.events`."""
