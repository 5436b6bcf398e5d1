"""Planned parcels and what they should cost: who carries it is decided by price lists, and kept with the shipment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from activities.shipping.choosing import compare_prices
from activities.shipping.contents import Goods
from activities.shipping.packing import pack
from activities.shipping.planning import plan
from oms_workflow.domain.carton import Carton, Measured, Sides
from oms_workflow.domain.fulfilment import FulfilmentOrder
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import PaymentTerms
from oms_workflow.domain.parcel_rates import Rate
from oms_workflow.domain.ports.cartons import Cartons
from oms_workflow.domain.ports.parcel_rates import ParcelRates
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.shipment import Shipment
from tests.domain.orders_for_tests import a_line, an_order, cny

from .bench import Bench

ALLOWED = [{"carrier": "zto", "service": "standard"}, {"carrier": "sf", "service": "standard"}]


def sides(length: int, width: int, height: int) -> Sides:
    return Sides(length_mm=length, width_mm=width, height_mm=height)


def a_carton(name: str, inner: Sides, cost: str) -> Carton:
    return Carton(warehouse="HZ", id=name, inner=inner, holds_grams=5_000, own_grams=100, cost=cny(cost))


def a_rate(carrier: str, first: str, further: str) -> Rate:
    return Rate(
        carrier=carrier, service="standard", country="CN", valid_from=date(2026, 1, 1), first_grams=1000,
        first_cost=cny(first), further_grams=1000, further_cost=cny(further), on_delivery_basis_points=100,
    )  # fmt: skip


S, M = a_carton("S", sides(200, 150, 100), "0.80"), a_carton("M", sides(300, 200, 150), "1.40")


async def ready(bench: Bench, pieces: int = 3, **more: Any) -> FulfilmentOrder:
    """A fulfilment order for some teas of 250 g, in a warehouse with two cartons."""
    await bench.warehouse("HZ", {"TEA": 20})
    for one in (S, M):
        await bench.call(Cartons, "save", one)
    await bench.call(Cartons, "measure", [Measured(sku="TEA", sides=sides(120, 80, 60), weight_grams=250)])
    order = an_order(("1", "TEA", pieces), number="1", **more)
    order = replace(order, customer_ref=await bench.somebody(order))
    await bench.take_in(order)
    if order.terms is PaymentTerms.PREPAID:
        await bench.pay(order.id)
    await bench.reserve(order.id)
    await bench.allocate(order.id)
    return (await bench.plan(order.id))[0]


async def planned(bench: Bench, fulfilment: FulfilmentOrder, **more: Any) -> Shipment:
    answer = await bench.twice(plan, **{"fulfilment_id": fulfilment.id, "carrier": "sf", "service": "standard"} | more)
    found: Shipment = await bench.call(Shipments, "get", answer.shipment_id)  # type: ignore[attr-defined]
    return found


async def test_the_cheapest_for_the_planned_parcels_is_chosen(bench: Bench) -> None:
    """Three teas and a carton are 850 g: the first weight decides."""
    fulfilment = await ready(bench)
    await bench.call(ParcelRates, "save", [a_rate("zto", "6.00", "1.00"), a_rate("sf", "5.00", "4.00")])
    answer = await bench.run(compare_prices, fulfilment_id=fulfilment.id, allowed=ALLOWED)
    assert (answer.place, str(answer.cost)) == (2, "5.00")
    assert "next is zto standard for 6.00 CNY" in answer.why


async def test_weight_changes_who_is_cheapest(bench: Bench) -> None:
    fulfilment = await ready(bench, pieces=8)
    await bench.call(ParcelRates, "save", [a_rate("zto", "6.00", "1.00"), a_rate("sf", "5.00", "4.00")])
    answer = await bench.run(compare_prices, fulfilment_id=fulfilment.id, allowed=ALLOWED)
    assert (answer.place, str(answer.cost)) == (1, "8.00")  # 8 teas and a carton are 2.1 kg


async def test_collecting_money_is_part_of_the_price(bench: Bench) -> None:
    fulfilment = await ready(bench, terms=PaymentTerms.ON_DELIVERY)
    await bench.call(ParcelRates, "save", [a_rate("sf", "5.00", "4.00")])
    answer = await bench.run(compare_prices, fulfilment_id=fulfilment.id, allowed=ALLOWED)
    assert str(answer.cost) == "5.30"  # 1 % of 30.00 on top


async def test_without_price_lists_the_rules_decide(bench: Bench) -> None:
    """And nobody pretends to know what it costs."""
    fulfilment = await ready(bench)
    answer = await bench.run(compare_prices, fulfilment_id=fulfilment.id, allowed=ALLOWED)
    assert (answer.place, answer.cost) == (1, None)
    assert "no rate table prices this lane" in answer.why
    shipment = await planned(bench, fulfilment, why=answer.why)
    assert (shipment.expected_cost, shipment.why) == (None, answer.why)


async def test_a_planned_shipment_keeps_its_parcels_and_their_cost(bench: Bench) -> None:
    """The figures stay what they were when it was planned, whatever becomes of cartons and price lists."""
    fulfilment = await ready(bench)
    await bench.call(ParcelRates, "save", [a_rate("sf", "5.00", "4.00")])
    shipment = await planned(bench, fulfilment, why="because 因为")
    await bench.call(Cartons, "drop", "HZ", "S")
    await bench.call(ParcelRates, "drop", "sf", "standard")
    (parcel,) = (await planned(bench, fulfilment)).planned
    assert (parcel.carton, parcel.content_grams, parcel.gross_grams) == ("S", 750, 850)
    assert parcel.pieces == ((fulfilment.lines[0].line_id, 3),)
    assert (shipment.expected_cost, shipment.why) == (cny("5.00"), "because 因为")
    await bench.sound()


async def test_another_carrier_gets_a_plan_of_its_own(bench: Bench) -> None:
    fulfilment = await ready(bench)
    first = await planned(bench, fulfilment)
    second = await planned(bench, fulfilment, carrier="zto")
    assert first.id != second.id
    assert [one.status.value for one in await bench.call(Shipments, "of_fulfilment", fulfilment.id)] == [
        "cancelled", "planned",
    ]  # fmt: skip
    await bench.sound()


def test_a_line_with_one_tracking_number_is_not_divided_where_one_carton_holds_it() -> None:
    """The channel would know only one of its parcels."""
    order = an_order(a_line("shop:1", "a", "TEA", 4), a_line("shop:1", "b", "POT", 1))
    goods = [Goods(order=order, line=line, quantity=line.ordered) for line in order.lines]
    known = {
        "TEA": Measured(sku="TEA", sides=sides(100, 100, 100), weight_grams=1_200),
        "POT": Measured(sku="POT", sides=sides(100, 100, 100), weight_grams=2_000),
    }
    free = pack(goods, [M], known, may_divide_lines=True)
    whole = pack(goods, [M], known, may_divide_lines=False)
    assert len(free.parcels) == len(whole.parcels) == 2
    assert sorted(sorted(one.pieces.values()) for one in whole.parcels) == [[1], [4]]


def test_kinds_of_goods_are_packed_apart_and_bundles_together() -> None:
    cold = a_line("shop:1", "a", "MILK", 2, temperature="chilled")
    bundle = [a_line("shop:1", f"s+{n}", f"C{n}", 2, bundle="s", bundle_sku="SET", per_bundle=1) for n in (1, 2)]
    order = an_order(cold, *bundle)
    goods = [Goods(order=order, line=line, quantity=line.ordered) for line in order.lines]
    known = {f"C{n}": Measured(sku=f"C{n}", sides=sides(190, 140, 45), weight_grams=10) for n in (1, 2)}
    found = pack(goods, [S], known, may_divide_lines=True)
    assert [one.pieces for one in found.parcels] == [
        {cold.id: 2}, {bundle[0].id: 1, bundle[1].id: 1}, {bundle[0].id: 1, bundle[1].id: 1},
    ]  # fmt: skip
    bare = pack(goods, [], known, may_divide_lines=True)
    assert [sum(one.pieces.values()) for one in bare.parcels] == [2, 4]


LINES = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from(["", "g"]), st.sampled_from(["", "chilled"]), st.integers(1, 4000)),
    min_size=1, max_size=5,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(drawn=LINES, divide=st.booleans(), boxes=st.sampled_from([(), (S,), (S, M)]), loner=st.booleans())
def test_every_piece_of_an_order_is_in_exactly_one_parcel(
    drawn: list[Any], divide: bool, boxes: tuple[Carton, ...], loner: bool
) -> None:
    lines = [
        a_line("shop:1", str(n), f"SKU{n}", many, ship_together="" if cold else group, temperature=cold,
               weight_grams=grams)
        for n, (many, group, cold, grams) in enumerate(drawn)
    ]  # fmt: skip
    order = an_order(*lines, freight=Money.zero("CNY"))
    goods = [Goods(order=order, line=line, quantity=line.ordered) for line in lines]
    known = {"SKU0": Measured(sku="SKU0", sides=sides(150, 140, 90), ships_alone=loner)}
    found = pack(goods, boxes, known, may_divide_lines=divide)
    counted: dict[str, int] = {}
    for parcel in found.parcels:
        for line_id, many in parcel.pieces.items():
            counted[line_id] = counted.get(line_id, 0) + many
        assert len({lump.kind for lump in parcel.lumps}) == 1
    assert counted == {line.id: line.ordered for line in lines}
    together = {line.id for line in lines if line.ship_together}
    assert sum(1 for one in found.parcels if together & set(one.pieces)) <= 1
