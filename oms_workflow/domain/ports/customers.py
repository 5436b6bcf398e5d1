"""Ports to what is known about buyers: the vault with personal data, and counted facts without any."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from oms_workflow.domain.audit import AuditFacts
from oms_workflow.domain.customer import Contact, CustomerRecord


class Customers(Protocol):
    """The vault: the only place with names, phone numbers and addresses."""

    async def keep(self, contact: Contact, *, channel: str, buyer_id: str, key: str, at: datetime) -> CustomerRecord:
        """Store a contact and give its reference; the same contact of the same buyer keeps its reference.

        Args:
            buyer_id: The channel's id of the buyer; '' when it gives none.
        """
        ...

    async def contact(self, customer_ref: str) -> Contact:
        """Give a contact. Do not put it into answers, messages or errors.

        Raises:
            OrderRefused: UNKNOWN_CUSTOMER, also after it was erased.
        """
        ...

    async def record(self, customer_ref: str) -> CustomerRecord:
        """Give what the rest of the house may know of a contact.

        Raises:
            OrderRefused: UNKNOWN_CUSTOMER.
        """
        ...

    async def find_by_phone(self, phone: str) -> tuple[str, ...]:
        """Give the references of contacts with this phone number (E.164), for looking up orders by phone."""
        ...

    async def erase(self, customer_ref: str, *, key: str, at: datetime) -> bool:
        """Erase the personal data of a contact, its digests on orders and the texts of their notes.

        Ledgers, quantities and money stay. True if there was something to erase.
        """
        ...


class AuditFactsSource(Protocol):
    """Counts over orders, for decision tables and risk."""

    async def of_order(self, order_id: str, *, at: datetime) -> AuditFacts:
        """Count what an audit asks about.

        Raises:
            OrderRefused: UNKNOWN_ORDER.
        """
        ...
