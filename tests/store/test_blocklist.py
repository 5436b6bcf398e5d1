"""The blocklist: parties are recognised by digests, for as long as the entry says, and nothing personal is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from oms_workflow.domain.audit import AuditFacts
from oms_workflow.domain.blocklist import BlockedBy
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.customers import AuditFactsSource, Customers
from oms_workflow.errors import OrderRefused
from oms_workflow.store.blocklist import Blocklist
from oms_workflow.store.database import Database
from oms_workflow.store.tables.people import blocked_parties
from tests.domain.orders_for_tests import NOON, an_order, cny

from .shop import Shop
from .test_people import CONTACT

WHY = "paid with a stolen card"


async def order_of(
    shop: Shop, contact: Any = CONTACT, number: str = "1", buyer: str = "buyer-77", **more: Any
) -> Order:
    """Take in an order of a contact in the vault."""
    kept = await shop.call(Customers, "keep", contact, channel="shop", buyer_id=buyer, key=shop.key(), at=NOON)
    known = {name: getattr(kept, name) for name in ("customer_ref", "buyer_key", "address_digest")}
    order = replace(an_order((f"{number}-a", "TEA", 1, "100.00"), number=number, **more), **known)
    await shop.take_in(order)
    return order


async def facts(shop: Shop, order: Order, at: Any = NOON) -> AuditFacts:
    found: AuditFacts = await shop.call(AuditFactsSource, "of_order", order.id, at=at)
    return found


async def block(shop: Shop, *kinds: BlockedBy, order: Order, expires_at: Any = None) -> None:
    async with shop.unit() as unit:
        blocklist = Blocklist(unit)
        known = await blocklist.parties_of_order(order.id)
        await blocklist.add(
            {kind: known[kind] for kind in kinds or known}, reason=WHY, by="risk", at=NOON, expires_at=expires_at
        )


async def test_an_order_is_known_by_buyer_address_phone_and_email(database: Database) -> None:
    """Whoever was blocked through one order is found in the next, whatever they write differently."""
    shop = Shop(database)
    assert (await facts(shop, await order_of(shop))).blocked == ()
    await block(shop, order=await order_of(shop, number="2"))
    other = await order_of(shop, replace(CONTACT, name="Somebody Else", email="WANG@example.org"), number="3")
    found = await facts(shop, other)
    assert found.blocked == ("address", "buyer", "email", "phone")
    assert found.blocked_reasons == (WHY,)


async def test_a_typed_phone_number_finds_the_order_in_any_spelling(sqlite_database: Database) -> None:
    """A person types it as it was said on the telephone; the vault has it in another spelling."""
    shop = Shop(sqlite_database)
    order = await order_of(shop, replace(CONTACT, phone="138 0013 8000"))
    async with shop.unit() as unit:
        blocklist = Blocklist(unit)
        await blocklist.add(
            blocklist.party(BlockedBy.PHONE, "138-0013-8000"), reason=WHY, by="risk", at=NOON, expires_at=None
        )
        await blocklist.add(blocklist.party(BlockedBy.EMAIL, "other@example.org"), reason=WHY, by="risk", at=NOON)
        await blocklist.add(blocklist.party(BlockedBy.BUYER, "shop:buyer-77"), reason=WHY, by="risk", at=NOON)
    assert (await facts(shop, order)).blocked == ("buyer", "phone")


async def test_an_entry_counts_until_its_end_and_not_after_it(sqlite_database: Database) -> None:
    """Nobody is on the list for ever because somebody forgot them."""
    shop = Shop(sqlite_database)
    order = await order_of(shop)
    await block(shop, BlockedBy.PHONE, order=order, expires_at=NOON + timedelta(days=1))
    assert (await facts(shop, order, NOON + timedelta(hours=23, minutes=59))).blocked == ("phone",)
    assert (await facts(shop, order, NOON + timedelta(days=1))).blocked == ()


async def test_a_lifted_entry_counts_no_more_and_may_come_back(database: Database) -> None:
    """Lifting is written down with who did it; adding again starts anew."""
    shop = Shop(database)
    order = await order_of(shop)
    await block(shop, BlockedBy.BUYER, order=order)
    async with shop.unit() as unit:
        (entry,) = await Blocklist(unit).entries(at=NOON)
        (lifted,) = await Blocklist(unit).lift(entry.id, by="lead", at=NOON)
        assert (lifted.lifted_by, await Blocklist(unit).lift(entry.id, by="lead", at=NOON)) == ("lead", ())
    assert (await facts(shop, order)).blocked == ()
    async with shop.unit() as unit:
        assert await Blocklist(unit).entries(at=NOON) == ()
        assert len(await Blocklist(unit).entries(at=NOON, everything=True)) == 1
    await block(shop, BlockedBy.BUYER, order=order)
    assert (await facts(shop, order)).blocked == ("buyer",)


async def test_nothing_personal_is_on_the_list(sqlite_database: Database) -> None:
    """A copy of the list tells nobody whom it is about."""
    shop = Shop(sqlite_database)
    await block(shop, order=await order_of(shop))
    async with shop.unit() as unit, unit.reading() as connection:
        rows = str((await connection.execute(select(blocked_parties))).all())
    for secret in (CONTACT.phone, CONTACT.email, CONTACT.name, CONTACT.address.street, "buyer-77"):
        assert secret not in rows


async def test_what_cannot_be_meant_is_refused(sqlite_database: Database) -> None:
    """An entry nobody can ever match would look like safety."""
    shop = Shop(sqlite_database)
    async with shop.unit() as unit:
        blocklist = Blocklist(unit)
        for kind, typed in (("phone", "12"), ("email", "nobody"), ("buyer", "77"), ("address", "Main Street 1")):
            with pytest.raises(ValueError, match=r"possible phone|which"):
                blocklist.party(BlockedBy(kind), typed)
        with pytest.raises(OrderRefused):
            await blocklist.parties_of_order("shop:unknown")


async def test_the_database_wants_a_reason_and_an_end_after_the_beginning(database: Database) -> None:
    """The person who is asked why in a year has an answer."""
    row = "INSERT INTO blocked_parties (kind, digest, reason, added_at, expires_at) VALUES "
    for values in ("('phone', 'd', '', :a, NULL)", "('phone', '', 'r', :a, NULL)", "('phone', 'd', 'r', :a, :a)"):
        async with database.engine.connect() as connection:
            with pytest.raises(IntegrityError):
                await connection.execute(text(row + values), {"a": NOON.replace(tzinfo=None)})


async def test_money_is_summed_over_a_day_by_buyer_and_by_address(database: Database) -> None:
    """Five small orders of one hour are one large one; another currency and last week are not among them."""
    shop = Shop(database)
    await order_of(shop, number="1", placed_at=NOON - timedelta(hours=30))
    await order_of(shop, number="2", placed_at=NOON - timedelta(hours=20), freight=cny("6.00"))
    await order_of(shop, number="3", buyer="another")
    last = await order_of(shop, number="4")
    found = await facts(shop, last)
    assert found.spent_of_buyer_24h == cny("206.00")
    assert found.spent_to_address_24h == cny("306.00")
    assert (found.orders_to_address_1h, found.orders_to_address_24h) == (2, 3)


async def test_spending_of_an_unknown_buyer_is_unknown(sqlite_database: Database) -> None:
    """Not zero: a limit must not take it for little."""
    shop = Shop(sqlite_database)
    order = an_order(("a", "TEA", 1), buyer_key="", address_digest="")
    await shop.take_in(order)
    found = await facts(shop, order)
    assert (found.spent_of_buyer_24h, found.spent_to_address_24h, found.undelivered_at_address_180d) == (None,) * 3
