"""Promises to those who wait: another revision only for another reason, told only when the buyer knows another day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.arrival import ExpectedReceipt
from oms_workflow.domain.backorder_promise import (
    PartState,
    PromisedPart,
    PromiseRevision,
    RevisionReason,
    parts_of,
    revise,
)
from oms_workflow.domain.outlook import Coverage

from .test_promising import ROUTE, china

AT = china(2026, 11, 16, 10)
DAY = timedelta(days=1)
WAYS = {"hz": (ROUTE,)}
COMING = ExpectedReceipt(
    id="hz.E1", sku="TEA", warehouse="hz", quantity=5, expected_at=china(2026, 11, 18, 9), announced_at=AT
)
OTHER = replace(COMING, id="hz.E2", expected_at=china(2026, 11, 25, 9))
FROM_IT = Coverage(line_id="shop:1/a", quantity=2, receipt="hz.E1", at=COMING.expected_at)
FROM_OTHER = replace(FROM_IT, receipt="hz.E2", at=OTHER.expected_at)
FROM_NOBODY = Coverage(line_id="shop:1/a", quantity=2, covered=False)
ON_SHELF = Coverage(line_id="shop:1/a", quantity=2)


class Wait:
    """An order that waits, looked at again and again."""

    def __init__(self) -> None:
        self.history: list[PromiseRevision] = []

    def look(
        self, *coverage: Coverage, receipts: tuple[ExpectedReceipt, ...] = (COMING, OTHER), at: datetime = AT
    ) -> PromiseRevision | None:
        known = {one.id: one for one in receipts}
        made = revise(self.history, "shop:1", parts_of(coverage, known, WAYS, at), known, at)
        self.history += [made] if made else []
        return made


def test_the_first_promise_names_the_day_and_is_told() -> None:
    """Goods on Wednesday at nine leave at noon and are two working days on their way."""
    made = Wait().look(FROM_IT)

    assert made is not None
    assert (made.number, made.reason, made.day, made.matters) == (1, "backordered", date(2026, 11, 20), True)
    assert made.arrives_at == china(2026, 11, 20, 21)


def test_goods_nobody_announced_have_no_day_and_nothing_to_tell() -> None:
    made = Wait().look(FROM_NOBODY)

    assert made is not None
    assert (made.day, made.arrives_at, made.matters) == (None, None, False)


def test_looking_again_is_no_news() -> None:
    wait = Wait()
    wait.look(FROM_IT)

    assert wait.look(FROM_IT, at=AT + DAY) is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (replace(COMING, expected_at=COMING.expected_at + 3 * DAY), RevisionReason.POSTPONED),
        (replace(COMING, expected_at=COMING.expected_at - DAY), RevisionReason.SOONER),
    ],
)
def test_another_day_of_the_goods_is_another_promise(changed: ExpectedReceipt, reason: RevisionReason) -> None:
    wait = Wait()
    wait.look(FROM_IT)

    made = wait.look(FROM_IT, receipts=(changed, OTHER))

    assert made is not None
    assert (made.reason, made.receipt, made.matters) == (reason, "hz.E1", True)


def test_a_few_hours_on_the_same_truck_are_noted_and_not_told() -> None:
    """The day the buyer knows stays true."""
    wait = Wait()
    wait.look(FROM_IT)

    made = wait.look(FROM_IT, receipts=(replace(COMING, expected_at=COMING.expected_at + timedelta(hours=1)),))

    assert made is not None
    assert (made.reason, made.matters, made.day) == ("postponed", False, date(2026, 11, 20))


def test_goods_that_should_have_come_take_the_day_back_once() -> None:
    """A truck that is some hours late is no news, one that is a day late is, and only once."""
    wait = Wait()
    wait.look(FROM_IT)
    late = COMING.expected_at

    assert wait.look(FROM_IT, at=late + timedelta(hours=20)) is None
    made = wait.look(FROM_IT, at=late + DAY)
    assert made is not None
    assert (made.reason, made.day, made.matters) == ("overdue", None, True)
    assert wait.look(FROM_IT, at=late + 2 * DAY) is None
    again = wait.look(FROM_IT, receipts=(replace(COMING, expected_at=late + 5 * DAY),), at=late + 2 * DAY)
    assert again is not None
    assert (again.reason, again.day, again.matters) == ("postponed", date(2026, 11, 25), True)


def test_goods_that_are_given_up_leave_the_buyer_with_the_next_ones_or_none() -> None:
    gone = replace(COMING, missing=5)
    wait, alone = Wait(), Wait()
    wait.look(FROM_IT)
    alone.look(FROM_IT)

    later = wait.look(FROM_OTHER, receipts=(gone, OTHER))
    none = alone.look(FROM_NOBODY, receipts=(gone,))

    assert later is not None and none is not None
    assert (later.reason, later.receipt, later.day) == ("given_up", "hz.E1", date(2026, 11, 27))
    assert (none.reason, none.day, none.matters) == ("given_up", None, True)


def test_somebody_who_goes_first_is_the_reason_when_the_goods_come_as_announced() -> None:
    wait = Wait()
    wait.look(FROM_IT)

    made = wait.look(FROM_OTHER)

    assert made is not None
    assert (made.reason, made.matters) == ("overtaken", True)


def test_goods_that_are_announced_at_last_give_the_first_day() -> None:
    wait = Wait()
    wait.look(FROM_NOBODY)

    made = wait.look(FROM_IT)

    assert made is not None
    assert (made.number, made.reason, made.matters) == (2, "announced", True)


def test_goods_on_the_shelf_are_taken_up_without_another_word() -> None:
    wait = Wait()
    wait.look(FROM_IT)

    assert wait.look(ON_SHELF) is None
    over = wait.look()
    assert over is not None
    assert (over.reason, over.parts, over.matters) == ("over", (), False)
    assert wait.look() is None


def test_an_order_that_waits_for_nothing_has_no_promise() -> None:
    assert Wait().look() is None


def test_the_last_part_says_when_all_of_it_is_there() -> None:
    made = Wait().look(FROM_IT, replace(FROM_OTHER, line_id="shop:1/b"))
    half = Wait().look(FROM_IT, replace(FROM_NOBODY, line_id="shop:1/b"))

    assert made is not None and half is not None
    assert made.day == date(2026, 11, 27)
    assert half.day is None


def test_without_a_known_way_the_day_is_the_one_of_the_goods() -> None:
    (part,) = parts_of([FROM_IT], {"hz.E1": COMING}, {}, AT)

    assert part == PromisedPart(
        line_id="shop:1/a", quantity=2, state=PartState.ANNOUNCED, receipt="hz.E1", expected_at=COMING.expected_at,
        day=date(2026, 11, 18),
    )  # fmt: skip


coverages = st.sampled_from([(FROM_IT,), (FROM_OTHER,), (FROM_NOBODY,), (ON_SHELF,), ()])
looks = st.lists(st.tuples(coverages, st.integers(-2, 4), st.integers(0, 5), st.booleans()), max_size=12)


@given(looks)
def test_whatever_happens_each_day_is_told_once(history: list[tuple[tuple[Coverage, ...], int, int, bool]]) -> None:
    """Revisions count from 1, each differs from the one before, and nobody hears the same day twice in a row."""
    wait, at = Wait(), AT
    for coverage, moved, later, gone in history:
        at += later * DAY
        first = replace(COMING, expected_at=COMING.expected_at + moved * DAY, missing=5 if gone else 0)
        wait.look(*coverage, receipts=(first, OTHER), at=at)
        assert wait.look(*coverage, receipts=(first, OTHER), at=at) is None
    assert [one.number for one in wait.history] == list(range(1, len(wait.history) + 1))
    told = [one.day for one in wait.history if one.matters]
    assert all(one != two for one, two in pairwise(told))
    assert all(one.parts != two.parts for one, two in pairwise(wait.history))
    known: date | None = None
    for one in wait.history:
        known = one.day if one.matters else known
        assert not one.parts or known == one.day
