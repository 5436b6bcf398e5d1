"""What could be promised now: those who wait first, one warehouse before several, announced goods with their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.arrival import ExpectedReceipt
from oms_workflow.domain.outlook import Waiting
from oms_workflow.domain.quoting import Quote, quote
from oms_workflow.domain.route import Route
from oms_workflow.domain.stock import Balance

from .test_promising import ROUTE, china

AT = china(2026, 11, 16, 14)
WAYS: dict[str, tuple[Route, ...]] = {
    "hz": (ROUTE,),
    "far": (
        replace(ROUTE, departure=replace(ROUTE.departure, warehouse="far"), transit=replace(ROUTE.transit, days=5)),
    ),
    "dark": (),  # nothing is known of it
}


def shelf(warehouse: str, pieces: int) -> Balance:
    return Balance(sku="TEA", warehouse=warehouse, on_hand=pieces)


def receipt(number: int, pieces: int, days: int, warehouse: str = "hz") -> ExpectedReceipt:
    return ExpectedReceipt(id=f"{warehouse}.E{number}", sku="TEA", warehouse=warehouse, quantity=pieces,
                           expected_at=AT + timedelta(days=days), announced_at=AT)  # fmt: skip


def waits(pieces: int) -> Waiting:
    return Waiting(order_id="shop:1", line_id="shop:1/a", quantity=pieces, priority=3, placed_at=AT)


def told(found: Quote) -> list[tuple[str, int, str]]:
    return [(one.warehouse, one.quantity, one.receipt) for one in found.sources]


def test_one_warehouse_with_everything_goes_before_sooner_ones_with_a_part() -> None:
    found = quote(3, [shelf("hz", 2), shelf("far", 3)], [], [], WAYS, AT)

    assert told(found) == [("far", 3, "")]
    assert found.last is not None
    assert found.last.arrival == china(2026, 11, 23, 21)


def test_goods_are_taken_together_when_nobody_has_them_all() -> None:
    """The date is the one of the last parcel."""
    found = quote(4, [shelf("hz", 2), shelf("far", 3)], [], [], WAYS, AT)

    assert told(found) == [("hz", 2, ""), ("far", 2, "")]
    assert found.last is not None
    assert found.last.route.warehouse == "far"


def test_those_who_wait_are_served_first() -> None:
    found = quote(2, [shelf("hz", 2)], [receipt(1, 5, 3)], [waits(1)], WAYS, AT)

    assert told(found) == [("hz", 1, ""), ("hz", 1, "hz.E1")]
    assert found.last is not None
    assert found.last.hand_over == china(2026, 11, 19, 18)


def test_what_nobody_has_announced_has_no_date() -> None:
    found = quote(9, [shelf("hz", 2)], [receipt(1, 5, 3)], [], WAYS, AT)

    assert (found.missing, found.last) == (2, None)


def test_a_warehouse_of_which_nothing_is_known_gives_goods_and_no_date() -> None:
    found = quote(1, [shelf("dark", 2)], [], [], WAYS, AT)

    assert (told(found), found.missing, found.last) == ([("dark", 1, "")], 0, None)


def test_goods_in_a_warehouse_that_does_not_serve_the_buyer_are_not_counted() -> None:
    assert quote(1, [shelf("abroad", 2)], [receipt(1, 5, 1, "abroad")], [], WAYS, AT).missing == 1


@given(
    st.integers(1, 20), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9),
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), max_size=3),
)  # fmt: skip
def test_no_piece_is_quoted_twice(asked: int, near: int, far: int, queue: int, coming: list[tuple[int, int]]) -> None:
    """What is quoted, and what those who wait take, is never more than there is and will be."""
    receipts = [receipt(number, pieces, days) for number, (pieces, days) in enumerate(coming, 1)]
    waiting = [waits(queue)] if queue else []
    found = quote(asked, [shelf("hz", near), shelf("far", far)], receipts, waiting, WAYS, AT)

    supply = near + far + sum(pieces for pieces, _ in coming)
    given_out = sum(one.quantity for one in found.sources)
    assert given_out == min(asked, max(0, supply - queue))
    taken: dict[tuple[str, str], int] = {}
    for one in found.sources:
        taken[one.warehouse, one.receipt] = taken.get((one.warehouse, one.receipt), 0) + one.quantity
    have = {("hz", ""): near, ("far", ""): far} | {("hz", one.id): one.quantity for one in receipts}
    assert all(many <= have[where] for where, many in taken.items())
