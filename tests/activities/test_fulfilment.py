"""Fulfilment orders: planned once, divided by hand, given back to allocation, looked at."""

from __future__ import annotations

from activities.fulfilment import divide, give_back, join, look, plan
from oms_workflow.domain.ports.fulfilments import Fulfilments
from tests.domain.orders_for_tests import a_line, an_order

from .bench import Bench


async def allocated(bench: Bench, *lines: object) -> str:
    order = an_order(*lines)  # type: ignore[arg-type]
    await bench.take_in(order)
    await bench.pay(order.id)
    await bench.reserve(order.id)
    await bench.allocate(order.id)
    return order.id


async def test_planning_twice_plans_once(bench: Bench) -> None:
    """Two plans would ship everything twice."""
    await bench.warehouse("HZ", {"TEA": 5})
    await bench.warehouse("SH", {"CUP": 5})
    name = await allocated(bench, ("a", "TEA", 1), ("b", "CUP", 1))
    answer = await bench.twice(plan, order_id=name)
    assert (answer.fulfilments, answer.reasons) == ([f"{name}.F1", f"{name}.F2"], ["stock"])
    assert (await bench.run(plan, order_id=name)).fulfilments == []


async def test_a_parcel_stays_below_its_limit(bench: Bench) -> None:
    """The carrier takes nothing heavier."""
    await bench.warehouse("HZ", {"POT": 5})
    name = await allocated(bench, a_line("shop:1", "a", "POT", 3, weight_grams=900))
    answer = await bench.run(plan, order_id=name, parcel_weight_grams=2000)
    assert (len(answer.fulfilments), answer.reasons) == (2, ["weight"])


async def test_with_nothing_allocated_there_is_nothing_to_plan(bench: Bench) -> None:
    """No goods, no parcel, no error."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    assert (await bench.twice(plan, order_id=order.id)).fulfilments == []


async def test_a_person_may_divide_what_nobody_works_on(bench: Bench) -> None:
    """Each part goes its own way; together they are what was planned."""
    await bench.warehouse("HZ", {"TEA": 5})
    name = await allocated(bench, ("a", "TEA", 3))
    (whole,) = (await bench.run(plan, order_id=name)).fulfilments
    line = f"{name}/a"
    answer = await bench.twice(divide, fulfilment_id=whole, parts=[{line: 1}, {line: 2}])
    assert answer.reasons == ["manual"]
    parts = [await bench.call(Fulfilments, "get", part) for part in answer.fulfilments]
    assert sorted(part.pieces for part in parts) == [1, 2]
    assert (await bench.twice(join, fulfilment_id=whole)).pieces == 3


async def test_goods_given_back_can_be_sourced_again(bench: Bench) -> None:
    """A warehouse that cannot send must not keep the stock."""
    await bench.warehouse("HZ", {"TEA": 5})
    name = await allocated(bench, ("a", "TEA", 2))
    (whole,) = (await bench.run(plan, order_id=name)).fulfilments
    answer = await bench.twice(give_back, fulfilment_id=whole)
    assert (answer.order_id, answer.pieces) == (name, 2)
    assert (await bench.balance("TEA", "HZ")).available == 5


async def test_goods_may_stay_allocated_for_a_new_plan(bench: Bench) -> None:
    """Nobody else gets them while the order is only planned differently."""
    await bench.warehouse("HZ", {"TEA": 5})
    name = await allocated(bench, ("a", "TEA", 2))
    (whole,) = (await bench.run(plan, order_id=name)).fulfilments
    await bench.run(give_back, fulfilment_id=whole, free_stock=False)
    assert (await bench.balance("TEA", "HZ")).allocated == 2
    assert (await bench.run(plan, order_id=name)).fulfilments == [f"{name}.F2"]


async def test_a_fulfilment_order_is_shown_as_it_stands(bench: Bench) -> None:
    """A shortage leaves fewer pieces, down to none."""
    await bench.warehouse("HZ", {"TEA": 5})
    name = await allocated(bench, ("a", "TEA", 2))
    (whole,) = (await bench.run(plan, order_id=name)).fulfilments
    now = await bench.twice(look, fulfilment_id=whole)
    assert (now.status, now.request, now.pieces, now.warehouse) == ("open", "unsubmitted", 2, "HZ")
