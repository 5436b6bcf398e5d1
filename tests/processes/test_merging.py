"""Merging as the orders see it: leaders wait and join, followers wait and hear, nobody waits in vain."""

from __future__ import annotations

from typing import Any

from .test_order_to_cash import deliver
from .walking import FULFILMENT, ORDER, Walk

AT_NINE = "2026-01-05T09:00:00Z"
LEADS = {"role": "leader", "leader": ORDER, "partners": ["shop:2"], "wait_until": AT_NINE, "hindrances": []}
FOLLOWS = {"role": "follower", "leader": "shop:0", "partners": ["shop:0"], "wait_until": AT_NINE, "hindrances": []}


def follower(**more: Any) -> Walk:
    return Walk.of_order(merge__propose=FOLLOWS, **more)


def joined() -> Walk:
    walk = follower()
    walk.message("merge.joined", ORDER, order_id=ORDER, merge_id="shop:0.M1", leader="shop:0")
    return walk


def test_a_leader_waits_until_the_window_ends_and_tells_its_followers() -> None:
    """Nobody joins before the time is over, and everybody who joined hears of it."""
    walk = Walk.of_order(merge__propose=LEADS)
    assert walk.asked("JoinOrders") == []
    walk.advance("PT1H")
    assert [key for name, key in walk.stage.sent if name == "merge.joined"] == ["shop:2", "shop:3"]
    assert walk.open == ["AwaitPacked"]


def test_the_window_of_the_table_is_the_window_of_the_search() -> None:
    """An express order looks for fifteen minutes only."""
    walk = Walk.of_order(service_level="express", merge__propose=LEADS)
    assert walk.asked("ProposeMerge")[0]["window"].total_seconds() == 15 * 60


def test_a_leader_nobody_joins_goes_alone() -> None:
    """The window passed, the order did not lose more than that."""
    walk = Walk.of_order(merge__propose=LEADS, merge__join={"merge_id": "", "followers": []})
    walk.advance("PT1H")
    assert walk.stage.sent == []
    assert walk.open == ["AwaitPacked"]


def test_partners_that_changed_meanwhile_are_looked_for_again() -> None:
    """One was put on hold in the same moment: the others may still go together."""
    walk = Walk.of_order(
        merge__propose=LEADS, merge__join=["CANNOT_MERGE", {"merge_id": "shop:1.M1", "followers": ["shop:3"]}]
    )
    walk.advance("PT1H")
    assert len(walk.asked("ProposeMerge")) == 2
    walk.advance("PT0S")
    assert [key for name, key in walk.stage.sent if name == "merge.joined"] == ["shop:3"]


def test_a_follower_reserves_nothing_and_ends_with_its_leader() -> None:
    """Its goods are the leader's business; its own money and end are its own."""
    walk = joined()
    assert walk.waiting >= {"LeaderFinished", "MergeUndone"}
    assert walk.asked("ReserveStock") == []
    walk.message("merge.finished", ORDER, order_id=ORDER, merge_id="shop:0.M1")
    assert walk.asked("CompleteOrder") == [{"order_id": ORDER}]
    assert walk.status == "completed"


def test_a_follower_whose_merge_was_undone_goes_by_itself() -> None:
    """The leader was cancelled; this order was not."""
    walk = joined()
    walk.message("merge.undone", ORDER, order_id=ORDER, merge_id="shop:0.M1")
    assert walk.open == ["AwaitPacked"]
    deliver(walk)
    assert walk.status == "completed"


def test_a_follower_does_not_wait_for_a_silent_leader() -> None:
    """A quarter of an hour after the window it looks for itself, and goes alone."""
    walk = follower()
    walk.advance("PT1H15M")
    assert walk.asked("LookWhoLeads") == [{"order_id": ORDER}]
    assert walk.open == ["AwaitPacked"]


def test_a_follower_that_missed_the_message_finds_out_by_looking() -> None:
    """The books say who leads, whatever became of the message."""
    standing = {"role": "follower", "leader": "shop:0", "followers": [], "merge_id": "shop:0.M1"}
    walk = follower(merge__standing=standing)
    walk.advance("PT1H15M")
    assert walk.asked("ReserveStock") == []
    assert "LeaderFinished" in walk.waiting


def test_the_end_of_the_leader_is_told_to_those_who_went_with_it() -> None:
    """Without it they would wait for ever."""
    walk = Walk.of_order(
        merge__propose=LEADS,
        orders__complete={"status": "completed", "exchange_for": "", "followers": ["shop:2", "shop:3"]},
    )
    walk.advance("PT1H")
    deliver(walk, FULFILMENT)
    assert [key for name, key in walk.stage.sent if name == "merge.finished"] == ["shop:2", "shop:3"]
    assert walk.status == "completed"


def test_an_order_that_had_begun_to_go_alone_may_be_taken_along() -> None:
    """It was on hold when it looked for partners; when another order found it, nothing of it was planned yet."""
    walk = Walk.of_order(AllocateStock="ON_HOLD")
    standing = {"role": "follower", "leader": "shop:0", "followers": [], "merge_id": "shop:0.M1"}
    walk.answer(merge__standing=standing)
    walk.message("merge.joined", ORDER, order_id=ORDER, merge_id="shop:0.M1", leader="shop:0")
    assert walk.open == []
    assert "LeaderFinished" in walk.waiting
    walk.message("merge.finished", ORDER, order_id=ORDER, merge_id="shop:0.M1")
    assert walk.status == "completed"


def test_news_of_a_merge_that_is_over_changes_nothing() -> None:
    """It had been undone before anybody heard of it: the order goes by itself, as it did."""
    walk = Walk.of_order(AllocateStock="ON_HOLD")
    walk.message("merge.joined", ORDER, order_id=ORDER, merge_id="shop:0.M1", leader="shop:0")
    assert walk.open == ["AllocateStockAwaitHold"]
    walk.answer(AllocateStock={"allocated": 2, "warehouses": ["HZ"]})
    walk.message("hold.closed", ORDER, order_id=ORDER, hold_id="shop:1.H1", kind="manual", status="resolved")
    deliver(walk)
    assert walk.status == "completed"
