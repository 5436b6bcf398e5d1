"""Which parser compiles which element: the class map of SpiffWorkflow's parser framework, filled with our own."""

from __future__ import annotations

from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.util import full_tag

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Definition
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.kinds.ad_hoc_sub_process import AdHocSubProcessParser
from oms_workflow.diagrams.kinds.business_rule_task import BusinessRuleTaskParser
from oms_workflow.diagrams.kinds.call_activity import CallActivityParser
from oms_workflow.diagrams.kinds.event import BoundaryEventParser, EventParser, StartEventParser, ThrowEventParser
from oms_workflow.diagrams.kinds.flow_node import FlowNodeParser
from oms_workflow.diagrams.kinds.gateway import ComplexGatewayParser, EventBasedGatewayParser, GatewayParser
from oms_workflow.diagrams.kinds.manual_task import ManualTaskParser
from oms_workflow.diagrams.kinds.process import DefinitionParser
from oms_workflow.diagrams.kinds.receive_task import ReceiveTaskParser
from oms_workflow.diagrams.kinds.script_task import ScriptTaskParser
from oms_workflow.diagrams.kinds.send_task import SendTaskParser
from oms_workflow.diagrams.kinds.service_task import ServiceTaskParser
from oms_workflow.diagrams.kinds.sub_process import SubProcessParser
from oms_workflow.diagrams.kinds.task import PlainTaskParser
from oms_workflow.diagrams.kinds.user_task import UserTaskParser
from oms_workflow.diagrams.knowledge import Knowledge

PARSERS: dict[NodeKind, type[FlowNodeParser]] = {
    NodeKind.TASK: PlainTaskParser,
    NodeKind.MANUAL_TASK: ManualTaskParser,
    NodeKind.USER_TASK: UserTaskParser,
    NodeKind.SERVICE_TASK: ServiceTaskParser,
    NodeKind.SEND_TASK: SendTaskParser,
    NodeKind.RECEIVE_TASK: ReceiveTaskParser,
    NodeKind.SCRIPT_TASK: ScriptTaskParser,
    NodeKind.BUSINESS_RULE_TASK: BusinessRuleTaskParser,
    NodeKind.CALL_ACTIVITY: CallActivityParser,
    NodeKind.SUB_PROCESS: SubProcessParser,
    NodeKind.TRANSACTION: SubProcessParser,
    NodeKind.AD_HOC_SUB_PROCESS: AdHocSubProcessParser,
    NodeKind.EXCLUSIVE_GATEWAY: GatewayParser,
    NodeKind.PARALLEL_GATEWAY: GatewayParser,
    NodeKind.INCLUSIVE_GATEWAY: GatewayParser,
    NodeKind.EVENT_BASED_GATEWAY: EventBasedGatewayParser,
    NodeKind.COMPLEX_GATEWAY: ComplexGatewayParser,
    NodeKind.START_EVENT: StartEventParser,
    NodeKind.END_EVENT: ThrowEventParser,
    NodeKind.CATCH_EVENT: EventParser,
    NodeKind.THROW_EVENT: ThrowEventParser,
    NodeKind.BOUNDARY_EVENT: BoundaryEventParser,
}


class DiagramParser(BpmnParser):  # type: ignore[misc]  # SpiffWorkflow is not typed
    """SpiffWorkflow's parser with our class map: what it gives for a process is a `Definition`.

    It is fed files that the rules and the schema found right.
    """

    PARSER_CLASSES: ClassVar[dict[str, tuple[type, Any]]] = {}
    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, tuple[type, NodeKind]]] = {
        full_tag(kind.value): (parser, kind) for kind, parser in PARSERS.items()
    }
    PROCESS_PARSER_CLASS = DefinitionParser

    def __init__(self, document: Document, knowledge: Knowledge) -> None:
        super().__init__()
        self.document = document
        self.knowledge = knowledge

    def _add_data_stores(self, bpmn: object) -> None:
        """Data stores are documentation here; the framework would demand a class for each of them."""


def compile_document(root: etree._Element, document: Document, knowledge: Knowledge) -> tuple[Definition, ...]:
    """Give a definition for every executable process of a file, in XML order.

    Raises:
        ValidationException: When the framework finds what no rule did.
    """
    parser = DiagramParser(document, knowledge)
    parser.add_bpmn_xml(root, filename=document.file)
    return tuple(parser.get_spec(process.id) for process in document.processes)
