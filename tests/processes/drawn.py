"""What is drawn on each page of a diagram, as plain figures: where shapes, lines and names are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rectangle:
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: Rectangle) -> bool:
        """Say whether the two share more than a border."""
        beside = self.right <= other.left + 1 or other.right <= self.left + 1
        return not beside and self.top < other.bottom - 1 and other.top < self.bottom - 1

    def holds(self, other: Rectangle) -> bool:
        inside = self.left <= other.left and other.right <= self.right
        return inside and self.top <= other.top and other.bottom <= self.bottom

    def touches(self, point: Point) -> bool:
        x, y = point
        return self.left - 1 <= x <= self.right + 1 and self.top - 1 <= y <= self.bottom + 1


@dataclass(frozen=True, slots=True)
class Edge:
    source: str
    target: str
    points: tuple[Point, ...]

    @property
    def pieces(self) -> list[Rectangle]:
        """Its straight pieces, each as thin as a line."""
        return [
            Rectangle(min(a[0], b[0]) - 1.5, min(a[1], b[1]) - 1.5, max(a[0], b[0]) + 1.5, max(a[1], b[1]) + 1.5)
            for a, b in zip(self.points, self.points[1:], strict=False)
        ]


@dataclass(slots=True)
class Page:
    """One plane: what a person sees who opens a process or a sub-process."""

    id: str
    shapes: dict[str, Rectangle] = field(default_factory=dict)
    edges: dict[str, Edge] = field(default_factory=dict)
    labels: dict[str, Rectangle] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)  # boundary event: what it sits on

    @property
    def around(self) -> Rectangle:
        """The smallest rectangle with everything in it."""
        bends = [Rectangle(x, y, x, y) for edge in self.edges.values() for x, y in edge.points]
        drawn = [*self.shapes.values(), *self.labels.values(), *bends]
        left, top = min(one.left for one in drawn), min(one.top for one in drawn)
        return Rectangle(left, top, max(one.right for one in drawn), max(one.bottom for one in drawn))


def pages(path: Path) -> Iterator[Page]:
    """Give every page of a file."""
    root = etree.parse(path).getroot()
    elements = {element.get("id"): element for element in root.iter("{*}*") if element.get("id")}
    for plane in root.iter("{*}BPMNPlane"):
        page = Page(f"{path.stem}/{plane.get('bpmnElement')}")
        for drawn in plane:
            element = elements[drawn.get("bpmnElement")]
            _read(page, drawn, element)
        yield page


def _read(page: Page, drawn: etree._Element, element: etree._Element) -> None:
    name = element.get("id", "")
    if drawn.tag.endswith("BPMNShape"):
        page.shapes[name] = _bounds(drawn)
        if element.get("attachedToRef"):
            page.hosts[name] = element.get("attachedToRef", "")
    else:
        points = [(float(one.get("x", "")), float(one.get("y", ""))) for one in drawn.findall("{*}waypoint")]
        page.edges[name] = Edge(element.get("sourceRef", ""), element.get("targetRef", ""), tuple(points))
    label = drawn.find("{*}BPMNLabel")
    if label is not None:
        page.labels[name] = _bounds(label)


def _bounds(drawn: etree._Element) -> Rectangle:
    found = drawn.find("{*}Bounds")
    assert found is not None
    x, y, width, height = (float(found.get(key, "")) for key in ("x", "y", "width", "height"))
    return Rectangle(x, y, x + width, y + height)
