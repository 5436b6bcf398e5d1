"""Every writing method, asked twice with one key: the second call changes nothing and is answered as the first was.

A worker may crash after the database has committed and before Temporal hears of it; then the activity runs again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from oms_workflow.domain.arrival import Announcement
from oms_workflow.domain.cancellation import CancelScope
from oms_workflow.domain.customer import Address, Contact
from oms_workflow.domain.exchange import NewGoods
from oms_workflow.domain.fulfilment import Fate, RequestStatus, SplitReason
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.merge import MergeWindow
from oms_workflow.domain.note import NoteKind
from oms_workflow.domain.notice import NoticeChannel
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.notices import Notices
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.returns import ReceivedPieces, Returns
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.domain.promise import Promise
from oms_workflow.domain.returns import Acceptance, Reception, ReturnRequestLine, ReturnType
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.domain.shipment import PackedParcel
from oms_workflow.domain.split import ParcelLimits
from oms_workflow.domain.stock import EntryKind
from oms_workflow.store.database import Database
from oms_workflow.store.tables.all import metadata
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON, an_order, cny

from .shop import Shop

ORDER = an_order(("a", "TEA", 2), ("b", "CUP", 1), freight=cny("6.00"))
LINE = "shop:1/a"
ANNOUNCED = Announcement(sku="TEA", warehouse="HZ", quantity=3, expected_at=NOON + timedelta(days=1))
Stage = Callable[[Shop], Awaitable[dict[str, Any]]]


async def taken_in(shop: Shop) -> dict[str, Any]:
    await shop.warehouse("HZ", {"TEA": 9, "CUP": 9})
    await shop.take_in(ORDER)
    return {}


async def expecting(shop: Shop) -> dict[str, Any]:
    await taken_in(shop)
    await shop.call(Arrivals, "announce", ANNOUNCED, key=shop.key(), at=NOON)
    return {}


async def reserved(shop: Shop) -> dict[str, Any]:
    await taken_in(shop)
    await shop.pay(ORDER.id)
    await shop.reserve(ORDER.id)
    return {}


async def allocated(shop: Shop) -> dict[str, Any]:
    await reserved(shop)
    await shop.allocate(ORDER.id)
    return {}


async def authorised(shop: Shop) -> dict[str, Any]:
    await taken_in(shop)
    amount = ORDER.total
    begun = await shop.call(
        PaymentLedger, "begin_authorise", ORDER.id, amount, provider="card", key=shop.key(), at=NOON
    )
    await shop.settle(begun)
    return {}


async def planned(shop: Shop) -> dict[str, Any]:
    await shop.warehouse("HZ", {"TEA": 9, "CUP": 9})
    (fulfilment,) = await shop.ready(ORDER)
    return {"fulfilment": fulfilment.id, "whole": fulfilment}


async def divided(shop: Shop) -> dict[str, Any]:
    made = await planned(shop)
    parts = [{LINE: 1}, {LINE: 1, "shop:1/b": 1}]
    await shop.call(
        Fulfilments, "divide", made["fulfilment"], parts, reason=SplitReason.MANUAL, key=shop.key(), at=NOON
    )
    return made


async def accepted(shop: Shop) -> dict[str, Any]:
    made = await planned(shop)
    await shop.request(made["fulfilment"], RequestStatus.SUBMITTED, RequestStatus.ACCEPTED)
    return made


async def packed(shop: Shop) -> dict[str, Any]:
    made = await accepted(shop)
    shipment = await shop.packed(made["whole"])
    return made | {"shipment": shipment.id, "package": shipment.packages[0].id}


async def shipped(shop: Shop) -> dict[str, Any]:
    made = await packed(shop)
    await shop.hand_over(made["shipment"])
    return made


async def announced(shop: Shop) -> dict[str, Any]:
    made = await shipped(shop)
    lines = [ReturnRequestLine(line_id=LINE, quantity=2)]
    one = await shop.call(
        Returns, "open", ORDER.id, ReturnType.EXCHANGE, lines, reason="broken", key=shop.key(), at=NOON
    )
    return made | {"return": one.id, "item": one.items[0].id}


async def returned(shop: Shop) -> dict[str, Any]:
    made = await announced(shop)
    counted = [ReceivedPieces(item_id=made["item"], quantity=2)]
    await shop.call(Returns, "receive", made["return"], "HZ", counted, key=shop.key(), at=NOON)
    return made


async def judged(shop: Shop) -> dict[str, Any]:
    made = await returned(shop)
    verdict = {made["item"]: Acceptance.ACCEPTED}
    await shop.call(Returns, "judge", made["return"], verdict, note="", key=shop.key(), at=NOON)
    return made


async def held(shop: Shop) -> dict[str, Any]:
    await taken_in(shop)
    hold = await shop.call(Holds, "place", ORDER.id, HoldKind.AUDIT, reason="", by="rule", key=shop.key(), at=NOON)
    return {"hold": hold.id}


async def two_paid(shop: Shop) -> dict[str, Any]:
    await reserved(shop)
    other = an_order(("c", "TEA", 1), number="2")
    await shop.take_in(other)
    await shop.pay(other.id)
    return {"both": [ORDER.id, other.id]}


async def merged(shop: Shop) -> dict[str, Any]:
    made = await two_paid(shop)
    merge = await shop.call(Merges, "merge", made["both"], MergeWindow(), key=shop.key(), at=NOON)
    return {"merge": merge.id}


async def revised(shop: Shop) -> dict[str, Any]:
    await taken_in(shop)
    taken = await shop.take_in(an_order(("a", "TEA", 1), ("b", "CUP", 1), freight=cny("6.00")))
    return {"revision": taken.revision}


async def backordered(shop: Shop) -> dict[str, Any]:
    await taken_in(shop)
    await shop.call(Orders, "backorder", ORDER.id, {LINE: 2}, key=shop.key(), at=NOON)
    return {}


async def lost(shop: Shop) -> dict[str, Any]:
    made = await shipped(shop)
    await shop.call(Shipments, "write_off", made["package"], key=shop.key(), at=NOON)
    return made


async def cancelled(shop: Shop) -> dict[str, Any]:
    await reserved(shop)
    await shop.cancel(ORDER.id)
    return {}


async def kept(shop: Shop) -> dict[str, Any]:
    contact = Contact(name="Li", address=Address(country="CN", region="浙江", city="杭州", street="文三路1号"))
    record = await shop.call(Customers, "keep", contact, channel="shop", buyer_id="b", key=shop.key(), at=NOON)
    return {"customer": record.customer_ref}


CALLS: list[tuple[type, str, Stage, Callable[[dict[str, Any]], tuple[Any, ...]], dict[str, Any]]] = [
    (Orders, "take_in", kept, lambda _: (ORDER,), {}),
    (Orders, "accept_revision", revised, lambda made: (ORDER.id, made["revision"]), {}),
    (Orders, "set_promise", taken_in, lambda _: (ORDER.id, Promise(ship_by=NOON)), {}),
    (Orders, "set_service_level", taken_in, lambda _: (ORDER.id, ServiceLevel.VIP), {}),
    (Orders, "set_address", taken_in, lambda _: (ORDER.id, "c2", "other", ("CN", "上海市", "上海市")), {}),
    (Orders, "backorder", taken_in, lambda _: (ORDER.id, {LINE: 1}), {}),
    (Orders, "reopen", backordered, lambda _: (ORDER.id, None), {}),
    (Orders, "send_again", lost, lambda _: (ORDER.id, {LINE: 1}), {}),
    (Orders, "cancel", planned, lambda _: (ORDER.id,), {"scope": CancelScope.WHOLE, "reason": "", "by": "buyer"}),
    (Orders, "complete", shipped, lambda _: (ORDER.id,), {}),
    (Orders, "add_note", taken_in, lambda _: (ORDER.id, NoteKind.BUYER_MESSAGE, "hurry"), {"flag": 0, "by": "buyer"}),
    (Holds, "place", taken_in, lambda _: (ORDER.id, HoldKind.FRAUD), {"reason": "", "by": "rule"}),
    (Holds, "resolve", held, lambda made: (made["hold"],), {"by": "cs"}),
    (Holds, "reject", held, lambda made: (made["hold"],), {"by": "cs"}),
    (Stock, "allocate", reserved, lambda _: (ORDER.id,), {}),
    (Stock, "release", reserved, lambda _: (ORDER.id,), {"allocated": True}),
    (Stock, "receive", taken_in, lambda _: ("TEA", "HZ", 5), {"reason": ""}),
    (Stock, "write_off", taken_in, lambda _: ("TEA", "HZ", 5), {"reason": ""}),
    (Stock, "count", taken_in, lambda _: ("TEA", "HZ", 4), {"reason": ""}),
    (Stock, "set_safety", taken_in, lambda _: ("TEA", "HZ", 4), {}),
    (Stock, "sort_out", taken_in, lambda _: ("TEA", "HZ", EntryKind.DAMAGE, 4), {"reason": ""}),
    (Arrivals, "announce", taken_in, lambda _: (ANNOUNCED,), {}),
    (Arrivals, "arrive", expecting, lambda _: ("HZ.E1", 2), {}),
    (Arrivals, "give_up", expecting, lambda _: ("HZ.E1",), {"reason": ""}),
    (Arrivals, "postpone", expecting, lambda _: ("HZ.E1", NOON), {}),
    (Fulfilments, "plan", allocated, lambda _: (ORDER.id,), {"limits": ParcelLimits()}),
    (Fulfilments, "request", planned, lambda made: (made["fulfilment"], RequestStatus.SUBMITTED), {}),
    (Fulfilments, "decide", planned, lambda made: (made["fulfilment"], Fate.SHIP), {}),
    (Fulfilments, "pick", accepted, lambda made: (made["fulfilment"],), {}),
    (Fulfilments, "short", accepted, lambda made: (made["fulfilment"], {LINE: 1}), {}),
    (
        Fulfilments,
        "divide",
        planned,
        lambda made: (made["fulfilment"], [{LINE: 1}, {LINE: 1, "shop:1/b": 1}]),
        {"reason": SplitReason.MANUAL},
    ),
    (Fulfilments, "join", divided, lambda made: (made["fulfilment"],), {}),
    (Fulfilments, "cancel", accepted, lambda made: (made["fulfilment"],), {"free_stock": True}),
    (Shipments, "plan", accepted, lambda made: (made["fulfilment"],), {"carrier": "sf", "service": "std"}),
    (Shipments, "hand_over", packed, lambda made: (made["shipment"],), {}),
    (Shipments, "cancel", packed, lambda made: (made["shipment"],), {}),
    (Shipments, "write_off", shipped, lambda made: (made["package"],), {}),
    (
        Returns,
        "open",
        shipped,
        lambda _: (ORDER.id, ReturnType.RETURN, [ReturnRequestLine(line_id=LINE, quantity=1)]),
        {"reason": "x"},
    ),
    (Returns, "sent", announced, lambda made: (made["return"],), {}),
    (
        Returns,
        "receive",
        announced,
        lambda made: (made["return"], "HZ", [ReceivedPieces(item_id=made["item"], quantity=1)]),
        {},
    ),
    (Returns, "judge", returned, lambda made: (made["return"], {made["item"]: Acceptance.ACCEPTED}), {"note": ""}),
    (Returns, "close_waiting", announced, lambda made: (made["return"], Reception.EXPIRED), {}),
    (
        Returns,
        "exchange",
        judged,
        lambda made: (made["return"], (NewGoods(sku="CUP", quantity=1, unit_price=cny(10), tax=cny(0)),)),
        {},
    ),
    (PaymentLedger, "begin_authorise", taken_in, lambda _: (ORDER.id, cny(10)), {"provider": "card"}),
    (PaymentLedger, "begin_capture", authorised, lambda _: (ORDER.id, None), {}),
    (PaymentLedger, "begin_void", authorised, lambda _: (ORDER.id,), {}),
    (PaymentLedger, "begin_refund", cancelled, lambda _: (ORDER.id,), {"reason": "cancelled"}),
    (Merges, "merge", two_paid, lambda made: (made["both"], MergeWindow()), {}),
    (Merges, "undo", merged, lambda made: (made["merge"],), {"by": "cs"}),
    (Customers, "erase", kept, lambda made: (made["customer"],), {}),
    (
        Notices,
        "enqueue",
        taken_in,
        lambda _: (ORDER.id, "shipped"),
        {"channel": NoticeChannel.SMS, "values": {"parcel": "1"}},
    ),
]


@pytest.mark.parametrize(
    ("port", "method", "stage", "arguments", "more"), CALLS, ids=[f"{port.__name__}.{name}" for port, name, *_ in CALLS]
)
async def test_a_second_call_with_the_same_key_changes_nothing(
    sqlite_database: Database,
    port: type,
    method: str,
    stage: Stage,
    arguments: Callable[[dict[str, Any]], tuple[Any, ...]],
    more: dict[str, Any],
) -> None:
    """Same answer, same rows: what was done is done once."""
    shop = Shop(sqlite_database)
    made = await stage(shop)
    before = await rows(sqlite_database)
    first = await shop.call(port, method, *arguments(made), key="again", at=NOON, **more)
    once = await rows(sqlite_database)
    second = await shop.call(port, method, *arguments(made), key="again", at=NOON + timedelta(minutes=1), **more)
    if method == "take_in":  # it tells that the order is known by now; nothing else may differ
        assert (first.order_id, second.order_id) == (ORDER.id, ORDER.id)
    else:
        assert second == first
    assert await rows(sqlite_database) == once
    assert once != before
    await shop.sound()


async def test_packing_and_reserving_twice_with_one_key_is_done_once(sqlite_database: Database) -> None:
    """The two methods whose arguments are long: a second label and a second promise must not come of a retry."""
    shop = Shop(sqlite_database)
    await taken_in(shop)
    first = await shop.reserve(ORDER.id, key="r")
    assert await shop.reserve(ORDER.id, key="r") == first
    await shop.pay(ORDER.id)
    await shop.allocate(ORDER.id)
    (fulfilment,) = await shop.plan(ORDER.id)
    plan = {"carrier": "sf", "service": "std", "at": NOON}
    shipment = await shop.call(Shipments, "plan", fulfilment.id, key="p", **plan)
    parcel = PackedParcel(tracking_number="1", weight_grams=1, pieces=((LINE, 2),))
    packed_once = await shop.call(Shipments, "pack", shipment.id, [parcel], key="k", at=NOON)
    assert await shop.call(Shipments, "pack", shipment.id, [parcel], key="k", at=NOON) == packed_once
    await shop.sound()


async def test_one_key_for_two_requests_is_a_defect(sqlite_database: Database) -> None:
    """Two holds placed with one key: losing the second without a word would be worse than crashing."""
    shop = Shop(sqlite_database)
    await taken_in(shop)
    about = {"reason": "", "by": "rule", "key": "same", "at": NOON}
    await shop.call(Holds, "place", ORDER.id, HoldKind.AUDIT, **about)
    with pytest.raises(ValueError, match="was used for another request"):
        await shop.call(Holds, "place", ORDER.id, HoldKind.FRAUD, **about)


async def rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table but the keys themselves."""
    found = {}
    async with UnitOfWork(database) as unit, unit.reading() as connection:
        for table in metadata.sorted_tables:
            if table.name != "effects":
                content = (await connection.execute(select(table))).all()
                found[table.name] = sorted((tuple(row) for row in content), key=repr)
    return found
