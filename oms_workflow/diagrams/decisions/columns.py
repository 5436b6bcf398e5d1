"""What the cells of a table's input column let through, where that can be told without running anything.

The values in a column's cells cut its domain into pieces: each value itself, and what lies between two of them. A cell
lets whole pieces through or none of them, so it is a set of pieces, kept as the bits of a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from oms_workflow.diagrams.decisions.constants import Test, read_tests
from oms_workflow.dmn.expressions import DecisionTable, InputClause
from oms_workflow.dmn.graph import Graph
from oms_workflow.dmn.types import TypeTable
from oms_workflow.feel.comparison import order
from oms_workflow.feel.values import Value, kind_of

ORDERED = frozenset({"number", "date", "time", "date and time", "days and time duration", "years and months duration"})
MOST_PIECES = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """One value (`low` is `high`), or everything between two; None: no limit. `other` is all text not named."""

    low: Value
    high: Value
    other: bool = False

    @property
    def is_point(self) -> bool:
        """Whether it is a single value."""
        return self.low is not None and self.low is self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """An input column: its pieces, which of them can occur, and what each rule's cell lets through."""

    label: str
    pieces: tuple[Piece, ...]
    domain: int
    cells: tuple[int | None, ...]  # per rule; None: cannot be told
    texts: tuple[str, ...]  # per rule

    def lets_through(self, rule: int) -> int:
        """Give the pieces a cell lets through, all that can occur when it cannot be told."""
        found = self.cells[rule]
        return self.domain if found is None else found & self.domain


def columns_of(table: DecisionTable, graph: Graph, types: TypeTable, model: int) -> list[Column]:
    """Give the columns of a table whose rows have as many cells as it has columns."""
    return [
        _column(clause, [rule.inputs[index] for rule in table.rules], graph, types, model)
        for index, clause in enumerate(table.inputs)
    ]


def _column(clause: InputClause, texts: list[str], graph: Graph, types: TypeTable, model: int) -> Column:
    allowed = clause.allowed or types.allowed_values(clause.type, model)
    tests = [read_tests(text, graph, model) for text in texts]
    limits = read_tests(allowed, graph, model) if allowed else ()
    pieces = _pieces([test for cell in (*tests, limits) for test in cell or ()], clause.type)
    everything = (1 << len(pieces)) - 1
    domain = everything if limits is None or not limits else _mask(limits, pieces)
    return Column(
        label=clause.label or clause.text,
        pieces=pieces,
        domain=_without_slits(pieces, domain),
        cells=tuple(None if cell is None or not pieces else _mask(cell, pieces) for cell in tests),
        texts=tuple(texts),
    )


def _pieces(tests: list[Test], type_name: str) -> tuple[Piece, ...]:
    """The pieces of a column; one piece for everything when no cell says anything, none when kinds are mixed."""
    points = [point for test in tests for point in test.points]
    kinds = {kind_of(point) for point in points}
    if kinds == {"boolean"} or (type_name == "boolean" and not kinds):
        return tuple(Piece(value, value) for value in (True, False))
    if not kinds:
        return (Piece(None, None),)
    if len(points) <= MOST_PIECES and kinds == {"text"} and not any(test.is_ordering for test in tests):
        return (*(Piece(point, point) for point in _sorted(points)), Piece(None, None, True))
    return _stretches(_sorted(points)) if len(points) <= MOST_PIECES and len(kinds) == 1 and kinds < ORDERED else ()


def _stretches(found: list[Value]) -> tuple[Piece, ...]:
    """Each point, and what lies before, between and behind them."""
    pieces = [Piece(None, found[0])]
    for point, following in zip(found, [*found[1:], None], strict=True):
        pieces += [Piece(point, point), Piece(point, following)]
    return tuple(pieces)


def _sorted(points: list[Value]) -> list[Value]:
    found: list[Value] = []
    for point in sorted(points, key=cmp_to_key(lambda left, right: order(left, right) or 0)):
        if not found or order(found[-1], point) != 0:
            found.append(point)
    return found


def _mask(tests: tuple[Test, ...], pieces: tuple[Piece, ...]) -> int:
    """The pieces that pass one of the tests."""
    mask = 0
    for bit, piece in enumerate(pieces):
        if any(_passes(test, piece) for test in tests):
            mask |= 1 << bit
    return mask


def _passes(test: Test, piece: Piece) -> bool:
    return _inside(test, piece) != test.negated


def _inside(test: Test, piece: Piece) -> bool:
    if test.everything:
        return True
    if piece.other or test.equal:
        return piece.is_point and any(order_or_equal(piece.low, value) for value in test.values)
    if piece.is_point:
        return _above(piece.low, test.low, test.low_included) and _below(piece.low, test.high, test.high_included)
    over = test.low is None or (piece.low is not None and _compare(piece.low, test.low) >= 0)
    return over and (test.high is None or (piece.high is not None and _compare(piece.high, test.high) <= 0))


def order_or_equal(left: Value, right: Value) -> bool:
    """Say whether two constants of a column are the same."""
    return left == right if isinstance(left, bool) else order(left, right) == 0


def _compare(left: Value, right: Value) -> int:
    return order(left, right) or 0


def _above(value: Value, low: Value, included: bool) -> bool:
    return low is None or _compare(value, low) > 0 or (included and _compare(value, low) == 0)


def _below(value: Value, high: Value, included: bool) -> bool:
    return high is None or _compare(value, high) < 0 or (included and _compare(value, high) == 0)


def _without_slits(pieces: tuple[Piece, ...], domain: int) -> int:
    """Leave out what lies between neighbouring whole numbers or days: tables count in these."""
    points = [piece.low for piece in pieces if piece.is_point]
    if not points or kind_of(points[0]) not in ("number", "date"):
        return domain
    if kind_of(points[0]) == "number" and any(point != point.to_integral_value() for point in points):
        return domain
    for bit, piece in enumerate(pieces):
        if not piece.is_point and piece.low is not None and piece.high is not None and _neighbours(piece):
            domain &= ~(1 << bit)
    return domain


def _neighbours(piece: Piece) -> bool:
    low: Any = piece.low
    if kind_of(low) == "date":
        return bool((piece.high - low).days == 1) if type(low) is type(piece.high) else False
    return bool(piece.high - low == 1)
