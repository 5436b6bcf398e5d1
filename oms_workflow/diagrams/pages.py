"""How large the pages of a diagram are: what opens at once, a process or a collapsed sub-process. Judges nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from oms_workflow.diagrams.vocabulary import BPMN_DRAWING

_PLANE = f"{{{BPMN_DRAWING}}}BPMNPlane"
_SHAPE = f"{{{BPMN_DRAWING}}}BPMNShape"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One plane of a drawing.

    Attributes:
        element: Id of what the plane shows; '' when it does not say.
        shapes: Ids of what has a shape on it, in the order of the file.
    """

    element: str
    shapes: tuple[str, ...]
    width: int
    height: int


def read_pages(root: etree._Element) -> tuple[Page, ...]:
    """Give the pages of a file in their order; the size of one goes around shapes, bends of lines and labels."""
    return tuple(_read_page(plane) for plane in root.iter(_PLANE))


def _read_page(plane: etree._Element) -> Page:
    across, down = [], []
    for x, y in _points(plane):
        across.append(x)
        down.append(y)
    return Page(
        element=_local(plane.get("bpmnElement", "")),
        shapes=tuple(_local(shape.get("bpmnElement", "")) for shape in plane.iter(_SHAPE)),
        width=_length(across),
        height=_length(down),
    )


def _points(plane: etree._Element) -> Iterator[tuple[float, float]]:
    """The corners of all bounds and the bends of all lines that can be read; the schema judges the others."""
    for drawn in plane.iter("{*}Bounds", "{*}waypoint"):
        try:
            x, y = float(drawn.get("x", "")), float(drawn.get("y", ""))
            right, bottom = x + float(drawn.get("width", "0")), y + float(drawn.get("height", "0"))
        except ValueError:
            continue
        if all(map(math.isfinite, (x, y, right, bottom))):
            yield x, y
            yield right, bottom


def _length(found: list[float]) -> int:
    return math.ceil(max(found) - min(found)) if found else 0


def _local(reference: str) -> str:
    return reference.rpartition(":")[2]
