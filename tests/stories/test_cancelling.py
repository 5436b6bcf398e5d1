"""Buyers who change their minds, early, in time and too late."""

from __future__ import annotations

from datetime import timedelta

from oms_workflow.engine.records import RecordKind
from tests.stories.conftest import Tell
from tests.stories.paths import CANCELLED, REFUNDED


async def test_calling_off_before_allocation_undoes_what_was_done(tell: Tell) -> None:
    """Only what was done is undone: the money goes back, and nothing was merged or allocated yet."""
    told = await tell("cancel-early")
    order, refund = told.order("shop:2001"), *told.called("refund")

    told.assert_all_is_well()
    assert order.passed("CollectPayment", "CancelRequested", "HoldForCancel", "DecideCancellation", "CancelWon")
    assert order.passed("CancelWon", "CancellationAccepted", "GiveMoneyBack", *CANCELLED)
    assert order.told(RecordKind.COMPENSATED) == ["GiveMoneyBack"]
    assert order.told(RecordKind.ERROR_THROWN) == ["CancelWon"]
    assert refund.passed(*REFUNDED)
    assert told.status("shop:2001") == "cancelled"
    assert told.goods("shop:2001") == {"FAN": {"cancelled": 1}}
    assert told.moves("FAN") == [("reserve", 1), ("release", 1)]
    assert told.money("shop:2001") == {"authorised": "96.00", "captured": "96.00", "refunded": "96.00"}
    assert told.effects("warehouse.submit", "carrier.label") == {"warehouse.submit": 0, "carrier.label": 0}


async def test_calling_off_in_the_warehouse_undoes_in_reverse_order(tell: Tell) -> None:
    """The warehouse is asked first; only its yes decides, and then the last thing done is undone first."""
    told = await tell("cancel-at-warehouse")
    order, sending = told.order("shop:2101"), *told.called("fulfilment")

    told.assert_all_is_well()
    assert order.never("GoodsSent", "OrderCompleted")
    assert order.passed("CancelRequested", "AskWarehouses", "WarehouseStopped", "DecideCancellation", "CancelWon")
    assert order.told(RecordKind.COMPENSATED) == ["ReleaseStock", "UndoMerge", "GiveMoneyBack"]
    assert sending.passed("FulfilmentStopped", "StopIt", "CancellationWon")  # then it winds up, or its caller does
    assert order.passed("UndoEverything", "CallOffShipments", "CancelledEnd")
    assert sending.never("BookCarrier", "RecordHandOver")
    assert order.told(RecordKind.SLA_PAUSED) == ["FulfilOrder"]
    assert told.goods("shop:2101") == {"LAMP": {"cancelled": 1}}
    assert told.sums("LAMP")["reserve"] == 1
    assert told.on_hand("LAMP") == 40
    assert told.money("shop:2101") == {"authorised": "136.00", "captured": "136.00", "refunded": "136.00"}
    assert told.effects("payment.refund", "carrier.label", "channel.cancelled", "channel.shipped") == {
        "payment.refund": 1, "carrier.label": 0, "channel.cancelled": 1, "channel.shipped": 0,
    }  # fmt: skip


async def test_calling_off_a_parcel_on_its_way_is_too_late(tell: Tell) -> None:
    """Cancelling and shipping have one winner; here it is shipping, and the buyer is told."""
    told = await tell("cancel-too-late")
    order = told.order("shop:2201")

    told.assert_all_is_well()
    assert order.passed(
        "CancelRequested", "DecideCancellation", "LiftCancelHold", "TellTooLate", "TooLate", "GoodsSent"
    )
    assert order.never("OrderIsCancelled", "UndoEverything")
    assert told.status("shop:2201") == "completed"
    assert told.goods("shop:2201") == {"CUP": {"shipped": 1, "delivered": 1}}
    assert told.money("shop:2201") == {"authorised": "44.50", "captured": "44.50"}
    assert told.effects("channel.cancelled", "payment.refund") == {"channel.cancelled": 0, "payment.refund": 0}


async def test_a_warehouse_that_never_answers_counts_as_shipping(tell: Tell) -> None:
    """An order must not be cancelled and shipped: after four hours it is taken to be on its way, and it was."""
    told = await tell("warehouse-silent")
    order = told.order("shop:2111")

    told.assert_all_is_well()
    assert order.passed("AskWarehouses", "WarehouseSilent", "AssumeShipping", "DecideCancellation", "TellTooLate")
    assert order.at("WarehouseSilent") - order.at("AskWarehouses") >= timedelta(hours=4)
    assert order.never("OrderIsCancelled")
    assert told.status("shop:2111") == "completed"
    assert told.goods("shop:2111") == {"LAMP": {"shipped": 1, "delivered": 1}}
    assert told.money("shop:2111") == {"authorised": "136.00", "captured": "136.00"}
