"""What was merged and unmerged, or divided and joined, is as it was before: in every column but those of history."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from oms_workflow.domain.fulfilment import RequestStatus, SplitReason
from oms_workflow.domain.merge import MergeWindow
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.promise import Promise
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from oms_workflow.store.tables.all import metadata
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON, a_line, an_order, cny

from .conftest import fresh_postgres
from .shop import Shop

LATER = NOON + timedelta(hours=1)
HISTORY = {"merges", "merge_followers", "effects"}  # tables of which every row tells what happened
VERSION = "version"  # counts every change, undoing as well, so that no reader takes an old order for the new one

LINE = st.tuples(
    st.sampled_from(["TEA", "CUP", "POT"]),
    st.integers(1, 4),
    st.integers(0, 999),
    st.integers(0, 99),
    st.integers(0, 7),
)
ORDER = st.tuples(st.lists(LINE, min_size=1, max_size=4), st.integers(0, 2_000))


def order_of(drawn: tuple[list[tuple[str, int, int, int, int]], int], number: int) -> Order:
    """An order with odd prices, discounts and taxes, so that sharing leaves remainders."""
    lines, freight = drawn
    made = [
        a_line(
            f"shop:{number}", f"{number}{position}", sku, quantity, f"{price / 100 + 1:.2f}",
            discount=cny(f"{discount / 100:.2f}"), tax=cny(f"{tax / 100:.2f}"), weight_grams=400,
        )
        for position, (sku, quantity, price, discount, tax) in enumerate(lines)
    ]  # fmt: skip
    placed = NOON + timedelta(minutes=number)
    promise = Promise(ship_by=NOON + timedelta(days=number))
    return an_order(*made, number=str(number), freight=cny(f"{freight / 100:.2f}"), placed_at=placed, promise=promise)


async def rows(database: Database) -> dict[str, dict[tuple[Any, ...], dict[str, Any]]]:
    """Give every row by table and key."""
    found = {}
    async with UnitOfWork(database) as unit, unit.reading() as connection:
        for table in metadata.sorted_tables:
            if table.name not in HISTORY:
                keys = [column.name for column in table.primary_key]
                content = (await connection.execute(select(table))).mappings()
                found[table.name] = {tuple(row[key] for key in keys): dict(row) for row in content}
    return found


def without_version(found: dict[str, Any]) -> dict[str, Any]:
    orders = {key: {name: one for name, one in row.items() if name != VERSION} for key, row in found["orders"].items()}
    return found | {"orders": orders}


async def merged_and_unmerged(shop: Shop, orders: list[Order]) -> None:
    """Before anything is promised, and again once the leader has planned for all."""
    await shop.warehouse("HZ", {"TEA": 99, "CUP": 99, "POT": 99})
    for order in orders:
        await shop.take_in(order)
        await shop.pay(order.id)
    before = await rows(shop.database)
    names = [order.id for order in orders]
    for _ in range(2):
        merge = await shop.call(Merges, "merge", names, MergeWindow(), key=shop.key(), at=LATER)
        await shop.call(Merges, "undo", merge.id, by="cs", key=shop.key(), at=LATER)
        assert without_version(await rows(shop.database)) == without_version(before)
    lineage = await shop.call(Merges, "of_order", names[-1])
    assert [one.members for one in lineage] == [tuple(names)] * 2
    merge = await shop.call(Merges, "merge", names, MergeWindow(), key=shop.key(), at=LATER)
    await shop.reserve(merge.leader)
    await shop.allocate(merge.leader)
    await shop.plan(merge.leader)
    await shop.call(Merges, "undo", merge.id, by="cs", key=shop.key(), at=LATER)
    for order in orders:
        (own,) = await shop.plan(order.id)
        assert {line.line_id: line.quantity for line in own.lines} == {line.id: line.ordered for line in order.lines}
        assert own.shares.freight == order.freight
    await shop.sound()


async def divided_and_joined(shop: Shop, order: Order, cuts: list[int]) -> None:
    """Divided as often as there are cuts, parts of parts too, then joined: only cancelled parts tell of it."""
    await shop.warehouse("HZ", {"TEA": 99, "CUP": 99, "POT": 99})
    (first, *_) = await shop.ready(order, weight_grams=2000)
    before = await rows(shop.database)
    reasons = [SplitReason.MANUAL, SplitReason.SHORT, SplitReason.WEIGHT]
    for number, cut in enumerate(cuts):
        parts = [one for one in await shop.call(Fulfilments, "of_order", order.id) if one.is_active and one.pieces > 1]
        family = [one for one in parts if one.id == first.id or one.parent]
        if family:
            one = family[cut % len(family)]
            halves = halved(one, cut)
            await shop.call(Fulfilments, "divide", one.id, halves, reason=reasons[number % 3], key=shop.key(), at=LATER)
    await shop.call(Fulfilments, "join", first.id, key=shop.key(), at=LATER)
    after = await rows(shop.database)
    old = {key for key, row in before["fulfilments"].items()}
    assert all(row["status"] == "cancelled" for key, row in after["fulfilments"].items() if key not in old)
    after["fulfilments"] = {key: row for key, row in after["fulfilments"].items() if key in old}
    after["fulfilment_lines"] = {
        key: row for key, row in after["fulfilment_lines"].items() if (row["fulfilment_id"],) in old
    }
    assert after == before
    await shop.sound()


def halved(one: Any, cut: int) -> list[dict[str, int]]:
    """Two parts with at least a piece each."""
    pieces = [line.line_id for line in one.lines for _ in range(line.quantity)]
    at = 1 + cut % (len(pieces) - 1)
    return [{name: part.count(name) for name in set(part)} for part in (pieces[:at], pieces[at:])]


def on_sqlite(template: Path, work: Callable[[Shop], Awaitable[None]]) -> None:
    """Let it happen in a new database."""

    async def lived(path: Path) -> None:
        database = Database.open(f"sqlite:///{path}", vault_key=b"k" * 16)
        try:
            await work(Shop(database))
        finally:
            await database.close()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(template, Path(folder) / "oms.db"))
        asyncio.run(lived(path))


FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(drawn=st.lists(ORDER, min_size=2, max_size=4))
def test_orders_that_were_merged_and_unmerged_are_as_before(sqlite_template: Path, drawn: list[Any]) -> None:
    """Invariant 3, to the byte."""
    orders = [order_of(one, number) for number, one in enumerate(drawn, start=1)]
    on_sqlite(sqlite_template, lambda shop: merged_and_unmerged(shop, orders))


@FEW
@given(drawn=ORDER, cuts=st.lists(st.integers(0, 99), min_size=1, max_size=4))
def test_an_order_that_was_divided_and_joined_is_as_before(sqlite_template: Path, drawn: Any, cuts: list[int]) -> None:
    """Pieces, freight, discount, tax and reasons, to the byte."""
    on_sqlite(sqlite_template, lambda shop: divided_and_joined(shop, order_of(drawn, 1), cuts))


EXAMPLES: list[Any] = [
    ([("TEA", 3, 333, 10, 7), ("CUP", 4, 1, 99, 1), ("TEA", 1, 0, 0, 0)], 1001),
    ([("POT", 4, 7, 3, 2)], 1),
]


@pytest.mark.postgres
@pytest.mark.parametrize("example", EXAMPLES)
async def test_the_same_holds_on_postgresql(postgres_address: str, example: Any) -> None:
    for kind in ("merged", "divided"):
        database = Database.open(fresh_postgres(postgres_address), vault_key=b"k" * 16)
        try:
            shop = Shop(database)
            if kind == "merged":
                await merged_and_unmerged(shop, [order_of(example, 1), order_of(EXAMPLES[0], 2)])
            else:
                await divided_and_joined(shop, order_of(example, 1), [5, 2, 7])
        finally:
            await database.close()


async def test_parts_a_warehouse_works_on_are_not_joined(sqlite_database: Database) -> None:
    """Nothing changes when somebody tries."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 9})
    (one,) = await shop.ready(an_order(("a", "TEA", 3)))
    parts: list[dict[str, int]] = [{"shop:1/a": 1}, {"shop:1/a": 2}]
    made = await shop.call(Fulfilments, "divide", one.id, parts, reason=SplitReason.MANUAL, key=shop.key(), at=LATER)
    await shop.request(made[1].id, RequestStatus.SUBMITTED)
    before = await rows(shop.database)
    with pytest.raises(OrderRefused, match="works on") as caught:
        await shop.call(Fulfilments, "join", one.id, key=shop.key(), at=LATER)
    assert caught.value.code == "ILLEGAL_MOVE"
    assert await rows(shop.database) == before


async def test_a_line_with_one_tracking_number_is_not_divided_by_hand(sqlite_database: Database) -> None:
    """Where its channel takes one number only; whole lines may go apart."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 9, "CUP": 9})
    (one,) = await shop.ready(an_order(("a", "TEA", 2), ("b", "CUP", 1)))
    about = {"reason": SplitReason.MANUAL, "may_divide_lines": False, "at": LATER}
    torn: list[dict[str, int]] = [{"shop:1/a": 1}, {"shop:1/a": 1, "shop:1/b": 1}]
    with pytest.raises(OrderRefused, match="one tracking number"):
        await shop.call(Fulfilments, "divide", one.id, torn, key=shop.key(), **about)
    whole: list[dict[str, int]] = [{"shop:1/a": 2}, {"shop:1/b": 1}]
    assert len(await shop.call(Fulfilments, "divide", one.id, whole, key=shop.key(), **about)) == 2
