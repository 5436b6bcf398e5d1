"""How goods on their way out and back are refused: each scenario ends in the refusal it is registered for."""

from __future__ import annotations

from activities.channel import tell_shipped
from activities.fulfilment import divide, give_back, join, plan
from activities.returns.asking import let_keep, refuse_return
from activities.returns.goods import make_exchange, receive
from activities.shipping.carrying import book, hand_over
from activities.shipping.lost import claim_lost, send_again, take_back, write_off
from activities.shipping.planning import plan as plan_shipment
from activities.shipping.planning import submit
from oms_workflow.domain.fulfilment import RequestStatus
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.returns import Returns
from oms_workflow.domain.returns import ReturnType
from oms_workflow.domain.tracking import ParcelStatus
from tests.domain.orders_for_tests import NOON, a_line, an_order

from .bench import Bench
from .scenarios import (
    LINE,
    NAME,
    SF,
    a_return,
    counted,
    dearer_after_allocation,
    merged,
    on_hold,
    one_parcel,
    planned,
    refuses,
    shipped,
    taken_in,
)

# -- fulfilment


@refuses(plan, "ORDER_CANCELLED")
async def _(bench: Bench) -> None:
    await bench.cancel(await taken_in(bench))
    await bench.run(plan, order_id=NAME)


@refuses(plan, "CANNOT_SPLIT")
async def _(bench: Bench) -> None:
    await bench.warehouse("HZ", {"POT": 9})
    order = an_order(a_line(NAME, "a", "POT", 1, weight_grams=900))
    await bench.take_in(order)
    await bench.pay(NAME)
    await bench.reserve(NAME)
    await bench.allocate(NAME)
    await bench.run(plan, order_id=NAME, parcel_weight_grams=500)


@refuses(plan, "ORDER_SEALED")
async def _(bench: Bench) -> None:
    await bench.warehouse("HZ", {"TEA": 1})
    await bench.warehouse("SH", {"TEA": 1})
    await bench.pay(await taken_in(bench, sealed=True))
    await bench.reserve(NAME)
    await bench.allocate(NAME)
    await bench.run(plan, order_id=NAME)


@refuses(plan, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    _, follower = await merged(bench)
    await bench.run(plan, order_id=follower)


@refuses(divide, "CANNOT_SPLIT")
async def _(bench: Bench) -> None:
    await bench.run(divide, fulfilment_id=(await planned(bench)).id, parts=[{LINE: 1}])


@refuses(divide, "ORDER_SEALED")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench, sealed=True)
    await bench.run(divide, fulfilment_id=fulfilment.id, parts=[{LINE: 1}, {LINE: 1}])


@refuses(divide, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    await bench.request(fulfilment.id, RequestStatus.SUBMITTED)
    await bench.run(divide, fulfilment_id=fulfilment.id, parts=[{LINE: 1}, {LINE: 1}])


@refuses(join, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    made = await bench.run(divide, fulfilment_id=fulfilment.id, parts=[{LINE: 1}, {LINE: 1}])
    await bench.request(made.fulfilments[1], RequestStatus.SUBMITTED)
    await bench.run(join, fulfilment_id=fulfilment.id)


@refuses(give_back, "TOO_LATE_TO_CANCEL")
async def _(bench: Bench) -> None:
    await bench.run(give_back, fulfilment_id=(await shipped(bench)).fulfilment_id)


# -- shipping


@refuses(plan_shipment, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    await bench.run(plan_shipment, fulfilment_id=(await shipped(bench)).fulfilment_id, **SF)


@refuses(submit, "UNKNOWN_CUSTOMER")
async def _(bench: Bench) -> None:
    await bench.warehouse("HZ", {"TEA": 9})
    (fulfilment,) = await bench.ready(an_order(("a", "TEA", 1), customer_ref="nobody"))
    await bench.run(submit, fulfilment_id=fulfilment.id, **SF)


@refuses(submit, "ON_HOLD")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    await on_hold(bench)
    await bench.run(submit, fulfilment_id=fulfilment.id, **SF)


@refuses(submit, "NOT_PAID")
async def _(bench: Bench) -> None:
    await bench.run(submit, fulfilment_id=(await dearer_after_allocation(bench)).id, **SF)


@refuses(submit, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    await bench.cancel(NAME)
    await bench.run(submit, fulfilment_id=fulfilment.id, **SF)


@refuses(book, "UNKNOWN_CUSTOMER")
async def _(bench: Bench) -> None:
    await bench.warehouse("HZ", {"TEA": 9})
    (fulfilment,) = await bench.ready(an_order(("a", "TEA", 1), customer_ref="nobody"))
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=one_parcel(fulfilment))


@refuses(book, "ADDRESS_REFUSED")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    bench.outside.carrier.refuses = {1}
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=one_parcel(fulfilment))


@refuses(book, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    await bench.call(Fulfilments, "cancel", fulfilment.id, free_stock=True, key=bench.key(), at=NOON)
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=one_parcel(fulfilment))


@refuses(book, "QUANTITY_EXCEEDED")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=[{"weight_grams": 9, "pieces": {LINE: 3}}])


@refuses(book, "ORDER_MISMATCH")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    half = {"weight_grams": 9, "pieces": {LINE: 1}}
    bench.outside.carrier.repeats_itself = True
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=[half, half])


@refuses(hand_over, "ON_HOLD")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    await bench.packed(fulfilment)
    await on_hold(bench)
    await bench.run(hand_over, fulfilment_id=fulfilment.id)


@refuses(hand_over, "NOT_PAID")
async def _(bench: Bench) -> None:
    fulfilment = await dearer_after_allocation(bench)
    await bench.packed(fulfilment)
    await bench.run(hand_over, fulfilment_id=fulfilment.id)


@refuses(hand_over, "ORDER_CANCELLED")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    await bench.packed(fulfilment)
    await bench.cancel(NAME)
    await bench.run(hand_over, fulfilment_id=fulfilment.id)


@refuses(hand_over, "QUANTITY_EXCEEDED")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    await bench.packed(fulfilment)
    await bench.call(Fulfilments, "short", fulfilment.id, {LINE: 1}, key=bench.key(), at=NOON)
    await bench.run(hand_over, fulfilment_id=fulfilment.id)


@refuses(write_off, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    shipment = await shipped(bench)
    await bench.report(shipment, ParcelStatus.DELIVERED)
    await bench.run(write_off, package_id=shipment.packages[0].id)


@refuses(send_again, "QUANTITY_EXCEEDED")
async def _(bench: Bench) -> None:
    await bench.run(send_again, package_id=(await shipped(bench)).packages[0].id)


@refuses(claim_lost, "QUANTITY_EXCEEDED")
async def _(bench: Bench) -> None:
    package = (await shipped(bench)).packages[0].id
    await bench.run(write_off, package_id=package)
    await bench.run(claim_lost, package_id=package)
    await bench.run(claim_lost, package_id=package)


@refuses(take_back, "QUANTITY_EXCEEDED")
async def _(bench: Bench) -> None:
    package = (await shipped(bench)).packages[0].id
    await bench.run(take_back, package_id=package)
    await bench.run(take_back, package_id=package)


@refuses(tell_shipped, "ORDER_MISMATCH")
async def _(bench: Bench) -> None:
    shipment = await shipped(bench)
    bench.outside.channels.knows_the_order = False
    await bench.run(tell_shipped, fulfilment_id=shipment.fulfilment_id)


# -- returns


@refuses(refuse_return, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    name = await a_return(bench, ReturnType.REFUND_WITHOUT_RETURN)
    await bench.run(let_keep, return_id=name)
    await bench.run(refuse_return, return_id=name)


@refuses(let_keep, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    name = await a_return(bench)
    await bench.call(Returns, "sent", name, key=bench.key(), at=NOON)
    await bench.run(let_keep, return_id=name)


@refuses(let_keep, "QUANTITY_EXCEEDED")
async def _(bench: Bench) -> None:
    name = await a_return(bench)
    await counted(bench, name)
    await bench.run(let_keep, return_id=name)


@refuses(receive, "QUANTITY_EXCEEDED")
async def _(bench: Bench) -> None:
    name = await a_return(bench)
    too_many = [{"item_id": f"{name}.I1", "quantity": 3}]
    await bench.run(receive, return_id=name, warehouse="HZ", counted=too_many)


@refuses(receive, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    await counted(bench, await a_return(bench, ReturnType.REFUND_WITHOUT_RETURN))


@refuses(receive, "UNKNOWN_WAREHOUSE")
async def _(bench: Bench) -> None:
    await bench.run(receive, return_id=await a_return(bench), warehouse="nowhere", counted=[])


@refuses(make_exchange, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    await bench.run(make_exchange, return_id=await a_return(bench, ReturnType.EXCHANGE))
