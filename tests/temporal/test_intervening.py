"""What people do to running instances, on a real Temporal server: done once, audited, and the histories replay."""

from __future__ import annotations

import pytest

from oms_workflow.errors import OrderRefused
from oms_workflow.store.suspensions import suspended
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.intervening import Intervener
from tests.temporal.stand import CALLS, Stand, now

pytestmark = pytest.mark.server

SIDES = """
process sides
  start S
  and Fork
  service Add type=test.add in.n==n out.n==n
  user Ask owner=planning
  catch Paid message=paid key==order
  catch Later timer=PT1H
  and Join
  user Check owner=planning
  end E
  S -> Fork -> Ask -> Join -> Check -> E
  Fork -> Paid -> Join
  Fork -> Later -> Add -> Join
"""
OUTER = """
process outer
  start S
  user Ask owner=planning
  sub Ship
    start T
    user Label owner=planning
    T -> Label
  user Check owner=planning
  end E
  S -> Ask -> Ship -> Check -> E
"""


def hands(stand: Stand) -> Intervener:
    return Intervener(stand.house.operator, by="mei", reason="the buyer called", at=now())


async def told(stand: Stand, instance: str, kind: str) -> list[dict[str, object]]:
    return [one.detail for one in await stand.records(instance) if one.kind.value == kind]


async def test_what_comes_to_a_suspended_instance_is_acted_on_when_it_goes_on(stand: Stand):
    await stand.deploy(SIDES)
    await stand.start("sides", "sides-1", n=1, order="o1")
    await stand.rest()

    view = await hands(stand).suspend("sides-1")
    await stand.publish("paid", "o1", "pay-1")
    await stand.house.operator.complete("sides-1", await stand.token("sides-1", "Ask"), {}, by="ada")
    await stand.pass_time()
    kept = await stand.view("sides-1")

    assert view["status"] == kept["status"] == "suspended"
    assert kept["suspended"]["held"] == 3
    assert CALLS == []
    async with UnitOfWork(stand.house.database) as unit:
        (noted,) = (await suspended(unit)).values()
    assert (noted.instance, noted.by, noted.reason) == ("sides-1", "mei", "the buyer called")
    with pytest.raises(OrderRefused, match="answered already"):
        await stand.house.operator.complete("sides-1", await stand.token("sides-1", "Ask"), {}, by="bo")

    await hands(stand).resume("sides-1")
    await stand.rest()

    assert await stand.open("sides-1") == ["Check"]
    assert len(CALLS) == 1
    async with UnitOfWork(stand.house.database) as unit:
        assert await suspended(unit) == {}
    assert (await told(stand, "sides-1", "resumed"))[0]["held"] == 3
    await stand.replay("sides-1")


async def test_a_suspended_instance_stays_so_when_it_continues_as_new(short: Stand):
    """What came meanwhile is carried over, and no timer rings a second time."""
    await short.deploy(SIDES)
    await short.start("sides", "sides-2", n=1, order="o2")
    await short.rest()
    handle = short.house.client.get_workflow_handle("sides-2")
    began = (await handle.describe()).run_id
    await hands(short).suspend("sides-2")
    await short.pass_time()
    for n in range(30):
        await short.house.operator.set_variables("sides-2", {"n": n}, by="mei", reason="counting")
    await short.rest()
    assert (await handle.describe()).run_id != began
    assert (await short.view("sides-2"))["suspended"]["held"] == 1

    await hands(short).resume("sides-2")
    await short.rest()

    assert await short.open("sides-2") == ["Ask", "Paid"]
    assert (await short.view("sides-2"))["variables"]["n"] == 30
    await short.replay("sides-2")


async def test_skip_repeat_move_and_cancel_are_recorded_with_who_and_why(stand: Stand):
    await stand.deploy(OUTER)
    await stand.start("outer", "outer-1")
    await stand.rest()

    await hands(stand).skip("outer-1", await stand.token("outer-1", "Ask"))
    await hands(stand).repeat("outer-1", "Ask")
    await hands(stand).cancel_branch("outer-1", await stand.token("outer-1", "Ask"))
    await hands(stand).move("outer-1", await stand.token("outer-1", "Label"), "Check")
    await stand.rest()

    assert await stand.open("outer-1") == ["Check"]
    for kind in ("token_skipped", "element_repeated", "branch_cancelled", "token_moved"):
        (detail,) = await told(stand, "outer-1", kind)
        assert (detail["by"], detail["reason"]) == ("mei", "the buyer called")
    await stand.replay("outer-1")


async def test_what_cannot_be_done_is_refused_and_leaves_no_trace(stand: Stand):
    await stand.deploy(OUTER)
    await stand.start("outer", "outer-2")
    await stand.rest()
    token = await stand.token("outer-2", "Ask")
    before = await stand.view("outer-2")

    for asked, why in (
        (hands(stand).cancel_branch("outer-2", token), "nothing else moves in 'outer'"),
        (hands(stand).move("outer-2", token, "T"), "no|not a node that a flow could reach"),
        (hands(stand).repeat("outer-2", "Label"), "is not running"),
        (hands(stand).skip("outer-2", 99), "the token is gone"),
        (hands(stand).resume("outer-2"), "not suspended"),
        (hands(stand).set_variables("outer-2", {"x": 1}, scope=99), "scope is over"),
    ):
        with pytest.raises(OrderRefused, match=why):
            await asked

    assert await stand.view("outer-2") == before
    names = [event.WhichOneof("attributes") for event in (await stand.history("outer-2")).events]
    assert not any("update" in name for name in names)


async def test_the_values_of_an_edit_are_told_before_and_after(stand: Stand):
    await stand.deploy(OUTER)
    await stand.start("outer", "outer-3", n=1)
    await stand.rest()

    await hands(stand).set_variables("outer-3", {"n": 2})
    await stand.rest()

    (detail,) = await told(stand, "outer-3", "variables_set")
    assert (detail["before"], detail["after"], detail["reason"]) == ({"n": 1}, {"n": 2}, "the buyer called")
