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
from oms_workflow.feel import numbers
from oms_workflow.feel.comparison import order
from oms_workflow.feel.values import Value, kind_of

ORDERED = frozenset({"number", "date", "time", "date and time", "days and time duration", "years and months duration"})


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
    known: dict[str, tuple[Test, ...] | None] = {
        text: read_tests(text, graph, model) for text in dict.fromkeys([*texts, allowed])
    }
    pieces = _pieces([test for tests in known.values() for test in tests or ()], clause.type)
    places = {piece.low: bit for bit, piece in enumerate(pieces) if piece.is_point}
    masks = {text: _mask(tests, pieces, places) for text, tests in known.items()}
    domain = masks[allowed] if allowed else None
    return Column(
        label=clause.label or clause.text,
        pieces=pieces,
        domain=_without_slits(pieces, _everything(pieces) if domain is None else domain),
        cells=tuple(masks[text] for text in texts),
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
    if kinds == {"text"} and not any(test.is_ordering for test in tests):
        return (*(Piece(point, point) for point in _sorted(points)), Piece(None, None, True))
    return _stretches(_sorted(points)) if len(kinds) == 1 and kinds < ORDERED else ()


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


def _everything(pieces: tuple[Piece, ...]) -> int:
    return (1 << len(pieces)) - 1


def _mask(tests: tuple[Test, ...] | None, pieces: tuple[Piece, ...], places: dict[Value, int]) -> int | None:
    """The pieces that pass one of the tests; None when that cannot be told."""
    if tests is None or not pieces or not all(point in places for test in tests for point in test.points):
        return None
    mask = 0
    for test in tests:
        found = _passing(test, pieces, places)
        mask |= _everything(pieces) & ~found if test.negated else found
    return mask


def _passing(test: Test, pieces: tuple[Piece, ...], places: dict[Value, int]) -> int:
    if test.everything:
        return _everything(pieces)
    if test.equal:
        return sum({1 << places[value] for value in test.values})
    first = 0 if test.low is None else places[test.low] + (not test.low_included)
    last = len(pieces) - 1 if test.high is None else places[test.high] - (not test.high_included)
    return (1 << last + 1) - (1 << first) if last >= first else 0


def _without_slits(pieces: tuple[Piece, ...], domain: int) -> int:
    """Leave out what lies between neighbouring whole numbers or days: tables count in these."""
    points = [piece.low for piece in pieces if piece.is_point]
    if not points or kind_of(points[0]) not in ("number", "date"):
        return domain
    if kind_of(points[0]) == "number" and not all(numbers.is_integer(point) for point in points):
        return domain
    for bit, piece in enumerate(pieces):
        if not piece.is_point and piece.low is not None and piece.high is not None and _neighbours(piece):
            domain &= ~(1 << bit)
    return domain


def _neighbours(piece: Piece) -> bool:
    low: Any = piece.low
    if kind_of(low) == "date":
        return bool((piece.high - low).days == 1) if type(low) is type(piece.high) else False
    return bool(numbers.subtract(piece.high, low) == numbers.ONE)
