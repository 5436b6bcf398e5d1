"""What people do with holds is written down once, as the role that may, and everybody concerned hears of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from oms_workflow.connect.reception.door import receive
from oms_workflow.domain.hold import Gate, HoldStatus
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.errors import OrderRefused
from oms_workflow.store.bindings import bind
from oms_workflow.store.database import Database
from oms_workflow.store.hold_list import HoldQuery, list_holds
from tests.domain.orders_for_tests import NOON, an_order
from tests.store.shop import Shop

PLACED = {
    "event": "e1", "occurred_at": NOON.isoformat(), "order": "shop:1", "kind": "manual", "reason": "call back",
    "by": "mei",
}  # fmt: skip
H1 = "shop:1.H1"


async def tell(shop: Shop, what: str, **body: Any) -> list[tuple[str, str]]:
    """Tell the door; gives name and key of each message that follows."""
    async with shop.unit() as unit:
        told = await receive(what, body, {Holds: bind(Holds, unit)}, at=NOON)
        await unit.commit()
    return [(one.name, one.key) for one in told.messages]


@pytest.fixture
def shop(sqlite_database: Database) -> Shop:
    """A shop without goods: holds need none."""
    return Shop(sqlite_database)


@pytest.fixture
async def held(shop: Shop) -> Shop:
    """A shop with an order that somebody has put on hold."""
    await shop.take_in(an_order(("1", "TEA", 2), number="1"))
    assert await tell(shop, "hold.placed", **PLACED) == [("hold.placed", H1)]
    return shop


def closed(**more: Any) -> dict[str, Any]:
    return {"event": "e2", "occurred_at": NOON.isoformat(), "hold": H1, "by": "mei", "role": "operations"} | more


async def the_hold(shop: Shop) -> Any:
    async with shop.unit() as unit:
        (found,) = await list_holds(unit, HoldQuery(order_id="shop:1", everything=True))
    return found


async def test_a_hold_told_twice_is_one_hold(held: Shop) -> None:
    """A terminal that lost its answer asks again."""
    assert await tell(held, "hold.placed", **PLACED) == [("hold.placed", H1)]
    assert (await the_hold(held)).due == NOON + timedelta(hours=8)


async def test_who_places_it_may_say_what_waits_whose_it_is_and_how_long(shop: Shop) -> None:
    """The rules of the kind are defaults."""
    await shop.take_in(an_order(("1", "TEA", 2), number="1"))
    more = {"blocks": ["ship"], "role": "planning", "limit_seconds": 3600}
    await tell(shop, "hold.placed", **PLACED | more)
    found = await the_hold(shop)
    assert (found.hold.blocks, found.hold.resolver_role) == (frozenset({Gate.SHIP}), "planning")
    assert found.due == NOON + timedelta(hours=1)


async def test_only_its_role_lifts_a_hold(held: Shop) -> None:
    """Finance does not say that risk is content; and nothing has changed after the refusal."""
    with pytest.raises(OrderRefused, match="for 'operations' to decide, not for 'finance'") as refused:
        await tell(held, "hold.resolved", **closed(role="finance"))
    assert refused.value.code == "NOT_THEIRS"
    assert (await the_hold(held)).hold.status is HoldStatus.OPEN


async def test_a_lifted_hold_is_told_to_the_order_and_to_whoever_looks_after_it(held: Shop) -> None:
    """Steps wait for the one message, the clock for the other."""
    said = await tell(held, "hold.resolved", **closed())
    assert said == [("hold.closed", "shop:1"), ("hold.ended", H1)]
    assert (await the_hold(held)).hold.status is HoldStatus.RESOLVED


async def test_a_hold_may_be_named_by_what_it_is(held: Shop) -> None:
    """Other systems do not know our ids."""
    await tell(held, "hold.rejected", **closed(hold="", order="shop:1", kind="manual"))
    assert (await the_hold(held)).hold.status is HoldStatus.REJECTED
    with pytest.raises(OrderRefused, match="has no fraud hold"):
        await tell(held, "hold.resolved", **closed(hold="", order="shop:1", kind="fraud"))


@pytest.mark.parametrize(
    "wrong", [{"kind": "mood"}, {"reason": ""}, {"blocks": ["dream"]}, {"limit_seconds": 1}, {"role": "Mei Lin"}]
)
async def test_a_bad_body_is_refused_by_its_field(shop: Shop, wrong: dict[str, Any]) -> None:
    """Nothing is placed by halves."""
    await shop.take_in(an_order(("1", "TEA", 2), number="1"))
    with pytest.raises(OrderRefused, match=next(iter(wrong))):
        await tell(shop, "hold.placed", **PLACED | wrong)
