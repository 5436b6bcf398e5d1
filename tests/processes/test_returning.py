"""Returns, exchanges and refunds: decided by policy, waited for in time, paid once, for what came back."""

from __future__ import annotations

from typing import Any

from .walking import ORDER, RETURN, WISH, Walk


def wish(**more: Any) -> dict[str, Any]:
    return {"order_id": ORDER, "wish": WISH | more}


def asked_for(kind: str = "return", **more: Any) -> Walk:
    walk = Walk(**more)
    if kind == "exchange":
        goods = [{"sku": "CUP", "quantity": 1, "unit_price": "15.00"}]
        walk.message("exchange.requested", RETURN, return_id=RETURN, order_id=ORDER, goods=goods)
    else:
        walk.message("return.requested", RETURN, return_id=RETURN, order_id=ORDER, kind=kind)
    return walk


def came(walk: Walk) -> None:
    walk.message("return.received", RETURN, return_id=RETURN, received=2, announced=2)


def test_goods_that_come_back_sound_are_refunded() -> None:
    """Nobody has to look at them."""
    walk = asked_for()
    assert walk.open == ["AwaitGoods"]
    walk.message("return.sent", RETURN, return_id=RETURN)
    came(walk)
    assert walk.told() == ["return_accepted", "refunded"]
    assert walk.asked("RefundBuyer")[0]["return_id"] == RETURN
    assert walk.stage.tasks == []
    assert walk.status == "completed"


def test_the_freight_goes_back_when_it_was_our_fault() -> None:
    """The refund policy says so, the refund does so."""
    walk = asked_for(returns__gather_facts=wish(reason="damaged"))
    came(walk)
    assert walk.asked("JudgeByCondition")[0]["accept_damaged"] is True
    assert walk.asked("RefundBuyer")[0]["with_freight"] is True


def test_a_wish_against_the_policy_is_refused() -> None:
    """The buyer hears why, and may ask again."""
    walk = asked_for(returns__gather_facts=wish(days_since_delivery=60))
    assert walk.asked("RefuseWish") != []
    assert walk.told() == ["return_refused"]
    assert walk.status == "completed"


def test_cheap_goods_may_be_kept() -> None:
    """The refund is of the return that took the place of the first one."""
    walk = asked_for(returns__gather_facts=wish(kind="refund_without_return", value="20.00"))
    assert walk.told() == ["keep_the_goods", "refunded"]
    assert walk.asked("RefundBuyer")[0]["return_id"] == "shop:1.R2"


def test_a_doubtful_wish_is_for_a_person() -> None:
    """Accept, keep or refuse."""
    for decision, notice in (("approve", "return_accepted"), ("keep", "keep_the_goods"), ("refuse", "return_refused")):
        walk = asked_for(returns__gather_facts=wish(days_since_delivery=20))
        assert walk.open == ["LookAtWish"]
        walk.done("LookAtWish", decision=decision)
        assert walk.told()[0] == notice


def test_price_protection_pays_the_amount_a_person_set() -> None:
    """No pieces come back, a sum goes out, and it is booked on the lines of the return that was accepted."""
    walk = asked_for("price_protection", returns__gather_facts=wish(kind="price_protection", pieces=0))
    walk.done("LookAtWish", decision="keep", amount=12)
    (refund,) = walk.asked("RefundBuyer")
    assert (refund["amount"], refund["return_id"]) == (12, "shop:1.R2")


def test_goods_that_do_not_come_in_time_close_the_return() -> None:
    """After two weeks, with a word to the buyer."""
    walk = asked_for()
    walk.advance("P14D")
    assert walk.told() == ["return_accepted", "return_expired"]
    assert walk.asked("RefundBuyer") == []
    assert walk.status == "completed"


def test_damaged_goods_are_judged_by_a_person() -> None:
    """Accepted ones are paid, rejected ones go back."""
    damaged = {"received": 2, "accepted": 0, "rejected": 0, "to_judge": 2}
    walk = asked_for(returns__inspect=damaged)
    came(walk)
    assert walk.open == ["InspectGoods"]
    walk.done("InspectGoods", decision="approve", note="as new")
    assert walk.told()[-1] == "refunded"
    rejected = asked_for(
        returns__inspect=damaged, returns__judge={"received": 2, "accepted": 0, "rejected": 2, "to_judge": 0}
    )
    came(rejected)
    rejected.done("InspectGoods", decision="reject", note="worn")
    assert rejected.asked("NoteJudgement")[0]["verdict"] == "reject"
    assert rejected.told()[-1] == "return_rejected"
    assert rejected.asked("RefundBuyer") == []


# -- exchange


def test_an_exchange_makes_and_starts_the_order_with_the_new_goods() -> None:
    """And waits until they arrived."""
    walk = asked_for("exchange")
    came(walk)
    assert walk.asked("MakeNewOrder")[0]["goods"][0]["sku"] == "CUP"
    assert walk.asked("StartNewOrder") == [{"order_id": "shop:1-X1"}]
    assert walk.told()[-1] == "exchange_under_way"
    assert walk.open == ["AwaitNewGoods"]
    walk.message("exchange.delivered", RETURN, return_id=RETURN, order_id="shop:1-X1")
    assert walk.status == "completed"


def test_cheaper_goods_leave_a_difference_to_refund() -> None:
    """Before the new order starts."""
    made = {"exchange_order": "shop:1-X1", "to_pay": "0.00", "to_refund": "5.00", "currency": "CNY"}
    walk = asked_for("exchange", returns__make_exchange=made)
    came(walk)
    assert walk.asked("RefundBuyer")[0]["amount"] == 5
    assert walk.open == ["AwaitNewGoods"]


def test_an_exchange_whose_goods_never_came_is_closed() -> None:
    """No new goods without the old ones."""
    walk = asked_for("exchange")
    walk.advance("P14D")
    assert walk.asked("MakeNewOrder") == []
    assert walk.status == "completed"


def test_goods_a_buyer_may_keep_end_an_exchange_with_money() -> None:
    """A person let the buyer keep them: there is nothing to exchange them for."""
    walk = asked_for("exchange", returns__gather_facts=wish(kind="exchange", days_since_delivery=20))
    walk.done("LookAtWish", decision="keep")
    assert walk.asked("RefundBuyer")[0]["return_id"] == "shop:1.R2"
    assert walk.status == "completed"


def test_new_goods_that_do_not_arrive_are_followed_up() -> None:
    """A month later somebody looks, waits on or closes."""
    walk = asked_for("exchange")
    came(walk)
    walk.advance("P30D")
    assert walk.open == ["LookAtExchange"]
    walk.done("LookAtExchange", decision="wait")
    assert walk.open == ["AwaitNewGoods"]
    walk.advance("P30D")
    walk.done("LookAtExchange", decision="approve")
    assert walk.status == "completed"


# -- refund


def refund(**more: Any) -> Walk:
    return Walk.of_process("refund", variables={"order_id": ORDER, "reason": "test", "cancelled": True}, **more)


def test_a_refund_gives_promises_up_first() -> None:
    """What was never taken need not be sent back."""
    walk = refund()
    assert walk.trace == ["GiveUpPromise", "RefundBuyer", "TellChannel", "TellBuyer"]
    assert walk.status == "completed"


def test_nobody_entitled_means_nobody_told() -> None:
    """A refund of nothing is no news."""
    walk = refund(payment__refund={"amount": "0.00", "currency": "CNY", "transactions": [], "pending": []})
    assert walk.told() == []
    assert walk.status == "completed"


def test_each_pending_refund_is_waited_for() -> None:
    """Two captures, two refunds, two answers."""
    pending = {"amount": "9.00", "currency": "CNY", "transactions": ["t1", "t2"], "pending": ["t1", "t2"]}
    walk = refund(payment__refund=pending)
    assert walk.open == ["AwaitProvider", "AwaitProvider"]
    walk.message("refund.settled", "t2", transaction_id="t2", status="succeeded")
    assert walk.told() == []
    walk.message("refund.settled", "t1", transaction_id="t1", status="succeeded")
    assert walk.told() == ["refunded"]


def test_a_refund_that_failed_is_for_finance() -> None:
    """Tried again, or given back by hand."""
    pending = {"amount": "9.00", "currency": "CNY", "transactions": ["t1"], "pending": ["t1"]}
    again = pending | {"transactions": ["t2"], "pending": []}
    walk = refund(payment__refund=[pending, again])
    walk.message("refund.settled", "t1", transaction_id="t1", status="failed")
    assert walk.open == ["LookAtRefund"]
    walk.done("LookAtRefund", decision="approve")
    assert walk.told() == ["refunded"]
    by_hand = refund(payment__refund="PAYMENT_DECLINED")
    by_hand.done("LookAtRefund", decision="done")
    assert by_hand.status == "completed"
    assert by_hand.told() == []


def test_a_refund_waits_for_the_hold_that_blocks_it() -> None:
    """Risk has the last word on money."""
    walk = refund(RefundBuyer=["ON_HOLD", {"amount": "9.00", "currency": "CNY", "transactions": [], "pending": []}])
    assert walk.open == ["RefundBuyerAwaitHold"]
    walk.message("hold.closed", ORDER, order_id=ORDER, hold_id=f"{ORDER}.H1", kind="fraud", status="resolved")
    assert walk.told() == ["refunded"]
