"""What people do to running instances by command, on a real Temporal server."""

from __future__ import annotations

import pytest

from oms_workflow.temporal.starting import About
from tests.domain.orders_for_tests import an_order
from tests.store.shop import Shop
from tests.temporal.stand import Stand, now

from .conftest import Oms
from .test_mending import mended

__all__ = ["mended"]

pytestmark = pytest.mark.server

CALLS = """
process calls
  start S
  user Ask owner=planning
  call Do process=called
  user Check owner=planning
  end E
  S -> Ask -> Check -> E
  S -> Do -> E
process called
  start T
  user Pack owner=planning
  T -> Pack
"""
WHY = ("--reason", "the buyer called", "--by", "mei")


async def begun(stand: Stand, number: str) -> str:
    """An order with a process that has called another."""
    await Shop(stand.house.database).take_in(an_order((f"{number}1", "TEA", 1), number=number))
    await stand.deploy(CALLS)
    about = About(business_key=f"shop:{number}", channel="shop")
    await stand.house.starter.start("calls", f"calls:{number}", {"n": 1}, about=about, at=now())
    await stand.rest()
    return f"shop:{number}"


async def test_an_order_is_suspended_with_what_it_called_and_goes_on(mended: Stand, oms: Oms) -> None:
    order = await begun(mended, "in1")

    told = await oms.document("instances suspend", order, *WHY)
    await mended.rest()
    shown = await oms.document("orders show", order)

    assert [one["process"] for one in told["instances"]] == ["calls", "called"]
    assert {one["status"] for one in told["instances"]} == {"suspended"}
    assert {one["status"] for one in shown["instances"]} == {"suspended"}
    assert "suspended" in (await oms.inside("orders", "show", order)).out
    again = await oms.inside("instances", "suspend", order, *WHY)
    assert again.code == 1
    assert "is suspended" in again.err

    await oms.document("instances resume", order, *WHY)
    await mended.rest()
    shown = await oms.document("orders show", order)
    assert {one["status"] for one in shown["instances"]} == {"running"}
    history = (await oms.document("orders history", order))["records"]
    assert [(one["by"], one["detail"]["reason"]) for one in history if one["kind"] == "suspended"] == [
        ("mei", "the buyer called"),
        ("mei", "the buyer called"),
    ]


async def test_tokens_are_steered_by_the_elements_they_are_at(mended: Stand, oms: Oms) -> None:
    order = await begun(mended, "in2")

    skipped = await oms.document("instances skip", order, "Ask", *WHY)
    repeated = await oms.document("instances repeat", order, "Ask", *WHY)
    moved = await oms.document("instances move", order, "Ask", "--to", "Do", *WHY)
    cancelled = await oms.document("instances cancel", order, "Check", *WHY)

    assert [one["element"] for one in skipped["nodes"]] == ["Do", "Check"]
    assert [one["element"] for one in repeated["nodes"]] == ["Do", "Check", "Ask"]
    assert [one["element"] for one in moved["nodes"]] == ["Do", "Check", "Do"]
    assert [one["element"] for one in cancelled["nodes"]] == ["Do", "Do"]
    several = await oms.inside("instances", "skip", "calls:in2", "Do", *WHY)
    assert several.code == 2
    assert "--token" in several.err


async def test_variables_are_edited_and_the_history_tells_what_they_were(mended: Stand, oms: Oms) -> None:
    order = await begun(mended, "in3")

    told = await oms.document("instances set", order, "--set", "n=2", *WHY)
    await mended.rest()

    assert told["variables"]["n"] == 2
    (record,) = [
        one for one in (await oms.document("orders history", order))["records"] if one["kind"] == "variables_set"
    ]
    assert (record["detail"]["before"], record["detail"]["after"]) == ({"n": 1}, {"n": 2})


@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [
        (["skip", "calls:{}", "Aks"], 2, "Did you mean: Ask"),
        (["skip", "calls:{}", "Check"], 1, "No token is at 'Check'"),
        (["move", "calls:{}", "Ask", "--to", "S"], 1, "a flow could reach"),
        (["repeat", "calls:{}", "Ask", "--scope", "99"], 1, "is not running"),
        (["set", "calls:{}"], 2, "--set"),
        (["resume", "calls:{}"], 1, "not suspended"),
        (["suspend", "nothing"], 1, "nothing"),
    ],
)
async def test_what_cannot_be_done_is_said_and_changes_nothing(
    mended: Stand, oms: Oms, asked: list[str], code: int, says: str
) -> None:
    number = f"no{asked[0]}{len(asked[-1])}"
    await begun(mended, number)
    before = await mended.view(f"calls:{number}")

    said = await oms.inside("instances", *(one.format(number) for one in asked), *WHY)

    assert (said.code, says in said.err) == (code, True), said.err
    assert await mended.view(f"calls:{number}") == before


async def test_nothing_is_done_without_a_reason(mended: Stand, oms: Oms) -> None:
    assert (await oms.inside("instances", "suspend", "calls:x")).code == 2


async def test_an_element_of_an_open_ad_hoc_sub_process_begins_when_somebody_wants_it(mended: Stand, oms: Oms) -> None:
    await Shop(mended.house.database).take_in(an_order(("in91", "TEA", 1), number="in9"))
    drawn = "process care\n  start S\n  adhoc Care\n    user Call owner=a\n    user Write owner=a\n  S -> Care"
    await mended.deploy(drawn)
    about = About(business_key="shop:in9", channel="shop")
    await mended.house.starter.start("care", "care:in9", {}, about=about, at=now())
    await mended.rest()

    told = await oms.document("instances activate", "shop:in9", "Write", *WHY)
    await mended.rest()
    history = (await oms.document("orders history", "shop:in9"))["records"]

    assert [one["element"] for one in told["nodes"]] == ["Care", "Write"]
    assert [(one["element"], one["by"]) for one in history if one["kind"] == "element_chosen"] == [("Write", "mei")]
    refused = await oms.inside("instances", "activate", "shop:in9", "S", *WHY)
    assert refused.code == 1
    assert "Call or Write" in refused.err or "Call, Write" in refused.err
