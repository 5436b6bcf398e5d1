"""Goods into cartons: every piece in exactly one parcel, no limit of a carton broken, and never more than needed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.domain.carton import Carton, Lump, PackingPlan, Piece, Sides
from oms_workflow.domain.cartonise import FILL_PERCENT, cartonise, least_parcels
from oms_workflow.domain.money import Money
from oms_workflow.domain.placing import Block, Room


def sides(length: int, width: int, height: int) -> Sides:
    return Sides(length_mm=length, width_mm=width, height_mm=height)


def a_carton(name: str, inner: Sides, holds: int = 10_000, cost: int = 100) -> Carton:
    return Carton(warehouse="HZ", id=name, inner=inner, holds_grams=holds, own_grams=150, cost=Money.minor(cost, "CNY"))


def a_lump(line: str, inner: Sides | None, grams: int = 100, **more: object) -> Lump:
    volume = inner.volume_mm3 if inner is not None else 0
    piece = Piece(line_id=line, weight_grams=grams, volume_mm3=volume, sides=inner)
    return Lump(pieces=(piece,), **more)  # type: ignore[arg-type]


SMALL = a_carton("S", sides(200, 150, 100), holds=3_000, cost=80)
MIDDLE = a_carton("M", sides(300, 200, 150), holds=8_000, cost=140)
LARGE = a_carton("L", sides(500, 400, 300), holds=20_000, cost=380)
CARTONS = (LARGE, SMALL, MIDDLE)


def boxes(plan: PackingPlan) -> list[str | None]:
    return [parcel.carton.id if parcel.carton else None for parcel in plan.parcels]


# -- single rules


def test_the_cheapest_carton_that_holds_everything_is_taken() -> None:
    """A parcel less is worth more than any carton; among equals the carton's cost decides."""
    plan = cartonise([a_lump("a", sides(180, 140, 40)), a_lump("b", sides(180, 140, 40))], CARTONS)
    assert boxes(plan) == ["S"]
    assert plan.is_fewest
    assert plan.parcels[0].gross_grams == 200 + 150


def test_a_thing_that_must_be_turned_is_turned() -> None:
    """Its longest side goes along the longest side of the carton, however it was measured."""
    assert boxes(cartonise([a_lump("umbrella", sides(90, 90, 490))], CARTONS)) == ["L"]


def test_volume_alone_does_not_let_a_long_thing_in() -> None:
    """The toy rule: a stick of a metre has hardly any volume, and fits no carton of half a metre."""
    stick = a_lump("stick", sides(1000, 20, 20))
    plan = cartonise([stick, a_lump("cup", sides(90, 90, 100))], CARTONS)
    assert boxes(plan) == [None, "S"]
    assert plan.parcels[0].outer == sides(1000, 20, 20)


def test_what_no_carton_holds_is_never_lost() -> None:
    """It goes as it is; without any carton everything does."""
    assert boxes(cartonise([a_lump("anvil", sides(100, 100, 100), grams=50_000)], CARTONS)) == [None]
    assert boxes(cartonise([a_lump("a", sides(10, 10, 10)), a_lump("b", None)], ())) == [None, None]


def test_two_that_fit_by_volume_but_not_side_by_side_go_apart() -> None:
    """Each takes more than half of every side: no way round puts both in one."""
    only = (a_carton("cube", sides(100, 100, 100)),)
    plan = cartonise([a_lump("a", sides(60, 60, 60)), a_lump("b", sides(60, 60, 60))], only)
    assert boxes(plan) == ["cube", "cube"]


def test_weight_divides_what_room_would_hold() -> None:
    plan = cartonise([a_lump("a", sides(50, 50, 50), grams=9_000)] * 3, (SMALL, LARGE))
    assert [parcel.content_grams for parcel in plan.parcels] == [18_000, 9_000]
    assert plan.is_fewest


def test_kinds_and_loners_share_nothing() -> None:
    """Chilled beside ambient, or a battery beside tea, is a parcel that must not go out."""
    little = sides(50, 50, 50)
    goods = [a_lump("a", little), a_lump("b", little, kind="chilled"), a_lump("c", little, alone=True)]
    goods += [a_lump("d", little), a_lump("e", little, kind="chilled")]
    plan = cartonise(goods, CARTONS)
    assert sorted(sorted(parcel.pieces) for parcel in plan.parcels) == [["a", "d"], ["b", "e"], ["c"]]
    assert plan.is_fewest


def test_a_group_is_not_torn_apart_even_where_no_carton_holds_it() -> None:
    """The channel asked for one parcel."""
    pair = Lump(pieces=tuple(Piece(line_id=name, weight_grams=15_000, volume_mm3=1_000) for name in "ab"))
    plan = cartonise([pair], CARTONS)
    assert boxes(plan) == [None]
    assert plan.parcels[0].pieces == {"a": 1, "b": 1}
    assert plan.parcels[0].outer is None


def test_one_piece_may_fill_its_carton_and_several_may_not() -> None:
    """A book mailer is made for the book; mixed goods never fill a carton to the brim."""
    mailer = (a_carton("mailer", sides(200, 100, 30)),)
    assert boxes(cartonise([a_lump("book", sides(200, 100, 30))], mailer)) == ["mailer"]
    halves = [a_lump("a", sides(100, 100, 30)), a_lump("b", sides(100, 100, 30))]
    assert boxes(cartonise(halves, mailer)) == ["mailer", "mailer"]
    assert boxes(cartonise(halves, mailer, fill_percent=100)) == ["mailer"]


def test_goods_of_unknown_size_are_counted_and_said() -> None:
    """They count as nothing, as everywhere in the house; nobody may believe the plan blindly."""
    plan = cartonise([a_lump("?", None), a_lump("a", sides(50, 50, 50))], CARTONS)
    assert (boxes(plan), plan.unmeasured) == (["S"], 1)


def test_a_fill_factor_is_a_percentage() -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        cartonise([], CARTONS, fill_percent=0)


# -- what always holds

SIDES = st.builds(sides, st.integers(5, 450), st.integers(5, 350), st.integers(5, 250))
LUMPS = st.lists(
    st.builds(
        a_lump,
        st.sampled_from("abcdef"),
        st.one_of(st.none(), SIDES),
        grams=st.integers(0, 12_000),
        kind=st.sampled_from(["", "", "", "chilled"]),
        alone=st.sampled_from([False, False, False, True]),
    ),
    max_size=14,
)


@settings(max_examples=120, deadline=None)
@given(lumps=LUMPS, fill=st.integers(40, 100))
def test_every_piece_is_in_one_parcel_and_no_limit_is_broken(lumps: list[Lump], fill: int) -> None:
    plan = cartonise(lumps, CARTONS, fill_percent=fill)
    assert _counted([lump for parcel in plan.parcels for lump in parcel.lumps]) == _counted(lumps)
    assert plan.least <= len(plan.parcels) <= len(lumps)
    for parcel in plan.parcels:
        kinds = {lump.kind for lump in parcel.lumps}
        assert len(kinds) == 1
        assert len(parcel.lumps) == 1 or not any(lump.alone for lump in parcel.lumps)
        if parcel.carton is None:
            assert len(parcel.lumps) == 1
            continue
        assert parcel.content_grams <= parcel.carton.holds_grams
        volume = sum(lump.volume_mm3 for lump in parcel.lumps)
        assert volume <= parcel.carton.inner.volume_mm3
        assert len(parcel.lumps) == 1 or 100 * volume <= fill * parcel.carton.inner.volume_mm3
        _require_room(parcel.carton, parcel.lumps)
    assert cartonise(lumps, CARTONS, fill_percent=fill) == plan


@settings(max_examples=60, deadline=None)
@given(lumps=LUMPS, more=SIDES)
def test_the_least_number_is_none_too_many(lumps: list[Lump], more: Sides) -> None:
    """The plan with the fewest parcels that was found never undercuts the number no plan can undercut."""
    mine = [one for one in lumps if all(piece.sides is None for piece in one.pieces) or one.longest_mm <= 500]
    free = [Lump(pieces=one.pieces) for one in mine if one.weight_grams <= 20_000]
    free = [one for one in free if all(piece.sides is None or piece.sides.fits_in(LARGE.inner) for piece in one.pieces)]
    plan = cartonise(free, CARTONS)
    assert least_parcels(free, CARTONS, FILL_PERCENT) <= len(plan.parcels)


@settings(max_examples=120, deadline=None)
@given(things=st.lists(SIDES, max_size=25))
def test_what_is_placed_overlaps_nothing_and_sticks_out_nowhere(things: list[Sides]) -> None:
    room = Room(LARGE.inner, grain=min((one.longest_first[2] for one in things), default=1))
    for thing in things:
        room.put([thing])
    whole = Block(0, 0, 0, *LARGE.inner.longest_first)
    assert all(whole.holds(one) for one in room.placed)
    assert not any(one.overlaps(other) for one, other in combinations(room.placed, 2))


def test_what_does_not_go_in_whole_leaves_the_room_as_it_was() -> None:
    room = Room(sides(100, 100, 100))
    assert not room.put([sides(60, 60, 60), sides(60, 60, 60)])
    assert room.placed == []
    assert room.put([sides(100, 100, 100)])


def _counted(lumps: Sequence[Lump]) -> dict[Lump, int]:
    counted: dict[Lump, int] = {}
    for lump in lumps:
        counted[lump] = counted.get(lump, 0) + 1
    return counted


def _require_room(carton: Carton, lumps: Sequence[Lump]) -> None:
    """Put the goods in once more, in the order in which they were packed."""
    room = Room(carton.inner)
    for lump in lumps:
        known = [piece.sides for piece in lump.pieces if piece.sides is not None]
        assert all(one.fits_in(carton.inner) for one in known)
        assert room.put(sorted(known, key=lambda one: (one.volume_mm3, one.longest_first), reverse=True))
