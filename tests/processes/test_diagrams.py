"""What every shipped diagram owes its readers, and the parts that have to fit each other: texts, forms, messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import pytest
from lxml import etree

from activities.promising import TEMPLATES
from activities.texts import LANGUAGES, all_texts
from oms_workflow import feel
from oms_workflow.bpmn.events import MessageEvent
from oms_workflow.bpmn.kinds import ACTIVITIES, SCOPES, NodeKind
from oms_workflow.bpmn.model import Definition, Node
from oms_workflow.bpmn.work import MultiInstance
from oms_workflow.diagrams.collection import read_collection
from oms_workflow.domain.hold import RULES
from oms_workflow.domain.messages import MESSAGES, Key
from oms_workflow.play.stage import BEGINNING

from .walking import PROCESSES, catalog, shipped

CHINESE = re.compile("[\u4e00-\u9fff]")
FORMS = sorted((PROCESSES / "forms").glob("*.json"))
KEYS = {
    Key.ORDER: {"order_id"},
    Key.FULFILMENT: {"fulfilment_id", "asked_id"},
    Key.RETURN: {"return_id"},
    Key.TRANSACTION: {"transaction_id"},
    Key.PACKAGE: {"package_id"},
    Key.HOLD: {"hold_id"},
}
"""Variables that hold what a message is correlated by."""


def every_node() -> Iterator[tuple[Definition, Node]]:
    for one in shipped().definitions:
        for node in one.nodes[1:]:
            yield one, node


def lacking(what: Any, wanted: Any = lambda node: True) -> list[str]:
    """The nodes that should have something and do not."""
    return [f"{one.id}/{node.id}" for one, node in every_node() if wanted(node) and not what(node)]


def is_work(node: Node) -> bool:
    return node.kind in ACTIVITIES and node.kind is not NodeKind.EVENT_SUB_PROCESS


def test_the_shipped_diagrams_have_no_findings_at_all() -> None:
    """Nothing an analyst would have to explain away, not even a warning."""
    found = read_collection([PROCESSES], year=BEGINNING.year, catalog=catalog(), strict_references=True).diagnostics
    assert [str(one) for one in found] == []


def test_every_task_names_who_answers_for_it_and_by_when() -> None:
    """A node without owner or target is nobody's."""
    assert lacking(lambda node: node.owner, is_work) == []
    calls = (NodeKind.CALL_ACTIVITY, NodeKind.SUB_PROCESS)
    assert lacking(lambda node: node.sla or node.kind in calls, is_work) == []


def test_people_are_warned_before_they_are_late() -> None:
    """A user task warns in time, and its breach reaches somebody."""
    people = [node for _, node in every_node() if node.kind is NodeKind.USER_TASK]
    assert people
    for node in people:
        assert node.sla is not None
        assert node.sla.warn_after is not None, node.id
        assert node.human is not None
        assert node.human.candidate_groups, node.id


def test_every_node_is_explained_in_both_languages() -> None:
    """Analysts read English or Chinese; both find every node named."""
    assert lacking(lambda node: node.documentation and CHINESE.search(node.documentation), is_work) == []

    def named(node: Node) -> bool:
        return bool(CHINESE.search(node.name) and re.search("[A-Za-z0-9]", node.name))

    silent = (NodeKind.BOUNDARY_EVENT, NodeKind.EXCLUSIVE_GATEWAY, NodeKind.PARALLEL_GATEWAY)
    assert lacking(named, lambda node: node.kind not in silent or bool(node.name)) == []
    for one in shipped().definitions:
        assert CHINESE.search(one.name)
        assert one.process.documentation
        assert one.process.owner


def test_conditions_are_named_where_paths_part() -> None:
    """A gateway with several ways out says on each what it means."""
    unnamed = [
        f"{one.id}/{flow.id}"
        for one in shipped().definitions
        for flow in one.flows
        if flow.condition and not CHINESE.search(flow.name)
    ]
    assert unnamed == []


def test_milestones_have_a_text_in_every_language() -> None:
    """The customer's page never shows a key."""
    keys = {node.milestone for _, node in every_node() if node.milestone}
    for language in LANGUAGES:
        assert keys <= set(all_texts(language)["milestones"])
        assert set(all_texts(language)["milestones"]) <= keys, "a text nobody shows"


def test_notices_have_a_text_and_every_text_is_sent() -> None:
    """A template that does not exist would stop the order; a text nobody sends is out of date some day."""
    used: set[str] = set()
    for _, node in every_node():
        for mapping in node.inputs:
            if mapping.target == "template":
                used |= set(re.findall(r'"(\w+)"', mapping.source)) or {mapping.source}
    assert used | TEMPLATES == set(all_texts("en")["notices"])
    assert not used & TEMPLATES


def test_hold_kinds_named_in_diagrams_exist() -> None:
    """A misspelt kind would pause no clock and lift no hold."""
    for _, node in every_node():
        if node.sla is not None:
            assert set(node.sla.pause_on) <= {kind.value for kind in RULES}, node.id


def test_messages_are_those_of_the_domain_with_their_keys() -> None:
    """A message under another key never finds its order."""
    for one, node in every_node():
        for event in node.events:
            if isinstance(event, MessageEvent):
                spec = MESSAGES[event.name]
                starts = node.kind is NodeKind.START_EVENT and node.parent == 0
                names = set(feel.compile_expression(event.correlation_key[1:]).names) if not starts else set()
                throws = node.kind in (NodeKind.SEND_TASK, NodeKind.THROW_EVENT)
                assert starts or throws or names <= KEYS[spec.key], f"{one.id}/{node.id}"
                assert throws or {mapping.source[1:] for mapping in node.outputs} <= set(spec.fields), node.id


def test_every_message_for_an_order_is_waited_for_somewhere() -> None:
    """Whoever publishes it expects something to happen."""
    waited = {event.name for _, node in every_node() for event in node.events if isinstance(event, MessageEvent)}
    unheard = {
        "order.received", "payment.voided", "reservation.expired", "warehouse.picked", "return.judged",
    } - {"order.received"}  # fmt: skip
    assert set(MESSAGES) - waited == unheard


def test_every_user_task_has_its_form() -> None:
    """And no form is left over."""
    used = {node.human.form for _, node in every_node() if node.human is not None}
    assert used == {path.stem for path in FORMS}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_a_schema_in_both_languages(path: Any) -> None:
    """The console draws it without knowing it; 'approve' is what everybody may say."""
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for part in (schema, *schema["properties"].values()):
        assert part["title"]
        assert CHINESE.search(part["x-title-zh"])
    jsonschema.validate({"decision": "approve"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"decision": "whatever"}, schema)


def test_user_tasks_give_what_their_forms_ask() -> None:
    """An output that no field fills would always be empty."""
    for _, node in every_node():
        if node.human is not None:
            schema = json.loads((PROCESSES / "forms" / f"{node.human.form}.json").read_text(encoding="utf-8"))
            read = {name for one in node.outputs for name in _names(one.source)}
            assert read <= set(schema["properties"]), node.id
            assert "decision" in read


def test_every_choice_of_a_form_is_understood_by_its_diagram() -> None:
    """A button that does nothing else than its neighbour is a lie: all choices but one are named in a condition."""
    for one, node in every_node():
        if node.human is None:
            continue
        schema = json.loads((PROCESSES / "forms" / f"{node.human.form}.json").read_text(encoding="utf-8"))
        choices = {option["const"] for option in schema["properties"]["decision"]["oneOf"]}
        texts = [flow.condition for flow in one.flows] + [
            mapping.source for other in one.nodes for mapping in other.inputs
        ]
        named = {choice for choice in choices if any(f'"{choice}"' in text for text in texts)}
        assert len(choices - named) <= 1, f"{one.id}/{node.id}: {choices - named}"


@pytest.mark.parametrize("path", sorted(PROCESSES.glob("*.bpmn")), ids=lambda path: path.stem)
def test_a_diagram_opens_in_the_modeler_for_camunda_8(path: Any) -> None:
    """Every node has a shape, every flow an edge, and each collapsed sub-process a page of its own."""
    root = etree.parse(path).getroot()
    platform = "{http://camunda.org/schema/modeler/1.0}executionPlatform"
    assert root.get(platform) == "Camunda Cloud"
    drawn = {element.get("bpmnElement") for element in root.iter("{*}BPMNShape", "{*}BPMNEdge", "{*}BPMNPlane")}
    bpmn = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
    flow_nodes = {element.get("id") for element in root.iter(*(bpmn + name for name in DRAWN))}
    assert flow_nodes <= drawn
    collapsed = {one.get("bpmnElement") for one in root.iter("{*}BPMNShape") if one.get("isExpanded") == "false"}
    planes = {element.get("bpmnElement") for element in root.iter("{*}BPMNPlane")}
    assert planes == collapsed | {path.stem}


DRAWN = (
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "serviceTask",
    "userTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask", "callActivity", "subProcess",
    "exclusiveGateway", "parallelGateway", "eventBasedGateway", "sequenceFlow", "association",
)  # fmt: skip


@cache
def _names(source: str) -> tuple[str, ...]:
    return tuple(feel.compile_expression(source.removeprefix("=")).names) if source.startswith("=") else ()


def test_no_activity_takes_a_variable_by_accident() -> None:
    """An input nobody mapped is filled from a variable of the same name: then it has to be meant, so it is mapped."""
    taken = []
    for one, node in every_node():
        if node.job is None:
            continue
        mapped = {mapping.target for mapping in node.inputs}
        free = set(catalog()[node.job.activity].input.model_fields) - mapped
        taken += [f"{one.id}/{node.id}: {name}" for name in sorted(free & _variables(one))]
    assert taken == []


@cache
def _variables(one: Definition) -> frozenset[str]:
    """Every name that an activity of a process might see without a mapping."""
    found: set[str] = set()
    for node in one.nodes:
        found |= {mapping.target.partition(".")[0] for mapping in node.outputs}
        if node.kind in SCOPES:  # what a task is handed stays with the task
            found |= {mapping.target.partition(".")[0] for mapping in node.inputs}
        if node.job is not None and not node.outputs:
            found |= set(catalog()[node.job.activity].output.model_fields)
        if node.decision is not None:
            found.add(node.decision.result_variable)
        if node.script is not None:
            found.add(node.script.result_variable)
        if isinstance(node.loop, MultiInstance):
            found |= {node.loop.item, node.loop.output_collection}
    return frozenset(found)
