"""An activity's work is done once per key: across retries, across two workers, across a crash half-way."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from oms_workflow.domain.ports.stock import Stock
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.store.bindings import bind
from oms_workflow.store.database import Database
from oms_workflow.store.effects import answer_for, once
from oms_workflow.store.tables.stock import stock_entries
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON, an_order, cny

from .shop import Shop


async def receive(unit: UnitOfWork, key: str, quantity: int = 1) -> dict[str, Any]:
    balance = await bind(Stock, unit).receive("TEA", "HZ", quantity, reason="", key=key, at=NOON)
    return {"on_hand": balance.on_hand}


async def entries(database: Database) -> int:
    async with UnitOfWork(database) as unit, unit.reading() as connection:
        return (await connection.execute(select(func.count()).select_from(stock_entries))).scalar_one()


async def test_a_second_attempt_gets_the_first_answer(database: Database) -> None:
    """Temporal runs an activity again when its answer was lost."""
    await Shop(database).warehouse("HZ")
    calls = []

    async def work(unit: UnitOfWork) -> Any:
        calls.append(1)
        return await receive(unit, "k")

    first = await once(lambda: UnitOfWork(database), "k", "stock.receive", work)
    second = await once(lambda: UnitOfWork(database), "k", "stock.receive", work)
    assert first == second == {"on_hand": 1}
    assert (len(calls), await entries(database)) == (1, 1)


async def test_of_two_workers_one_does_the_work(database: Database) -> None:
    """A timed-out attempt may still be running when the next one starts: its writes are undone."""
    await Shop(database).warehouse("HZ")

    async def work(unit: UnitOfWork) -> Any:
        answer = await receive(unit, "k")
        await asyncio.sleep(0.05)  # hold the transaction while the others come
        return answer

    answers = await asyncio.gather(*(once(lambda: UnitOfWork(database), "k", "a", work) for _ in range(8)))
    assert answers == [{"on_hand": 1}] * 8
    assert await entries(database) == 1


async def test_a_refusal_leaves_nothing_behind(database: Database) -> None:
    """What was written before the refusal is undone, and the key is free."""
    await Shop(database).warehouse("HZ")

    async def work(unit: UnitOfWork) -> Any:
        await receive(unit, "k")
        raise OrderRefused("no", code="OUT_OF_STOCK")

    with pytest.raises(OrderRefused):
        await once(lambda: UnitOfWork(database), "k", "a", work)
    assert await entries(database) == 0
    async with UnitOfWork(database) as unit:
        assert await answer_for(unit, "k") is None


async def test_what_was_committed_at_a_checkpoint_is_found_by_the_next_attempt(database: Database) -> None:
    """Begin, commit, ask the provider, crash: the next attempt asks with the same transaction, so it pays once."""
    shop = Shop(database)
    order = an_order(("a", "TEA", 1))
    await shop.take_in(order)
    await shop.pay(order.id)
    from oms_workflow.domain.ports.payments import PaymentLedger

    asked = []

    async def work(unit: UnitOfWork) -> Any:
        ledger = bind(PaymentLedger, unit)
        begun = await ledger.begin_refund(order.id, amount=cny("4.00"), reason="x", key="k", at=NOON)
        await unit.commit()
        (transaction,) = begun.transactions
        asked.append(transaction.id)
        if len(asked) == 1:
            raise WorldUnavailable("the provider did not answer")
        await ledger.settle(transaction.id, succeeded=True, provider_ref="r", at=NOON)
        return {"refunded": str(begun.amount)}

    with pytest.raises(WorldUnavailable):
        await once(lambda: UnitOfWork(database), "k", "payment.refund", work)
    assert await once(lambda: UnitOfWork(database), "k", "payment.refund", work) == {"refunded": "4.00 CNY"}
    assert await once(lambda: UnitOfWork(database), "k", "payment.refund", work) == {"refunded": "4.00 CNY"}
    assert len(asked) == 2
    assert len(set(asked)) == 1
    assert (await shop.view(order.id)).money.refunded == cny("4.00")
    await shop.sound()


async def test_an_answer_may_be_null(sqlite_database: Database) -> None:
    """An activity without output is remembered like any other."""
    calls = []

    async def work(unit: UnitOfWork) -> Any:
        calls.append(1)

    for _ in range(2):
        assert await once(lambda: UnitOfWork(sqlite_database), "k", "a", work) is None
    assert len(calls) == 1


async def test_work_that_is_not_committed_is_undone(database: Database) -> None:
    """Leaving a unit of work without a word is a rollback."""
    await Shop(database).warehouse("HZ")
    async with UnitOfWork(database) as unit:
        await receive(unit, "k")
        assert unit.is_writing
    assert await entries(database) == 0


async def test_a_locked_database_is_a_passing_trouble(sqlite_database: Database, monkeypatch: Any) -> None:
    """Another process holds the write lock too long: the caller may try again, and the message shows no values."""
    monkeypatch.setattr("oms_workflow.store.unit_of_work.BUSY_MILLISECONDS", 50)
    async with UnitOfWork(sqlite_database) as first:
        await first.writing()
        with pytest.raises(WorldUnavailable, match="other writers took too long"):
            async with UnitOfWork(sqlite_database) as second:
                await second.writing()
    async with UnitOfWork(sqlite_database) as third:
        await third.writing()


@pytest.mark.postgres
async def test_a_deadlock_is_a_passing_trouble(postgres_address: str) -> None:
    """Should two calls ever wait for each other, one of them is told to try again."""
    from .conftest import VAULT_KEY, fresh_postgres

    database = Database.open(fresh_postgres(postgres_address), vault_key=VAULT_KEY)
    try:
        shop = Shop(database)
        for number in "12":
            await shop.take_in(an_order((number, "TEA", 1), number=number))
        from oms_workflow.store.locking import lock_order

        async def lock(first: str, second: str) -> str:
            try:
                async with UnitOfWork(database) as unit:
                    connection = await unit.writing()
                    await lock_order(connection, first)
                    await asyncio.sleep(0.2)
                    await lock_order(connection, second)
                    return "done"
            except WorldUnavailable as trouble:
                return str(trouble)

        said = await asyncio.gather(lock("shop:1", "shop:2"), lock("shop:2", "shop:1"))
        assert sorted("SQLSTATE 40P01" in one for one in said) == [False, True]
    finally:
        await database.close()
