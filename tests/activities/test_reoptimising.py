"""Promised goods planned anew: only where it pays, in whole groups, and nobody loses a piece."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from activities.allocation import reserve
from activities.merging import join
from activities.reoptimising import reoptimise
from oms_workflow.domain.batch_moves import Move, MoveGroup
from oms_workflow.domain.ports.rebalancing import Rebalancing
from oms_workflow.domain.ports.stock import Stock, Warehouses
from oms_workflow.domain.warehouse import Lane, Warehouse
from oms_workflow.store.passed_over import passed_over_of
from oms_workflow.store.stock_list import sourcing_of
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON, an_order, cny

from .bench import Bench


async def two_shelves(bench: Bench, **dear: int) -> None:
    """A cheap warehouse first in rank, and a dear one."""
    await bench.warehouse("HZ", {}, priority=1)
    lane = Lane(warehouse="SH", country="CN", region="", cost=cny("20.00"), distance_km=10)
    await bench.call(Warehouses, "save", Warehouse(id="SH", name="SH", country="CN", priority=2), [lane])
    for sku, pieces in dear.items():
        await bench.receive(sku, "SH", pieces)


async def reserved(bench: Bench, number: str, *lines: Any, **more: Any) -> str:
    order = an_order(*lines, number=number, **more)
    await bench.take_in(order)
    await bench.pay(order.id)
    await bench.reserve(order.id)
    return order.id


async def held(bench: Bench, name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in await bench.call(Stock, "claims", name):
        if one.reserved + one.allocated:
            found[one.warehouse] = found.get(one.warehouse, 0) + one.reserved + one.allocated
    return found


async def torn(bench: Bench, tea: str = "TEA", cup: str = "CUP") -> tuple[str, str]:
    """The first order took the only tea in HZ; so the second, with a cup there, goes in two parcels."""
    await two_shelves(bench, **{tea: 5})
    await bench.receive(tea, "HZ", 1)
    await bench.receive(cup, "HZ", 1)
    first = await reserved(bench, "1", ("a", tea, 1))
    second = await reserved(bench, "2", ("b", tea, 1), ("c", cup, 1))
    assert (await held(bench, first), await held(bench, second)) == ({"HZ": 1}, {"HZ": 1, "SH": 1})
    return first, second


async def test_two_orders_change_places_when_that_saves_a_parcel(bench: Bench) -> None:
    """What came in first had no reason to look further; together they need a parcel less."""
    first, second = await torn(bench)
    answer = await bench.twice(reoptimise)
    assert (await held(bench, first), await held(bench, second)) == ({"SH": 1}, {"HZ": 2})
    assert (answer.orders, answer.saved, answer.passed_over) == (2, ["8.00 CNY"], 0)
    assert (await bench.run(reoptimise)).moves == []


async def test_the_order_tells_old_and_new_warehouse_and_why(bench: Bench) -> None:
    """Somebody will ask why the tea comes from Shanghai."""
    first, _ = await torn(bench)
    await bench.run(reoptimise)
    async with UnitOfWork(bench.database) as unit:
        before, after = await sourcing_of(unit, first)
    assert (before.warehouse, after.warehouse) == ("HZ", "SH")
    assert before.why.startswith("HZ sends 1 of 1 pieces")
    assert "由 HZ 发出" in before.why
    assert after.why.startswith("from HZ: saves 8.00 CNY over 2 orders, 1 parcels fewer")
    assert "全局优化节省" in after.why


async def test_a_dry_run_changes_nothing(bench: Bench) -> None:
    """Ops look before they leap."""
    first, second = await torn(bench)
    assert (await bench.run(reoptimise, dry_run=True)).orders == 2
    assert (await held(bench, first), await held(bench, second)) == ({"HZ": 1}, {"HZ": 1, "SH": 1})


async def test_allocated_goods_move_and_stay_allocated(bench: Bench) -> None:
    """Firm is firm, wherever it lies."""
    first, _ = await torn(bench)
    await bench.allocate(first)
    await bench.run(reoptimise)
    assert (await bench.balance("TEA", "SH")).allocated == 1
    assert (await bench.balance("TEA", "HZ")).reserved == 1


async def test_what_a_warehouse_knows_of_is_not_touched(bench: Bench) -> None:
    """A plan on paper is in somebody's hands already."""
    first, second = await torn(bench)
    await bench.allocate(first)
    await bench.plan(first)
    assert (await bench.run(reoptimise)).moves == []
    assert await held(bench, second) == {"HZ": 1, "SH": 1}


async def test_merged_orders_stay_where_they_are(bench: Bench) -> None:
    """They go together; one of them alone must not be sent elsewhere."""
    await two_shelves(bench, TEA=5)
    order = an_order(("a", "TEA", 1), number="1")
    await bench.take_in(order)
    await bench.pay(order.id)
    other = an_order(("b", "TEA", 1), number="2")
    await bench.take_in(other)
    await bench.pay(other.id)
    await bench.run(join, order_id=order.id)
    await bench.reserve(order.id)
    assert await bench.call(Rebalancing, "movable", limit=10) == ()


async def test_a_group_that_no_longer_fits_is_passed_over_whole(bench: Bench) -> None:
    """Half of an exchange of places would leave somebody without goods."""
    first, second = await torn(bench)
    swap = (
        Move(order_id=first, line_id=f"{first}/a", sku="TEA", origin="HZ", target="SH", quantity=1),
        Move(order_id=second, line_id=f"{second}/b", sku="TEA", origin="SH", target="HZ", quantity=1),
    )
    group = MoveGroup(moves=swap, saves=100, parcels=1, currency="CNY")
    too_much = replace(group, moves=(swap[0], replace(swap[1], quantity=2)))
    missed = await bench.call(Rebalancing, "move", [too_much], key="k1", at=NOON)
    assert (missed.groups, missed.passed_over) == ((), 1)
    assert (await held(bench, first), await held(bench, second)) == ({"HZ": 1}, {"HZ": 1, "SH": 1})
    made = await bench.call(Rebalancing, "move", [group], key="k2", at=NOON)
    assert made.passed_over == 0
    await bench.sound()


async def test_nothing_moves_to_where_no_pass_lets_it_be_sent_from(bench: Bench) -> None:
    """The shop's table keeps an order away from Shanghai: what would be saved there is not for sale."""
    await two_shelves(bench, TEA=5)
    await bench.receive("TEA", "HZ", 1)
    await bench.receive("CUP", "HZ", 1)
    order = an_order(("a", "TEA", 1), number="1")
    await bench.take_in(order)
    await bench.pay(order.id)
    only = [{"name": "home", "only": ["HZ"]}, {"name": "near", "maximum_km": 5}]
    await bench.run(reserve, order_id=order.id, passes=only)
    second = await reserved(bench, "2", ("b", "TEA", 1), ("c", "CUP", 1))
    await bench.run(reoptimise)
    assert (await held(bench, order.id), await held(bench, second)) == ({"HZ": 1}, {"HZ": 1, "SH": 1})


async def test_who_was_passed_over_is_kept_with_the_reason(bench: Bench) -> None:
    """Somebody will ask why not from Shanghai; the next choice replaces what the last one said."""
    await two_shelves(bench, TEA=5)
    order = an_order(("a", "TEA", 1), number="1")
    await bench.take_in(order)
    await bench.pay(order.id)
    await bench.twice(reserve, order_id=order.id, passes=[{"name": "home", "only": ["HZ"]}])
    async with UnitOfWork(bench.database) as unit:
        (kept,) = await passed_over_of(unit, order.id)
    assert kept.warehouse == "SH"
    assert kept.why.startswith("SH is not among the warehouses of pass 'home' 不在本轮仓库范围内")
    assert (await bench.run(reserve, order_id=order.id)).warehouses == ["SH"]
    async with UnitOfWork(bench.database) as unit:
        assert await passed_over_of(unit, order.id) == ()
