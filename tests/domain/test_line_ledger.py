"""The quantity ledger of a line: every piece is in exactly one place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.line_ledger import MOVES, LineQuantities, Move, Place, movable, move
from oms_workflow.errors import OrderRefused

STEPS = st.lists(st.tuples(st.sampled_from(Move), st.integers(min_value=1, max_value=4)), max_size=30)


@given(ordered=st.integers(min_value=1, max_value=10), steps=STEPS)
def test_no_sequence_of_moves_loses_or_makes_a_piece(ordered: int, steps: list[tuple[Move, int]]) -> None:
    """Invariant 2: ordered = open + allocated + shipped + cancelled + backordered + written off, none below 0."""
    line = LineQuantities.new(ordered)
    for kind, quantity in steps:
        try:
            line = move(line, kind, quantity)
        except OrderRefused as refusal:
            assert refusal.code == "QUANTITY_EXCEEDED"
    places = [getattr(line, place.value) for place in Place]
    assert sum(places) == ordered
    assert min(places) >= 0


@pytest.mark.parametrize("kind", Move)
def test_a_move_takes_from_one_place_and_puts_into_another(kind: Move) -> None:
    """The table is the law: nothing else changes."""
    source, target = MOVES[kind]
    line = LineQuantities(**({"ordered": 9, "open": 0} | {source.value: 9}))
    moved = move(line, kind, 4)
    assert getattr(moved, source.value) == 5
    assert getattr(moved, target.value) == 4
    assert source is not target


def test_more_than_there_is_is_refused_and_nothing_changes() -> None:
    """The message tells the person how much there is."""
    line = replace(LineQuantities.new(3), open=2, allocated=1)
    with pytest.raises(OrderRefused, match="Cannot ship 2 of line 'shop:1/1': 1 of 3 are allocated"):
        move(line, Move.SHIP, 2, name="shop:1/1")


def test_delivered_pieces_cannot_be_written_off() -> None:
    """A parcel that arrived is not lost, whatever a late scan says."""
    line = LineQuantities(ordered=3, open=0, shipped=3, delivered=2)
    assert movable(line, Place.SHIPPED) == 1
    with pytest.raises(OrderRefused):
        move(line, Move.WRITE_OFF, 2)


@pytest.mark.parametrize("wrong", [{"open": 2}, {"open": 4, "allocated": -1}, {"open": 3, "delivered": 1}])
def test_an_impossible_ledger_cannot_exist(wrong: dict[str, int]) -> None:
    """A row changed by hand is noticed when it is read."""
    with pytest.raises(ValueError, match=r"pieces|negative"):
        LineQuantities(ordered=3, **wrong)


def test_a_move_takes_at_least_one_piece() -> None:
    """0 or fewer pieces is a defect of the caller, not a business case."""
    with pytest.raises(ValueError, match="at least 1"):
        move(LineQuantities.new(3), Move.ALLOCATE, 0)
