"""The one table that says who acts at which kind of node. A kind without a row is refused before it gets here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.engine.nodes.ad_hoc_sub_process import AdHocSubProcess
from oms_workflow.engine.nodes.behaviour import Behaviour
from oms_workflow.engine.nodes.boundary_event import BoundaryEvent
from oms_workflow.engine.nodes.business_rule_task import BusinessRuleTask
from oms_workflow.engine.nodes.call_activity import CallActivity
from oms_workflow.engine.nodes.catch_event import CatchEvent
from oms_workflow.engine.nodes.complex_gateway import ComplexGateway
from oms_workflow.engine.nodes.end_event import EndEvent
from oms_workflow.engine.nodes.event_based_gateway import EventBasedGateway
from oms_workflow.engine.nodes.event_sub_process import EventSubProcess
from oms_workflow.engine.nodes.exclusive_gateway import ExclusiveGateway
from oms_workflow.engine.nodes.human_task import manual_task, user_task
from oms_workflow.engine.nodes.inclusive_gateway import InclusiveGateway
from oms_workflow.engine.nodes.parallel_gateway import ParallelGateway
from oms_workflow.engine.nodes.process import Process
from oms_workflow.engine.nodes.receive_task import ReceiveTask
from oms_workflow.engine.nodes.script_task import ScriptTask
from oms_workflow.engine.nodes.send_task import SendTask
from oms_workflow.engine.nodes.service_task import ServiceTask
from oms_workflow.engine.nodes.start_event import StartEvent
from oms_workflow.engine.nodes.sub_process import SubProcess
from oms_workflow.engine.nodes.task import Task
from oms_workflow.engine.nodes.throw_event import ThrowEvent
from oms_workflow.engine.nodes.transaction import Transaction

BEHAVIOURS: Mapping[NodeKind, Behaviour] = MappingProxyType(
    {
        NodeKind.PROCESS: Process(),
        NodeKind.START_EVENT: StartEvent(),
        NodeKind.END_EVENT: EndEvent(),
        NodeKind.CATCH_EVENT: CatchEvent(),
        NodeKind.THROW_EVENT: ThrowEvent(),
        NodeKind.BOUNDARY_EVENT: BoundaryEvent(),
        NodeKind.TASK: Task(),
        NodeKind.MANUAL_TASK: manual_task(),
        NodeKind.USER_TASK: user_task(),
        NodeKind.SERVICE_TASK: ServiceTask(),
        NodeKind.SEND_TASK: SendTask(),
        NodeKind.RECEIVE_TASK: ReceiveTask(),
        NodeKind.SCRIPT_TASK: ScriptTask(),
        NodeKind.BUSINESS_RULE_TASK: BusinessRuleTask(),
        NodeKind.CALL_ACTIVITY: CallActivity(),
        NodeKind.SUB_PROCESS: SubProcess(),
        NodeKind.AD_HOC_SUB_PROCESS: AdHocSubProcess(),
        NodeKind.EVENT_SUB_PROCESS: EventSubProcess(),
        NodeKind.TRANSACTION: Transaction(),
        NodeKind.EXCLUSIVE_GATEWAY: ExclusiveGateway(),
        NodeKind.PARALLEL_GATEWAY: ParallelGateway(),
        NodeKind.INCLUSIVE_GATEWAY: InclusiveGateway(),
        NodeKind.EVENT_BASED_GATEWAY: EventBasedGateway(),
        NodeKind.COMPLEX_GATEWAY: ComplexGateway(),
    }
)
