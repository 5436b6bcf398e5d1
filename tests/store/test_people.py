"""The vault, notices and counts: personal data stays in one place, and can be erased from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from oms_workflow.domain.customer import Address, Contact
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.note import NoteKind
from oms_workflow.domain.notice import NoticeChannel, NoticeStatus
from oms_workflow.domain.order import Destination
from oms_workflow.domain.ports.customers import AuditFactsSource, Customers
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.notices import Notices
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.stock import Warehouses
from oms_workflow.domain.warehouse import Lane, Warehouse
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from oms_workflow.store.tables.all import metadata
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON, a_line, an_order, cny

from .shop import Shop

CONTACT = Contact(
    name="Wang Xiaoming",
    address=Address(country="CN", region="浙江", city="杭州市", district="西湖区", street="文三路１２号"),
    phone="+8613800138000",
    email="wang@example.org",
)


async def keep(shop: Shop, contact: Contact = CONTACT, buyer: str = "buyer-77") -> Any:
    return await shop.call(Customers, "keep", contact, channel="shop", buyer_id=buyer, key=shop.key(), at=NOON)


async def test_the_same_contact_keeps_its_reference(database: Database) -> None:
    """A buyer's tenth order adds no tenth copy of the address."""
    shop = Shop(database)
    first = await keep(shop)
    assert await keep(shop) == first
    assert (await keep(shop, replace(CONTACT, phone=""))).customer_ref != first.customer_ref
    contact = await shop.call(Customers, "contact", first.customer_ref)
    assert contact.address.street == "文三路12号"
    assert (first.region, first.city) == ("浙江省", "杭州市")
    assert await shop.call(Customers, "find_by_phone", "+8613800138000") == (first.customer_ref,)
    assert await shop.call(Customers, "find_by_phone", "") == ()


async def test_spellings_of_one_address_have_one_digest(sqlite_database: Database) -> None:
    """Orders to one door are found to belong together; the digests of two uses cannot be compared."""
    shop = Shop(sqlite_database)
    first = await keep(shop)
    other = replace(CONTACT.address, region="浙江省", street="浙江省杭州市西湖区 文三路12号")
    second = await keep(shop, replace(CONTACT, address=other), buyer="buyer-78")
    assert first.address_digest == second.address_digest
    assert first.buyer_key != second.buyer_key
    assert len({first.address_digest, first.buyer_key, first.phone_digest}) == 3


async def test_personal_data_lies_in_the_vault_only(sqlite_database: Database) -> None:
    """Not in ids, ledgers, answers or effects, whatever is done for an order."""
    shop = Shop(sqlite_database)
    record = await keep(shop)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 1), customer_ref=record.customer_ref, buyer_key=record.buyer_key)
    (fulfilment,) = await shop.ready(order)
    await shop.ship(fulfilment)
    await shop.call(
        Notices, "enqueue", order.id, "shipped", channel=NoticeChannel.SMS, values={}, key=shop.key(), at=NOON
    )
    await shop.call(
        Orders, "add_note", order.id, NoteKind.BUYER_MESSAGE, "call Wang Xiaoming", flag=0, by="b", key="n", at=NOON
    )
    found = await tables_with(sqlite_database, ("Wang", "13800138000", "文三路", "example.org", "buyer-77"))
    assert found == {"customers", "order_notes"}
    assert "Wang" not in repr(CONTACT)


async def tables_with(database: Database, words: tuple[str, ...]) -> set[str]:
    found = set()
    async with UnitOfWork(database) as unit, unit.reading() as connection:
        for table in metadata.sorted_tables:
            content = str((await connection.execute(text(f"SELECT * FROM {table.name}"))).all())
            if any(word in content for word in words):
                found.add(table.name)
    return found


async def test_erasing_leaves_the_ledgers(database: Database) -> None:
    """Invariant 12: who it was is gone, what happened stays."""
    shop = Shop(database)
    record = await keep(shop)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 1), customer_ref=record.customer_ref, buyer_key=record.buyer_key)
    (fulfilment,) = await shop.ready(order)
    await shop.ship(fulfilment)
    note = (Orders, "add_note", order.id, NoteKind.BUYER_MESSAGE, "call Wang Xiaoming")
    await shop.call(*note, flag=0, by="b", key=shop.key(), at=NOON)
    assert await shop.call(Customers, "erase", record.customer_ref, key=shop.key(), at=NOON)
    assert not await shop.call(Customers, "erase", record.customer_ref, key=shop.key(), at=NOON)
    for method in ("contact", "record"):
        with pytest.raises(OrderRefused) as caught:
            await shop.call(Customers, method, record.customer_ref)
        assert caught.value.code == "UNKNOWN_CUSTOMER"
    words = ("Wang", "13800138000", "文三路", "example.org", "buyer-77", record.buyer_key, record.phone_digest)
    assert await tables_with(database, words) <= {"effects"}
    assert (await shop.view(order.id)).quantities["shop:1/a"].shipped == 1
    again = await keep(shop)
    assert again.customer_ref not in ("", record.customer_ref)
    await shop.sound()


async def test_notices_are_sent_once_and_tried_again(database: Database) -> None:
    """The outbox is written with the change; somebody else sends it later."""
    shop = Shop(database)
    await shop.take_in(an_order(("a", "TEA", 1)))
    about = {"channel": NoticeChannel.EMAIL, "values": {"number": "1"}, "at": NOON}
    notice = await shop.call(Notices, "enqueue", "shop:1", "paid", key=shop.key(), **about)
    later = await shop.call(
        Notices, "enqueue", "shop:1", "shipped", due=NOON + timedelta(hours=1), key=shop.key(), **about
    )
    assert [one.id for one in await shop.call(Notices, "due", NOON)] == [notice.id]
    retry = NOON + timedelta(minutes=5)
    waiting = await shop.call(Notices, "failed", notice.id, error="mailbox full", retry_at=retry, at=NOON)
    assert (waiting.status, waiting.attempts, waiting.due) == (NoticeStatus.WAITING, 1, retry)
    sent = await shop.call(Notices, "sent", notice.id, at=retry)
    assert (sent.status, sent.attempts) == (NoticeStatus.SENT, 2)
    assert await shop.call(Notices, "sent", notice.id, at=retry) == sent
    assert await shop.call(Notices, "drop", "shop:1", "shipped", at=NOON) == 1
    assert [one.status for one in await shop.call(Notices, "of_order", "shop:1")] == [
        NoticeStatus.SENT,
        NoticeStatus.DROPPED,
    ]
    given_up = await shop.call(Notices, "failed", later.id, error="x", retry_at=None, at=NOON)
    assert given_up.status is NoticeStatus.DROPPED


async def test_audit_facts_are_counted(database: Database) -> None:
    """Velocity, address sharing, history: what decision tables and risk ask about."""
    shop = Shop(database)
    phones = [await keep(shop, replace(CONTACT, name=str(n)), buyer=f"b{n % 2}") for n in range(3)]
    for number, record in enumerate(phones, start=1):
        order = an_order(
            a_line(f"shop:{number}", f"x{number}", "TEA", 2, "10.00", discount=cny("15.00")),
            number=str(number),
            customer_ref=record.customer_ref,
            buyer_key=record.buyer_key,
            address_digest=record.address_digest,
            placed_at=NOON - timedelta(hours=2 * (3 - number)),
        )
        await shop.take_in(order)
    note = (Orders, "add_note", "shop:3", NoteKind.BUYER_MESSAGE, "请尽快发货，开发票")
    await shop.call(*note, flag=0, by="b", key=shop.key(), at=NOON)
    await shop.call(Holds, "place", "shop:3", HoldKind.AUDIT, reason="", by="x", key=shop.key(), at=NOON)
    await shop.cancel("shop:1")
    facts = await shop.call(AuditFactsSource, "of_order", "shop:3", at=NOON)
    assert (facts.orders_of_buyer, facts.orders_of_buyer_1h, facts.orders_of_buyer_24h) == (1, 1, 2)
    assert (facts.orders_to_address_24h, facts.buyers_at_address_30d, facts.orders_of_phone_24h) == (3, 2, 3)
    assert (facts.cancelled_of_buyer_90d, facts.returns_of_buyer_90d) == (1, 0)
    assert (facts.discount_percent, facts.pieces, facts.paid) == (75, 2, False)
    assert facts.remark_intents == ("hurry", "invoice")
    assert facts.open_holds == ("audit",)


async def test_facts_about_an_unknown_buyer_are_unknown(sqlite_database: Database) -> None:
    """None is not 0: nobody counted."""
    shop = Shop(sqlite_database)
    await shop.take_in(an_order(("a", "TEA", 1), buyer_key="", address_digest="", customer_ref=""))
    facts = await shop.call(AuditFactsSource, "of_order", "shop:1", at=NOON)
    assert facts.orders_of_buyer is None
    assert facts.orders_to_address_24h is None
    assert facts.orders_of_phone_24h is None
    assert not facts.address_known


async def test_holds_close_once(database: Database) -> None:
    """A lifted hold stays lifted; a refused one may be lifted after a second look."""
    shop = Shop(database)
    await shop.take_in(an_order(("a", "TEA", 1)))
    place = (Holds, "place", "shop:1", HoldKind.AUDIT)
    first = await shop.call(*place, reason="", by="rule", key=shop.key(), at=NOON)
    assert (await shop.call(*place, reason="", by="rule", key=shop.key(), at=NOON)).id == first.id
    assert first.due == NOON + timedelta(hours=2)
    await shop.call(Holds, "reject", first.id, by="cs", key=shop.key(), at=NOON)
    assert (await shop.view("shop:1")).holds[0].is_blocking
    await shop.call(Holds, "resolve", first.id, by="boss", key=shop.key(), at=NOON)
    with pytest.raises(OrderRefused, match="resolved by 'boss'"):
        await shop.call(Holds, "reject", first.id, by="cs", key=shop.key(), at=NOON)
    again = await shop.call(*place, reason="", by="rule", key=shop.key(), at=NOON)
    assert again.id != first.id
    with pytest.raises(OrderRefused) as caught:
        await shop.call(Holds, "resolve", "shop:1.H9", by="cs", key=shop.key(), at=NOON)
    assert caught.value.code == "UNKNOWN_HOLD"


async def test_candidates_know_lanes_and_capacity(database: Database) -> None:
    """The lane to the region goes before that to the country; a full day takes no more."""
    shop = Shop(database)
    lanes = [
        Lane(warehouse="HZ", country="CN", region="", cost=cny("12.00"), distance_km=900),
        Lane(warehouse="HZ", country="CN", region="浙江省", cost=cny("6.00"), distance_km=20),
    ]
    house = Warehouse(id="HZ", name="Hangzhou", country="CN", daily_parcels=1, sellers=frozenset({"s"}))
    await shop.call(Warehouses, "save", house, lanes)
    await shop.call(Warehouses, "save", Warehouse(id="OFF", name="", country="CN", active=False), lanes)
    assert await shop.call(Warehouses, "get", "HZ") == house
    assert [one.id for one in await shop.call(Warehouses, "all")] == ["HZ", "OFF"]
    near = Destination(country="CN", region="浙江省")
    (candidate,) = await shop.call(Warehouses, "candidates", near, currency="CNY", at=NOON)
    assert (candidate.cost, candidate.distance_km, candidate.remaining_parcels) == (cny("6.00"), 20, 1)
    (far,) = await shop.call(
        Warehouses, "candidates", Destination(country="CN", region="西藏自治区"), currency="CNY", at=NOON
    )
    assert far.distance_km == 900
    assert await shop.call(Warehouses, "candidates", Destination(country="US"), currency="CNY", at=NOON) == ()
    await shop.receive("TEA", "HZ", 5)
    await shop.ready(an_order(a_line("shop:1", "a", "TEA", 1, seller="s")))
    (full,) = await shop.call(Warehouses, "candidates", near, currency="CNY", at=NOON)
    assert full.remaining_parcels == 0
    (tomorrow,) = await shop.call(Warehouses, "candidates", near, currency="CNY", at=NOON + timedelta(days=1))
    assert tomorrow.remaining_parcels == 1
    with pytest.raises(OrderRefused) as caught:
        await shop.call(Warehouses, "get", "XX")
    assert caught.value.code == "UNKNOWN_WAREHOUSE"
