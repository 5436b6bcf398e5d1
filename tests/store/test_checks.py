"""Every check finds what it is for: a row changed by hand is named by the right invariant, with its figures.

The database's own constraints would refuse most of these rows. A repair by hand, a restored backup or a defect may get
round them, so they are switched off here.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from oms_workflow.domain.arrival import Announcement
from oms_workflow.domain.backorder_promise import PartState, PromisedPart, PromiseRevision, RevisionReason
from oms_workflow.domain.bundle import Bundle, Component
from oms_workflow.domain.carton import Lump, Parcel, Piece
from oms_workflow.domain.fulfilment import FulfilmentOrder
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.merge import MergeWindow
from oms_workflow.domain.notice import NoticeChannel
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.bundles import Bundles
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.notices import Notices
from oms_workflow.domain.ports.promises import Promises
from oms_workflow.domain.ports.returns import ReceivedPieces, Returns
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.domain.ports.waves import Waves
from oms_workflow.domain.returns import Acceptance, ReturnRequestLine, ReturnType
from oms_workflow.domain.shipment import Expectation
from oms_workflow.domain.tracking import ParcelStatus
from oms_workflow.domain.wave import WaveDraft, WaveReason, WaveRule
from oms_workflow.store.board import Board
from oms_workflow.store.checks import INVARIANTS, PARCELS, check
from oms_workflow.store.database import Database
from oms_workflow.store.messages import Message, Messages
from oms_workflow.store.projections import apply
from oms_workflow.store.tables.all import metadata
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON, a_line, an_order, cny

from .shop import Shop
from .test_processes import STORY


@pytest.fixture
async def busy(database: Database) -> Shop:
    """A shop in which everything has happened once, so that every check has rows to look at."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 90, "CUP": 90})
    await shop.warehouse("WH", priority=90)
    sent = Announcement(sku="POT", warehouse="WH", quantity=2, expected_at=NOON, source="HZ")
    await shop.receive("POT", "HZ", 3)
    await shop.call(Arrivals, "announce", sent, key="a", at=NOON)
    line = a_line("shop:1", "a", "TEA", 3, "10.00", discount=cny("1.00"), tax=cny("0.50"))
    (fulfilment,) = await shop.ready(an_order(line, freight=cny("6.00")))
    shipment = await shop.ship(fulfilment)
    await shop.report(shipment, ParcelStatus.DELIVERED)
    lines = [ReturnRequestLine(line_id="shop:1/a", quantity=2)]
    one = await shop.call(Returns, "open", "shop:1", ReturnType.RETURN, lines, reason="", key="o", at=NOON)
    counted = [ReceivedPieces(item_id=one.items[0].id, quantity=2)]
    await shop.call(Returns, "receive", one.id, "HZ", counted, key="r", at=NOON)
    await shop.call(Returns, "judge", one.id, {one.items[0].id: Acceptance.ACCEPTED}, note="", key="j", at=NOON)
    await shop.refund("shop:1", pieces={"shop:1/a": 1})
    await shop.take_in(an_order(("b", "CUP", 2), number="2"))
    await shop.reserve("shop:2")
    await shop.take_in(an_order(("c", "CUP", 2), number="3"))
    await shop.pay("shop:3")
    await shop.cancel("shop:3")
    (packed,) = await shop.ready(an_order(("d", "CUP", 4), number="4", freight=cny("4.00")))
    await released_in_a_wave(shop, packed)
    await promised(shop, "shop:2", "shop:2/b", 2)
    for number in ("5", "6"):
        await shop.take_in(an_order((f"e{number}", "TEA", 1), number=number))
        await shop.pay(f"shop:{number}")
    await shop.call(Bundles, "save", Bundle(sku="SET", components=(Component(sku="TEA"), Component(sku="CUP"))))
    await shop.take_in(an_order(("s", "SET", 2, "0.33"), number="7"))
    await shop.call(Merges, "merge", ["shop:5", "shop:6"], MergeWindow(), key="m", at=NOON)
    await shop.call(Holds, "place", "shop:2", HoldKind.AUDIT, reason="", by="x", key="h", at=NOON)
    async with shop.unit() as unit:
        await apply(unit, "w", STORY[:9])
        await Messages(unit).subscribe("w", 1, name="paid", key="k", once=True, at=NOON)
        await Messages(unit).publish(Message(id="m1", name="paid", key="k", variables={}), at=NOON)
        assert len(await Board(unit).incidents()) == 1
    await shop.sound()
    return shop


async def released_in_a_wave(shop: Shop, fulfilment: FulfilmentOrder) -> None:
    """Planned as one parcel without a carton, and released by a person."""
    pieces = tuple(
        Piece(line_id=line.line_id, weight_grams=1, volume_mm3=1)
        for line in fulfilment.lines for _ in range(line.quantity)
    )  # fmt: skip
    planned = Expectation(parcels=(Parcel(carton=None, lumps=(Lump(pieces=pieces),)),))
    await shop.call(Shipments, "plan", fulfilment.id, carrier="sf", service="std", expected=planned, key="p", at=NOON)
    rule = WaveRule(warehouse=fulfilment.warehouse, carrier="", zone="Asia/Shanghai", times=(960,), most_orders=9,
                    longest_wait=timedelta(hours=4))  # fmt: skip
    await shop.call(Waves, "save_rule", rule)
    await shop.call(Waves, "join", fulfilment.id, at=NOON)
    draft = WaveDraft(carrier="sf", reason=WaveReason.MANUAL, fulfilments=(fulfilment.id,))
    await shop.call(Waves, "release", fulfilment.warehouse, [draft], by="lead", key="w", at=NOON)


async def promised(shop: Shop, order_id: str, line_id: str, quantity: int) -> None:
    """Promised for the next day, and told."""
    part = PromisedPart(line_id=line_id, quantity=quantity, state=PartState.ANNOUNCED, day=NOON.date())
    first = PromiseRevision(order_id=order_id, number=1, at=NOON, reason=RevisionReason.BACKORDERED, parts=(part,),
                            matters=True)  # fmt: skip
    assert await shop.call(Promises, "add", first)
    notice = await shop.call(Notices, "enqueue", order_id, "promise_known", channel=NoticeChannel.SMS, values={},
                             key="n", at=NOON)  # fmt: skip
    await shop.call(Promises, "told", order_id, 1, notice.id)


MUTATIONS: dict[str, str] = {
    "stock-not-oversold": "UPDATE stock_balances SET on_hand = 1, reserved = 2 WHERE sku = 'CUP'",
    "stock-balance-is-its-ledger": "UPDATE stock_balances SET on_hand = on_hand + 1 WHERE sku = 'TEA'",
    "stock-in-transit-is-announced": "UPDATE expected_receipts SET arrived = 1",
    "stock-promises-have-owners": "UPDATE stock_claims SET reserved = reserved + 1 WHERE line_id = 'shop:2/b'",
    "stock-claim-is-its-ledger": "DELETE FROM stock_entries WHERE kind = 'reserve' AND line_id = 'shop:2/b'",
    "reservation-of-paid-order-never-lapses": "UPDATE orders SET terms = 'on_delivery' WHERE id = 'shop:2'",
    "line-every-piece-in-one-place": "UPDATE order_lines SET open = open + 1 WHERE id = 'shop:5/e5'",
    "line-places-follow-moves": "UPDATE order_lines SET open = open - 1, cancelled = 1 WHERE id = 'shop:5/e5'",
    "line-allocated-is-claimed": "UPDATE stock_claims SET allocated = allocated - 1 WHERE line_id = 'shop:4/d'",
    "line-shipped-once": "UPDATE package_lines SET quantity = 2",
    "line-delivered-is-tracked": "UPDATE order_lines SET delivered = 2 WHERE id = 'shop:1/a'",
    "line-returns-are-items": "UPDATE return_items SET quantity = 3",
    "plan-holds-what-is-allocated": "UPDATE fulfilment_lines SET quantity = 5 WHERE line_id = 'shop:4/d'",
    "plan-shares-add-up": "UPDATE fulfilment_lines SET discount = 99 WHERE line_id = 'shop:1/a'",
    "plan-freight-adds-up": "UPDATE fulfilment_lines SET freight = 399 WHERE line_id = 'shop:4/d'",
    "cancelled-ships-nothing": "UPDATE order_lines SET cancelled = 1, open = 1 WHERE id = 'shop:3/c'",
    "nothing-ships-on-hold": (
        "UPDATE order_holds SET order_id = 'shop:1', blocks = 'release ship', opened_at = '2020-01-01 00:00:00'"
    ),
    "wave-holds-who-it-released": "UPDATE waves SET orders = 2",
    "planned-parcels-hold-the-plan": "UPDATE planned_parcel_lines SET quantity = 3",
    "no-piece-in-two-packages": "UPDATE package_lines SET quantity = 4",
    "promise-revisions-without-gaps": "UPDATE promise_revisions SET number = 2",
    "promise-is-its-parts": "UPDATE promise_revisions SET day = '2020-01-01'",
    "promise-told-once": "UPDATE promise_revisions SET notice_id = NULL",
    "promise-within-line": "UPDATE promise_parts SET quantity = 3",
    "drawn-within-source": "UPDATE payment_transactions SET amount = 1 WHERE kind = 'authorise'",
    "refunds-within-captured": "UPDATE payment_transactions SET amount = 999999 WHERE kind = 'refund'",
    "transactions-draw-on-their-kind": (
        "UPDATE payment_transactions SET parent = 'shop:1.T1' WHERE kind = 'refund' AND order_id = 'shop:1'"
    ),
    "pieces-settled-once": "UPDATE settlement_lines SET pieces = 3",
    "pieces-settled-at-their-price": "UPDATE settlement_lines SET amount = 999999",
    "refund-is-its-transactions": "UPDATE settlements SET amount = amount + 1",
    "nothing-taken-before-it-left": (
        "UPDATE orders SET per_shipment = true WHERE id = 'shop:4'; "
        "UPDATE payment_transactions SET reason = '' WHERE order_id = 'shop:4'"
    ),
    "totals-not-negative": "UPDATE orders SET adjustment = -999999 WHERE id = 'shop:5'",
    "intake-once": "UPDATE orders SET external_id = 'ext-5' WHERE id = 'shop:6'",
    "orders-have-lines": "DELETE FROM order_lines WHERE id = 'shop:5/e5'",
    "bundle-is-its-components": "UPDATE order_bundles SET amount = amount + 1",
    "merge-is-mutual": "UPDATE orders SET leader = NULL WHERE id = 'shop:6'",
    "holds-once-per-reason": (
        "INSERT INTO order_holds (id, order_id, kind, handle, blocks, status, opened_at)"
        " SELECT 'twin', order_id, kind, handle, blocks, status, opened_at FROM order_holds"
    ),
    "messages-go-somewhere": "DELETE FROM subscriptions",
    "records-without-gaps": "DELETE FROM records WHERE seq = 3",
    "ended-instances-hold-nothing": "UPDATE instances SET status = 'completed'",
    "parcel-state-is-derived": "UPDATE packages SET status = 'lost', delivered_at = NULL",
}


def test_every_invariant_has_a_mutation() -> None:
    """A check nobody saw fail is no check."""
    assert set(MUTATIONS) == {one.name for one in INVARIANTS} | {PARCELS.name}


@pytest.mark.parametrize("name", MUTATIONS)
async def test_a_row_changed_by_hand_is_found(busy: Shop, name: str) -> None:
    """The right invariant names it, with an example a person can act on."""
    await tamper(busy.database, MUTATIONS[name])
    found = {one.invariant: one for one in await check(busy.database)}
    assert found[name].violations > 0
    assert found[name].examples
    assert found[name].checked > 0 or name in ("orders-have-lines",)
    assert set(found[name].to_json()) == {"invariant", "says", "checked", "violations", "examples"}


async def test_a_sound_shop_has_no_finding_and_every_check_looked(busy: Shop) -> None:
    """The counts tell that each check had something to look at; nothing is changed by looking."""
    results = await check(busy.database)
    unasked = [one.invariant for one in results if not one.checked]
    assert set(unasked) <= {"ended-instances-hold-nothing", "nothing-taken-before-it-left"}
    assert all(one.violations == 0 for one in results)


async def test_findings_on_an_empty_database_are_none(database: Database) -> None:
    """A fresh shop is sound."""
    assert [one.violations for one in await check(database)] == [0] * (len(INVARIANTS) + 1)


async def test_a_wrong_picked_count_is_found(busy: Shop) -> None:
    """The second half of an invariant can break by itself."""
    await tamper(busy.database, "UPDATE fulfilment_lines SET picked = 1 WHERE line_id = 'shop:4/d'")
    found: dict[str, Any] = {one.invariant: one.violations for one in await check(busy.database)}
    assert found["plan-holds-what-is-allocated"] == 1
    assert await busy.call(Stock, "waiting_orders", ["TEA"]) == ()


async def tamper(database: Database, statement: str) -> None:
    """Change rows behind the back of every constraint."""
    if database.is_sqlite:
        with closing(sqlite3.connect(str(database.engine.url.database), isolation_level=None)) as driver:
            driver.execute("PRAGMA foreign_keys = OFF")
            driver.execute("PRAGMA ignore_check_constraints = ON")
            for (trigger,) in driver.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                driver.execute(f"DROP TRIGGER {trigger}")
            _loosen(driver)
            driver.executescript(statement)
        return
    async with UnitOfWork(database) as unit:
        connection = await unit.writing()
        constraints = """
            SELECT conrelid::regclass::text, conname FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'u')
        """
        for table, constraint in (await connection.execute(text(constraints))).all():
            await connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{constraint}" CASCADE'))
        for table in metadata.tables:
            await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        unique = "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'uq_%'"
        for (index,) in (await connection.execute(text(unique))).all():
            await connection.execute(text(f'DROP INDEX "{index}"'))
        for part in statement.split("; "):
            await connection.execute(text(part))
        await unit.commit()


def _loosen(driver: sqlite3.Connection) -> None:
    """Drop unique indexes, and make one table anew without its UNIQUE constraint, which SQLite cannot drop."""
    cursor = driver.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'uq_%'")
    for (name,) in cursor.fetchall():
        driver.execute(f"DROP INDEX {name}")
    driver.execute("CREATE TABLE copied AS SELECT * FROM orders")
    driver.execute("DROP TABLE orders")
    driver.execute("ALTER TABLE copied RENAME TO orders")
