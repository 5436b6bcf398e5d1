"""Every page of the shipped diagrams is read at a glance: it fits a screen and nothing hides anything else.

Why these are the limits of a screen is told in processes/README.md.
"""

from __future__ import annotations

from itertools import combinations

import pytest

from oms_workflow.diagrams.rules.page_too_large import HIGHEST, MOST_NODES, WIDEST

from .drawn import Edge, Page, pages
from .walking import PROCESSES

PAGES = [page for path in sorted(PROCESSES.glob("*.bpmn")) for page in pages(path)]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)


@every_page
def test_a_page_fits_a_screen(page: Page) -> None:
    """Nobody scrolls to see where an order is, and the names can still be read."""
    around = page.around
    assert around.right - around.left <= WIDEST
    assert around.bottom - around.top <= HIGHEST
    assert len(page.shapes) <= MOST_NODES
    assert around.left >= 0
    assert around.top >= 0


@every_page
def test_no_shape_hides_another(page: Page) -> None:
    """Only boundary events lie on a border, and what is in an opened sub-process lies in it whole."""
    hidden = [
        (one, other)
        for (one, here), (other, there) in combinations(page.shapes.items(), 2)
        if here.covers(there)
        and page.hosts.get(one) != other
        and page.hosts.get(other) != one
        and not here.holds(there)
        and not there.holds(here)
    ]
    assert hidden == []


@every_page
def test_no_line_runs_through_a_shape(page: Page) -> None:
    """A line ends at the border of what it joins, and goes around everything else."""
    through = [(name, shape) for name, edge in page.edges.items() for shape in in_the_way(page, edge)]
    assert through == []


def in_the_way(page: Page, edge: Edge) -> list[str]:
    """Give the shapes a line runs through: of its own ends only what it meets again after it has left."""
    found = []
    for shape, bounds in page.shapes.items():
        own = shape in (edge.source, edge.target)
        around = not own and bounds.holds(page.shapes[edge.source]) and bounds.holds(page.shapes[edge.target])
        pieces = edge.pieces[1:-1] if own else edge.pieces
        if not around and any(bounds.covers(piece) for piece in pieces):
            found.append(shape)
    return found


@every_page
def test_lines_are_drawn_straight_from_shape_to_shape(page: Page) -> None:
    """Level or upright, and joined to both of their ends."""
    for name, edge in page.edges.items():
        assert page.shapes[edge.source].touches(edge.points[0]), name
        assert page.shapes[edge.target].touches(edge.points[-1]), name
        for (x1, y1), (x2, y2) in zip(edge.points, edge.points[1:], strict=False):
            assert x1 == x2 or y1 == y2, name


@every_page
def test_every_name_can_be_read(page: Page) -> None:
    """It lies on no shape, on no line and on no other name."""
    for name, label in page.labels.items():
        on = [shape for shape, bounds in page.shapes.items() if bounds.covers(label) and not bounds.holds(label)]
        assert on == [], name
        crossed = [line for line, edge in page.edges.items() if any(label.covers(piece) for piece in edge.pieces)]
        assert crossed == [], name
    for (one, here), (other, there) in combinations(page.labels.items(), 2):
        assert not here.covers(there), (one, other)
