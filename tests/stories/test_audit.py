"""Orders that a person has to look at."""

from __future__ import annotations

from datetime import timedelta

from oms_workflow.engine.records import RecordKind
from tests.stories.conftest import Tell
from tests.stories.paths import CANCELLED, REFUNDED


async def test_a_rejected_order_gives_all_its_money_back(tell: Tell) -> None:
    """The hold keeps the goods for good, and never the money."""
    told = await tell("fraud-rejected")
    order, audit, refund = told.order("shop:1701"), *told.called("order_audit"), *told.called("refund")

    told.assert_all_is_well()
    assert audit.passed("PlaceHolds", "LookIntoOrder", "RejectHolds", "Rejected")
    assert audit.at("LookIntoOrder") - told.began >= timedelta(minutes=40)
    assert order.passed("AuditOrder", "CancelRejected", "RejectedOrder", *CANCELLED)
    assert order.never("CollectPayment", "MergeOrders", "ReserveStock")
    assert refund.passed(*REFUNDED)
    assert told.money("shop:1701") == {"authorised": "1260.00", "captured": "1260.00", "refunded": "1260.00"}
    assert told.provider == (("shop:1701.T3", "refund", "1260.00", "succeeded"),)
    assert told.moves("KETTLE") == []
    assert [hold.status.value for hold in told.views["shop:1701"].holds] == ["rejected"]


async def test_a_released_order_goes_on_as_if_nothing_had_been(tell: Tell) -> None:
    """A suspicion that was cleared costs the buyer forty minutes and nothing else."""
    told = await tell("fraud-released")
    order, audit = told.order("shop:1801"), *told.called("order_audit")

    told.assert_all_is_well()
    assert audit.passed("PlaceHolds", "LookIntoOrder", "LiftServiceHolds", "LiftFinanceHolds", "Passed")
    assert order.passed("AuditOrder", "CollectPayment", "ReserveStock", "AllocateStock", "SendGoods", "OrderCompleted")
    assert [hold.status.value for hold in told.views["shop:1801"].holds] == ["resolved"]
    assert told.goods("shop:1801") == {"KETTLE": {"shipped": 1, "delivered": 1}}
    assert told.money("shop:1801") == {"authorised": "420.00", "captured": "420.00"}


async def test_an_unusable_address_is_corrected_and_audited_again(tell: Tell) -> None:
    """The parcel goes where staff found out, and what staff wrote is judged like what the buyer wrote."""
    told = await tell("dirty-address")
    audit = told.called("order_audit")[0]
    order = told.views["shop:1901"].order

    told.assert_all_is_well()
    assert audit.passed("DecideAudit", "PlaceHolds", "LookIntoOrder", "SetAddress", "CleanOrder", "DecideAudit")
    assert audit.passed("SetAddress", "DecideAudit", "LiftHolds", "Passed")
    assert (audit.times("LookIntoOrder"), audit.times("DecideAudit")) == (1, 2)
    assert (order.destination.country, order.destination.region) == ("CN", "福建省")
    assert told.goods("shop:1901") == {"CUP": {"shipped": 2, "delivered": 2}}
    assert told.money("shop:1901") == {"authorised": "73.00", "captured": "73.00"}


async def test_an_audit_nobody_looks_at_is_warned_breached_and_told_to_the_lead(tell: Tell) -> None:
    """A promise about time is worth something when somebody hears that it is broken, and nothing else breaks."""
    told = await tell("sla-missed")
    order, audit = told.order("shop:3001"), told.called("order_audit")[0]

    told.assert_all_is_well()
    for walk, task in ((audit, "LookIntoOrder"), (order, "AuditOrder")):
        assert task in walk.told(RecordKind.SLA_WARNED)
        assert task in walk.told(RecordKind.SLA_BREACHED)
        assert walk.at(task, RecordKind.SLA_WARNED) < walk.at(task, RecordKind.SLA_BREACHED)
        assert set(walk.told(RecordKind.ESCALATION_THROWN)) == {task}
        assert walk.passed("TargetMissed", "TellLead", "LeadTold")
        assert walk.at("TellLead") - walk.at(task, RecordKind.SLA_BREACHED) < timedelta(minutes=5)
    assert len(audit.told(RecordKind.ESCALATION_THROWN)) == 2, "the lead, and half a day later the manager"
    assert audit.passed("LeadTold", "LookIntoOrder", "LiftServiceHolds", "Passed")
    assert order.passed("AuditOrder", "SendGoods", "OrderCompleted")
    assert told.goods("shop:3001") == {"KETTLE": {"shipped": 1, "delivered": 1}}
    assert told.money("shop:3001") == {"authorised": "420.00", "captured": "420.00"}
