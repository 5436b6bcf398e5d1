"""What is wrong with a contact before anything is sent to it, and what can be tidied without asking. No look-ups.

A problem names a field and a reason, never the text itself: problems travel in processes, the text is personal data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from oms_workflow.domain.address import normalise
from oms_workflow.domain.customer import Contact
from oms_workflow.domain.phone import normalise_phone
from oms_workflow.domain.text_damage import damage


class Reason(StrEnum):
    """Why a field cannot be worked with."""

    MISSING = "missing"
    UNREADABLE = "unreadable"  # letters that were lost on the way, as in '???' or 'å¼ ä¸‰'
    IMPOSSIBLE = "impossible"  # no such number


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactProblem:
    """One field that a person should look at; with `blocks` nothing can be delivered as it is."""

    field: str
    reason: Reason
    blocks: bool

    @property
    def code(self) -> str:
        """The problem in one word for tables: `phone.missing`."""
        return f"{self.field}.{self.reason.value}"


def tidy(contact: Contact) -> Contact:
    """Give the contact in one spelling: address as `address.normalise`, phone number in E.164 when it is one."""
    number = normalise_phone(contact.phone, contact.address.country) if contact.phone else None
    return replace(
        contact,
        name=" ".join(contact.name.split()),
        address=normalise(contact.address),
        phone=number or contact.phone,
        email=contact.email.strip(),
    )


def contact_problems(contact: Contact) -> tuple[ContactProblem, ...]:
    """List what a person should look at, in the order of the fields of an address label; () for a sound contact."""
    address = contact.address
    needed = {"name": contact.name, "country": address.country, "city": address.city, "street": address.street}
    if address.country == "CN":
        needed["region"] = address.region
    found = []
    for field, text in needed.items():
        if not text.strip():
            found.append(ContactProblem(field=field, reason=Reason.MISSING, blocks=True))
        elif damage(text):
            found.append(ContactProblem(field=field, reason=Reason.UNREADABLE, blocks=True))
    if not contact.phone:
        found.append(ContactProblem(field="phone", reason=Reason.MISSING, blocks=not contact.email))
    elif normalise_phone(contact.phone, address.country) is None:
        found.append(ContactProblem(field="phone", reason=Reason.IMPOSSIBLE, blocks=not contact.email))
    return tuple(found)
