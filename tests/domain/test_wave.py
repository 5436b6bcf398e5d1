"""Which waves go when: by the schedule, when they are full, when somebody waited too long; the most urgent first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.wave import Waiting, WaveRule, defects_of_rule, drafts_of_all, due_waves, last_time

AT = datetime(2026, 11, 11, 4, 0, tzinfo=UTC)  # noon in Shanghai


def a_rule(carrier: str = "", times: tuple[int, ...] = (12 * 60,), most: int = 3, wait: int = 240) -> WaveRule:
    return WaveRule(warehouse="HZ", carrier=carrier, zone="Asia/Shanghai", times=times, most_orders=most,
                    longest_wait=timedelta(minutes=wait))  # fmt: skip


def waits(name: str, minutes: int = 10, carrier: str = "sf", priority: int = 3, ship_by: int | None = None) -> Waiting:
    due = None if ship_by is None else AT + timedelta(hours=ship_by)
    return Waiting(fulfilment_id=name, carrier=carrier, priority=priority, ship_by=due,
                   since=AT - timedelta(minutes=minutes))  # fmt: skip


def told(*waiting: Waiting, rules: tuple[WaveRule, ...] = (a_rule(),), at: datetime = AT) -> list[tuple[str, str]]:
    return [(draft.reason.value, " ".join(draft.fulfilments)) for draft in due_waves(waiting, rules, at)]


def test_who_waited_before_the_time_goes_with_it() -> None:
    early = AT - timedelta(minutes=1)
    assert told(waits("a"), waits("b"), at=early) == []
    assert told(waits("a"), waits("b")) == [("time", "a b")]


def test_who_comes_after_the_time_waits_for_the_next() -> None:
    assert told(waits("late", minutes=-5), at=AT + timedelta(minutes=6)) == []
    assert told(waits("a"), waits("late", minutes=-5), at=AT + timedelta(minutes=6)) == [("time", "a")]


def test_the_most_urgent_are_in_the_first_wave() -> None:
    """Priority, then the promised moment, then who came first; a wave is never larger than its rule."""
    found = told(
        waits("last", priority=4),
        waits("new", 5),
        waits("old", 20),
        waits("due", ship_by=3),
        waits("first", priority=2),
    )
    assert found == [("time", "first due old"), ("time", "new last")]


def test_a_full_wave_does_not_wait() -> None:
    never = (a_rule(times=()),)
    assert told(waits("a"), waits("b"), rules=never) == []
    assert told(*(waits(name) for name in "abcd"), rules=never) == [("full", "a b c")]


def test_nobody_waits_longer_than_anybody_may() -> None:
    """And who waits with them goes along."""
    never = (a_rule(times=()),)
    assert told(waits("a", 240), waits("b"), rules=never) == [("waited", "a b")]
    assert told(waits("a", 239), waits("b"), rules=never) == []


def test_carriers_have_waves_of_their_own() -> None:
    rules = (a_rule("sf", times=()), a_rule())
    assert told(waits("a"), waits("z", carrier="zto"), rules=rules) == [("time", "z")]


def test_without_a_rule_everybody_goes() -> None:
    """Somebody dropped the rule while others waited."""
    assert told(waits("a"), rules=()) == [("waited", "a")]


def test_a_person_may_let_everybody_go() -> None:
    found = drafts_of_all([waits(name) for name in "abcd"], [a_rule(times=())])
    assert [draft.fulfilments for draft in found] == [("a", "b", "c"), ("d",)]


def test_the_last_time_may_have_been_yesterday() -> None:
    rule = a_rule(times=(9 * 60, 16 * 60))
    assert last_time(rule, AT) == datetime(2026, 11, 11, 1, 0, tzinfo=UTC)
    assert last_time(rule, datetime(2026, 11, 11, 0, 0, tzinfo=UTC)) == datetime(2026, 11, 10, 8, 0, tzinfo=UTC)
    assert last_time(a_rule(times=()), AT) is None


@pytest.mark.parametrize(
    "more", [{"times": (5, 5)}, {"times": (1440,)}, {"times": (9, 8)}, {"most": 0}, {"wait": 0}], ids=str
)
def test_a_rule_that_cannot_be_is_told(more: dict[str, Any]) -> None:
    assert defects_of_rule(a_rule()) == ()
    assert defects_of_rule(a_rule(**more)) != ()


@given(
    st.lists(
        st.builds(
            waits,
            st.uuids().map(str),
            st.integers(-300, 600),
            st.sampled_from(["sf", "zto"]),
            st.integers(1, 5),
            st.none() | st.integers(-5, 50),
        ),
        max_size=20,
    ),
    st.integers(1, 6),
)
def test_nobody_goes_twice_and_nobody_more_urgent_is_left_behind(waiting: list[Waiting], most: int) -> None:
    drafts = due_waves(waiting, [a_rule(most=most)], AT)
    gone = [name for draft in drafts for name in draft.fulfilments]
    assert len(gone) == len(set(gone))
    assert all(1 <= len(draft.fulfilments) <= most for draft in drafts)
    known = {one.fulfilment_id: one for one in waiting}
    for draft in drafts:
        assert {known[name].carrier for name in draft.fulfilments} == {draft.carrier}
    overdue = {one.fulfilment_id for one in waiting if AT - one.since >= timedelta(minutes=240)}
    assert overdue <= set(gone)
