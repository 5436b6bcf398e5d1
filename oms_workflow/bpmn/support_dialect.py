"""Rows of the support table: elements and attributes of the `zeebe:` dialect (Camunda 8)."""

from __future__ import annotations

from oms_workflow.bpmn.support_row import Row, documentation, executed, refused

_BINDING = "A run takes the newest called process, decision or form at its start, and keeps it to its end."
_LATEST = "Use bindingType latest."
_LISTENER = "Listeners are not executed: what happens is to be seen in the diagram."

DIALECT_ELEMENTS: tuple[Row, ...] = (
    executed("zeebe:taskDefinition", "which activity of the catalog runs"),
    executed("zeebe:ioMapping"),
    executed("zeebe:input", "FEEL into the variables of the node"),
    executed("zeebe:output", "FEEL into the variables around the node"),
    executed("zeebe:taskHeaders"),
    executed("zeebe:header", "reserved keys set deadlines, owner and retries; others go to the activity"),
    executed("zeebe:properties"),
    executed("zeebe:property", "reserved keys as in headers; others are kept with the node"),
    executed("zeebe:calledElement"),
    executed("zeebe:calledDecision"),
    executed("zeebe:script", "a FEEL expression and the variable for its value"),
    executed("zeebe:loopCharacteristics"),
    executed("zeebe:subscription", "the key a message is matched by"),
    executed("zeebe:userTask"),
    executed("zeebe:assignmentDefinition"),
    executed("zeebe:taskSchedule"),
    executed("zeebe:formDefinition"),
    executed("zeebe:priorityDefinition"),
    executed("zeebe:versionTag"),
    documentation("zeebe:userTaskForm", "a form kept in the diagram; use a form of its own", announced=True),
    refused("zeebe:executionListeners", _LISTENER, "Draw a service task before or after the node."),
    refused("zeebe:executionListener", _LISTENER, "Draw a service task before or after the node."),
    refused("zeebe:taskListeners", _LISTENER, "Draw a service task before or after the node."),
    refused("zeebe:taskListener", _LISTENER, "Draw a service task before or after the node."),
    refused("zeebe:linkedResources", "Linked resources are not handed to activities.", "Name it in a task header."),
    refused("zeebe:linkedResource", "Linked resources are not handed to activities.", "Name it in a task header."),
    refused("zeebe:adHoc", "Ad-hoc sub-processes are not executed yet.", "Use inclusive gateways for optional work."),
    refused(
        "zeebe:conditionalFilter",
        "Conditional events look whenever a variable in scope changes.",
        "Remove the filter and name the variable in the condition.",
    ),
)

DIALECT_ATTRIBUTES: tuple[Row, ...] = (
    executed("zeebe:taskDefinition@type"),
    executed("zeebe:taskDefinition@retries", "total attempts"),
    executed("zeebe:input@source"),
    executed("zeebe:input@target"),
    executed("zeebe:output@source"),
    executed("zeebe:output@target"),
    executed("zeebe:header@key"),
    executed("zeebe:header@value"),
    executed("zeebe:property@name"),
    executed("zeebe:property@value"),
    executed("zeebe:calledElement@processId"),
    executed("zeebe:calledElement@propagateAllChildVariables", only=("true", "false")),
    executed("zeebe:calledElement@propagateAllParentVariables", only=("true", "false")),
    executed("zeebe:calledDecision@decisionId"),
    executed("zeebe:calledDecision@resultVariable"),
    executed("*@bindingType", _BINDING, only=("latest",), instead=_LATEST),
    executed("*@versionTag", _BINDING, only=("",), instead=_LATEST),
    executed("zeebe:script@expression"),
    executed("zeebe:script@resultVariable"),
    executed("zeebe:loopCharacteristics@inputCollection"),
    executed("zeebe:loopCharacteristics@inputElement"),
    executed("zeebe:loopCharacteristics@outputCollection"),
    executed("zeebe:loopCharacteristics@outputElement"),
    executed("zeebe:subscription@correlationKey"),
    executed("zeebe:assignmentDefinition@assignee"),
    executed("zeebe:assignmentDefinition@candidateGroups"),
    executed("zeebe:assignmentDefinition@candidateUsers"),
    executed("zeebe:taskSchedule@dueDate"),
    executed("zeebe:taskSchedule@followUpDate"),
    executed("zeebe:formDefinition@formId"),
    executed("zeebe:formDefinition@formKey"),
    executed("zeebe:formDefinition@externalReference"),
    executed("zeebe:priorityDefinition@priority"),
    executed("zeebe:versionTag@value"),
    documentation("*@zeebe:modelerTemplate", "template that the node was made from"),
    documentation("*@zeebe:modelerTemplateVersion", "template that the node was made from"),
    documentation("*@zeebe:modelerTemplateIcon", "how the node is drawn"),
)
