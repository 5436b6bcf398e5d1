"""How large the pages of a file are: what is drawn counts, what cannot be read does not."""

from __future__ import annotations

from lxml import etree

from oms_workflow.diagrams.pages import Page, read_pages

BOX = (
    '<box xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:dd="http://www.omg.org/spec/DD/20100524/DI">{}</box>'
)


def pages(*planes: str) -> tuple[Page, ...]:
    return read_pages(
        etree.fromstring(BOX.format("".join(f"<di:BPMNDiagram>{plane}</di:BPMNDiagram>" for plane in planes)))
    )


def plane(element: str, inside: str) -> str:
    return f'<di:BPMNDiagram><di:BPMNPlane bpmnElement="{element}">{inside}</di:BPMNPlane></di:BPMNDiagram>'


def shape(element: str, x: object, y: object, more: str = "") -> str:
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="100" height="80"/>'
    return f'<di:BPMNShape bpmnElement="{element}">{bounds}{more}</di:BPMNShape>'


def test_a_page_reaches_around_shapes_lines_and_labels() -> None:
    """Whatever has to be seen has to fit."""
    line = '<di:BPMNEdge bpmnElement="f"><dd:waypoint x="50" y="-20"/><dd:waypoint x="300" y="40"/></di:BPMNEdge>'
    label = '<di:BPMNLabel><dc:Bounds x="390" y="300.5" width="30" height="14"/></di:BPMNLabel>'
    found = pages(plane("shop", shape("a", 100, 0) + shape("b", 300, 0, label) + line))
    assert found == (Page(element="shop", shapes=("a", "b"), width=370, height=335),)


def test_each_plane_is_a_page() -> None:
    """A collapsed sub-process opens by itself."""
    found = pages(plane("shop", shape("a", 0, 0)), plane("tns:pack", shape("tns:b", 500, 500)))
    assert [(page.element, page.shapes, page.width, page.height) for page in found] == [
        ("shop", ("a",), 100, 80), ("pack", ("b",), 100, 80),
    ]  # fmt: skip


def test_places_that_are_no_numbers_are_left_to_the_schema() -> None:
    """A hostile file gives findings, not a fall."""
    for wrong in ("nan", "inf", "1e999", "wide", ""):
        assert pages(plane("shop", shape("a", wrong, 0) + shape("b", 10, 10)))[0].width == 100


def test_an_empty_plane_has_no_size() -> None:
    """Nothing is drawn on it."""
    assert pages(plane("", "")) == (Page(element="", shapes=(), width=0, height=0),)
