"""Orders to which nothing happens."""

from __future__ import annotations

from oms_workflow.engine.records import RecordKind
from tests.stories.conftest import Tell
from tests.stories.paths import AUDIT_PASSED, FULFILMENT_TO_HAND_OVER, PAID_ON_REQUEST, SETTLED, WINDOW_ALONE

TROUBLE = (
    RecordKind.INCIDENT_RAISED, RecordKind.SLA_BREACHED, RecordKind.COMPENSATED, RecordKind.ERROR_THROWN,
    RecordKind.JOB_FAILED, RecordKind.TASK_OPENED, RecordKind.FACT_IGNORED,
)  # fmt: skip


async def test_a_plain_order_is_audited_paid_sent_and_completed(tell: Tell) -> None:
    """What most orders do, node by node; every other story is a detour from it."""
    told = await tell("plain")
    order, audit, sending = told.order("shop:1001"), *told.called("order_audit"), *told.called("fulfilment")

    assert audit.path == [*AUDIT_PASSED, "order_audit"]
    assert order.path == [
        "OrderReceived", "AuditOrder", "AuditPassed",
        *PAID_ON_REQUEST,
        *WINDOW_ALONE,
        "WhoSends", "ChooseSourcing", "ReserveStock",
        "FulfilBegins", "AnythingMissing", "ReadyToAllocate", "AllocateStock", "PlanFulfilments", "AnythingToSend",
        "SendGoods", "SendGoods", "GoodsSent", "FulfilOrder", "AllSent",
        *SETTLED,
        "OrderCompleted", "order_to_cash",
    ]  # fmt: skip
    assert sending.passed(*FULFILMENT_TO_HAND_OVER, "ParcelDelivered", "AllSettled", "TellDelivered", "Fulfilled")
    assert [order.told(kind) + sending.told(kind) for kind in TROUBLE] == [[] for _ in TROUBLE]


async def test_a_plain_order_moves_each_piece_and_each_cent_once(tell: Tell) -> None:
    """The ledgers are what accountants and stock-takers will look at."""
    told = await tell("plain")

    told.assert_all_is_well()
    assert told.status("shop:1001") == "completed"
    assert told.goods("shop:1001") == {"TEA": {"shipped": 2, "delivered": 2}, "CUP": {"shipped": 1, "delivered": 1}}
    assert told.money("shop:1001") == {"authorised": "162.50", "captured": "162.50"}
    assert told.moves("TEA") == [("reserve", 2), ("allocate", 2), ("pick", 2), ("ship_picked", 2)]
    assert told.on_hand("TEA") == 198
    assert told.effects("channel.shipped", "notification.send") == {"channel.shipped": 1, "notification.send": 3}


async def test_a_vip_waits_for_no_window_and_flies_express(tell: Tell) -> None:
    """What VIPs are promised: the nearest warehouse, the fast carrier, no waiting for other orders."""
    told = await tell("vip")
    order = told.order("shop:1101")

    told.assert_all_is_well()
    assert order.passed("NothingToCollect", "MayBeMerged", "GoesAlone", "ReserveStock", "SendGoods", "OrderCompleted")
    assert order.never("ProposeMerge", "WindowEnds", "AskForPayment", "CapturePayment")
    assert told.labels == (("sf", "express", "hz"),)
    assert told.money("shop:1101") == {"authorised": "199.00", "captured": "199.00"}
    assert told.goods("shop:1101") == {"SCARF": {"shipped": 1, "delivered": 1}}


async def test_an_order_from_abroad_is_paid_in_its_own_currency(tell: Tell) -> None:
    """Amounts of two currencies are never added up, and not every carrier leaves the country."""
    told = await tell("abroad")

    told.assert_all_is_well()
    assert told.money("shop:3101") == {"authorised": "40.00", "captured": "40.00"}
    assert told.views["shop:3101"].money.captured.currency == "GBP"
    assert told.labels == (("fedex", "economy", "hz"),)
    assert told.goods("shop:3101") == {"SCARF": {"shipped": 1, "delivered": 1}, "TEA": {"shipped": 1, "delivered": 1}}
