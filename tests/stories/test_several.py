"""One order in several parcels, and several orders in one."""

from __future__ import annotations

from tests.stories.conftest import Tell
from tests.stories.paths import SETTLED


async def test_goods_in_two_warehouses_leave_in_two_parcels(tell: Tell) -> None:
    """Each fulfilment order has a life of its own; the order ends with the last one."""
    told = await tell("several-warehouses")
    order, first, second = told.order("shop:1201"), *told.called("fulfilment")

    told.assert_all_is_well()
    assert sorted(label[2] for label in told.labels) == ["gz", "hz"]
    assert (first.path[-1], second.path[-1]) == ("fulfilment", "fulfilment")
    assert order.at("GoodsSent") >= max(first.records[-1].at, second.records[-1].at)
    assert told.moves("TEA", "hz") == [("reserve", 1), ("allocate", 1), ("pick", 1), ("ship_picked", 1)]
    assert told.moves("CHAIR", "gz") == [("reserve", 1), ("allocate", 1), ("pick", 1), ("ship_picked", 1)]
    assert told.money("shop:1201") == {"authorised": "366.00", "captured": "366.00"}
    assert told.effects("channel.shipped", "payment.capture") == {"channel.shipped": 2, "payment.capture": 1}


async def test_every_seller_ships_its_own_goods(tell: Tell) -> None:
    """Goods of sellers lie in warehouses of their own, and each has its own parcel."""
    told = await tell("several-sellers")

    told.assert_all_is_well()
    assert sorted(label[2] for label in told.labels) == ["jdz", "km"]
    assert told.goods("shop:1301") == {"PU-ERH": {"shipped": 2, "delivered": 2}, "BOWL": {"shipped": 1, "delivered": 1}}
    assert (told.on_hand("PU-ERH", "km"), told.on_hand("BOWL", "jdz")) == (78, 11)
    assert told.money("shop:1301") == {"authorised": "604.00", "captured": "604.00"}


async def test_three_orders_in_one_window_share_one_parcel(tell: Tell) -> None:
    """One label is paid instead of three, and every order still ends, is written back and paid by itself."""
    told = await tell("merge")
    leader, *followers = (told.order(f"shop:140{number}") for number in (1, 2, 3))
    orders = ("shop:1401", "shop:1402", "shop:1403")

    told.assert_all_is_well()
    assert len(told.labels) == len(told.called("fulfilment")) == 1
    assert leader.passed("WindowEnds", "JoinOrders", "TellFollowers", "Leads", "SendGoods", *SETTLED, "OrderCompleted")
    assert leader.sent("merge.joined") == leader.sent("merge.finished") == 2
    for follower in followers:
        assert follower.passed("WaitForLeader", "JoinedByLeader", "Follows", "FollowLeader", "LeaderFinished", *SETTLED)
        assert follower.never("ReserveStock", "AllocateStock", "SendGoods")
    assert {told.status(order) for order in orders} == {"completed"}
    assert [told.money(order)["captured"] for order in orders] == ["67.00", "81.00", "96.00"]
    assert [told.goods(order) for order in orders] == [
        {"TEA": {"shipped": 1, "delivered": 1}},
        {"CUP": {"shipped": 2, "delivered": 2}},
        {"FAN": {"shipped": 1, "delivered": 1}},
    ]
    assert told.effects("channel.shipped") == {"channel.shipped": 3}


async def test_the_last_goods_go_to_who_came_first_and_the_rest_follows(tell: Tell) -> None:
    """Nothing is promised twice: the second order gets what is left, and the others when goods arrive."""
    told = await tell("oversold")
    first, second = told.order("shop:1501"), told.order("shop:1502")

    told.assert_all_is_well()
    assert first.never("PutOnBackorder", "DecideShortage")
    assert second.passed("DecideShortage", "PutOnBackorder", "ShipNow", "AllocateStock", "TellBackorder")
    assert second.passed(
        "WaitForGoods", "StockArrived", "TakeUpBackorder", "ReserveAgain", "PlanFulfilments", "AllSent"
    )
    assert (first.times("GoodsSent"), second.times("GoodsSent")) == (1, 2)
    assert told.sums("LANTERN") == {"reserve": 6, "allocate": 6, "pick": 6, "ship_picked": 6, "receive": 20}
    assert told.on_hand("LANTERN") == 4 + 20 - 3 - 3
    assert told.goods("shop:1502") == {"LANTERN": {"shipped": 3, "delivered": 3}}
    assert told.money("shop:1502") == {"authorised": "225.00", "captured": "225.00"}


async def test_goods_missing_for_a_follower_are_sent_when_they_arrive(tell: Tell) -> None:
    """The leader waits for goods that are not its own, and sends them after."""
    told = await tell("merge-short")
    leader, follower = told.order("shop:1551"), told.order("shop:1552")

    told.assert_all_is_well()
    assert leader.passed("JoinOrders", "PutOnBackorder", "WaitForGoods", "StockArrived", "TakeUpBackorder", "AllSent")
    assert leader.never("DecideAboutRest", "GiveUpMissing")
    assert leader.times("GoodsSent") == len(told.called("fulfilment")) == 2
    assert follower.passed("FollowLeader", "LeaderFinished", "OrderCompleted")
    assert told.goods("shop:1551") == {"TEA": {"shipped": 1, "delivered": 1}}
    assert told.goods("shop:1552") == {"INK": {"shipped": 3, "delivered": 3}}
    assert told.on_hand("INK") == 1 + 10 - 3
    assert [told.money(order)["captured"] for order in ("shop:1551", "shop:1552")] == ["67.00", "107.00"]
