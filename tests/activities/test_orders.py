"""The order as a whole: seen as it stands, sent elsewhere, ended, and started when the shop made it."""

from __future__ import annotations

from activities.merging import join
from activities.orders import complete, look, set_address, start_process
from activities.returns.goods import make_exchange
from oms_workflow.domain.customer import Address
from oms_workflow.domain.ports.returns import ReceivedPieces, Returns
from oms_workflow.domain.returns import Acceptance, ReturnRequestLine, ReturnType
from oms_workflow.domain.tracking import ParcelStatus
from tests.domain.orders_for_tests import NOON, an_order

from .bench import SOMEBODY, Bench


async def delivered(bench: Bench, number: str = "1") -> str:
    order = an_order((f"{number}a", "TEA", 2), number=number)
    (fulfilment,) = await bench.ready(order)
    shipment = await bench.ship(fulfilment)
    await bench.report(shipment, ParcelStatus.DELIVERED)
    return order.id


async def test_an_order_is_shown_as_its_ledgers_say(bench: Bench) -> None:
    """Nobody sets a status by hand, so none can be wrong."""
    await bench.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 2))
    await bench.take_in(order)
    before = await bench.twice(look, order_id=order.id)
    assert (before.status, before.payment, before.to_ship) == ("awaiting_payment", "unpaid", 2)
    name = await delivered(bench, "2")
    after = await bench.run(look, order_id=name)
    assert (after.status, after.delivered, after.to_ship) == ("delivered", 2, 0)


async def test_an_order_goes_to_the_corrected_contact(bench: Bench) -> None:
    """Only a reference travels; name and street stay in the vault."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    address = Address(country="CN", region="四川省", city="成都市", district="锦江区", street="春熙路2号")
    elsewhere = type(SOMEBODY)(name="测试员", address=address)
    reference = await bench.somebody(order, elsewhere)
    answer = await bench.twice(set_address, order_id=order.id, customer_ref=reference)
    assert (answer.country, answer.region) == ("CN", "四川省")


async def test_without_a_reference_the_order_goes_where_it_went(bench: Bench) -> None:
    """The person who looked has nothing to correct."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    assert (await bench.twice(set_address, order_id=order.id)).region == "浙江省"


async def test_completing_twice_completes_once(bench: Bench) -> None:
    """The end is noted at the first moment."""
    await bench.warehouse("HZ", {"TEA": 5})
    name = await delivered(bench)
    answer = await bench.twice(complete, order_id=name)
    assert (answer.status, answer.exchange_for, answer.followers) == ("completed", "", [])
    assert (await bench.view(name)).completed_at == NOON


async def test_the_leader_names_those_who_end_with_it(bench: Bench) -> None:
    """Their processes wait for its end."""
    await bench.warehouse("HZ", {"TEA": 5})
    orders = [an_order((f"{number}", "TEA", 1), number=str(number)) for number in (1, 2)]
    for order in orders:
        await bench.take_in(order)
        await bench.pay(order.id)
    await bench.run(join, order_id=orders[0].id)
    await bench.reserve(orders[0].id)
    await bench.allocate(orders[0].id)
    (fulfilment,) = await bench.plan(orders[0].id)
    await bench.ship(fulfilment)
    assert (await bench.run(complete, order_id=orders[0].id)).followers == [orders[1].id]
    assert (await bench.run(complete, order_id=orders[1].id)).followers == []


async def test_an_exchange_order_names_the_return_it_ends(bench: Bench) -> None:
    """The process of the exchange waits for exactly this."""
    await bench.warehouse("HZ", {"TEA": 9})
    name = await delivered(bench)
    opened = await bench.call(
        Returns,
        "open",
        name,
        ReturnType.EXCHANGE,
        [ReturnRequestLine(line_id=f"{name}/1a", quantity=1)],
        reason="does_not_fit",
        key=bench.key(),
        at=NOON,
    )
    item = opened.items[0].id
    await bench.call(
        Returns, "receive", opened.id, "HZ", [ReceivedPieces(item_id=item, quantity=1)], key=bench.key(), at=NOON
    )
    await bench.call(Returns, "judge", opened.id, {item: Acceptance.ACCEPTED}, note="", key=bench.key(), at=NOON)
    made = await bench.run(make_exchange, return_id=opened.id)
    await bench.reserve(made.exchange_order)
    await bench.allocate(made.exchange_order)
    (fulfilment,) = await bench.plan(made.exchange_order)
    await bench.ship(fulfilment)
    assert (await bench.run(complete, order_id=made.exchange_order)).exchange_for == opened.id


async def test_a_process_is_started_once(bench: Bench) -> None:
    """The order's id is the name of its process; a second one would ship twice."""
    key = bench.key()
    assert (await bench.run(start_process, key=key, order_id="shop:1")).started
    assert (await bench.run(start_process, key=key, order_id="shop:1")).started
    assert not (await bench.run(start_process, key=key, forgetful=True, order_id="shop:1")).started
    assert bench.outside.processes.started == {"shop:1": NOON}
