"""Deadlines on the command line: promises that will probably be missed, with what takes longest until then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.processes.walking import Walk
from tests.store.shop import Shop
from tests.store.test_risks import BEGUN, deployed, placed, running

from .conftest import Oms


async def test_an_order_that_will_not_leave_in_time_is_shown_with_the_reason(oms: Oms, shop: Shop) -> None:
    """Nothing is late, and whoever looks knows which node to help."""
    digest = await deployed(shop)
    begun = datetime.now(UTC) - BEGUN
    await placed(shop, ship_by=begun + timedelta(minutes=30), deliver_by=begun + timedelta(days=30))
    await running(shop, Walk.of_order(), digest)

    told = await oms.document("sla list", "--at-risk", "--order", "shop:1")

    assert told["deadlines"] == []
    (risk,) = [one for one in told["at_risk"] if one["promise"] == "ship_by"]
    assert risk["promised_at"] < risk["expected_at"]
    assert (risk["slowest"]["process"], risk["slowest"]["basis"]) == ("fulfilment", "limit")
    assert risk["slowest"]["owner"]
    said = await oms.inside("sla", "list", "--at-risk")
    assert "shop:1" in said.out
    assert "by its limit" in said.out


async def test_without_a_promise_in_danger_it_says_so(oms: Oms, shop: Shop) -> None:
    said = await oms.inside("sla", "list", "--at-risk")
    assert said.code == 0
    assert "No promise is at risk." in said.out


async def test_looking_ahead_and_looking_back_are_two_questions(oms: Oms, shop: Shop) -> None:
    said = await oms.inside("sla", "list", "--at-risk", "--breached")
    assert said.code == 2
    assert "--at-risk" in said.err
