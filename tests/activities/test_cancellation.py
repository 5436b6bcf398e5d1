"""Cancelling against shipping: warehouses are asked once, the decision is made once, and it says who has to be told."""

from __future__ import annotations

from typing import Any

import pytest

from activities.cancellation import ask_warehouses, assume_shipping, decide
from oms_workflow.domain.fulfilment import Fate, FulfilmentOrder, RequestStatus
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.warehouse_system import WarehouseVerdict
from oms_workflow.errors import WorldUnavailable
from tests.domain.orders_for_tests import an_order

from .bench import Bench


async def at_warehouse(bench: Bench) -> FulfilmentOrder:
    await bench.warehouse("HZ", {"TEA": 5})
    (fulfilment,) = await bench.ready(an_order(("a", "TEA", 2)))
    return await bench.request(fulfilment.id, RequestStatus.SUBMITTED, RequestStatus.ACCEPTED)


async def fate_of(bench: Bench, fulfilment: Any) -> Fate | None:
    fate: Fate | None = (await bench.call(Fulfilments, "get", fulfilment.id)).fate
    return fate


async def test_a_warehouse_that_stops_gives_the_goods_back(bench: Bench) -> None:
    """The decision that follows can cancel the order as a whole."""
    fulfilment = await at_warehouse(bench)
    key = bench.key()
    answer = await bench.run(ask_warehouses, key=key, order_id=fulfilment.order_id)
    assert (answer.asked, answer.waiting) == (1, [])
    assert await bench.run(ask_warehouses, key=key, order_id=fulfilment.order_id) == answer
    assert await fate_of(bench, fulfilment) is Fate.CANCEL
    decided = await bench.twice(decide, order_id=fulfilment.order_id, reason="changed_mind")
    assert (decided.result, decided.pieces, decided.stopped) == ("cancelled", 2, [fulfilment.id])
    assert (await bench.balance("TEA", "HZ")).available == 5


async def test_a_warehouse_that_cannot_stop_ships(bench: Bench) -> None:
    """Exactly one of the two wins, and here it is shipping."""
    fulfilment = await at_warehouse(bench)
    bench.outside.warehouse.verdict = WarehouseVerdict.REJECTED
    await bench.run(ask_warehouses, order_id=fulfilment.order_id)
    decided = await bench.twice(decide, order_id=fulfilment.order_id, reason="changed_mind")
    assert (decided.result, decided.pieces, decided.shipping) == ("too_late", 0, [fulfilment.id])


async def test_an_answer_that_comes_later_is_waited_for(bench: Bench) -> None:
    """The process waits for each warehouse by itself."""
    fulfilment = await at_warehouse(bench)
    bench.outside.warehouse.verdict = WarehouseVerdict.PENDING
    assert (await bench.twice(ask_warehouses, order_id=fulfilment.order_id)).waiting == [fulfilment.id]


async def test_a_lost_answer_is_asked_for_again_under_the_same_key(bench: Bench) -> None:
    """The warehouse stops once, and the second attempt learns of it."""
    fulfilment = await at_warehouse(bench)
    bench.outside.warehouse.effects.lose_answers = 1
    with pytest.raises(WorldUnavailable):
        await bench.run(ask_warehouses, key="one", order_id=fulfilment.order_id)
    assert (await bench.run(ask_warehouses, key="one", order_id=fulfilment.order_id)).asked == 1
    assert bench.outside.warehouse.effects.keys("cancel") == [f"one.{fulfilment.id}"]


async def test_nobody_is_asked_when_no_warehouse_works(bench: Bench) -> None:
    """An order that was only planned can be cancelled at once."""
    await bench.warehouse("HZ", {"TEA": 5})
    (fulfilment,) = await bench.ready(an_order(("a", "TEA", 2)))
    assert (await bench.twice(ask_warehouses, order_id=fulfilment.order_id)).asked == 0
    assert bench.outside.warehouse.effects.asked == []
    assert (await bench.run(ask_warehouses, order_id="shop:none")).asked == 0


async def test_silence_counts_as_a_no(bench: Bench) -> None:
    """An order must not be cancelled and shipped, so what nobody knows is shipped."""
    fulfilment = await at_warehouse(bench)
    bench.outside.warehouse.verdict = WarehouseVerdict.PENDING
    await bench.run(ask_warehouses, order_id=fulfilment.order_id)
    assert not (await bench.twice(assume_shipping, fulfilment_id=fulfilment.id)).stopped
    assert await fate_of(bench, fulfilment) is Fate.SHIP


async def test_an_answer_that_came_after_all_stands(bench: Bench) -> None:
    """The timer fired a moment too late: the warehouse has stopped."""
    fulfilment = await at_warehouse(bench)
    await bench.request(fulfilment.id, RequestStatus.CANCEL_REQUESTED, RequestStatus.CANCEL_ACCEPTED)
    assert (await bench.run(assume_shipping, fulfilment_id=fulfilment.id)).stopped


async def test_the_rest_is_cancelled_when_a_part_has_left(bench: Bench) -> None:
    """The buyer gets one parcel and the money for the other."""
    await bench.warehouse("HZ", {"TEA": 5})
    await bench.warehouse("SH", {"CUP": 5})
    one, two = await bench.ready(an_order(("a", "TEA", 1), ("b", "CUP", 2)))
    await bench.ship(one)
    decided = await bench.twice(decide, order_id=one.order_id, scope="rest", reason="changed_mind")
    assert (decided.result, decided.pieces, decided.stopped) == ("partly", 2, [two.id])
