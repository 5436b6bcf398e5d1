"""Diagrams for tests, written as text a person can read at a glance; out comes BPMN XML in the zeebe dialect.

    process order                              one process; several may follow each other
    start Begin                                <kind> <id> [key=value ...]
    service Reserve type=allocation.reserve    keys below; values in double quotes may hold blanks
    sub Pack                                   what stands indented below a sub, event sub ("esub") is inside it
      ...
    catch Late on=Reserve timer=PT2H           an event with on= is a boundary event; nonstop: it does not interrupt
    Begin -> Reserve -> Choose                 flows; their ids are <from>_<to>
    Choose -> Ship if "=x > 1"
    Choose -> Wait default

Kinds: start end throw catch | task manual user service send receive script rule call sub esub tx adhoc | xor and or
event complex. An adhoc begins with begin= (FEEL, or ids by comma), collects collect= element=, is done at enough=;
keep, inorder.
An event's trigger: message= (with key=), timer= (with measure=, default duration), signal=, error=, escalation=,
condition=, link=, terminate, cancel, compensation (or compensation=<activity>). A catcher of all: error=*,
escalation=*. An event with several: any="message=paid key==order; timer=PT1H", or all=... for parallel multiple.
A complex gateway has when=<activation condition>; an activity start=<n> and give=<n> for its quantities.
instantiate: a receive or event starts the process, with parallel by all behind it; beside: undoing is not waited for.
An activity with undo=<handler> has a compensation boundary event that leads to it; the handler has the key compensates.
"""

from __future__ import annotations

import itertools
import json
import shlex
from dataclasses import dataclass, field

from lxml import etree

TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "throw": "intermediateThrowEvent",
    "catch": "intermediateCatchEvent",
    "boundary": "boundaryEvent",
    "task": "task",
    "manual": "manualTask",
    "user": "userTask",
    "service": "serviceTask",
    "send": "sendTask",
    "receive": "receiveTask",
    "script": "scriptTask",
    "rule": "businessRuleTask",
    "call": "callActivity",
    "sub": "subProcess",
    "esub": "subProcess",
    "tx": "transaction",
    "adhoc": "adHocSubProcess",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "event": "eventBasedGateway",
    "complex": "complexGateway",
}
TRIGGERS = (
    "message",
    "timer",
    "signal",
    "error",
    "escalation",
    "condition",
    "link",
    "terminate",
    "cancel",
    "compensation",
)
SPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
QUANTITIES = {"start": "startQuantity", "give": "completionQuantity"}
HEADERS = (
    "sla",
    "slaWarn",
    "slaCalendar",
    "slaOnBreach",
    "slaChain",
    "slaPauseOn",
    "owner",
    "retryPolicy",
    "loopWindow",
    "messageTtl",
)
WITH_HEADERS = ("service", "user", "send", "script", "rule", "manual")

HOLDERS = ("sub", "esub", "tx", "adhoc")

Element = etree._Element
Globals = dict[str, Element]


@dataclass
class Drawn:
    kind: str
    id: str
    keys: dict[str, str]
    inside: list[Drawn] = field(default_factory=list)
    flows: list[tuple[str, str, str]] = field(default_factory=list)  # from, to, condition
    defaults: dict[str, str] = field(default_factory=dict)


def bpmn(text: str) -> bytes:
    """Give the XML of a drawing."""
    shared: Globals = {}
    processes = [_process(process, shared) for process in _read(text)]
    target = {"id": "drawn", "targetNamespace": "http://example.com/tests"}
    root = _make("bpmn:definitions", target, *shared.values(), *processes)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


# -- reading the text


def _read(text: str) -> list[Drawn]:
    roots: list[Drawn] = []
    stack: list[tuple[int, Drawn]] = []
    for raw in text.splitlines():
        line = raw.split(" #")[0].rstrip()
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip())
        words = shlex.split(line)
        if words[0] == "process":
            process = Drawn("process", words[1], _keys(words[2:]))
            roots.append(process)
            stack = [(-1, process)]
            continue
        while stack[-1][0] >= depth:
            stack.pop()
        scope = stack[-1][1]
        if "->" in words:
            _flows(scope, words)
            continue
        node = Drawn(words[0], words[1], _keys(words[2:]))
        scope.inside.append(node)
        if words[0] in HOLDERS:
            stack.append((depth, node))
    return roots


def _keys(words: list[str]) -> dict[str, str]:
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def _flows(scope: Drawn, words: list[str]) -> None:
    condition, default = "", False
    if words[-1] == "default":
        words, default = words[:-1], True
    if len(words) > 2 and words[-2] == "if":
        words, condition = words[:-2], words[-1]
    chain = [word for word in words if word != "->"]
    for source, target in itertools.pairwise(chain):
        scope.flows.append((source, target, condition))
        if default:
            scope.defaults[source] = f"{source}_{target}"


# -- writing the XML


def _make(tag: str, attributes: dict[str, str] | None = None, *children: Element, text: str = "") -> Element:
    prefix, name = tag.split(":")
    element = etree.Element(f"{{{SPACES[prefix]}}}{name}", attributes or {}, nsmap=SPACES)
    element.text = text or None
    element.extend(children)
    return element


def _process(process: Drawn, shared: Globals) -> Element:
    executable = {"id": process.id, "isExecutable": "true"}
    tag = [_make("zeebe:versionTag", {"value": process.keys["tag"]})] if "tag" in process.keys else []
    return _make("bpmn:process", executable, *_box(*tag, *_properties(process)), *_inside(process, shared))


def _box(*children: Element) -> list[Element]:
    return [_make("bpmn:extensionElements", None, *children)] if children else []


def _close(scope: Drawn) -> None:
    """Lead every loose end to an end event: BPMN wants one where there is a start event, and tests want short texts."""
    kinds = [node.kind for node in scope.inside]
    if "start" not in kinds or "end" in kinds:
        return
    leaving = {source for source, _, _ in scope.flows}
    loose = [
        node.id
        for node in scope.inside
        if node.id not in leaving and node.kind != "esub" and not {"compensates", "link"} & node.keys.keys()
    ]
    end = f"{scope.id}_end"
    scope.inside.append(Drawn("end", end, {}))
    scope.flows += [(node, end, "") for node in loose]


def _inside(scope: Drawn, shared: Globals) -> list[Element]:
    _close(scope)
    parts = [_node(node, scope, shared) for node in scope.inside]
    for source, target, condition in scope.flows:
        drawn = {"id": f"{source}_{target}", "sourceRef": source, "targetRef": target}
        flow = _make("bpmn:sequenceFlow", drawn)
        if condition:
            kind = {f"{{{SPACES['xsi']}}}type": "bpmn:tFormalExpression"}
            flow.append(_make("bpmn:conditionExpression", kind, text=condition))
        parts.append(flow)
    undone = [_undo(node.id, node.keys["undo"]) for node in scope.inside if "undo" in node.keys]
    return [*parts, *(event for event, _ in undone), *(link for _, link in undone)]


def _undo(host: str, handler: str) -> tuple[Element, Element]:
    event = f"{host}_undo"
    thrown = _make("bpmn:compensateEventDefinition", {"id": f"{event}_d"})
    link = {"id": f"{host}_a", "associationDirection": "One", "sourceRef": event, "targetRef": handler}
    return _make("bpmn:boundaryEvent", {"id": event, "attachedToRef": host}, thrown), _make("bpmn:association", link)


def _node(node: Drawn, scope: Drawn, shared: Globals) -> Element:
    keys = node.keys
    kind = "boundary" if "on" in keys else node.kind
    attributes = {"id": node.id}
    if "name" in keys:
        attributes["name"] = keys["name"]
    if kind == "boundary":
        attributes |= {"attachedToRef": keys["on"], "cancelActivity": "false" if "nonstop" in keys else "true"}
    if kind == "start" and "nonstop" in keys:
        attributes["isInterrupting"] = "false"
    if node.kind == "esub":
        attributes["triggeredByEvent"] = "true"
    if node.id in scope.defaults:
        attributes["default"] = scope.defaults[node.id]
    if "compensates" in keys:
        attributes["isForCompensation"] = "true"
    attributes |= {name: keys[key] for key, name in QUANTITIES.items() if key in keys}
    if "instantiate" in keys:
        attributes["instantiate"] = "true"
    if "parallel" in keys:
        attributes["eventGatewayType"] = "Parallel"
    children = [*_box(*_extensions(node)), *_trigger(node, attributes, shared)]
    if "when" in keys:
        children.append(_make("bpmn:activationCondition", text=keys["when"]))
    if node.kind in HOLDERS:
        inside = [*_inside(node, shared), *_ad_hoc(node, attributes)]
        return _make(f"bpmn:{TAGS[kind]}", attributes, *children, *_loop(node), *inside)
    return _make(f"bpmn:{TAGS[kind]}", attributes, *children, *_loop(node))


def _ad_hoc(node: Drawn, attributes: dict[str, str]) -> list[Element]:
    """When an ad-hoc sub-process is done: `enough=` a condition, `keep` what is left, `inorder` one at a time."""
    if node.kind == "adhoc":
        attributes["cancelRemainingInstances"] = "false" if "keep" in node.keys else "true"
        attributes["ordering"] = "Sequential" if "inorder" in node.keys else "Parallel"
    return [_make("bpmn:completionCondition", text=node.keys["enough"])] if "enough" in node.keys else []


def _extensions(node: Drawn) -> list[Element]:
    keys, parts = node.keys, []
    if "type" in keys:
        parts.append(_make("zeebe:taskDefinition", {"type": keys["type"], "retries": keys.get("retries", "3")}))
    if "process" in keys:
        flags = ("propagateAllChildVariables", "propagateAllParentVariables", "bindingType", "versionTag")
        called = {"processId": keys["process"]} | {name: keys[name] for name in flags if name in keys}
        parts.append(_make("zeebe:calledElement", called))
    if "decision" in keys:
        asked = {"decisionId": keys["decision"], "resultVariable": keys["result"]}
        parts.append(_make("zeebe:calledDecision", asked))
    elif "expression" in keys:
        script = {"expression": keys["expression"], "resultVariable": keys["result"]}
        parts.append(_make("zeebe:script", script))
    if "begin" in keys or "collect" in keys:
        names = {"begin": "activeElementsCollection", "collect": "outputCollection", "element": "outputElement"}
        drawn = {name: keys[key] for key, name in names.items() if key in keys}
        if not keys.get("begin", "=").startswith("="):
            drawn["activeElementsCollection"] = f"={json.dumps(keys['begin'].split(','))}"
        parts.append(_make("zeebe:adHoc", drawn))
    parts += _mappings(keys)
    if node.kind in WITH_HEADERS:
        headers = [_make("zeebe:header", {"key": name, "value": keys[name]}) for name in HEADERS if name in keys]
        parts += [_make("zeebe:taskHeaders", None, *headers)] if headers else []
    else:
        parts += _properties(node)
    if "groups" in keys or "assignee" in keys:
        assigned = {"assignee": keys.get("assignee", ""), "candidateGroups": keys.get("groups", "")}
        assigned = {name: value for name, value in assigned.items() if value}
        parts.append(_make("zeebe:assignmentDefinition", assigned))
    if "form" in keys:
        parts.append(_make("zeebe:formDefinition", {"formId": keys["form"]}))
    if node.kind == "user" and "type" not in keys:
        parts.append(_make("zeebe:userTask"))
    return parts


def _mappings(keys: dict[str, str]) -> list[Element]:
    """`in.total==order.total` becomes the input `total` from `=order.total`; `out.` likewise."""
    found = [
        _make(f"zeebe:{tag}", {"source": source, "target": name.removeprefix(prefix)})
        for prefix, tag in (("in.", "input"), ("out.", "output"))
        for name, source in keys.items()
        if name.startswith(prefix)
    ]
    return [_make("zeebe:ioMapping", None, *found)] if found else []


def _properties(node: Drawn) -> list[Element]:
    names = (*HEADERS, "milestone")
    found = [_make("zeebe:property", {"name": name, "value": node.keys[name]}) for name in names if name in node.keys]
    return [_make("zeebe:properties", None, *found)] if found else []


def _loop(node: Drawn) -> list[Element]:
    keys = node.keys
    if "each" in keys or "times" in keys:
        children = []
        if "each" in keys:
            each = {"inputCollection": keys["each"], "inputElement": keys.get("item", "item")}
            if "gather" in keys:
                each |= {"outputCollection": keys["gather"], "outputElement": keys["element"]}
            children += _box(_make("zeebe:loopCharacteristics", each))
        else:
            children.append(_make("bpmn:loopCardinality", text=keys["times"]))
        if "until" in keys:
            children.append(_make("bpmn:completionCondition", text=keys["until"]))
        order = {"isSequential": "true" if "sequential" in keys else "false"}
        return [_make("bpmn:multiInstanceLoopCharacteristics", order, *children)]
    if "while" in keys:
        attributes = {"testBefore": "true" if "before" in keys else "false"}
        if "most" in keys:
            attributes["loopMaximum"] = keys["most"]
        condition = _make("bpmn:loopCondition", text=keys["while"])
        return [_make("bpmn:standardLoopCharacteristics", attributes, condition)]
    return []


def _trigger(node: Drawn, attributes: dict[str, str], shared: Globals) -> list[Element]:
    keys = node.keys
    several = keys.get("any") or keys.get("all")
    if several:
        if "all" in keys:
            attributes["parallelMultiple"] = "true"
        parts = [
            Drawn(node.kind, f"{node.id}_{at}", _keys(shlex.split(one))) for at, one in enumerate(several.split(";"))
        ]
        return [definition for part in parts for definition in _trigger(part, attributes, shared)]
    trigger = next((name for name in TRIGGERS if name in keys), None)
    if trigger is None:
        return []
    value, own = keys[trigger], {"id": f"{node.id}_d"}
    if trigger == "message" and node.kind in ("receive", "send"):
        attributes["messageRef"] = _shared("message", keys, shared)
        return []
    if trigger in ("message", "signal", "error", "escalation"):
        refers = {} if value == "*" else {f"{trigger}Ref": _shared(trigger, keys, shared)}
        return [_make(f"bpmn:{trigger}EventDefinition", own | refers)]
    return [_other_definition(trigger, value, own, keys)]


def _other_definition(trigger: str, value: str, own: dict[str, str], keys: dict[str, str]) -> Element:
    if trigger == "timer":
        measures = {"duration": "timeDuration", "date": "timeDate", "cycle": "timeCycle"}
        time = _make(f"bpmn:{measures[keys.get('measure', 'duration')]}", text=value)
        return _make("bpmn:timerEventDefinition", own, time)
    if trigger == "condition":
        return _make("bpmn:conditionalEventDefinition", own, _make("bpmn:condition", text=value))
    if trigger == "link":
        return _make("bpmn:linkEventDefinition", own | {"name": value})
    if trigger == "compensation":
        own |= {"waitForCompletion": "false"} if "beside" in keys else {}
        return _make("bpmn:compensateEventDefinition", own | ({"activityRef": value} if value else {}))
    return _make(f"bpmn:{trigger}EventDefinition", own)


def _shared(kind: str, keys: dict[str, str], shared: Globals) -> str:
    """Give the id of a message, signal, error or escalation, drawn once for all that refer to it."""
    value, key = keys[kind], keys.get("key", "")
    name = f"{kind}:{value}:{key}"
    if name not in shared:
        attributes = {"id": f"{kind}_{len(shared)}", "name": value}
        if kind in ("error", "escalation"):
            attributes[f"{kind}Code"] = value
        box = _box(_make("zeebe:subscription", {"correlationKey": key})) if key else []
        shared[name] = _make(f"bpmn:{kind}", attributes, *box)
    return str(shared[name].get("id"))
