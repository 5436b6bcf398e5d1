"""Every place of a diagram where FEEL may stand, as one list, so that no rule overlooks one. Evaluates nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from oms_workflow.diagrams.dialect.deadlines import ASKABLE
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS, EVENT_KINDS

Wanted = Literal["condition", "number", "value", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeelText:
    """One text that is FEEL, or may be."""

    element: Element  # where it is written
    node: Element  # flow node, flow or message it belongs to
    what: str  # names it in a sentence: "the condition"
    text: str
    wanted: Wanted  # condition: true or false; text: may also be a literal without `=`
    extra: frozenset[str] = frozenset()  # names that are known only here

    @property
    def is_feel(self) -> bool:
        """Whether it is written as FEEL, with a leading `=`."""
        return self.text.startswith("=")

    @property
    def must_be_feel(self) -> bool:
        """Whether a literal has no meaning here."""
        return self.wanted in ("condition", "value")

    @property
    def expression(self) -> str:
        """The FEEL without its leading `=`."""
        return self.text.removeprefix("=")


LOOP_COUNTERS = frozenset({"loopCounter", "numberOfInstances", "numberOfCompletedInstances"})
GATEWAY_COUNTS = frozenset({"activationCount", "activationCounts", "waitingForStart"})


def feel_texts(document: Document) -> tuple[FeelText, ...]:
    """Give every text of the executable processes, and of what they refer to, that is or may be FEEL."""
    found: tuple[FeelText, ...] = document.once("feel texts", lambda: tuple(_feel_texts(document)))
    return found


def _feel_texts(document: Document) -> Iterator[FeelText]:
    for flow in document.flows:
        source = document.refer(flow.get("sourceRef"))
        extra = GATEWAY_COUNTS if source is not None and source.kind == "complexGateway" else frozenset()
        yield from _child(flow, "conditionExpression", flow, "the condition", "condition", extra)
    for place in (*document.processes, *document.nodes):
        yield from _of_deadline(place)
    for node in document.nodes:
        yield from _of_extensions(node)
        if node.kind in EVENT_KINDS:
            yield from _of_events(document, node)
        elif node.kind in ACTIVITY_KINDS:
            yield from _of_loops(node)
    for node in document.executed("complexGateway"):
        yield from _child(node, "activationCondition", node, "the activation condition", "condition", GATEWAY_COUNTS)
    for node in document.executed("adHocSubProcess"):
        yield from _child(node, "completionCondition", node, "the completion condition", "condition")
    for association in document.executed("dataInputAssociation", "dataOutputAssociation"):
        yield from _of_data(association)
    for message in document.of_kind("message"):
        yield from _attributes(message, message, "name=the message name:text")
        yield from _extension(message, message, "subscription", "correlationKey=the correlation key:text")
    for signal in document.of_kind("signal"):
        yield from _attributes(signal, signal, "name=the signal name:text")
    for thrown in (*document.of_kind("error"), *document.of_kind("escalation")):
        what = f"{thrown.kind}Code=the {thrown.kind} code:text"
        yield from _attributes(thrown, thrown, what)


def _of_events(document: Document, node: Element) -> Iterator[FeelText]:
    for definition in document.event_definitions(node):
        yield from _child(definition, "condition", node, "the condition", "condition")
        for kind in ("timeDate", "timeDuration", "timeCycle"):
            yield from _child(definition, kind, node, "the time", "text")


def _of_deadline(node: Element) -> Iterator[FeelText]:
    settings = read_settings(node)
    for key in ASKABLE if settings.get("sla") else ():
        if settings.get(key).startswith("="):
            yield FeelText(element=node, node=node, what=f"the deadline's {key}", text=settings.get(key), wanted="text")


def _of_extensions(node: Element) -> Iterator[FeelText]:
    for box in node.extensions():
        if box.kind == "zeebe:ioMapping":
            for mapping in box.children:
                direction = mapping.kind.removeprefix("zeebe:")
                yield from _attributes(mapping, node, f"source=the {direction} mapping:text")
        else:
            yield from _attributes(box, node, *_EXTENSIONS.get(box.kind, ()))


_EXTENSIONS: dict[str, tuple[str, ...]] = {
    "zeebe:script": ("expression=the script:value",),
    "zeebe:adHoc": (
        "activeElementsCollection=the active elements:value",
        "outputElement=the output element:value",
    ),
    "zeebe:calledElement": ("processId=the called process:text",),
    "zeebe:calledDecision": ("decisionId=the called decision:text",),
    "zeebe:assignmentDefinition": (
        "assignee=the assignee:text",
        "candidateGroups=the candidate groups:text",
        "candidateUsers=the candidate users:text",
    ),
    "zeebe:taskSchedule": ("dueDate=the due date:text", "followUpDate=the follow-up date:text"),
    "zeebe:formDefinition": (
        "formId=the form:text",
        "formKey=the form:text",
        "externalReference=the form:text",
    ),
    "zeebe:priorityDefinition": ("priority=the priority:text",),
}


def _of_data(association: Element) -> Iterator[FeelText]:
    node = association.parent or association
    yield from _child(association, "transformation", node, "the transformation", "text")
    for assignment in association.all("assignment"):
        yield from _child(assignment, "from", node, "the assigned value", "text")


def _of_loops(node: Element) -> Iterator[FeelText]:
    standard = node.first("standardLoopCharacteristics")
    if standard is not None:
        yield from _child(standard, "loopCondition", node, "the loop condition", "condition", LOOP_COUNTERS)
    multiple = node.first("multiInstanceLoopCharacteristics")
    if multiple is not None:
        yield from _child(multiple, "loopCardinality", node, "the loop cardinality", "number")
        yield from _child(multiple, "completionCondition", node, "the completion condition", "condition", LOOP_COUNTERS)
        yield from _extension(
            multiple,
            node,
            "loopCharacteristics",
            "inputCollection=the input collection:value",
            "outputElement=the output element:value",
        )


def _child(
    parent: Element, kind: str, node: Element, what: str, wanted: Wanted, extra: frozenset[str] = frozenset()
) -> Iterator[FeelText]:
    for child in parent.all(kind):
        yield FeelText(element=child, node=node, what=what, text=child.text, wanted=wanted, extra=extra)


def _extension(parent: Element, node: Element, name: str, *places: str) -> Iterator[FeelText]:
    extension = parent.extension(name)
    if extension is not None:
        yield from _attributes(extension, node, *places)


def _attributes(element: Element, node: Element, *places: str) -> Iterator[FeelText]:
    """Read places written as `attribute=how it is called:what is wanted`."""
    for place in places:
        attribute, what, wanted = _place(place)
        text = element.get(attribute)
        if text:
            yield FeelText(element=element, node=node, what=what, text=text, wanted=wanted)


@lru_cache(maxsize=64)
def _place(place: str) -> tuple[str, str, Wanted]:
    attribute, _, rest = place.partition("=")
    what, _, wanted = rest.rpartition(":")
    return attribute, what, wanted  # type: ignore[return-value]  # written in this file only
