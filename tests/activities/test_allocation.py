"""Stock for an order: promised once, made firm once, given back once; what is missing is counted, not an error."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from activities.allocation import allocate, release, reserve
from activities.backorder import backorder, check_stock, take_up
from activities.cancellation import decide
from activities.fulfilment import give_back
from activities.merging import join
from activities.shipping.planning import submit
from oms_workflow.domain.ports.channel_write_back import ChannelAbilities
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.domain.ports.warehouse_system import WarehouseVerdict
from tests.domain.orders_for_tests import NOON, an_order

from .bench import Bench


async def paid(bench: Bench, *lines: Any, **more: Any) -> str:
    order = an_order(*lines, **more)
    await bench.take_in(order)
    await bench.pay(order.id)
    return order.id


async def test_reserving_twice_promises_the_pieces_once(bench: Bench) -> None:
    """A second attempt must not eat stock another order could have."""
    await bench.warehouse("HZ", {"TEA": 5})
    name = await paid(bench, ("a", "TEA", 2))
    answer = await bench.twice(reserve, order_id=name)
    assert (answer.reserved, answer.missing, answer.warehouses) == (2, 0, ["HZ"])
    assert "HZ sends 2 of 2 pieces" in answer.why[0]
    assert (await bench.balance("TEA", "HZ")).reserved == 2


async def test_what_nobody_has_is_missing_with_its_reason(bench: Bench) -> None:
    """The diagram decides what a shortage means; the activity only counts."""
    await bench.warehouse("HZ", {"TEA": 1})
    name = await paid(bench, ("a", "TEA", 3))
    answer = await bench.twice(reserve, order_id=name)
    assert (answer.reserved, answer.missing, answer.shortages) == (1, 2, ["out_of_stock"])


async def test_nothing_available_anywhere_is_no_error(bench: Bench) -> None:
    """An order for goods no warehouse knows goes on backorder like any other."""
    name = await paid(bench, ("a", "TEA", 3))
    answer = await bench.twice(reserve, order_id=name)
    assert (answer.reserved, answer.missing, answer.warehouses) == (0, 3, [])


async def test_the_policy_of_the_diagram_chooses_the_warehouse(bench: Bench) -> None:
    """An analyst turns 'cheapest' into 'by priority' in a table, not in code."""
    await bench.warehouse("HZ", {"TEA": 5}, priority=20)
    await bench.warehouse("SH", {"TEA": 5}, priority=10)
    name = await paid(bench, ("a", "TEA", 2))
    assert (await bench.run(reserve, order_id=name, prefer="priority")).warehouses == ["SH"]


async def test_a_line_stays_whole_where_the_channel_takes_one_number_a_line(bench: Bench) -> None:
    """The write-back of a divided line would be lost."""
    await bench.warehouse("HZ", {"TEA": 1})
    await bench.warehouse("SH", {"TEA": 1})
    name = await paid(bench, ("a", "TEA", 2))
    bench.outside.channels.can = ChannelAbilities(
        several_numbers_per_line=False, partial_shipment=True, cancel_lines=True
    )
    assert (await bench.run(reserve, order_id=name)).shortages == ["not_undivided"]


async def test_a_sealed_order_comes_from_one_warehouse(bench: Bench) -> None:
    """The channel forbids to split it, so two warehouses would only fail later."""
    await bench.warehouse("HZ", {"TEA": 1})
    await bench.warehouse("SH", {"CUP": 1})
    name = await paid(bench, ("a", "TEA", 1), ("b", "CUP", 1), sealed=True)
    answer = await bench.run(reserve, order_id=name)
    assert (answer.reserved, answer.shortages) == (1, ["too_many_warehouses"])


async def test_a_warehouse_that_rejected_the_order_is_left_out(bench: Bench) -> None:
    """Otherwise the order would go back to it for ever."""
    await bench.warehouse("HZ", {"TEA": 5}, priority=1)
    await bench.warehouse("SH", {"TEA": 5}, priority=2)
    order = an_order(("a", "TEA", 1))
    order_ref = await bench.somebody(order)
    order = an_order(("a", "TEA", 1), customer_ref=order_ref)
    (fulfilment,) = await bench.ready(order)
    bench.outside.warehouse.verdict = WarehouseVerdict.REJECTED
    await bench.run(submit, fulfilment_id=fulfilment.id, carrier="sf", service="std")
    await bench.run(give_back, fulfilment_id=fulfilment.id)
    assert (await bench.run(reserve, order_id=order.id)).warehouses == ["SH"]


async def test_a_promise_to_an_unpaid_order_lapses(bench: Bench) -> None:
    """Goods must not be kept for ever from those who pay."""
    await bench.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 2))
    await bench.take_in(order)
    await bench.run(reserve, order_id=order.id, until=NOON + timedelta(minutes=30))
    assert await bench.call(Stock, "release_expired", NOON + timedelta(hours=1)) == (order.id,)


async def test_allocating_twice_makes_firm_once(bench: Bench) -> None:
    """Firm promises are counted per piece; a second count would oversell."""
    await bench.warehouse("HZ", {"TEA": 5})
    name = await paid(bench, ("a", "TEA", 2))
    await bench.run(reserve, order_id=name)
    assert (await bench.twice(allocate, order_id=name)).allocated == 2
    assert (await bench.balance("TEA", "HZ")).allocated == 2


async def test_releasing_twice_frees_once(bench: Bench) -> None:
    """The shelf must not show more than is there."""
    await bench.warehouse("HZ", {"TEA": 5})
    name = await paid(bench, ("a", "TEA", 2))
    await bench.run(reserve, order_id=name)
    await bench.run(allocate, order_id=name)
    assert (await bench.twice(release, order_id=name)).pieces == 2
    assert (await bench.run(release, order_id=name)).pieces == 0
    assert (await bench.balance("TEA", "HZ")).available == 5


async def test_missing_pieces_wait_and_are_taken_up_again(bench: Bench) -> None:
    """A backorder is neither forgotten nor reserved by accident before it is taken up."""
    await bench.warehouse("HZ", {"TEA": 1})
    name = await paid(bench, ("a", "TEA", 3))
    await bench.run(reserve, order_id=name)
    assert (await bench.twice(backorder, order_id=name)).waiting == 2
    assert (await bench.run(check_stock, order_id=name)).available == 0
    await bench.receive("TEA", "HZ", 5)
    looked = await bench.run(check_stock, order_id=name)
    assert (looked.wanted, looked.available) == (2, 2)
    assert (await bench.run(take_up, order_id=name)).reopened == 2
    assert (await bench.run(reserve, order_id=name)).missing == 0


async def test_with_nothing_missing_nothing_waits(bench: Bench) -> None:
    """A complete order leaves the backorder steps untouched."""
    await bench.warehouse("HZ", {"TEA": 5})
    name = await paid(bench, ("a", "TEA", 3))
    await bench.run(reserve, order_id=name)
    assert (await bench.twice(backorder, order_id=name)).waiting == 0
    assert (await bench.twice(take_up, order_id=name)).reopened == 0
    assert (await bench.run(check_stock, order_id=name)).wanted == 0


async def test_the_leader_waits_for_goods_of_its_followers(bench: Bench) -> None:
    """After a merge nobody else looks after the followers' missing pieces."""
    await bench.warehouse("HZ", {"TEA": 5})
    first = await paid(bench, ("a", "TEA", 1), number="1")
    second = await paid(bench, ("b", "CUP", 2), number="2")
    assert (await bench.run(join, order_id=first)).followers == [second]
    assert (await bench.run(reserve, order_id=first)).missing == 2
    assert (await bench.run(backorder, order_id=first)).waiting == 2
    assert (await bench.view(second)).quantities[f"{second}/b"].backordered == 2
    assert (await bench.run(take_up, order_id=first)).reopened == 2


async def test_a_cancellation_frees_what_was_reserved(bench: Bench) -> None:
    """Others may have the goods in the same moment, whatever compensation does later."""
    await bench.warehouse("HZ", {"TEA": 5})
    name = await paid(bench, ("a", "TEA", 2))
    await bench.run(reserve, order_id=name)
    await bench.run(decide, order_id=name, reason="changed_mind")
    assert (await bench.balance("TEA", "HZ")).available == 5
