"""From XML to a definition: places, scopes, hosts, handlers, and everything the dialect says about a node."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel

from oms_workflow.bpmn.events import (
    CompensationEvent,
    ConditionalEvent,
    ErrorEvent,
    LinkEvent,
    MessageEvent,
    SignalEvent,
    TimerEvent,
)
from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Definition, Node
from oms_workflow.bpmn.sla import Sla
from oms_workflow.bpmn.work import (
    DecisionCall,
    HumanTask,
    Mapping,
    MultiInstance,
    ProcessCall,
    RetryPolicy,
    Script,
    StandardLoop,
)
from oms_workflow.catalog.declaration import MARK, node_activity
from oms_workflow.catalog.registry import Catalog
from tests.diagrams.fragments import read

AROUND = '<bpmn:startEvent id="begin"/>{}<bpmn:endEvent id="end"/>{}'


def compiled(fragment: str, **options: object) -> Definition:
    return read(fragment, **options).require()[0]


def alone(node: str, more: str = "", **options: object) -> Node:
    """Compile one node, id `it`, between a start and an end."""
    flows = '<bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="it"/>'
    flows += '<bpmn:sequenceFlow id="b" sourceRef="it" targetRef="end"/>'
    return by_id(compiled(more + AROUND.format(node, flows), **options))["it"]


def by_id(definition: Definition) -> dict[str, Node]:
    return {node.id: node for node in definition.nodes}


def extended(tag: str, extensions: str, attributes: str = "", inside: str = "") -> str:
    box = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>"
    return f'<bpmn:{tag} id="it" {attributes}>{box}{inside}</bpmn:{tag}>'


class Order(BaseModel):
    order_id: str
    speed: int = 1


class Reservation(BaseModel):
    shortfall: int


@node_activity(
    "stock.reserve",
    title="Reserve",
    retry=RetryPolicy(attempts=9, first=timedelta(seconds=3)),
    timeout=timedelta(minutes=7),
    queue="far-away",
)
async def reserve(order: Order) -> Reservation:
    """Hold stock."""
    return Reservation(shortfall=0)


CATALOG = Catalog([getattr(reserve, MARK)])


def test_nodes_and_flows_stand_in_xml_order_whatever_the_flows_say():
    """That order breaks every tie between tokens, so it must not depend on anything else."""
    definition = compiled(
        """
        <bpmn:endEvent id="end"/><bpmn:task id="second"/><bpmn:task id="first"/><bpmn:startEvent id="begin"/>
        <bpmn:sequenceFlow id="c" sourceRef="second" targetRef="end"/>
        <bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="first"/>
        <bpmn:sequenceFlow id="b" sourceRef="first" targetRef="second"/>
        """
    )

    assert [node.id for node in definition.nodes] == ["shop", "end", "second", "first", "begin"]
    assert [flow.id for flow in definition.flows] == ["c", "a", "b"]
    nodes = by_id(definition)
    assert nodes["second"].incoming == (2,)
    assert nodes["second"].outgoing == (0,)
    assert definition.process.children == (1, 2, 3, 4)
    assert definition.process.starts == (4,)
    assert [node.line > 0 for node in definition.nodes] == [True] * 5


def test_sub_processes_hold_their_nodes_and_event_sub_processes_are_told_apart():
    """Scopes are what variables, errors and cancellations go by."""
    definition = compiled(
        """
        <bpmn:error id="E" errorCode="OUT"/>
        <bpmn:startEvent id="begin"/>
        <bpmn:subProcess id="sub">
          <bpmn:startEvent id="inner"/><bpmn:endEvent id="innerEnd"/>
          <bpmn:sequenceFlow id="i" sourceRef="inner" targetRef="innerEnd"/>
        </bpmn:subProcess>
        <bpmn:subProcess id="onError" triggeredByEvent="true">
          <bpmn:startEvent id="caught"><bpmn:errorEventDefinition errorRef="E"/></bpmn:startEvent>
          <bpmn:endEvent id="handled"/><bpmn:sequenceFlow id="h" sourceRef="caught" targetRef="handled"/>
        </bpmn:subProcess>
        <bpmn:endEvent id="end"/>
        <bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="sub"/>
        <bpmn:sequenceFlow id="b" sourceRef="sub" targetRef="end"/>
        """
    )
    nodes, position = by_id(definition), {node.id: index for index, node in enumerate(definition.nodes)}

    assert definition.process.children == tuple(position[one] for one in ("begin", "sub", "onError", "end"))
    assert definition.process.event_sub_processes == (position["onError"],)
    assert nodes["sub"].kind is NodeKind.SUB_PROCESS
    assert nodes["onError"].kind is NodeKind.EVENT_SUB_PROCESS
    assert nodes["sub"].starts == (position["inner"],)
    assert nodes["inner"].parent == position["sub"]
    assert nodes["caught"].events == (ErrorEvent(code="OUT"),)
    assert nodes["caught"].interrupting


def test_boundary_events_know_their_host_and_compensation_its_handler():
    """What interrupts what, and what undoes what, is read from attributes and associations."""
    definition = compiled(
        """
        <bpmn:startEvent id="begin"/>
        <bpmn:boundaryEvent id="late" attachedToRef="work" cancelActivity="false">
          <bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>
        </bpmn:boundaryEvent>
        <bpmn:userTask id="work"/>
        <bpmn:boundaryEvent id="undo" attachedToRef="work"><bpmn:compensateEventDefinition/></bpmn:boundaryEvent>
        <bpmn:manualTask id="handler" isForCompensation="true"/>
        <bpmn:endEvent id="end"/>
        <bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="work"/>
        <bpmn:sequenceFlow id="b" sourceRef="work" targetRef="end"/>
        <bpmn:sequenceFlow id="c" sourceRef="late" targetRef="end"/>
        <bpmn:association id="x" sourceRef="undo" targetRef="handler"/>
        """
    )
    nodes, position = by_id(definition), {node.id: index for index, node in enumerate(definition.nodes)}

    assert nodes["work"].boundary == (position["late"], position["undo"])
    assert nodes["late"].attached_to == position["work"]
    assert not nodes["late"].interrupting
    assert nodes["late"].events == (TimerEvent(measure="duration", value="PT1H"),)
    assert nodes["undo"].events == (CompensationEvent(),)
    assert nodes["work"].compensation_handler == position["handler"]
    assert nodes["handler"].for_compensation


def test_the_default_flow_and_conditions_come_from_the_gateway_and_its_flows():
    """A condition keeps its leading '=', as everywhere in a definition."""
    definition = compiled(
        """
        <bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="big" default="no"/><bpmn:endEvent id="end"/>
        <bpmn:endEvent id="other"/>
        <bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="big"/>
        <bpmn:sequenceFlow id="yes" name="big order" sourceRef="big" targetRef="end">
          <bpmn:conditionExpression>=total &gt; 1000</bpmn:conditionExpression></bpmn:sequenceFlow>
        <bpmn:sequenceFlow id="no" sourceRef="big" targetRef="other"/>
        """
    )

    gateway = by_id(definition)["big"]
    assert definition.flows[gateway.default].id == "no"
    assert definition.flows[1].condition == "=total > 1000"
    assert definition.flows[1].name == "big order"


def test_a_service_task_takes_its_job_mappings_headers_and_deadline():
    """Everything the analyst may say of a node, in one node."""
    node = alone(
        """
        <bpmn:serviceTask id="it" name="Reserve&#10;stock">
          <bpmn:documentation>Why it is done</bpmn:documentation>
          <bpmn:extensionElements>
            <zeebe:taskDefinition type="stock.reserve" retries="4"/>
            <zeebe:ioMapping><zeebe:input source="=order.id" target="order_id"/>
              <zeebe:output source="=shortfall" target="order.shortfall"/></zeebe:ioMapping>
            <zeebe:taskHeaders><zeebe:header key="sla" value="PT2H"/><zeebe:header key="slaWarn" value="75%"/>
              <zeebe:header key="slaOnBreach" value="incident"/><zeebe:header key="slaPauseOn" value="payment, fraud"/>
              <zeebe:header key="owner" value="warehouse"/><zeebe:header key="lane" value="fast"/></zeebe:taskHeaders>
            <zeebe:properties><zeebe:property name="milestone" value="packing"/>
              <zeebe:property name="piiClass" value="none"/></zeebe:properties>
          </bpmn:extensionElements>
        </bpmn:serviceTask>
        """
    )

    assert node.name == "Reserve stock"
    assert node.documentation == "Why it is done"
    assert node.job is not None
    assert (node.job.activity, node.job.retry.attempts) == ("stock.reserve", 4)
    assert node.inputs == (Mapping(source="=order.id", target="order_id"),)
    assert node.outputs == (Mapping(source="=shortfall", target="order.shortfall"),)
    assert node.sla == Sla(
        limit=timedelta(hours=2),
        warn_after=timedelta(minutes=90),
        on_breach="incident",
        pause_on=("payment", "fraud"),
    )
    assert (node.owner, node.milestone) == ("warehouse", "packing")
    assert node.headers == (("lane", "fast"),)
    assert node.properties == (("piiClass", "none"),)


def test_a_job_takes_what_the_catalog_declares_unless_the_diagram_says_otherwise():
    """Engineers set sensible defaults once; a diagram need not repeat them."""
    owner = '<zeebe:taskHeaders><zeebe:header key="owner" value="shop"/>{}</zeebe:taskHeaders>'
    policy = (
        '<zeebe:header key="retryPolicy" value="first=PT2S factor=3 max=PT1H attempts=8 never=[OrderRefused, Out]"/>'
    )
    job = '<zeebe:taskDefinition type="stock.reserve"{}/>'
    plain = alone(extended("serviceTask", job.format("") + owner.format("")), catalog=CATALOG)
    own = alone(extended("serviceTask", job.format(' retries="2"') + owner.format(policy)), catalog=CATALOG)

    assert plain.job is not None
    assert own.job is not None
    assert (plain.job.retry.attempts, plain.job.timeout, plain.job.queue) == (9, timedelta(minutes=7), "far-away")
    assert plain.job.accepts == ("order_id", "speed")
    assert own.job.retry == RetryPolicy(
        first=timedelta(seconds=2),
        factor=3.0,
        maximum=timedelta(hours=1),
        attempts=8,
        never=("OrderRefused", "Out"),
    )


def test_tasks_for_people_scripts_decisions_and_calls_are_read():
    """One node of each kind with the dialect's words for it."""
    person = alone(
        extended(
            "userTask",
            '<zeebe:userTask/><zeebe:assignmentDefinition assignee="=clerk" candidateGroups="audit"/>'
            '<zeebe:taskSchedule dueDate="=now() + duration(&quot;P1D&quot;)"/><zeebe:formDefinition formId="audit"/>'
            '<zeebe:priorityDefinition priority="70"/>',
        )
    )
    script = alone(extended("scriptTask", '<zeebe:script expression="=1 + 1" resultVariable="two"/>'))
    rule = alone(extended("businessRuleTask", '<zeebe:calledDecision decisionId="risk" resultVariable="risk"/>'))
    call = alone(
        extended("callActivity", '<zeebe:calledElement processId="pick" propagateAllParentVariables="false"/>')
    )

    assert person.human == HumanTask(
        assignee="=clerk",
        candidate_groups="audit",
        due_date='=now() + duration("P1D")',
        priority="70",
        form="audit",
    )
    assert script.script == Script(expression="=1 + 1", result_variable="two")
    assert rule.decision == DecisionCall(decision="risk", result_variable="risk")
    assert call.call == ProcessCall(process="pick", propagate_parent=False, propagate_child=True)


def test_a_call_may_name_its_process_by_the_attribute_of_bpmn_itself():
    """calledElement is the standard's own word for it."""
    assert alone('<bpmn:callActivity id="it" calledElement="pick"/>').call == ProcessCall(process="pick")


def test_messages_signals_conditions_links_and_codes_are_looked_up():
    """Events refer to messages, signals and codes by id; the definition holds what they say."""
    message = """<bpmn:message id="M" name="paid"><bpmn:extensionElements>
                 <zeebe:subscription correlationKey="=orderId"/></bpmn:extensionElements></bpmn:message>"""
    catch = '<bpmn:intermediateCatchEvent id="it"><bpmn:{0}/></bpmn:intermediateCatchEvent>'

    assert alone(catch.format('messageEventDefinition messageRef="M"'), message).events == (
        MessageEvent(name="paid", correlation_key="=orderId"),
    )
    assert alone('<bpmn:receiveTask id="it" messageRef="M"/>', message).events == (
        MessageEvent(name="paid", correlation_key="=orderId"),
    )
    assert alone(
        catch.format('signalEventDefinition signalRef="S"'), '<bpmn:signal id="S" name="closing"/>'
    ).events == (SignalEvent(name="closing"),)
    conditional = """<bpmn:intermediateCatchEvent id="it"><bpmn:conditionalEventDefinition>
        <bpmn:condition xsi:type="bpmn:tFormalExpression">=stock &gt; 0</bpmn:condition>
        </bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>"""
    assert alone(conditional).events == (ConditionalEvent(condition="=stock > 0"),)


def test_a_shared_event_definition_is_found_by_reference():
    """BPMN allows one definition at the top of the file for several events."""
    node = alone(
        """<bpmn:userTask id="it"/><bpmn:boundaryEvent id="caught" attachedToRef="it">
           <bpmn:eventDefinitionRef>shared</bpmn:eventDefinitionRef></bpmn:boundaryEvent>
           <bpmn:sequenceFlow id="c" sourceRef="caught" targetRef="end"/>""",
        '<bpmn:error id="E" errorCode="NO"/><bpmn:errorEventDefinition id="shared" errorRef="E"/>',
    )

    assert len(node.boundary) == 1


def test_links_find_each_other_by_name_or_by_reference():
    """The standard pairs links by id, modelers by name; the engine goes by name."""
    definition = compiled(
        """
        <bpmn:startEvent id="begin"/>
        <bpmn:intermediateThrowEvent id="out"><bpmn:linkEventDefinition id="o" name="there"><bpmn:target>i</bpmn:target>
          </bpmn:linkEventDefinition></bpmn:intermediateThrowEvent>
        <bpmn:intermediateCatchEvent id="in"><bpmn:linkEventDefinition id="i" name="here"><bpmn:source>o</bpmn:source>
          </bpmn:linkEventDefinition></bpmn:intermediateCatchEvent>
        <bpmn:endEvent id="end"/>
        <bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="out"/>
        <bpmn:sequenceFlow id="b" sourceRef="in" targetRef="end"/>
        """
    )

    assert by_id(definition)["out"].events == by_id(definition)["in"].events == (LinkEvent(name="here"),)


def test_loops_are_read_from_bpmn_and_from_the_dialect():
    """Both ways of drawing a loop are in use."""
    ours = alone(
        extended(
            "manualTask",
            "",
            inside="""<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:extensionElements>
            <zeebe:loopCharacteristics inputCollection="=lines" inputElement="line" outputCollection="done"
              outputElement="=line.sku"/></bpmn:extensionElements>
            <bpmn:completionCondition>=loopCounter &gt; 3</bpmn:completionCondition>
            </bpmn:multiInstanceLoopCharacteristics>""",
        )
    )
    plain = alone(
        """<bpmn:manualTask id="it"><bpmn:multiInstanceLoopCharacteristics>
           <bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:manualTask>"""
    )
    standard = alone(
        """<bpmn:manualTask id="it"><bpmn:standardLoopCharacteristics testBefore="true" loopMaximum="5">
           <bpmn:loopCondition>=open</bpmn:loopCondition></bpmn:standardLoopCharacteristics></bpmn:manualTask>"""
    )

    assert ours.loop == MultiInstance(
        sequential=True,
        collection="=lines",
        item="line",
        output_collection="done",
        output_element="=line.sku",
        completion_condition="=loopCounter > 3",
    )
    assert plain.loop == MultiInstance(cardinality="3", window=100)
    assert standard.loop == StandardLoop(condition="=open", test_before=True, maximum=5)


def test_owners_come_from_header_lane_sub_process_and_process_in_this_order():
    """Every node has someone to ask, and the nearest word counts."""
    definition = compiled(
        """
        <bpmn:laneSet id="lanes"><bpmn:lane id="l1" name="shop"><bpmn:flowNodeRef>begin</bpmn:flowNodeRef>
          <bpmn:flowNodeRef>own</bpmn:flowNodeRef><bpmn:flowNodeRef>sub</bpmn:flowNodeRef>
          <bpmn:childLaneSet id="inner"><bpmn:lane id="l2" name="night shift"><bpmn:flowNodeRef>end</bpmn:flowNodeRef>
          </bpmn:lane></bpmn:childLaneSet><!-- lanes may hold lanes --></bpmn:lane></bpmn:laneSet>
        <bpmn:startEvent id="begin"/>
        <bpmn:userTask id="own"><bpmn:extensionElements><zeebe:taskHeaders>
          <zeebe:header key="owner" value="audit"/></zeebe:taskHeaders></bpmn:extensionElements></bpmn:userTask>
        <bpmn:subProcess id="sub"><bpmn:userTask id="held"/></bpmn:subProcess>
        <bpmn:endEvent id="end"/>
        <bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="own"/>
        <bpmn:sequenceFlow id="b" sourceRef="own" targetRef="sub"/>
        <bpmn:sequenceFlow id="c" sourceRef="sub" targetRef="end"/>
        """
    )

    owners = {node.id: node.owner for node in definition.nodes}
    assert owners == {
        "shop": "",
        "begin": "shop",
        "own": "audit",
        "sub": "shop",
        "held": "shop",
        "end": "night shift",
    }


def test_a_flow_without_id_is_named_by_its_ends():
    """BPMN allows flows without id; histories need one that is the same on every reading."""
    definition = compiled(
        """
        <bpmn:startEvent id="begin"/><bpmn:task id="work"/><bpmn:endEvent id="end"/>
        <bpmn:sequenceFlow sourceRef="begin" targetRef="work"/>
        <bpmn:sequenceFlow sourceRef="work" targetRef="end"/><bpmn:sequenceFlow sourceRef="work" targetRef="end"/>
        """
    )

    assert [flow.id for flow in definition.flows] == ["begin->work", "work->end", "work->end#2"]
