"""Blocked parties in the database: who they are is told by digests only. Decides nothing about an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.blocklist import BlockedBy, BlockEntry, Parties
from oms_workflow.domain.phone import normalise_phone
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.digests import buyer_key, digest_of
from oms_workflow.store.statements import upsert
from oms_workflow.store.tables.orders import orders
from oms_workflow.store.tables.people import blocked_parties, customers
from oms_workflow.store.unit_of_work import UnitOfWork

KEY = ("kind", "digest")


class Blocklist:
    """Adds, lists and lifts entries."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    def party(self, kind: BlockedBy, text: str, *, country: str = "CN") -> Parties:
        """Recognise a party by what a person typed; the text itself is not kept.

        Args:
            text: A phone number, an e-mail address, or a buyer as `<channel>:<id>`.
            country: ISO 3166-1 alpha-2, for a phone number written without its country code.

        Raises:
            ValueError: When it cannot be what it is said to be; addresses are blocked through an order.
        """
        if kind is BlockedBy.PHONE:
            number = normalise_phone(text, country)
            if number is None:
                raise ValueError("that is no possible phone number of the country")
            return {kind: digest_of(self.unit.database, "phone", number)}
        if kind is BlockedBy.EMAIL and "@" in text:
            return {kind: email_digest(self.unit, text)}
        channel, _, buyer = text.partition(":")
        if kind is BlockedBy.BUYER and channel and buyer:
            return {kind: buyer_key(self.unit.database, channel, buyer)}
        raise ValueError(f"that does not say which {kind.value} is meant")

    async def parties_of_order(self, order_id: str) -> Parties:
        """Give the digests of everybody an order is known by.

        Raises:
            OrderRefused: UNKNOWN_ORDER.
        """
        async with self.unit.reading() as connection:
            return await parties_of(connection, self.unit, order_id)

    async def add(
        self, parties: Parties, *, reason: str, by: str, at: datetime, expires_at: datetime | None = None
    ) -> tuple[BlockEntry, ...]:
        """Block parties; an entry that is there already gets the new reason and end, and counts again."""
        connection = await self.unit.writing()
        rows: list[dict[str, Any]] = [
            {
                "kind": kind.value,
                "digest": digest,
                "reason": reason,
                "added_by": by,
                "added_at": at,
                "expires_at": expires_at,
                "lifted_at": None,
                "lifted_by": "",
            }
            for kind, digest in sorted(parties.items())
        ]
        if rows:
            changing = tuple(name for name in rows[0] if name not in KEY)
            await connection.execute(upsert(connection, blocked_parties, KEY, changing), rows)
        return tuple(map(_entry, await _rows(connection, parties)))

    async def lift(self, entry_id: str, *, by: str, at: datetime) -> tuple[BlockEntry, ...]:
        """Let a party order like anybody else again: all entries that have this id; () when none counts."""
        connection = await self.unit.writing()
        kind, _, digest = entry_id.partition("-")
        which = and_(
            blocked_parties.c.kind == kind,
            blocked_parties.c.digest.startswith(digest, autoescape=True),
            blocked_parties.c.lifted_at.is_(None),
        )
        if not digest:
            return ()
        found = [dict(row) for row in (await connection.execute(select(blocked_parties).where(which))).mappings()]
        await connection.execute(update(blocked_parties).where(which).values(lifted_at=at, lifted_by=by))
        return tuple(_entry(row | {"lifted_at": at, "lifted_by": by}) for row in found)

    async def entries(self, *, at: datetime, everything: bool = False) -> tuple[BlockEntry, ...]:
        """Give the entries that count at a moment, newest first; with `everything` also those that do not."""
        ranked = select(blocked_parties).order_by(blocked_parties.c.added_at.desc(), blocked_parties.c.digest)
        async with self.unit.reading() as connection:
            found = [_entry(dict(row)) for row in (await connection.execute(ranked)).mappings()]
        return tuple(one for one in found if everything or one.counts(at))


async def parties_of(connection: AsyncConnection, unit: UnitOfWork, order_id: str) -> Parties:
    """Give the digests of everybody an order is known by, on a connection that is open."""
    which = (
        select(orders.c.buyer_key, orders.c.address_digest, customers.c.phone, customers.c.email, orders.c.country)
        .outerjoin(customers, customers.c.customer_ref == orders.c.customer_ref)
        .where(orders.c.id == order_id)
    )
    row = (await connection.execute(which)).mappings().first()
    if row is None:
        raise refuse(Refusal.UNKNOWN_ORDER, f"There is no order {order_id!r}. Check the id.")
    phone = row["phone"] or ""
    number = (normalise_phone(phone, row["country"]) if phone else None) or phone
    found = {
        BlockedBy.ADDRESS: row["address_digest"],
        BlockedBy.BUYER: row["buyer_key"],
        BlockedBy.EMAIL: email_digest(unit, row["email"] or ""),
        BlockedBy.PHONE: digest_of(unit.database, "phone", number),
    }
    return {kind: digest for kind, digest in found.items() if digest}


async def blocked_among(connection: AsyncConnection, parties: Parties, at: datetime) -> tuple[BlockEntry, ...]:
    """Give the entries that count for any of these parties at a moment, by kind."""
    return tuple(entry for entry in map(_entry, await _rows(connection, parties)) if entry.counts(at))


def email_digest(unit: UnitOfWork, email: str) -> str:
    """Digest an e-mail address, whatever its case."""
    return digest_of(unit.database, "email", email.strip().casefold())


async def _rows(connection: AsyncConnection, parties: Parties) -> Sequence[Mapping[str, Any]]:
    if not parties:
        return ()
    each = (
        and_(blocked_parties.c.kind == kind.value, blocked_parties.c.digest == digest)
        for kind, digest in parties.items()
    )
    which = select(blocked_parties).where(or_(*each)).order_by(blocked_parties.c.kind)
    return [dict(row) for row in (await connection.execute(which)).mappings()]


def _entry(row: Mapping[str, Any]) -> BlockEntry:
    return BlockEntry(**{**row, "kind": BlockedBy(row["kind"])})
