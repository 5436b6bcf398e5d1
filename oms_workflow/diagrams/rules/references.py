"""Which element of BPMN 2.0.2 refers to which, by attribute or by the text of a child. Data only, from the schema."""

from __future__ import annotations

from oms_workflow.diagrams.vocabulary import (
    ACTIVITY_KINDS,
    CHOREOGRAPHY_KINDS,
    EVENT_DEFINITION_KINDS,
    NODE_KINDS,
)

Kinds = frozenset[str]

_ITEM = frozenset({"itemDefinition"})
_MESSAGE = frozenset({"message"})
_OPERATION = frozenset({"operation"})
_FLOW = frozenset({"sequenceFlow"})
_NODE = NODE_KINDS | CHOREOGRAPHY_KINDS
_PARTICIPANT = frozenset({"participant"})
_EVENT_DEFINITION = frozenset(EVENT_DEFINITION_KINDS)
_DATA_IN = frozenset({"dataInput"})
_DATA_OUT = frozenset({"dataOutput"})
_DATA = frozenset(
    {
        "property",
        "dataObject",
        "dataObjectReference",
        "dataStore",
        "dataStoreReference",
        "dataInput",
        "dataOutput",
        "inputDataItem",
        "outputDataItem",
    }
)
_INTERACTION = _PARTICIPANT | ACTIVITY_KINDS | NODE_KINDS | CHOREOGRAPHY_KINDS  # ends of message flows
_ANY: Kinds = frozenset()

ATTRIBUTES: dict[tuple[str, str], Kinds] = {
    ("sequenceFlow", "sourceRef"): _NODE,
    ("sequenceFlow", "targetRef"): _NODE,
    ("boundaryEvent", "attachedToRef"): ACTIVITY_KINDS,
    ("*", "default"): _FLOW,
    ("*", "messageRef"): _MESSAGE,
    ("*", "operationRef"): _OPERATION,
    ("errorEventDefinition", "errorRef"): frozenset({"error"}),
    ("escalationEventDefinition", "escalationRef"): frozenset({"escalation"}),
    ("signalEventDefinition", "signalRef"): frozenset({"signal"}),
    ("compensateEventDefinition", "activityRef"): ACTIVITY_KINDS,
    ("association", "sourceRef"): _ANY,
    ("association", "targetRef"): _ANY,
    ("messageFlow", "sourceRef"): _INTERACTION,
    ("messageFlow", "targetRef"): _INTERACTION,
    ("participant", "processRef"): frozenset({"process"}),
    ("process", "definitionalCollaborationRef"): frozenset({"collaboration", "choreography", "globalConversation"}),
    ("group", "categoryValueRef"): frozenset({"categoryValue"}),
    ("message", "itemRef"): _ITEM,
    ("error", "structureRef"): _ITEM,
    ("escalation", "structureRef"): _ITEM,
    ("signal", "structureRef"): _ITEM,
    ("*", "itemSubjectRef"): _ITEM,
    ("*", "evaluatesToTypeRef"): _ITEM,
    ("resourceParameter", "type"): _ITEM,
    ("resourceParameterBinding", "parameterRef"): frozenset({"resourceParameter"}),
    ("correlationSubscription", "correlationKeyRef"): frozenset({"correlationKey"}),
    ("correlationPropertyBinding", "correlationPropertyRef"): frozenset({"correlationProperty"}),
    ("ioBinding", "inputDataRef"): _DATA_IN,
    ("ioBinding", "outputDataRef"): _DATA_OUT,
    ("multiInstanceLoopCharacteristics", "oneBehaviorEventRef"): _EVENT_DEFINITION,
    ("multiInstanceLoopCharacteristics", "noneBehaviorEventRef"): _EVENT_DEFINITION,
    ("dataObjectReference", "dataObjectRef"): frozenset({"dataObject"}),
    ("dataStoreReference", "dataStoreRef"): frozenset({"dataStore"}),
}
"""(element, attribute) -> kinds it may refer to; an empty set allows any kind."""

CHILDREN: dict[tuple[str, str], Kinds] = {
    ("*", "incoming"): _FLOW,
    ("*", "outgoing"): _FLOW,
    ("*", "eventDefinitionRef"): _EVENT_DEFINITION,
    ("linkEventDefinition", "source"): frozenset({"linkEventDefinition"}),
    ("linkEventDefinition", "target"): frozenset({"linkEventDefinition"}),
    ("lane", "flowNodeRef"): NODE_KINDS,
    ("*", "categoryValueRef"): frozenset({"categoryValue"}),
    ("*", "operationRef"): _OPERATION,
    ("operation", "inMessageRef"): _MESSAGE,
    ("operation", "outMessageRef"): _MESSAGE,
    ("operation", "errorRef"): frozenset({"error"}),
    ("participant", "interfaceRef"): frozenset({"interface"}),
    ("participant", "endPointRef"): frozenset({"endPoint"}),
    ("partnerEntity", "participantRef"): _PARTICIPANT,
    ("partnerRole", "participantRef"): _PARTICIPANT,
    ("participantAssociation", "innerParticipantRef"): _PARTICIPANT,
    ("participantAssociation", "outerParticipantRef"): _PARTICIPANT,
    ("correlationKey", "correlationPropertyRef"): frozenset({"correlationProperty"}),
    ("*", "choreographyRef"): frozenset({"choreography", "globalChoreographyTask"}),
    ("*", "supportedInterfaceRef"): frozenset({"interface"}),
    ("process", "supports"): frozenset({"process"}),
    ("*", "resourceRef"): frozenset({"resource"}),
    ("multiInstanceLoopCharacteristics", "loopDataInputRef"): _DATA,
    ("multiInstanceLoopCharacteristics", "loopDataOutputRef"): _DATA,
    ("inputSet", "dataInputRefs"): _DATA_IN,
    ("inputSet", "optionalInputRefs"): _DATA_IN,
    ("inputSet", "whileExecutingInputRefs"): _DATA_IN,
    ("inputSet", "outputSetRefs"): frozenset({"outputSet"}),
    ("outputSet", "dataOutputRefs"): _DATA_OUT,
    ("outputSet", "optionalOutputRefs"): _DATA_OUT,
    ("outputSet", "whileExecutingOutputRefs"): _DATA_OUT,
    ("outputSet", "inputSetRefs"): frozenset({"inputSet"}),
    ("dataInputAssociation", "sourceRef"): _DATA,
    ("dataInputAssociation", "targetRef"): _DATA,
    ("dataOutputAssociation", "sourceRef"): _DATA,
    ("dataOutputAssociation", "targetRef"): _DATA,
}
"""(parent, child whose text refers) -> kinds it may refer to."""
