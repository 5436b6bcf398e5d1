"""What is read of one element, and what is left out."""

from __future__ import annotations

from lxml import etree

from oms_workflow.diagrams.element import Element, drawn_ids, read_elements
from tests.diagrams.fragments import NAMESPACES


def elements_of(xml: str) -> list[Element]:
    return read_elements(etree.fromstring(f"<bpmn:definitions {NAMESPACES}>{xml}</bpmn:definitions>"))


def test_elements_are_named_by_their_vocabulary():
    """A rule must never take an extension for the BPMN element of the same name."""
    xml = """<bpmn:task id="a"><bpmn:extensionElements><zeebe:task/><camunda:task/><bpmn:task id="fake"/>
             </bpmn:extensionElements></bpmn:task><task/>"""

    kinds = [element.kind for element in elements_of(xml)]

    assert kinds[:3] == ["definitions", "task", "extensionElements"]
    assert kinds[3] == "zeebe:task"
    assert kinds[4] == "{http://camunda.org/schema/1.0/bpmn}task"
    assert kinds[5] == "{http://www.omg.org/spec/BPMN/20100524/MODEL}task"
    assert kinds[6] == "{}task"


def test_a_comment_does_not_cut_a_text_in_two():
    """lxml gives only the text before the comment; half a condition could still be a valid one."""
    found = elements_of("<bpmn:conditionExpression>=a &gt; 1<!-- why --> and b</bpmn:conditionExpression>")

    assert found[1].text == "=a > 1 and b"


def test_the_drawing_is_no_part_of_the_tree_but_tells_what_is_drawn():
    """Shapes are half of a file and mean nothing for a run."""
    drawing = """<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"><di:BPMNPlane bpmnElement="p">
                 <di:BPMNShape bpmnElement="a"/><di:BPMNEdge bpmnElement="x:f"/></di:BPMNPlane></di:BPMNDiagram>"""
    root = etree.fromstring(f"<bpmn:definitions {NAMESPACES}>{drawing}</bpmn:definitions>")

    assert [element.kind for element in read_elements(root)] == ["definitions"]
    assert drawn_ids(root) == {"a", "f"}


def test_elements_know_their_line_and_order():
    """Findings are placed by the line; ties between tokens are broken by the order."""
    found = elements_of('\n<bpmn:task id="a"/>\n<bpmn:task id="b"><bpmn:incoming>f</bpmn:incoming></bpmn:task>')

    assert [(element.kind, element.line, element.order) for element in found] == [
        ("definitions", 1, 0),
        ("task", 2, 1),
        ("task", 3, 2),
        ("incoming", 3, 3),
    ]
