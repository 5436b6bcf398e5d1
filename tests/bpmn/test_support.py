"""The support table is complete: whatever the BPMN 2.0 schema allows has a line, so nothing can be silently ignored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
import SpiffWorkflow.bpmn.parser
from lxml import etree

from oms_workflow.bpmn import support
from oms_workflow.bpmn.events import EventDefinition
from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.support import Position, Standing

SCHEMA = Path(SpiffWorkflow.bpmn.parser.__file__).parent / "schema" / "Semantic.xsd"
X = "{http://www.w3.org/2001/XMLSchema}"
ABSTRACT = frozenset(
    {
        "activity",
        "artifact",
        "baseElement",
        "baseElementWithMixedContent",
        "catchEvent",
        "choreographyActivity",
        "conversationNode",
        "event",
        "eventDefinition",
        "flowElement",
        "flowNode",
        "loopCharacteristics",
        "rootElement",
        "throwEvent",
    }
)
"""Elements of the schema that no file can hold."""


class Schema:
    """What the schema says about each element."""

    def __init__(self) -> None:
        root = etree.parse(str(SCHEMA)).getroot()
        self.types = {one.get("name"): one for one in root.findall(f"{X}complexType")}
        self.elements = {one.get("name"): one.get("type") for one in root.findall(f"{X}element")}

    def names(self) -> set[str]:
        local = {one.get("name") for kind in self.types.values() for one in kind.iter(f"{X}element")}
        return ({*self.elements, *local} - {None}) - ABSTRACT

    def attributes(self) -> Iterator[tuple[str, str]]:
        for element, kind in self.elements.items():
            if element not in ABSTRACT:
                yield from ((element, name) for name in self._of_type(str(kind).rpartition(":")[2]))

    def _of_type(self, name: str) -> Iterator[str]:
        kind = self.types.get(name)
        if kind is None:
            return
        extension = kind.find(f".//{X}extension")
        if extension is not None:
            yield from self._of_type(extension.get("base", "").rpartition(":")[2])
        yield from (str(one.get("name")) for one in kind.iter(f"{X}attribute"))


def test_every_element_of_the_schema_has_a_line():
    """An element without a line would be refused as unknown, with no word on what to do instead."""
    listed = {row.subject for row in support.rows()["Elements"]}

    assert Schema().names() - listed == set()


def test_no_line_is_about_an_element_that_bpmn_does_not_have():
    """A slip in a name would leave the real element without a line."""
    listed = {row.subject for row in support.rows()["Elements"]}

    assert listed - Schema().names() - {"definitions", "import", "extension", "relationship"} == set()


def test_every_attribute_of_the_schema_has_a_line():
    """Attributes change what a node does as much as elements: instantiate, startQuantity, isInterrupting."""
    missing = [
        f"{element}@{name}"
        for element, name in Schema().attributes()
        if support.attribute(element, name).note.endswith("is not known here.")
    ]

    assert missing == []


def test_what_is_not_in_the_table_is_refused():
    """Tomorrow's dialect must not pass for today's."""
    assert support.element("zeebe:tomorrow").standing is Standing.REFUSED
    assert support.attribute("serviceTask", "tomorrow").standing is Standing.REFUSED
    assert support.event(Position.CATCH, "error").standing is Standing.REFUSED


@pytest.mark.parametrize("kind", [kind for kind in NodeKind if kind is not NodeKind.EVENT_SUB_PROCESS])
def test_every_kind_of_node_has_a_line(kind):
    """A kind that the engine knows must be drawn somehow."""
    assert support.element(kind.value).subject == kind.value


def test_every_place_of_an_event_lists_kinds_that_there_are():
    """`compensate` for `compensation` would silently refuse what is executed."""
    definitions = get_args(get_args(EventDefinition)[0])
    kinds = {field.default for one in definitions for field in fields(one) if field.name == "kind"}
    allowed = kinds | {"none", "multiple", "parallel multiple"}

    for row in support.rows()["Events, by place"]:
        place, _, kind = row.subject.partition(": ")
        assert kind in allowed
        assert place in {position.value for position in Position}


def test_whatever_is_refused_says_what_to_do_instead():
    """A refusal without a way out is no help."""
    for rows in support.rows().values():
        for row in rows:
            assert row.standing is not Standing.REFUSED or (row.note and row.instead), row.subject
            assert not row.only or row.standing is Standing.EXECUTED, row.subject


def test_no_subject_has_two_lines():
    """One of them would be wrong, and nobody would know which."""
    subjects = [row.subject for rows in support.rows().values() for row in rows]

    assert len(subjects) == len(set(subjects))
