"""Buyers who wait are told each new day once, with the revision that tells it; asking again tells nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from activities.backorder import backorder, take_up
from activities.promising import revise_promises
from oms_workflow.domain.arrival import Announcement, ExpectedReceipt
from oms_workflow.domain.cancellation import CancelScope
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.notices import Notices
from oms_workflow.domain.ports.promises import Promises
from oms_workflow.store.checks import check
from tests.domain.orders_for_tests import NOON, an_order

from .bench import SOMEBODY, Bench

DAY = timedelta(days=1)


async def waiting(bench: Bench, number: str = "1", pieces: int = 2, **more: Any) -> str:
    """An order whose goods nobody has."""
    record = await bench.call(Customers, "keep", SOMEBODY, channel="shop", buyer_id=number, key=bench.key(), at=NOON)
    order = an_order((f"a{number}", "TEA", pieces), number=number, customer_ref=record.customer_ref, **more)
    await bench.take_in(order)
    await bench.pay(order.id)
    await bench.run(backorder, order_id=order.id)
    return order.id


async def announce(bench: Bench, pieces: int, days: int) -> ExpectedReceipt:
    told = Announcement(sku="TEA", warehouse="HZ", quantity=pieces, expected_at=NOON + days * DAY)
    return await bench.call(Arrivals, "announce", told, key=bench.key(), at=NOON)


async def postpone(bench: Bench, receipt: ExpectedReceipt, days: int) -> None:
    await bench.call(Arrivals, "postpone", receipt.id, NOON + days * DAY, key=bench.key(), at=NOON)


async def told(bench: Bench, order_id: str) -> list[tuple[str, str]]:
    notices = await bench.call(Notices, "of_order", order_id)
    return [(one.template, one.values.get("day", "")) for one in notices]


@pytest.fixture(autouse=True)
async def house(bench: Bench) -> None:
    await bench.warehouse("HZ")


async def test_a_day_is_told_once_and_again_when_it_is_another_one(bench: Bench) -> None:
    receipt = await announce(bench, 5, days=3)
    name = await waiting(bench)

    first = await bench.run(revise_promises, key="quarter past")
    assert await bench.run(revise_promises, key="quarter past") == first
    await postpone(bench, receipt, days=8)
    second = await bench.run(revise_promises)

    assert [(one.number, one.reason, one.told) for one in (*first.revised, *second.revised)] == [
        (1, "backordered", True), (2, "postponed", True),
    ]  # fmt: skip
    assert (await bench.run(revise_promises)).revised == []
    assert await told(bench, name) == [("promise_known", "2026-11-14"), ("promise_later", "2026-11-19")]
    history = await bench.call(Promises, "history", name)
    assert len({one.notice_id for one in history}) == 2
    await bench.sound()


async def test_goods_given_up_take_the_day_back(bench: Bench) -> None:
    receipt = await announce(bench, 5, days=3)
    name = await waiting(bench)
    await bench.run(revise_promises)
    await bench.call(Arrivals, "give_up", receipt.id, reason="lost at sea", key=bench.key(), at=NOON)

    (revised,) = (await bench.run(revise_promises)).revised

    assert (revised.reason, revised.day) == ("given_up", "")
    assert (await told(bench, name))[-1] == ("promise_unknown", "")


async def test_whoever_orders_first_keeps_the_goods_and_the_other_hears_of_it(bench: Bench) -> None:
    """The second buyer was promised what a more important one needs now."""
    await announce(bench, 2, days=3)
    await announce(bench, 2, days=9)
    late = await waiting(bench, "1")
    await bench.run(revise_promises)
    await waiting(bench, "2", placed_at=NOON - DAY)

    found = {one.order_id: one for one in (await bench.run(revise_promises)).revised}

    assert (found[late].reason, found[late].day) == ("overtaken", "2026-11-20")
    assert found["shop:2"].day == "2026-11-14"


async def test_nobody_is_told_when_the_goods_are_taken_up_or_the_order_is_cancelled(bench: Bench) -> None:
    await announce(bench, 9, days=3)
    first, second = await waiting(bench, "1"), await waiting(bench, "2")
    await bench.run(revise_promises)
    await bench.run(take_up, order_id=first)
    await bench.cancel(second, CancelScope.WHOLE)

    revised = (await bench.run(revise_promises)).revised

    assert [(one.order_id, one.reason, one.told) for one in revised] == [
        (first, "over", False), (second, "over", False),
    ]  # fmt: skip
    assert (await bench.run(revise_promises)).waiting == 0


async def test_a_buyer_who_cannot_be_reached_has_a_promise_all_the_same(bench: Bench) -> None:
    await announce(bench, 5, days=3)
    order = an_order(("a", "TEA", 2), number="9", customer_ref="erased")
    await bench.take_in(order)
    await bench.pay(order.id)
    await bench.run(backorder, order_id=order.id)

    (revised,) = (await bench.run(revise_promises)).revised

    assert (revised.day, revised.told) == ("2026-11-14", False)
    await bench.sound()


async def test_with_nobody_waiting_nothing_happens(bench: Bench) -> None:
    answer = await bench.run(revise_promises)
    assert (answer.waiting, answer.revised) == (0, [])


async def test_two_who_revise_at_once_tell_the_buyer_once(bench: Bench) -> None:
    """The process and a person with `oms promise revise` at the same moment."""
    await announce(bench, 5, days=3)
    names = [await waiting(bench, str(number), pieces=1) for number in range(1, 4)]

    await asyncio.gather(*(bench.run(revise_promises) for _ in range(4)))

    for name in names:
        assert await told(bench, name) == [("promise_known", "2026-11-14")]
        assert len(await bench.call(Promises, "history", name)) == 1


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE promise_revisions SET number = 3 WHERE number = 2", "promise-revisions-without-gaps"),
        ("UPDATE promise_revisions SET day = '2026-01-01' WHERE number = 1", "promise-is-its-parts"),
        ("UPDATE promise_revisions SET notice_id = NULL", "promise-told-once"),
        ("UPDATE promise_parts SET quantity = 99", "promise-within-line"),
    ],
)
async def test_a_promise_that_was_tampered_with_is_found(bench: Bench, change: str, broken: str) -> None:
    """A check that cannot fail would be worse than none."""
    receipt = await announce(bench, 5, days=3)
    await waiting(bench)
    await bench.run(revise_promises)
    await postpone(bench, receipt, days=8)
    await bench.run(revise_promises)
    async with bench.unit() as unit:
        connection = await unit.writing()
        if "number = 3" in change:  # its parts go with it
            await connection.execute(text("DELETE FROM promise_parts WHERE number = 2"))
        await connection.execute(text(change))

    found = {one.invariant for one in await check(bench.database) if one.violations}

    assert broken in found


async def test_the_database_refuses_to_tell_two_revisions_with_one_notice(bench: Bench) -> None:
    receipt = await announce(bench, 5, days=3)
    name = await waiting(bench)
    await bench.run(revise_promises)
    (first,) = await bench.call(Promises, "history", name)
    await postpone(bench, receipt, days=8)
    await bench.run(revise_promises)

    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        await bench.call(Promises, "told", name, 2, first.notice_id)
