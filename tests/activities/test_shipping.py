"""From the choice of the carrier to the hand-over: every label and every warehouse order exists once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from activities.cancellation import decide
from activities.shipping.carrying import book, cancel, cancel_all, hand_over
from activities.shipping.planning import gather_facts, plan, submit
from oms_workflow.domain.fulfilment import FulfilmentOrder, FulfilmentStatus
from oms_workflow.domain.order import PaymentTerms
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.ports.warehouse_system import WarehouseVerdict
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.domain.shipment import ShipmentStatus
from oms_workflow.errors import OrderRefused, WorldUnavailable
from tests.domain.orders_for_tests import a_line, an_order, cny

from .bench import SOMEBODY, Bench

SF = {"carrier": "sf", "service": "express"}


async def planned(bench: Bench, **more: Any) -> FulfilmentOrder:
    await bench.warehouse("HZ", {"TEA": 9, "CUP": 9})
    lines = (
        a_line("shop:1", "a", "TEA", 2, "10.00", weight_grams=300),
        a_line("shop:1", "b", "CUP", 1, "30.00", weight_grams=800),
    )
    order = an_order(*lines, **more)
    order = an_order(*lines, **more, customer_ref=await bench.somebody(order))
    if order.terms is PaymentTerms.ON_DELIVERY:
        await bench.take_in(order)
        await bench.reserve(order.id)
        await bench.allocate(order.id)
        (fulfilment,) = await bench.plan(order.id)
    else:
        (fulfilment,) = await bench.ready(order)
    return fulfilment


def one_parcel(fulfilment: FulfilmentOrder) -> list[dict[str, Any]]:
    return [{"weight_grams": 1500, "pieces": {line.line_id: line.quantity for line in fulfilment.lines}}]


def two_parcels(fulfilment: FulfilmentOrder) -> list[dict[str, Any]]:
    return [{"weight_grams": 700, "pieces": {line.line_id: line.quantity}} for line in fulfilment.lines]


async def statuses(bench: Bench, fulfilment: FulfilmentOrder) -> list[ShipmentStatus]:
    return [one.status for one in await bench.call(Shipments, "of_order", fulfilment.order_id)]


async def test_the_carrier_is_chosen_by_weight_place_and_value(bench: Bench) -> None:
    """What a price list asks, and nothing a buyer would not want told."""
    fulfilment = await planned(bench, service_level=ServiceLevel.VIP)
    parcel = (await bench.twice(gather_facts, fulfilment_id=fulfilment.id)).parcel
    assert (parcel.weight_grams, parcel.pieces, parcel.value) == (1400, 3, Decimal("50.00"))
    assert (parcel.country, parcel.region, parcel.service_level) == ("CN", "浙江省", "vip")
    assert not parcel.on_delivery


async def test_planning_twice_plans_one_shipment(bench: Bench) -> None:
    """The same carrier again is the same shipment."""
    fulfilment = await planned(bench)
    first = await bench.twice(plan, fulfilment_id=fulfilment.id, **SF)
    assert await bench.run(plan, fulfilment_id=fulfilment.id, **SF) == first


async def test_another_carrier_replaces_the_plan(bench: Bench) -> None:
    """The plan nobody follows any more must not stay open."""
    fulfilment = await planned(bench)
    await bench.run(plan, fulfilment_id=fulfilment.id, **SF)
    await bench.run(plan, fulfilment_id=fulfilment.id, carrier="yto", service="standard")
    assert await statuses(bench, fulfilment) == [ShipmentStatus.CANCELLED, ShipmentStatus.PLANNED]


async def test_submitting_twice_makes_one_order_in_the_warehouse(bench: Bench) -> None:
    """Two orders there are two parcels here."""
    fulfilment = await planned(bench)
    answer = await bench.twice(submit, fulfilment_id=fulfilment.id, **SF)
    assert answer.verdict == "accepted"
    (order,) = bench.outside.warehouse.orders
    assert (order.carrier, order.priority, order.to) == ("sf", 3, SOMEBODY)
    assert (await bench.call(Fulfilments, "get", fulfilment.id)).status is FulfilmentStatus.IN_PROGRESS


async def test_a_lost_answer_of_the_warehouse_is_asked_for_again(bench: Bench) -> None:
    """The order is there although nobody heard so."""
    fulfilment = await planned(bench)
    bench.outside.warehouse.effects.lose_answers = 1
    with pytest.raises(WorldUnavailable):
        await bench.run(submit, key="one", fulfilment_id=fulfilment.id, **SF)
    assert (await bench.run(submit, key="one", fulfilment_id=fulfilment.id, **SF)).verdict == "accepted"
    assert len(bench.outside.warehouse.orders) == 1


async def test_a_rejection_says_why(bench: Bench) -> None:
    """The diagram looks for another warehouse."""
    fulfilment = await planned(bench)
    bench.outside.warehouse.verdict = WarehouseVerdict.REJECTED
    answer = await bench.run(submit, fulfilment_id=fulfilment.id, **SF)
    assert (answer.verdict, answer.code) == ("rejected", "no_capacity")


async def test_booking_twice_books_each_parcel_once(bench: Bench) -> None:
    """Every label costs money."""
    fulfilment = await planned(bench)
    key = bench.key()
    answer = await bench.run(book, key=key, fulfilment_id=fulfilment.id, **SF, packages=two_parcels(fulfilment))
    again = await bench.run(book, key=key, fulfilment_id=fulfilment.id, **SF, packages=two_parcels(fulfilment))
    assert again == answer
    assert answer.tracking_numbers == ["sf-1", "sf-2"]
    assert [label.parcel for label in bench.outside.carrier.labels] == [1, 2]
    assert {label.shipment_id for label in bench.outside.carrier.labels} == {answer.shipment_id}


async def test_a_label_whose_answer_was_lost_is_not_bought_again(bench: Bench) -> None:
    """The second attempt gets the tracking number of the first."""
    fulfilment = await planned(bench)
    bench.outside.carrier.effects.lose_answers = 1
    with pytest.raises(WorldUnavailable):
        await bench.run(book, key="one", fulfilment_id=fulfilment.id, **SF, packages=one_parcel(fulfilment))
    answer = await bench.run(book, key="one", fulfilment_id=fulfilment.id, **SF, packages=one_parcel(fulfilment))
    assert answer.tracking_numbers == ["sf-1"]
    assert len(bench.outside.carrier.labels) == 1


async def test_when_one_parcel_is_refused_the_others_are_given_back(bench: Bench) -> None:
    """Half a shipment with this carrier helps nobody."""
    fulfilment = await planned(bench)
    bench.outside.carrier.refuses = {2}
    with pytest.raises(OrderRefused) as refused:
        await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=two_parcels(fulfilment))
    assert refused.value.code == "ADDRESS_REFUSED"
    assert len(bench.outside.carrier.effects.keys("cancel_label")) == 1
    bench.outside.carrier.refuses = set()
    other = await bench.run(
        book, fulfilment_id=fulfilment.id, carrier="ems", service="standard", packages=two_parcels(fulfilment)
    )
    assert other.tracking_numbers == ["ems-2", "ems-3"]


async def test_no_label_is_bought_for_goods_that_are_not_there(bench: Bench) -> None:
    """A packing list with a slip is found before it costs money."""
    fulfilment = await planned(bench)
    wrong = [{"weight_grams": 1, "pieces": {fulfilment.lines[0].line_id: 99}}]
    with pytest.raises(OrderRefused) as refused:
        await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=wrong)
    assert refused.value.code == "QUANTITY_EXCEEDED"
    assert bench.outside.carrier.labels == []


async def test_the_carrier_collects_exactly_what_is_due(bench: Bench) -> None:
    """Freight and voucher included, shared over the parcels by value, to the cent."""
    fulfilment = await planned(bench, terms=PaymentTerms.ON_DELIVERY, freight=cny("6.00"), adjustment=cny("-1.01"))
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=two_parcels(fulfilment))
    collected = [label.collect for label in bench.outside.carrier.labels]
    assert collected == [cny("22.00"), cny("32.99")]


async def test_a_paid_order_collects_nothing(bench: Bench) -> None:
    """Nobody pays twice at the door."""
    fulfilment = await planned(bench)
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=one_parcel(fulfilment))
    assert [label.collect for label in bench.outside.carrier.labels] == [None]


async def test_the_hand_over_is_booked_once(bench: Bench) -> None:
    """Goods leave the shelf count one time."""
    fulfilment = await planned(bench)
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=two_parcels(fulfilment))
    assert (await bench.twice(hand_over, fulfilment_id=fulfilment.id)).parcels == 2
    assert (await bench.balance("TEA", "HZ")).on_hand == 7


async def test_without_parcels_nothing_is_handed_over(bench: Bench) -> None:
    """The warehouse's message came before the labels: nothing is booked by guess."""
    fulfilment = await planned(bench)
    await bench.run(plan, fulfilment_id=fulfilment.id, **SF)
    assert (await bench.twice(hand_over, fulfilment_id=fulfilment.id)).parcels == 0


async def test_a_shipment_is_called_off_with_its_labels(bench: Bench) -> None:
    """An unused label may still be billed, and a cancelled order must not leave."""
    fulfilment = await planned(bench)
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=two_parcels(fulfilment))
    key = bench.key()
    answer = await bench.run(cancel, key=key, fulfilment_id=fulfilment.id)
    assert (answer.cancelled, answer.with_carrier) == (1, [])
    assert await bench.run(cancel, key=key, fulfilment_id=fulfilment.id) == answer
    assert (await bench.run(cancel, fulfilment_id=fulfilment.id)).cancelled == 0
    assert len(bench.outside.carrier.effects.keys("cancel_label")) == 2


async def test_what_the_carrier_has_already_goes_out(bench: Bench) -> None:
    """It is named, so that somebody can ask for it back."""
    fulfilment = await planned(bench)
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=one_parcel(fulfilment))
    bench.outside.carrier.has_already = True
    answer = await bench.twice(cancel, fulfilment_id=fulfilment.id)
    assert (answer.cancelled, len(answer.with_carrier)) == (0, 1)
    assert await statuses(bench, fulfilment) == [ShipmentStatus.LABELLED]


async def test_only_cancelled_fulfilment_orders_are_called_off_with_the_order(bench: Bench) -> None:
    """What won against the cancellation keeps its label."""
    fulfilment = await planned(bench)
    await bench.run(plan, fulfilment_id=fulfilment.id, **SF)
    assert (await bench.twice(cancel_all, order_id=fulfilment.order_id)).cancelled == 0
    await bench.run(decide, order_id=fulfilment.order_id, reason="changed_mind")
    assert (await bench.run(cancel_all, order_id=fulfilment.order_id)).cancelled == 1
    assert await statuses(bench, fulfilment) == [ShipmentStatus.CANCELLED]
