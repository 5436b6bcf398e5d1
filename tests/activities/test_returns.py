"""Returns: decided by facts, announced once, judged by condition, settled for what came back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from activities.refunds import refund
from activities.returns.asking import announce, expire, gather_facts, let_keep, refuse_return
from activities.returns.goods import inspect, judge, make_exchange, receive
from oms_workflow.domain.ports.returns import Returns
from oms_workflow.domain.ports.warehouse_system import WarehouseVerdict
from oms_workflow.domain.returns import Return, ReturnRequestLine, ReturnType
from oms_workflow.domain.tracking import ParcelStatus
from tests.domain.orders_for_tests import NOON, an_order, cny

from .bench import Bench

LINE = "shop:1/a"


async def wish(bench: Bench, kind: ReturnType = ReturnType.RETURN, pieces: int = 2, **order: Any) -> Return:
    await bench.warehouse("HZ", {"TEA": 9})
    (fulfilment,) = await bench.ready(an_order(("a", "TEA", 2, "10.00"), **order))
    shipment = await bench.ship(fulfilment)
    await bench.report(shipment, ParcelStatus.DELIVERED)
    lines = [ReturnRequestLine(line_id=LINE, quantity=pieces)]
    opened: Return = await bench.call(
        Returns, "open", "shop:1", kind, lines, reason="does_not_fit", key=bench.key(), at=NOON
    )
    return opened


async def back(bench: Bench, one: Return, condition: str = "sellable", quantity: int = 2) -> Any:
    counted = [{"item_id": one.items[0].id, "quantity": quantity, "condition": condition}]
    return await bench.twice(receive, return_id=one.id, warehouse="HZ", counted=counted)


async def test_a_return_is_decided_by_what_was_bought_and_when(bench: Bench) -> None:
    """The return policy asks for days and value, not for names."""
    one = await wish(bench)
    found = await bench.twice(gather_facts, return_id=one.id, at=NOON + timedelta(days=3, hours=2))
    assert found.order_id == "shop:1"
    facts = found.wish
    assert (facts.kind, facts.reason, facts.pieces, facts.value) == ("return", "does_not_fit", 2, Decimal("20.00"))
    assert (facts.days_since_delivery, facts.whole_order) == (3, True)


async def test_a_part_of_an_order_is_not_the_whole(bench: Bench) -> None:
    """The freight stays with the shop then."""
    one = await wish(bench, pieces=1)
    assert not (await bench.run(gather_facts, return_id=one.id)).wish.whole_order


async def test_the_warehouse_is_told_once_what_will_come_back(bench: Bench) -> None:
    """It came from there, so it goes back there."""
    one = await wish(bench)
    answer = await bench.twice(announce, return_id=one.id)
    assert (answer.verdict, answer.warehouse) == ("accepted", "HZ")
    (told,) = bench.outside.warehouse.returns
    assert [(line.sku, line.quantity) for line in told.lines] == [("TEA", 2)]


async def test_a_warehouse_may_not_want_it(bench: Bench) -> None:
    """The diagram hears of it."""
    one = await wish(bench)
    bench.outside.warehouse.verdict = WarehouseVerdict.REJECTED
    assert (await bench.run(announce, return_id=one.id)).verdict == "rejected"


async def test_a_refused_return_frees_its_pieces(bench: Bench) -> None:
    """The buyer may ask again with a better reason."""
    one = await wish(bench)
    assert (await bench.twice(refuse_return, return_id=one.id, note="too late")).pieces == 0
    assert (await bench.view("shop:1")).quantities[LINE].returnable == 2


async def test_what_did_not_come_in_time_expires(bench: Bench) -> None:
    """Nobody waits for ever, and nothing is paid for it."""
    one = await wish(bench)
    assert (await bench.twice(expire, return_id=one.id)).pieces == 0
    assert (await bench.run(refund, order_id="shop:1", return_id=one.id, reason="return")).amount == 0


async def test_goods_may_stay_with_the_buyer(bench: Bench) -> None:
    """Sending back a cheap cup costs more than the cup: a return becomes a refund without goods."""
    one = await wish(bench)
    answer = await bench.twice(let_keep, return_id=one.id)
    assert (answer.return_id, answer.pieces) == ("shop:1.R2", 2)
    assert (await bench.run(refund, order_id="shop:1", return_id=answer.return_id, reason="keep")).amount == 20


async def test_a_refund_without_return_is_accepted_as_it_is(bench: Bench) -> None:
    """There is nothing to replace."""
    one = await wish(bench, ReturnType.REFUND_WITHOUT_RETURN)
    assert (await bench.twice(let_keep, return_id=one.id)).return_id == one.id


async def test_sound_goods_are_accepted_and_on_the_shelf(bench: Bench) -> None:
    """No person has to look at what is as it was."""
    one = await wish(bench)
    assert (await back(bench, one)).received == 2
    answer = await bench.twice(inspect, return_id=one.id)
    assert (answer.received, answer.accepted, answer.to_judge) == (2, 2, 0)
    assert (await bench.balance("TEA", "HZ")).on_hand == 9


async def test_only_what_came_back_is_paid(bench: Bench) -> None:
    """Two announced, one received, one paid."""
    one = await wish(bench)
    await back(bench, one, quantity=1)
    await bench.run(inspect, return_id=one.id)
    assert (await bench.run(refund, order_id="shop:1", return_id=one.id, reason="return")).amount == 10


async def test_damaged_goods_wait_for_a_person(bench: Bench) -> None:
    """Unless the shop answers for the damage."""
    one = await wish(bench)
    await back(bench, one, condition="damaged")
    assert (await bench.twice(inspect, return_id=one.id)).to_judge == 2
    answer = await bench.twice(judge, return_id=one.id, verdict="reject", note="worn")
    assert (answer.accepted, answer.rejected, answer.to_judge) == (0, 2, 0)


async def test_the_shop_may_answer_for_the_damage(bench: Bench) -> None:
    """The return policy says so, not the person at the bench."""
    one = await wish(bench)
    await back(bench, one, condition="damaged")
    assert (await bench.run(inspect, return_id=one.id, accept_damaged=True)).accepted == 2


async def test_with_nothing_received_there_is_nothing_to_judge(bench: Bench) -> None:
    """An empty parcel is no refund."""
    one = await wish(bench)
    assert (await bench.twice(inspect, return_id=one.id)).received == 0
    assert (await bench.twice(judge, return_id=one.id, verdict="accept")).accepted == 0


async def test_an_exchange_gives_the_same_goods_for_nothing(bench: Bench) -> None:
    """The returned goods pay for the new ones."""
    one = await wish(bench, ReturnType.EXCHANGE)
    await back(bench, one)
    await bench.run(inspect, return_id=one.id)
    made = await bench.twice(make_exchange, return_id=one.id)
    assert (made.exchange_order, made.to_pay, made.to_refund) == ("shop:1-X1", 0, 0)
    assert (await bench.view(made.exchange_order)).money.due == cny(0)


async def test_an_exchange_for_other_goods_leaves_the_difference(bench: Bench) -> None:
    """Dearer goods are paid for, cheaper ones leave a refund."""
    one = await wish(bench, ReturnType.EXCHANGE)
    await back(bench, one)
    await bench.run(inspect, return_id=one.id)
    goods = [{"sku": "CUP", "quantity": 1, "unit_price": "15.00"}]
    made = await bench.run(make_exchange, return_id=one.id, goods=goods)
    assert (made.to_pay, made.to_refund, made.currency) == (Decimal("0.00"), Decimal("5.00"), "CNY")
