"""Money that is promised with the order and taken as goods leave: lived at random, and step by step."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from oms_workflow.domain.axes import PaymentState
from oms_workflow.domain.cancellation import CancelScope
from oms_workflow.domain.capture import worth
from oms_workflow.domain.fulfilment import SplitReason
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Order
from oms_workflow.domain.payment import Transaction, TransactionKind, TransactionStatus
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.reconciliation import Cause, Standing, reconcile
from oms_workflow.domain.tracking import ParcelStatus
from oms_workflow.errors import OrderRefused
from oms_workflow.store.accounts import AccountQuery, accounts
from oms_workflow.store.database import Database
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON, a_line, an_order, cny

from .conftest import fresh_postgres
from .shop import Shop

NAME = "shop:1"


def order_of(*lines: tuple[str, int, str], **more: Any) -> Order:
    """An order whose money is taken by shipment; lines are (sku, pieces, price)."""
    made = [a_line(NAME, sku.lower(), sku, pieces, price) for sku, pieces, price in lines]
    return an_order(*made, per_shipment=True, **more)


async def promise(shop: Shop, amount: Money | None = None, ref: str = "auth") -> None:
    """Let the buyer's bank promise what is due."""
    due = amount or (await shop.view(NAME)).money.due
    kind = TransactionKind.AUTHORISE
    await shop.call(PaymentLedger, "observe", NAME, kind, due, provider="bank", provider_ref=ref, at=NOON)


async def take(shop: Shop, succeeded: bool = True) -> tuple[Transaction, ...]:
    """Take what is due now, and let the provider answer."""
    begun: tuple[Transaction, ...] = await shop.call(
        PaymentLedger, "begin_capture", NAME, None, key=shop.key(), at=NOON
    )
    return tuple([await shop.settle(one, succeeded) for one in begun])


async def give_up(shop: Shop, *, everything: bool) -> Money:
    """Give promised money up; gives how much."""
    begun = await shop.call(
        PaymentLedger, "begin_void", NAME, everything=everything, reason="test", key=shop.key(), at=NOON
    )
    for one in begun:
        await shop.settle(one)
    return total((one.amount for one in begun), "CNY")


async def reconciled(shop: Shop) -> Any:
    """What reconciling says of the order."""
    async with UnitOfWork(shop.database) as unit:
        (one,) = [each.account async for each in accounts(unit, AccountQuery())]
    return reconcile(one)


async def two_parcels(shop: Shop) -> list[Any]:
    """Two of three cups and a pot, planned into two parcels, promised and unpaid."""
    await shop.warehouse("HZ", {"CUP": 9, "POT": 9})
    order = order_of(("CUP", 2, "10.00"), ("POT", 1, "5.55"), freight=cny("1.00"), adjustment=cny("-0.33"))
    await shop.take_in(order)
    await promise(shop)
    await shop.reserve(NAME)
    await shop.allocate(NAME)
    (whole,) = await shop.plan(NAME)
    parts = [{f"{NAME}/cup": 1}, {f"{NAME}/cup": 1, f"{NAME}/pot": 1}]
    about = {"reason": SplitReason.MANUAL, "key": shop.key(), "at": NOON}
    return list(await shop.call(Fulfilments, "divide", whole.id, parts, **about))


async def lived(shop: Shop) -> None:
    """A promise carries the goods, each parcel takes its share, and both take the total."""
    first, second = await two_parcels(shop)
    assert await take(shop) == ()
    await shop.ship(first)
    (one,) = await take(shop)
    assert one.amount == worth((await shop.view(NAME)).order, {f"{NAME}/cup": 1})
    assert await take(shop) == ()
    assert {each.cause for each in (await reconciled(shop)).differences} == {Cause.PROMISED}
    await shop.ship(second)
    assert {each.cause for each in (await reconciled(shop)).differences} == {Cause.SHARE_UNTAKEN}
    (other,) = await take(shop)
    assert one.amount + other.amount == cny("26.22")
    assert (await shop.view(NAME)).payment is PaymentState.PAID
    assert await give_up(shop, everything=False) == cny(0)
    assert (await reconciled(shop)).standing is Standing.RECONCILED
    await shop.sound()


async def test_each_parcel_takes_its_share(sqlite_database: Database) -> None:
    """Nothing before it left, nothing twice, and the last one what is left."""
    await lived(Shop(sqlite_database))


@pytest.mark.postgres
async def test_the_same_on_postgresql(postgres_address: str) -> None:
    """Both databases count alike."""
    database = Database.open(fresh_postgres(postgres_address), vault_key=b"k" * 16)
    try:
        await lived(Shop(database))
    finally:
        await database.close()


async def test_an_order_without_a_promise_does_not_leave(sqlite_database: Database) -> None:
    """Nor one whose promise is a cent short."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 9})
    await shop.take_in(order_of(("TEA", 2, "10.00")))
    await promise(shop, cny("19.99"))
    await shop.reserve(NAME)
    with pytest.raises(OrderRefused, match="promised") as refused:
        await shop.allocate(NAME)
    assert refused.value.code == "NOT_PAID"
    await promise(shop, cny("0.01"), ref="rest")
    await shop.allocate(NAME)


async def test_what_was_cancelled_is_given_up_and_never_taken_or_refunded(sqlite_database: Database) -> None:
    """The pot cannot be had; the cups go, and the bank keeps only what they cost."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"CUP": 2})
    await shop.take_in(order_of(("CUP", 2, "10.00"), ("POT", 1, "5.00"), freight=cny("2.50")))
    await promise(shop)
    await shop.reserve(NAME)
    await shop.allocate(NAME)
    (one,) = await shop.plan(NAME)
    await shop.call(Orders, "backorder", NAME, {f"{NAME}/pot": 1}, key=shop.key(), at=NOON)
    await shop.cancel(NAME, CancelScope.WAITING)
    assert (await shop.view(NAME)).money.due == cny("22.00")
    assert Cause.PROMISE_LEFT in {each.cause for each in (await reconciled(shop)).differences}
    assert await give_up(shop, everything=False) == cny("5.50")
    await shop.ship(one)
    (taken,) = await take(shop)
    assert taken.amount == cny("22.00")
    assert (await shop.refund(NAME)).amount == cny(0)
    assert (await shop.view(NAME)).payment is PaymentState.PAID
    assert (await reconciled(shop)).standing is Standing.RECONCILED
    await shop.sound()


async def test_lost_goods_that_cannot_be_sent_again_are_refunded(sqlite_database: Database) -> None:
    """They were paid when they left; cancelled afterwards, their money is owed."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 2})
    await shop.take_in(order_of(("TEA", 2, "10.00")))
    await promise(shop)
    await shop.reserve(NAME)
    await shop.allocate(NAME)
    (one,) = await shop.plan(NAME)
    shipment = await shop.ship(one)
    await take(shop)
    await shop.report(shipment, ParcelStatus.LOST)
    await shop.call(Shipments, "write_off", shipment.packages[0].id, key=shop.key(), at=NOON)
    await shop.call(Orders, "send_again", NAME, {f"{NAME}/tea": 2}, key=shop.key(), at=NOON)
    await shop.cancel(NAME, CancelScope.REST)
    assert (await reconciled(shop)).differences[-1].amount == cny("20.00")
    assert (await shop.refund(NAME)).amount == cny("20.00")
    await shop.sound()


TEMPLATE: list[Path] = []


class Taking(RuleBasedStateMachine):
    """Promises, parcels, losses, cancellations, captures that fail or hang, refunds: in any order."""

    @initialize(pieces=st.lists(st.integers(1, 4), min_size=1, max_size=3), cents=st.integers(0, 999))
    def open_shop(self, pieces: list[int], cents: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="oms-taking-"))
        shutil.copy(TEMPLATE[0], self.folder / "oms.db")
        self.loop = asyncio.new_event_loop()
        self.database = Database.open(f"sqlite:///{self.folder / 'oms.db'}", vault_key=b"k" * 16)
        self.shop, self.hour = Shop(self.database), 0
        names = ("TEA", "CUP", "POT")
        lines = [(names[number], many, f"{cents / 100 + number:.2f}") for number, many in enumerate(pieces)]
        self.run(self.shop.warehouse("HZ", dict.fromkeys(names, 5)))
        self.run(self.shop.take_in(order_of(*lines, freight=cny("3.10"), adjustment=cny("-0.07"))))
        self.run(promise(self.shop))

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.run(self.database.close())
            self.loop.close()
            shutil.rmtree(self.folder)

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def attempt(self, work: Any) -> Any:
        try:
            return self.run(work)
        except OrderRefused as refusal:
            assert refusal.code
            return None

    @rule(which=st.integers(0, 2), lost=st.booleans(), again=st.booleans())
    def send(self, which: int, lost: bool, again: bool) -> None:
        """A piece of one line, or what is planned already; lost and to be sent again perhaps."""
        for work in (self.shop.reserve(NAME), self.shop.allocate(NAME), self.shop.plan(NAME)):
            self.attempt(work)
        active = [one for one in self.run(self.shop.view(NAME)).fulfilments if one.is_active and one.lines]
        if not active:
            return
        line = active[0].lines[which % len(active[0].lines)]
        shipment = self.attempt(self.shop.ship(active[0], {line.line_id: 1}))
        if shipment is None or not lost:
            return
        self.hour += 1
        self.run(self.shop.report(shipment, ParcelStatus.LOST, self.hour))
        write_off = self.shop.call(Shipments, "write_off", shipment.packages[0].id, key=self.shop.key(), at=NOON)
        if self.attempt(write_off) is not None and again:
            pieces = {line.line_id: 1}
            self.attempt(self.shop.call(Orders, "send_again", NAME, pieces, key=self.shop.key(), at=NOON))

    @rule(answer=st.sampled_from([True, True, False, None]))
    def take(self, answer: bool | None) -> None:
        begun = self.attempt(self.shop.call(PaymentLedger, "begin_capture", NAME, None, key=self.shop.key(), at=NOON))
        for one in begun or () if answer is not None else ():
            self.run(self.shop.settle(one, bool(answer)))

    @rule(answer=st.booleans())
    def hear_at_last(self, answer: bool) -> None:
        for one in self.run(self.shop.call(PaymentLedger, "ledger", NAME)):
            if one.status is TransactionStatus.PENDING:
                self.run(self.shop.settle(one, answer))

    @rule(scope=st.sampled_from(CancelScope), everything=st.booleans())
    def cancel(self, scope: CancelScope, everything: bool) -> None:
        self.attempt(self.shop.cancel(NAME, scope))
        self.run(give_up(self.shop, everything=everything))

    @rule()
    def refund(self) -> None:
        self.attempt(self.shop.refund(NAME))

    @invariant()
    def no_cent_too_much(self) -> None:
        if not hasattr(self, "database"):
            return
        view = self.run(self.shop.view(NAME))
        left = {name: line.shipped + line.written_off for name, line in view.quantities.items()}
        self.most = {name: max(many, getattr(self, "most", {}).get(name, 0)) for name, many in left.items()}
        assert view.money.captured + view.money.capturing <= worth(view.order, self.most)
        self.run(self.shop.sound())

    @rule()
    def settle_up(self) -> None:
        """Whatever happened: asked once more, everything that left is taken, and nothing is taken again."""
        self.hear_at_last(True)
        self.take(True)
        view = self.run(self.shop.view(NAME))
        left = {name: line.shipped + line.written_off for name, line in view.quantities.items()}
        if view.cancelled_at is not None or view.money.captured < worth(view.order, left):
            return  # over, or the promise was given up
        assert self.run(take(self.shop)) == ()


@pytest.fixture(autouse=True)
def _template(sqlite_template: Path) -> None:
    TEMPLATE[:] = [sqlite_template]


TestTaking = Taking.TestCase
TestTaking.settings = settings(
    max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
