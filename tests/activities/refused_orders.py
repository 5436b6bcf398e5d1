"""How orders, their stock and their money are refused: each scenario ends in the refusal it is registered for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from activities.allocation import allocate, reserve
from activities.cancellation import assume_shipping
from activities.changes import accept
from activities.holds import look_at_hold
from activities.merging import join, undo
from activities.orders import complete, set_address
from activities.payment import capture, request_payment, void
from activities.refunds import refund
from oms_workflow.domain.fulfilment import RequestStatus
from oms_workflow.domain.order import Destination
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.payment_provider import ProviderVerdict
from oms_workflow.store.merges import StoredMerges
from tests.domain.orders_for_tests import a_line, an_order

from .bench import Bench
from .scenarios import (
    NAME,
    merged,
    on_hold,
    planned,
    refuses,
    taken_in,
)

# -- holds


@refuses(look_at_hold, "UNKNOWN_HOLD")
async def _(bench: Bench) -> None:
    await bench.run(look_at_hold, hold_id="shop:1.H9")


# -- stock


@refuses(reserve, "ORDER_CANCELLED")
async def _(bench: Bench) -> None:
    await bench.cancel(await taken_in(bench))
    await bench.run(reserve, order_id=NAME)


@refuses(reserve, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    _, follower = await merged(bench)
    await bench.run(reserve, order_id=follower)


@refuses(allocate, "ORDER_CANCELLED")
async def _(bench: Bench) -> None:
    await bench.cancel(await taken_in(bench))
    await bench.run(allocate, order_id=NAME)


@refuses(allocate, "ON_HOLD")
async def _(bench: Bench) -> None:
    await taken_in(bench)
    await on_hold(bench)
    await bench.run(allocate, order_id=NAME)


@refuses(allocate, "NOT_PAID")
async def _(bench: Bench) -> None:
    await taken_in(bench)
    await bench.run(allocate, order_id=NAME)


@refuses(allocate, "OUT_OF_STOCK")
async def _(bench: Bench) -> None:
    await bench.pay(await taken_in(bench))
    await bench.run(allocate, order_id=NAME)


@refuses(allocate, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    _, follower = await merged(bench)
    await bench.run(allocate, order_id=follower)


# -- money


@refuses(request_payment, "ORDER_CANCELLED")
async def _(bench: Bench) -> None:
    await bench.cancel(await taken_in(bench))
    await bench.run(request_payment, order_id=NAME)


@refuses(request_payment, "PAYMENT_DECLINED")
async def _(bench: Bench) -> None:
    bench.outside.provider.verdict = ProviderVerdict.DECLINED
    await bench.run(request_payment, order_id=await taken_in(bench))


@refuses(capture, "ORDER_CANCELLED")
async def _(bench: Bench) -> None:
    await bench.cancel(await taken_in(bench))
    await bench.run(capture, order_id=NAME)


@refuses(capture, "AMOUNT_EXCEEDED")
async def _(bench: Bench) -> None:
    await bench.run(capture, order_id=await taken_in(bench))


@refuses(capture, "PAYMENT_DECLINED")
async def _(bench: Bench) -> None:
    await bench.run(request_payment, order_id=await taken_in(bench))
    bench.outside.provider.verdict = ProviderVerdict.DECLINED
    await bench.run(capture, order_id=NAME)


@refuses(void, "PAYMENT_DECLINED")
async def _(bench: Bench) -> None:
    await bench.run(request_payment, order_id=await taken_in(bench))
    bench.outside.provider.verdict = ProviderVerdict.DECLINED
    await bench.run(void, order_id=NAME)


@refuses(refund, "ON_HOLD")
async def _(bench: Bench) -> None:
    await bench.pay(await taken_in(bench))
    await on_hold(bench, "fraud")
    await bench.run(refund, order_id=NAME, amount="1.00", reason="test")


@refuses(refund, "AMOUNT_EXCEEDED")
async def _(bench: Bench) -> None:
    await bench.pay(await taken_in(bench))
    await bench.run(refund, order_id=NAME, amount="99.00", reason="test")


@refuses(refund, "PAYMENT_DECLINED")
async def _(bench: Bench) -> None:
    await bench.pay(await taken_in(bench))
    bench.outside.provider.verdict = ProviderVerdict.DECLINED
    await bench.run(refund, order_id=NAME, amount="1.00", reason="test")


@refuses(refund, "UNKNOWN_RETURN")
async def _(bench: Bench) -> None:
    await bench.pay(await taken_in(bench))
    await bench.run(refund, order_id=NAME, return_id="shop:1.R9", reason="test")


# -- changes, address, end


async def _revision(bench: Bench, **news: Any) -> str:
    order = (await bench.view(NAME)).order
    taken = await bench.take_in(replace(order, channel_version=order.channel_version + 1, **news))
    return taken.revision


@refuses(accept, "ORDER_CANCELLED")
async def _(bench: Bench) -> None:
    await taken_in(bench)
    revision = await _revision(bench, sealed=True)
    await bench.cancel(NAME)
    await bench.run(accept, order_id=NAME, revision=revision)


@refuses(accept, "GOODS_CHANGED")
async def _(bench: Bench) -> None:
    await taken_in(bench)
    revision = await _revision(bench, lines=(a_line(NAME, "a", "TEA", 5),))
    await bench.run(accept, order_id=NAME, revision=revision)


@refuses(accept, "STALE_VERSION")
async def _(bench: Bench) -> None:
    await taken_in(bench)
    order = (await bench.view(NAME)).order
    older = (await bench.take_in(replace(order, channel_version=1, sealed=True))).revision
    newer = (await bench.take_in(replace(order, channel_version=2, address_digest="other"))).revision
    await bench.run(accept, order_id=NAME, revision=newer)
    await bench.run(accept, order_id=NAME, revision=older)


@refuses(accept, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    await bench.request(fulfilment.id, RequestStatus.SUBMITTED)
    revision = await _revision(bench, destination=Destination(country="CN", region="四川省"))
    await bench.run(accept, order_id=NAME, revision=revision)


@refuses(set_address, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    fulfilment = await planned(bench)
    await bench.request(fulfilment.id, RequestStatus.SUBMITTED)
    reference = (await bench.view(NAME)).order.customer_ref
    await bench.run(set_address, order_id=NAME, customer_ref=reference)


@refuses(set_address, "ORDER_CANCELLED")
async def _(bench: Bench) -> None:
    await bench.cancel(await taken_in(bench))
    reference = await bench.somebody((await bench.view(NAME)).order)
    await bench.run(set_address, order_id=NAME, customer_ref=reference)


@refuses(set_address, "UNKNOWN_CUSTOMER")
async def _(bench: Bench) -> None:
    await bench.run(set_address, order_id=await taken_in(bench), customer_ref="nobody")


@refuses(complete, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    await bench.run(complete, order_id=await taken_in(bench))


@refuses(assume_shipping, "ILLEGAL_MOVE")
async def _(bench: Bench) -> None:
    await bench.run(assume_shipping, fulfilment_id=(await planned(bench)).id)


# -- merging


class _Racing(StoredMerges):
    """The partner is cancelled between the look and the join."""

    bench: Bench

    async def propose(self, *args: Any, **kwargs: Any) -> Any:
        found = await super().propose(*args, **kwargs)
        await self.bench.cancel("shop:2")
        return found


@refuses(join, "CANNOT_MERGE")
async def _(bench: Bench) -> None:
    for number in (1, 2):
        order = an_order((f"{number}", "TEA", 1), number=str(number))
        await bench.take_in(order)
        await bench.pay(order.id)
    _Racing.bench = bench
    bench.replaced[Merges] = _Racing
    await bench.run(join, order_id=NAME)


@refuses(undo, "TOO_LATE_TO_UNMERGE")
async def _(bench: Bench) -> None:
    leader, _ = await merged(bench)
    await bench.reserve(leader)
    await bench.allocate(leader)
    (fulfilment,) = await bench.plan(leader)
    await bench.request(fulfilment.id, RequestStatus.SUBMITTED)
    merge = (await bench.call(Merges, "of_order", leader))[0].id
    await bench.run(undo, order_id=leader, merge_id=merge)
