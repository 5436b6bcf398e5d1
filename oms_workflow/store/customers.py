"""The customer vault in the database. Implements `ports.customers.Customers`. The only place with personal data."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.address import canonical, normalise
from oms_workflow.domain.customer import Address, Contact, CustomerRecord
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.digests import buyer_key, digest_of
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.statements import queue_up
from oms_workflow.store.tables.orders import order_notes, orders
from oms_workflow.store.tables.people import customers
from oms_workflow.store.tables.traffic import import_rows
from oms_workflow.store.unit_of_work import UnitOfWork

_PERSONAL = ("buyer_id", "name", "phone", "email", "district", "street", "postal_code")
_DIGESTS = ("contact_digest", "buyer_key", "address_digest", "phone_digest")
_ADDRESS = ("country", "region", "city", "district", "street", "postal_code")

# Made once: building a statement costs as much as running it on SQLite.
_SAME = select(customers).where(
    customers.c.channel == bindparam("of_channel"), customers.c.contact_digest == bindparam("digest")
)
_TAKEN = select(customers.c.customer_ref).where(customers.c.customer_ref == bindparam("of"))
_BY_REFERENCE = select(customers).where(customers.c.customer_ref == bindparam("of"), customers.c.erased_at.is_(None))
_INSERT = insert(customers)


class StoredCustomers:
    """Names, phone numbers and addresses, by reference."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def keep(self, contact: Contact, *, channel: str, buyer_id: str, key: str, at: datetime) -> CustomerRecord:
        """Store a contact; the same contact of the same buyer keeps its reference, whatever the key."""
        connection = await self.unit.writing()
        row = self._row(contact, channel, buyer_id)
        await queue_up(connection, f"contact {channel} {row['contact_digest']}")
        same = {"of_channel": channel, "digest": row["contact_digest"]}
        known = (await connection.execute(_SAME, same)).mappings().first()
        if known is not None:
            return _record(known)
        row["customer_ref"] = await _free_reference(connection, f"c{row['contact_digest'][:24]}")
        await connection.execute(_INSERT, row | {"at": at})
        return await self.record(row["customer_ref"])

    async def contact(self, customer_ref: str) -> Contact:
        """Give a contact."""
        async with self.unit.reading() as connection:
            row = await _row(connection, customer_ref)
        return Contact(
            name=row["name"],
            address=Address(**{name: row[name] for name in _ADDRESS}),
            phone=row["phone"],
            email=row["email"],
            language=row["language"],
        )

    async def record(self, customer_ref: str) -> CustomerRecord:
        """Give what the rest of the house may know of a contact."""
        async with self.unit.reading() as connection:
            return _record(await _row(connection, customer_ref))

    async def find_by_phone(self, phone: str) -> tuple[str, ...]:
        """Give the references of contacts with this phone number."""
        digest = self._digest("phone", phone)
        if not digest:
            return ()
        which = select(customers.c.customer_ref).where(customers.c.phone_digest == digest)
        async with self.unit.reading() as connection:
            return tuple((await connection.execute(which.order_by(customers.c.customer_ref))).scalars())

    @once_per_key("customers.erase", bool, agree="customer_ref")
    async def erase(self, customer_ref: str, *, key: str, at: datetime) -> bool:
        """Erase the personal data of a contact, its digests on orders, and what people or files wrote about them."""
        connection = await self.unit.writing()
        mine = customers.c.customer_ref == customer_ref
        row = (await connection.execute(select(customers).where(mine).with_for_update())).mappings().first()
        if row is None or row["erased_at"] is not None:
            return False
        empty: dict[str, Any] = dict.fromkeys((*_PERSONAL, *_DIGESTS), "")
        await connection.execute(update(customers).where(mine).values(**empty, erased_at=at))
        of_them = orders.c.customer_ref == customer_ref
        await connection.execute(update(orders).where(of_them).values(buyer_key="", address_digest=""))
        their_notes = order_notes.c.order_id.in_(select(orders.c.id).where(of_them))
        await connection.execute(update(order_notes).where(their_notes).values(text=""))
        imported = import_rows.c.order_id.in_(select(orders.c.id).where(of_them))
        await connection.execute(update(import_rows).where(imported).values(content={}))
        return True

    def _row(self, contact: Contact, channel: str, buyer_id: str) -> dict[str, Any]:
        tidy = normalise(contact.address)
        address = {name: getattr(tidy, name) for name in _ADDRESS}
        told = [buyer_id, contact.name, contact.phone, contact.email, contact.language, *address.values()]
        return address | {
            "channel": channel,
            "buyer_id": buyer_id,
            "name": contact.name,
            "phone": contact.phone,
            "email": contact.email,
            "language": contact.language,
            "contact_digest": self._digest("contact", json.dumps(told)),
            "buyer_key": buyer_key(self.unit.database, channel, buyer_id),
            "address_digest": self._digest("address", canonical(contact.address) if address["street"] else ""),
            "phone_digest": self._digest("phone", contact.phone),
        }

    def _digest(self, kind: str, text: str) -> str:
        return digest_of(self.unit.database, kind, text)


async def _free_reference(connection: AsyncConnection, prefix: str) -> str:
    """Give the first reference in a row of them that no contact has; erased ones keep theirs, empty.

    Looked for one by one: asking for all that begin alike would make SQLite read the whole table for every contact.
    """
    reference, number = prefix, 1
    while (await connection.execute(_TAKEN, {"of": reference})).first() is not None:
        number += 1
        reference = f"{prefix}-{number}"
    return reference


async def _row(connection: AsyncConnection, customer_ref: str) -> RowMapping:
    row = (await connection.execute(_BY_REFERENCE, {"of": customer_ref})).mappings().first()
    if row is None:
        raise refuse(
            Refusal.UNKNOWN_CUSTOMER,
            f"Nothing is stored for customer {customer_ref!r}: it never was, or it was erased on request.",
        )
    return row


def _record(row: RowMapping) -> CustomerRecord:
    names = ("customer_ref", "buyer_key", "address_digest", "phone_digest", "country", "region", "city")
    return CustomerRecord(**{name: row[name] for name in names})
