"""Merging orders of one buyer: nothing moves, everything can be undone, the lineage stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from oms_workflow.domain.cancellation import CancelResult
from oms_workflow.domain.fulfilment import RequestStatus
from oms_workflow.domain.hold import Gate, HoldKind
from oms_workflow.domain.merge import Hindrance, Merge, MergeStatus, MergeWindow
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.domain.promise import Promise
from oms_workflow.domain.status import OrderStatus
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from tests.domain.orders_for_tests import NOON, an_order, cny

from .shop import Shop
from .test_same_key import rows

FIRST = an_order(("a", "TEA", 2), number="1", freight=cny("6.00"), promise=Promise(ship_by=NOON + timedelta(days=2)))
SECOND = an_order(
    ("b", "CUP", 1),
    number="2",
    freight=cny("5.00"),
    placed_at=NOON + timedelta(hours=1),
    promise=Promise(ship_by=NOON + timedelta(days=1)),
)
THIRD = an_order(("c", "TEA", 1), number="3", placed_at=NOON + timedelta(minutes=90))
LATER = NOON + timedelta(minutes=90)
WINDOW = MergeWindow()


async def paid(shop: Shop, *orders: Order) -> None:
    await shop.warehouse("HZ", {"TEA": 9, "CUP": 9})
    for order in orders:
        await shop.take_in(order)
        await shop.pay(order.id)


async def merge(shop: Shop, *orders: Order, at: Any = LATER) -> Merge:
    return await shop.call(Merges, "merge", [order.id for order in orders], WINDOW, key=shop.key(), at=at)


async def test_goods_of_a_follower_are_announced_to_its_leader(database: Database) -> None:
    """Only the leader's process waits for them; a message to the follower would wait for nobody."""
    shop = Shop(database)
    await paid(shop, FIRST, SECOND)
    await merge(shop, FIRST, SECOND)
    await shop.call(Orders, "backorder", SECOND.id, {f"{SECOND.id}/b": 1}, key=shop.key(), at=LATER)
    await shop.call(Orders, "backorder", FIRST.id, {f"{FIRST.id}/a": 1}, key=shop.key(), at=LATER)
    assert await shop.call(Stock, "waiting_orders", ["CUP"]) == (FIRST.id,)
    assert await shop.call(Stock, "waiting_orders", ["CUP", "TEA"]) == (FIRST.id,)


async def test_orders_that_belong_together_are_proposed(database: Database) -> None:
    """The first placed leads; the strictest promise bounds the wait."""
    shop = Shop(database)
    await paid(shop, FIRST, SECOND)
    proposal = await shop.call(Merges, "propose", SECOND.id, WINDOW, at=LATER)
    assert (proposal.leader, proposal.partners, proposal.hindrances) == (FIRST.id, (FIRST.id,), ())
    assert proposal.wait_until == NOON + WINDOW.length


async def test_merged_orders_go_in_one_parcel(database: Database) -> None:
    """The leader reserves, plans and ships for all; each order's own ledger and money follow."""
    shop = Shop(database)
    await paid(shop, FIRST, SECOND)
    merged = await merge(shop, SECOND, FIRST)
    assert (merged.leader, merged.followers) == (FIRST.id, (SECOND.id,))
    assert merged.promise.ship_by == NOON + timedelta(days=1)
    assert await shop.call(Merges, "group", SECOND.id) == (FIRST.id, SECOND.id)
    assert (await shop.view(SECOND.id)).status is OrderStatus.MERGED
    assert (await shop.view(FIRST.id)).promise.ship_by == NOON + timedelta(days=1)
    await shop.reserve(FIRST.id)
    await shop.allocate(FIRST.id)
    (fulfilment,) = await shop.plan(FIRST.id)
    assert {line.line_id for line in fulfilment.lines} == {"shop:1/a", "shop:2/b"}
    assert fulfilment.shares.freight == cny("11.00")
    shipment = await shop.ship(fulfilment)
    for order in (FIRST, SECOND):
        assert (await shop.view(order.id)).status is OrderStatus.SHIPPED
    assert {one.id for one in await shop.call(Fulfilments, "of_order", SECOND.id)} == {fulfilment.id}
    assert shipment.packages[0].pieces == (("shop:1/a", 2), ("shop:2/b", 1))
    await shop.sound()


async def test_a_follower_does_nothing_by_itself(sqlite_database: Database) -> None:
    """Two processes must not both reserve for one order."""
    shop = Shop(sqlite_database)
    await paid(shop, FIRST, SECOND)
    await merge(shop, FIRST, SECOND)
    with pytest.raises(OrderRefused, match="goes with 'shop:1'"):
        await shop.reserve(SECOND.id)


async def test_undoing_restores_every_row(database: Database) -> None:
    """Invariant 3: only the record of the merge itself, and the versions, tell that it ever was."""
    shop = Shop(database)
    await paid(shop, FIRST, SECOND)
    before = await rows(database)
    merged = await merge(shop, FIRST, SECOND)
    undone = await shop.call(Merges, "undo", merged.id, by="cs", key=shop.key(), at=LATER)
    assert (undone.status, undone.followers) == (MergeStatus.UNDONE, (SECOND.id,))
    after = await rows(database)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"merges", "merge_followers", "orders"}
    for order in (FIRST, SECOND):
        view = await shop.view(order.id)
        assert (view.leader, view.status) == ("", OrderStatus.OPEN)
    assert [one.id for one in await shop.call(Merges, "of_order", SECOND.id)] == [merged.id]
    await shop.sound()


async def test_a_plan_of_several_orders_is_dropped_by_undoing(database: Database) -> None:
    """Until the warehouse was asked; the pieces stay allocated to their own lines and are planned again."""
    shop = Shop(database)
    await paid(shop, FIRST, SECOND)
    merged = await merge(shop, FIRST, SECOND)
    await shop.reserve(FIRST.id)
    await shop.allocate(FIRST.id)
    await shop.plan(FIRST.id)
    await shop.call(Merges, "undo", merged.id, by="cs", key=shop.key(), at=LATER)
    for order in (FIRST, SECOND):
        (own,) = await shop.plan(order.id)
        assert own.shares.freight == order.freight
    await shop.sound()


async def test_a_merge_a_warehouse_works_on_stays(sqlite_database: Database) -> None:
    """The wave is running."""
    shop = Shop(sqlite_database)
    await paid(shop, FIRST, SECOND)
    merged = await merge(shop, FIRST, SECOND)
    await shop.reserve(FIRST.id)
    await shop.allocate(FIRST.id)
    (fulfilment,) = await shop.plan(FIRST.id)
    await shop.request(fulfilment.id, RequestStatus.SUBMITTED)
    with pytest.raises(OrderRefused) as caught:
        await shop.call(Merges, "undo", merged.id, by="cs", key=shop.key(), at=LATER)
    assert caught.value.code == "TOO_LATE_TO_UNMERGE"
    await shop.sound()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sealed": True}, "sealed"),
        ({"address_digest": "elsewhere"}, "other address"),
        ({"address_digest": ""}, "no address"),
        ({"buyer_key": "somebody"}, "other buyer"),
        ({"buyer_key": ""}, "no buyer"),
        ({"shop": "shop-2"}, "other shop"),
        ({"placed_at": NOON + timedelta(hours=3)}, "too far apart"),
        ({"promise": Promise(ship_by=LATER + timedelta(hours=1))}, "promise too close"),
    ],
)
async def test_orders_that_do_not_belong_together_say_why(
    sqlite_database: Database, change: dict[str, Any], reason: str
) -> None:
    """One parcel to the wrong door is worse than two parcels."""
    shop = Shop(sqlite_database)
    await paid(shop, FIRST, replace(SECOND, **change))
    with pytest.raises(OrderRefused, match=reason) as caught:
        await merge(shop, FIRST, SECOND)
    assert caught.value.code == "CANNOT_MERGE"
    assert (await shop.call(Merges, "propose", FIRST.id, WINDOW, at=LATER)).partners == ()


async def test_unpaid_held_cancelled_or_working_orders_stay_alone(sqlite_database: Database) -> None:
    """Every reason is named at once."""
    shop = Shop(sqlite_database)
    await paid(shop, FIRST)
    await shop.take_in(SECOND)
    await shop.call(Holds, "place", SECOND.id, HoldKind.ADDRESS, reason="", by="x", key=shop.key(), at=NOON)
    with pytest.raises(OrderRefused, match="on hold, not paid"):
        await merge(shop, FIRST, SECOND)
    await shop.reserve(FIRST.id)
    await shop.allocate(FIRST.id)
    await shop.plan(FIRST.id)
    proposal = await shop.call(Merges, "propose", FIRST.id, WINDOW, at=LATER)
    assert proposal.hindrances == (Hindrance.IN_WORK,)


async def test_a_third_order_joins_the_group(database: Database) -> None:
    """An order that leads keeps leading, even when an older one joins."""
    shop = Shop(database)
    await paid(shop, FIRST, SECOND, THIRD)
    one = await merge(shop, SECOND, THIRD)
    two = await merge(shop, FIRST, SECOND)
    assert (one.leader, two.leader) == (SECOND.id, SECOND.id)
    assert set(await shop.call(Merges, "group", FIRST.id)) == {FIRST.id, SECOND.id, THIRD.id}
    await shop.call(Merges, "undo", one.id, by="cs", key=shop.key(), at=LATER)
    assert set(await shop.call(Merges, "group", FIRST.id)) == {FIRST.id, SECOND.id}
    await shop.sound()


async def test_a_follower_that_cancels_leaves_the_others_alone(database: Database) -> None:
    """Its pieces leave the plan, the rest ships."""
    shop = Shop(database)
    await paid(shop, FIRST, SECOND, THIRD)
    await merge(shop, FIRST, SECOND, THIRD)
    await shop.reserve(FIRST.id)
    await shop.allocate(FIRST.id)
    (fulfilment,) = await shop.plan(FIRST.id)
    assert (await shop.cancel(SECOND.id)).result is CancelResult.CANCELLED
    left = await shop.call(Fulfilments, "get", fulfilment.id)
    assert {line.line_id for line in left.lines} == {"shop:1/a", "shop:3/c"}
    assert set(await shop.call(Merges, "group", FIRST.id)) == {FIRST.id, THIRD.id}
    await shop.ship(left)
    assert (await shop.view(THIRD.id)).status is OrderStatus.SHIPPED
    await shop.sound()


async def test_a_leader_that_cancels_frees_its_followers(database: Database) -> None:
    """They plan by themselves, with what was allocated to them."""
    shop = Shop(database)
    await paid(shop, FIRST, SECOND)
    merged = await merge(shop, FIRST, SECOND)
    await shop.reserve(FIRST.id)
    await shop.allocate(FIRST.id)
    (fulfilment,) = await shop.plan(FIRST.id)
    await shop.request(fulfilment.id, RequestStatus.SUBMITTED, RequestStatus.ACCEPTED)
    await shop.call(Fulfilments, "pick", fulfilment.id, key=shop.key(), at=NOON)
    assert (await shop.cancel(FIRST.id)).result is CancelResult.CANCELLED
    assert (await shop.view(SECOND.id)).leader == ""
    (of_order,) = await shop.call(Merges, "of_order", SECOND.id)
    assert (of_order.id, of_order.status) == (merged.id, MergeStatus.UNDONE)
    (own,) = await shop.plan(SECOND.id)
    await shop.ship(own)
    await shop.sound()


async def test_a_hold_on_one_member_blocks_all(sqlite_database: Database) -> None:
    """They are in one parcel."""
    shop = Shop(sqlite_database)
    await paid(shop, FIRST, SECOND)
    await merge(shop, FIRST, SECOND)
    await shop.call(Holds, "place", SECOND.id, HoldKind.FRAUD, reason="", by="x", key=shop.key(), at=NOON)
    await shop.reserve(FIRST.id)
    with pytest.raises(OrderRefused) as caught:
        await shop.allocate(FIRST.id)
    assert caught.value.code == "ON_HOLD"
    with pytest.raises(OrderRefused):
        await shop.call(Holds, "require_open", FIRST.id, Gate.SHIP)
