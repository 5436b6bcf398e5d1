"""One order in several parcels, and several orders in one."""

from __future__ import annotations

from tests.stories.conftest import Tell
from tests.stories.paths import CANCELLED, SETTLED


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
    assert second.passed("DecideShortage", "PutOnBackorder", "ShipNow", "TellBackorder", "WaitForGoods")
    assert second.passed("ShipNow", "AllocateStock", "PlanFulfilments", "AnythingToSend", "StockArrived")
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


async def test_followers_whose_goods_never_come_are_paid_back_by_themselves(tell: Tell) -> None:
    """Each settles its own: one is sent in part, one ends as cancelled, and the leader loses nothing."""
    told = await tell("merge-follower-missing")
    leader, part, none = (told.order(f"shop:156{number}") for number in (1, 2, 3))

    told.assert_all_is_well()
    assert leader.passed(
        "JoinOrders", "PatienceEnds", "DecideAboutRest", "TellGivenUp", "SendTheRest", "OrderCompleted"
    )
    assert leader.never("GiveUpMissing")
    assert leader.sent("merge.given_up") == 2
    assert part.passed("FollowLeader", "RestGivenUp", "GiveUpOwnMissing", "FollowLeader", "LeaderFinished", *SETTLED)
    assert none.passed("RestGivenUp", "GiveUpOwnMissing", "NothingLeft", *CANCELLED)
    assert told.goods("shop:1561") == {"TEA": {"shipped": 1, "delivered": 1}}
    assert told.goods("shop:1562") == {"SCROLL": {"shipped": 1, "delivered": 1, "cancelled": 2}}
    assert told.goods("shop:1563") == {"SEAL": {"cancelled": 1}}
    assert [told.status(order) for order in told.views] == ["completed", "completed", "cancelled"]
    assert told.money("shop:1561") == {"authorised": "67.00", "captured": "67.00"}
    assert told.money("shop:1562") == {"authorised": "368.00", "captured": "368.00", "refunded": "240.00"}
    assert told.money("shop:1563") == {"authorised": "158.00", "captured": "158.00", "refunded": "158.00"}
    assert told.effects("payment.refund", "channel.cancelled", "channel.refunded") == {
        "payment.refund": 2, "channel.cancelled": 2, "channel.refunded": 2,
    }  # fmt: skip


async def test_a_leader_whose_goods_never_come_still_carries_its_follower(tell: Tell) -> None:
    """Its buyer gets all money back, freight included; the follower's parcel is followed to the door."""
    told = await tell("merge-leader-missing")
    leader, follower = told.order("shop:1571"), told.order("shop:1572")

    told.assert_all_is_well()
    assert leader.passed("GoodsSent", "DecideAboutRest", "TellGivenUp", "GiveUpMissing", "SendTheRest", *SETTLED)
    assert leader.never("OrderIsCancelled", "UndoMerge")
    assert leader.sent("merge.given_up") == 0
    assert follower.passed("FollowLeader", "LeaderFinished", *SETTLED)
    assert [told.status(order) for order in told.views] == ["cancelled", "completed"]
    assert told.money("shop:1571") == {"authorised": "308.00", "captured": "308.00", "refunded": "308.00"}
    assert told.money("shop:1572") == {"authorised": "155.00", "captured": "155.00"}
    assert told.goods("shop:1572") == {"TEA": {"shipped": 1, "delivered": 1}, "FAN": {"shipped": 1, "delivered": 1}}
    assert told.effects("channel.cancelled", "channel.shipped") == {"channel.cancelled": 1, "channel.shipped": 1}


async def test_what_waited_for_a_missing_piece_goes_out_without_it(tell: Tell) -> None:
    """Waiting saved a parcel for two days; then the rest is sent rather than forgotten."""
    told = await tell("rest-given-up")
    order = told.order("shop:1511")

    told.assert_all_is_well()
    assert order.passed("ShipsLater", "DecideAboutRest", "GiveUpMissing", "SendTheRest", "AllocateStock", "GoodsSent")
    assert told.goods("shop:1511") == {"TEA": {"shipped": 2, "delivered": 2}, "SEAL": {"cancelled": 1}}
    assert told.money("shop:1511") == {"authorised": "276.00", "captured": "276.00", "refunded": "150.00"}
