"""The main path of an order, and what may part from it: audit, payment, shortage, money on delivery, lateness."""

from __future__ import annotations

from typing import Any

from .walking import FACTS, FULFILMENT, MONEY, NOW, ORDER, PACKAGE, Walk

PACKED: dict[str, Any] = {
    "fulfilment_id": FULFILMENT,
    "packages": [{"weight_grams": 900, "pieces": {f"{ORDER}/a": 2}}],
}


def deliver(walk: Walk, fulfilment: str = FULFILMENT) -> None:
    """Let warehouse and carrier do their part of one fulfilment order."""
    walk.message("warehouse.packed", fulfilment, **PACKED | {"fulfilment_id": fulfilment})
    walk.message("warehouse.handed_over", fulfilment, fulfilment_id=fulfilment)
    walk.message("parcel.delivered", fulfilment, fulfilment_id=fulfilment, package_id=PACKAGE, all=True)


def own(walk: Walk) -> list[str]:
    """What was done in the order's own process, in order."""
    order = walk.stage.actors[0]
    ids = {node.id for node in order.instance.program.definition.nodes}
    return [element for element in walk.trace if element in ids]


# -- the straight way


def test_a_plain_order_goes_through_without_anybody_looking() -> None:
    """From intake to completion no person is asked, and the buyer hears twice."""
    walk = Walk.of_order()
    assert walk.open == ["AwaitPacked"]
    deliver(walk)
    assert walk.status == "completed"
    assert own(walk) == [
        "AuditOrder",
        "LookAtPayment",
        "ChooseWindow",
        "ProposeMerge",
        "ChooseSourcing",
        "ReserveStock",
        "AllocateStock",
        "PlanFulfilments",
        "SendGoods",
        "LookAtMoney",
        "CompleteOrder",
    ]
    assert walk.told() == ["shipped", "delivered"]
    assert walk.stage.tasks == []


def test_a_vip_order_waits_for_nobody() -> None:
    """The merge window is for those who have time."""
    walk = Walk.of_order(service_level="vip")
    assert walk.asked("ProposeMerge") == []
    assert walk.asked("ReserveStock")[0]["prefer"] == "nearest"


def test_several_fulfilment_orders_go_side_by_side() -> None:
    """Two warehouses do not wait for each other, and the order waits for both."""
    second = f"{ORDER}.F2"
    walk = Walk.of_order(PlanFulfilments={"fulfilments": [FULFILMENT, second], "reasons": ["stock"]})
    assert walk.open == ["AwaitPacked", "AwaitPacked"]
    deliver(walk)
    assert walk.status == "active"
    walk.answer(CheckParcels=[{"open": 0, "delivered": 1, "lost": [], "returned": []}])
    deliver(walk, second)
    assert walk.status == "completed"
    assert [inputs["fulfilment_id"] for inputs in walk.asked("RecordHandOver")] == [FULFILMENT, second]


def test_an_exchange_order_tells_the_exchange_when_it_ends() -> None:
    """Its return waits for exactly this."""
    walk = Walk.of_order(orders__complete={"status": "completed", "exchange_for": "shop:9.R1", "followers": []})
    deliver(walk)
    assert ("exchange.delivered", "shop:9.R1") in walk.stage.sent


# -- audit


def suspicious(**more: Any) -> Walk:
    return Walk.of_order(audit__score_risk={"risk": 80, "risk_reasons": ["x"], "scored_by": "risk service"}, **more)


def test_a_finding_puts_the_order_on_hold_until_somebody_approves() -> None:
    """What was held is lifted, and only what the audit had set."""
    walk = suspicious()
    assert walk.open == ["LookIntoOrder"]
    assert walk.task("LookIntoOrder").candidate_groups == ("customer-service",)
    assert walk.task("LookIntoOrder").priority == 90
    walk.done("LookIntoOrder", decision="approve")
    assert walk.asked("LiftServiceHolds")[0]["by"] == "customer-service"
    assert walk.open == ["AwaitPacked"]


def test_a_rejected_order_is_cancelled() -> None:
    """Its holds stay for good, the channel and the buyer are told."""
    walk = suspicious()
    walk.done("LookIntoOrder", decision="reject")
    assert walk.asked("CancelRejected")[0]["reason"] == "audit_rejected"
    assert walk.told() == ["order_cancelled"]
    assert walk.asked("TellChannelCancelled")[0]["reason"] == "audit_rejected"
    assert walk.status == "completed"


def test_a_corrected_address_is_audited_again() -> None:
    """Dirty once is looked at twice: first by a person, then by the table."""
    dirty = {"problems": ["street.missing"], "blocking": 1, "tidied": False}
    walk = Walk.of_order(audit__clean_order=[dirty, {"problems": [], "blocking": 0, "tidied": False}])
    walk.done("LookIntoOrder", decision="fix", customer_ref="c-corrected")
    assert walk.asked("SetAddress") == [{"order_id": ORDER, "customer_ref": "c-corrected"}]
    assert len(walk.asked("CleanOrder")) == 2
    assert "LiftHolds" in walk.trace
    assert walk.open == ["AwaitPacked"]


LARGE = {"facts": {**FACTS, "total": "30000.00"}, "holds": []}


def test_a_large_amount_alone_is_confirmed_by_finance_only() -> None:
    """Customer service has nothing to say about it, so it is not asked."""
    walk = Walk.of_order(audit__gather_facts=LARGE)
    assert walk.open == ["ConfirmMoney"]
    task = walk.task("ConfirmMoney")
    assert task.candidate_groups == ("finance",)
    assert [finding["handle"] for finding in walk.asked("PlaceHolds")[0]["findings"]] == ["amount.large"]
    walk.done("ConfirmMoney", decision="approve")
    assert walk.asked("LiftFinanceHolds") == [{"order_id": ORDER, "kinds": ["finance"], "by": "finance"}]
    assert walk.open == ["AwaitPacked"]


def test_finance_looks_after_customer_service() -> None:
    """Two stages, two owners: what one of them lifts leaves the other's hold on the order."""
    walk = suspicious(audit__gather_facts=LARGE)
    assert walk.open == ["LookIntoOrder"]
    walk.done("LookIntoOrder", decision="approve")
    assert "finance" not in walk.asked("LiftServiceHolds")[0]["kinds"]
    assert walk.open == ["ConfirmMoney"]
    walk.done("ConfirmMoney", decision="approve")
    assert walk.open == ["AwaitPacked"]


def test_what_finance_rejects_is_cancelled_in_its_name() -> None:
    """The second stage has the same teeth as the first."""
    walk = suspicious(audit__gather_facts=LARGE)
    walk.done("LookIntoOrder", decision="approve")
    walk.done("ConfirmMoney", decision="reject")
    assert walk.asked("RejectHolds")[0]["by"] == "finance"
    assert walk.asked("CancelRejected")[0]["reason"] == "audit_rejected"


def test_each_stage_has_its_own_deadline_and_lead() -> None:
    """Finance has four office hours from when it is asked, not from when the order came."""
    walk = suspicious(audit__gather_facts=LARGE)
    walk.done("LookIntoOrder", decision="approve")
    walk.advance("P2D")
    assert ("finance-lead", "ConfirmMoney") in [
        (told["role"], told["values"]["element"]) for told in walk.asked("TellLead")
    ]
    assert walk.open == ["ConfirmMoney"]


def test_an_unclear_answer_lets_nothing_through() -> None:
    """Whatever is neither yes nor no is looked at again."""
    walk = suspicious()
    walk.done("LookIntoOrder", decision="perhaps")
    assert walk.open == ["LookIntoOrder"]


# -- being late


def test_a_late_audit_warns_then_reaches_the_lead_and_goes_on() -> None:
    """Monday 16:00 in Hangzhou: after an hour of office time the owner is warned, an hour later the lead is told,
    and half a day after that the manager.
    """
    walk = suspicious()
    kinds = [one["kind"] for one in walk.result.records]
    assert "sla_warned" not in kinds
    walk.advance("PT1H5M")
    assert "sla_warned" in [one["kind"] for one in walk.result.records]
    walk.advance("P1D")
    assert set(walk.told()) == {"staff_sla_breached"}
    told = [(one["role"], one["values"]["element"]) for one in walk.asked("TellLead")]
    assert told == [("customer-service-lead", "LookIntoOrder"), ("operations-manager", "LookIntoOrder")]
    assert walk.open == ["LookIntoOrder"]
    walk.done("LookIntoOrder", decision="approve")
    assert walk.open == ["AwaitPacked"]


def test_a_late_warehouse_is_named_by_its_own_process() -> None:
    """The lead of the warehouse hears which node is late, in the called process, too."""
    walk = Walk.of_order()
    walk.advance("P2D")
    assert {told["values"]["element"] for told in walk.asked("TellLead")} == {"AwaitPacked"}
    assert walk.asked("TellLead")[0]["role"] == "warehouse-lead"


def test_a_whole_order_has_a_promise_of_its_own() -> None:
    """Ten days, told when they are over even though no single node is late."""
    walk = Walk.of_order(held=("AllocateStock",))
    walk.advance("P11D")
    breached = [one for one in walk.result.records if one["kind"] == "sla_breached"]
    assert "order_to_cash" in {one["element"] for one in breached}


# -- payment


def unpaid(**more: Any) -> Walk:
    state = MONEY | {"state": "open", "outstanding": "100.00"}
    return Walk.of_order(LookAtPayment=state, LookOnceMore=state, **more)


def test_money_that_is_promised_is_taken() -> None:
    """Nothing leaves before it is paid."""
    walk = Walk.of_order(LookAtPayment=MONEY | {"state": "promised"})
    assert "CapturePayment" in walk.trace
    assert walk.open == ["AwaitPacked"]


def test_an_unpaid_order_keeps_goods_while_the_buyer_pays() -> None:
    """The promise of stock lapses by itself when nobody pays."""
    walk = unpaid(payment__request={"state": "pending", "transaction_id": "shop:1.T1"})
    assert walk.asked("ReserveForBuyer")[0]["until"] is not None
    assert walk.told() == ["payment_wanted"]
    walk.message("payment.captured", ORDER, order_id=ORDER, transaction_id="shop:1.T1", paid=True)
    assert walk.open == ["AwaitPacked"]


def test_a_promise_that_comes_later_is_taken_then() -> None:
    """Authorised by message, captured by us."""
    walk = unpaid(payment__request={"state": "pending", "transaction_id": "shop:1.T1"})
    walk.message("payment.authorised", ORDER, order_id=ORDER, transaction_id="shop:1.T1")
    assert "CapturePayment" in walk.trace
    assert walk.open == ["AwaitPacked"]


def test_part_of_the_money_is_not_all_of_it() -> None:
    """The order waits for the rest."""
    walk = unpaid(payment__request={"state": "pending", "transaction_id": "shop:1.T1"})
    walk.message("payment.captured", ORDER, order_id=ORDER, transaction_id="shop:1.T1", paid=False)
    assert "PaymentArrived" in walk.waiting
    walk.message("payment.captured", ORDER, order_id=ORDER, transaction_id="shop:1.T2", paid=True)
    assert walk.open == ["AwaitPacked"]


def test_a_declined_buyer_may_try_again_until_time_is_up() -> None:
    """Each failure is told; the limit does not move."""
    walk = unpaid(payment__request="PAYMENT_DECLINED")
    assert walk.told() == ["payment_declined"]
    walk.advance("PT1H")
    walk.message("payment.failed", ORDER, order_id=ORDER, transaction_id="", code="card_declined")
    assert walk.told() == ["payment_declined", "payment_declined"]
    walk.advance("PT1H1M")
    assert walk.asked("CancelUnpaid")[0]["reason"] == "unpaid"


def test_a_capture_that_is_refused_lets_the_buyer_pay_again() -> None:
    """The bank's promise was worth nothing."""
    walk = Walk.of_order(LookAtPayment=MONEY | {"state": "promised"}, payment__capture="PAYMENT_DECLINED")
    assert walk.told() == ["payment_declined"]
    assert "TimeIsUp" in walk.waiting


def test_a_capture_under_way_is_waited_for() -> None:
    """Pending is not paid."""
    pending = {"paid": False, "pending": ["shop:1.T2"], "outstanding": "100.00"}
    walk = Walk.of_order(LookAtPayment=MONEY | {"state": "promised"}, payment__capture=pending)
    assert "PaymentArrived" in walk.waiting
    walk.message("payment.captured", ORDER, order_id=ORDER, transaction_id="shop:1.T2", paid=True)
    assert walk.open == ["AwaitPacked"]


def test_money_of_the_last_moment_counts() -> None:
    """The message was slower than the clock; the ledger knows."""
    walk = Walk.of_order(
        LookAtPayment=MONEY | {"state": "open"},
        payment__request={"state": "pending", "transaction_id": "shop:1.T1"},
        LookOnceMore=MONEY,
    )
    walk.advance("PT2H")
    assert walk.asked("CancelUnpaid") == []
    assert walk.open == ["AwaitPacked"]


def test_cash_on_delivery_is_collected_before_the_order_closes() -> None:
    """The carrier pays out a week later, or is asked for it."""
    on_delivery = MONEY | {"state": "on_delivery", "outstanding": "100.00"}
    walk = Walk.of_order(
        payment__look_up=on_delivery, audit__gather_facts={"facts": FACTS | {"terms": "on_delivery"}, "holds": []}
    )
    deliver(walk)
    assert {"CashArrived", "CashLate"} <= walk.waiting
    walk.advance("P7D")
    assert walk.open == ["ChaseCash"]
    walk.done("ChaseCash", decision="approve")
    walk.answer(payment__look_up=MONEY)
    walk.message("payment.captured", ORDER, order_id=ORDER, transaction_id="shop:1.T1", paid=True)
    assert walk.status == "completed"


def test_nothing_is_due_for_goods_that_never_arrived() -> None:
    """Nobody pays at a door that was never opened."""
    on_delivery = MONEY | {"state": "on_delivery", "outstanding": "100.00"}
    walk = Walk.of_order(payment__look_up=on_delivery, orders__look=NOW | {"delivered": 0})
    deliver(walk)
    assert walk.status == "completed"


# -- shortage


def short(reserved: int = 1, missing: int = 2, **more: Any) -> Walk:
    lacking = {"reserved": reserved, "missing": missing, "warehouses": ["HZ"], "why": [], "shortages": ["out_of_stock"]}
    return Walk.of_order(ReserveStock=lacking, **more)


def test_what_is_there_goes_and_the_rest_follows_when_it_arrives() -> None:
    """Two parcels: one now, one after the goods came in."""
    walk = short(
        PlanFulfilments=[{"fulfilments": [FULFILMENT], "reasons": []}, {"fulfilments": [f"{ORDER}.F2"], "reasons": []}]
    )
    assert walk.told() == ["on_backorder"]
    assert walk.open == ["AwaitPacked"]
    walk.message("stock.arrived", ORDER, order_id=ORDER)
    assert "TakeUpBackorder" in walk.trace
    assert walk.open == ["AwaitPacked", "AwaitPacked"]


def test_with_nothing_there_nothing_is_shipped_yet() -> None:
    """The order waits as a whole."""
    walk = short(reserved=0)
    assert walk.asked("AllocateStock") == []
    assert {"StockArrived", "PatienceEnds"} <= walk.waiting
    walk.message("stock.arrived", ORDER, order_id=ORDER)
    assert walk.open == ["AwaitPacked"]


def test_a_hold_stops_the_allocation_until_it_is_closed() -> None:
    """Somebody put the order on hold by hand; closing it, or ten minutes, lets it look again."""
    walk = Walk.of_order(AllocateStock=["ON_HOLD", "ON_HOLD", {"allocated": 2, "warehouses": ["HZ"]}])
    assert walk.open == ["AllocateStockAwaitHold"]
    walk.advance("PT10M")
    assert walk.open == ["AllocateStockAwaitHold"]
    walk.message("hold.closed", ORDER, order_id=ORDER, hold_id="shop:1.H1", kind="manual", status="resolved")
    assert walk.open == ["AwaitPacked"]


def test_an_order_with_nothing_left_to_send_goes_on_to_its_end() -> None:
    """All its pieces went out with another fulfilment order."""
    walk = Walk.of_order(AllocateStock="OUT_OF_STOCK")
    assert walk.status == "completed"
