"""Contacts that come in beside a body. Personal data: checked, tidied and handed on to the vault, never repeated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from oms_workflow.connect.reception.body import Text, read
from oms_workflow.domain.contact_check import tidy
from oms_workflow.domain.customer import Address, Contact


class ContactPart(BaseModel):
    """Where to send it. Personal data: no error repeats any of it."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    name: Text = Field(min_length=1, repr=False)
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    region: Text = ""
    city: Text = ""
    district: Text = Field("", repr=False)
    street: Text = Field("", repr=False)
    postal_code: Text = Field("", repr=False)
    phone: Text = Field("", repr=False)
    email: Text = Field("", repr=False)


def read_contact(private: Mapping[str, Any], *, at: datetime) -> Contact:
    """Give the contact in one spelling. What is wrong with it the next audit says, as with every address.

    Args:
        private: Holds `contact`.

    Raises:
        OrderRefused: DATA_REFUSED, naming fields and no values.
    """
    part = read(ContactPart, private.get("contact", {}), at=at)
    address = Address(
        country=part.country,
        region=part.region,
        city=part.city,
        district=part.district,
        street=part.street,
        postal_code=part.postal_code,
    )
    return tidy(Contact(name=part.name, address=address, phone=part.phone, email=part.email))
