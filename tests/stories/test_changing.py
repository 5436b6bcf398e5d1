"""Buyers who move while their order runs."""

from __future__ import annotations

from tests.stories.conftest import Tell


async def test_a_new_address_is_audited_and_the_parcel_goes_there(tell: Tell) -> None:
    """A change is never taken over silently, and holds the order only as long as it is judged."""
    told = await tell("address-change")
    order, sending = told.order("shop:2301"), *told.called("fulfilment")

    told.assert_all_is_well()
    assert order.passed("ProposeMerge", "OrderChanged", "HoldForChange", "JudgeChange", "AcceptChange", "AuditAgain")
    assert order.passed("AuditAgain", "StillPasses", "LiftChangeHold", "TellChange", "WindowEnds", "SendGoods")
    assert order.times("AuditAgain") == 1
    assert len(told.called("order_audit")) == 2
    assert order.at("ChangeDone") < sending.at("SubmitToWarehouse")
    assert told.views["shop:2301"].order.destination.region == "江苏省"
    assert [hold.status.value for hold in told.views["shop:2301"].holds] == ["resolved"]
    assert told.goods("shop:2301") == {"SCARF": {"shipped": 1, "delivered": 1}}
    assert told.money("shop:2301") == {"authorised": "207.00", "captured": "207.00"}
