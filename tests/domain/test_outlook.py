"""What can be promised over time: nobody jumps the queue, and no announced piece is given twice."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.arrival import ExpectedReceipt
from oms_workflow.domain.outlook import Coverage, Waiting, outlook

from .orders_for_tests import NOON


def receipt(number: int, quantity: int, days: int, arrived: int = 0) -> ExpectedReceipt:
    """Announced goods, some of which came."""
    return ExpectedReceipt(
        id=f"HZ.E{number}", sku="TEA", warehouse="HZ", quantity=quantity, arrived=arrived, announced_at=NOON,
        expected_at=NOON + timedelta(days=days),
    )  # fmt: skip


def waits(number: int, quantity: int, priority: int = 3) -> Waiting:
    """The number-th order waits for pieces."""
    return Waiting(
        order_id=f"shop:{number}", line_id=f"shop:{number}/a", quantity=quantity, priority=priority,
        placed_at=NOON + timedelta(minutes=number),
    )  # fmt: skip


def test_who_came_first_is_served_first_within_a_priority() -> None:
    """The later express order goes before both standard ones."""
    found = outlook(1, [receipt(1, 2, 1), receipt(2, 9, 5)], [waits(2, 2), waits(1, 1), waits(3, 1, priority=1)])
    soon, late = NOON + timedelta(days=1), NOON + timedelta(days=5)
    assert found.coverage == (
        Coverage(line_id="shop:3/a", quantity=1),
        Coverage(line_id="shop:1/a", quantity=1, receipt="HZ.E1", at=soon),
        Coverage(line_id="shop:2/a", quantity=1, receipt="HZ.E1", at=soon),
        Coverage(line_id="shop:2/a", quantity=1, receipt="HZ.E2", at=late),
    )


def test_a_new_order_is_promised_what_the_queue_leaves() -> None:
    """And nothing nobody announced."""
    found = outlook(3, [receipt(1, 4, 2, arrived=1)], [waits(1, 1)])
    promised = [found.promised_at(many) for many in (2, 3, 5)]
    assert [None if one is None else one.at for one in promised] == [None, NOON + timedelta(days=2), promised[1].at]  # type: ignore[union-attr]
    assert found.promised_at(6) is None


def test_a_late_receipt_moves_whoever_waited_for_it() -> None:
    """The next receipt covers them now."""
    before = outlook(0, [receipt(1, 1, 1), receipt(2, 1, 2)], [waits(1, 1), waits(2, 1)])
    after = outlook(0, [receipt(1, 1, 9), receipt(2, 1, 2)], [waits(1, 1), waits(2, 1)])
    assert [one.receipt for one in before.coverage] == ["HZ.E1", "HZ.E2"]
    assert [one.receipt for one in after.coverage] == ["HZ.E2", "HZ.E1"]


@given(
    available=st.integers(0, 5),
    coming=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 9)), max_size=5),
    wanted=st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=6),
)
def test_every_piece_is_given_once(
    available: int, coming: list[tuple[int, int]], wanted: list[tuple[int, int]]
) -> None:
    """Given and left are what is there and announced; waiting and given-or-not are the same."""
    receipts = [receipt(number, many, days) for number, (many, days) in enumerate(coming)]
    found = outlook(available, receipts, [waits(number, many, rank) for number, (many, rank) in enumerate(wanted)])
    given_out = sum(one.quantity for one in found.coverage if one.covered)
    assert given_out + found.supplies[-1].quantity == available + sum(many for many, _ in coming)
    assert sum(one.quantity for one in found.coverage) == sum(many for many, _ in wanted)
    uncovered = [one for one in found.coverage if not one.covered]
    assert not uncovered or found.supplies[-1].quantity == 0
