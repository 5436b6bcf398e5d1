"""Reading who receives an incoming order. Messages never repeat what was written: it is personal data."""

from __future__ import annotations

import re

from oms_workflow.domain.address import normalise
from oms_workflow.domain.customer import Address, Contact
from oms_workflow.domain.phone import normalise_phone
from oms_workflow.domain.problem import Fault, Weight
from oms_workflow.domain.raw_fields import Reader
from oms_workflow.domain.regions_cn import PROVINCES

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+\Z")
_COUNTRY = re.compile(r"[A-Z]{2}\Z")
_MASKED = re.compile(r"\*{2,}")


def read_contact(reader: Reader, country: str) -> Contact:
    """Give the contact as far as it could be read; what is doubtful is a warning, because a person can mend it."""
    address = _address(reader, country)
    phone = _phone(reader, address.country)
    email = reader.text("email")
    if email and not _EMAIL.match(email):
        reader.note("email", Fault.INVALID, "Expected an e-mail address.", Weight.WARNING)
        email = ""
    name = reader.text("name", limit=200)
    if not name:
        reader.note("name", Fault.MISSING, "Nobody is named as receiver; carriers ask for a name.", Weight.WARNING)
    if not phone and not email:
        said = "Neither phone nor e-mail: nobody can be told when the parcel comes."
        reader.note("phone", Fault.MISSING, said, Weight.WARNING)
    masked = [field for field in ("name", "phone", "street") if _MASKED.search(str(reader.value(field) or ""))]
    for field in masked:
        said = "The channel masked it. Fetch the receiver by the channel's own key (oaid)."
        reader.note(field, Fault.DAMAGED, said, Weight.WARNING)
    return Contact(name=name, address=address, phone=phone, email=email, language=reader.text("language", limit=35))


def _address(reader: Reader, country: str) -> Address:
    code = reader.text("country", limit=60).upper() or country
    if not _COUNTRY.match(code):
        reader.note("country", Fault.INVALID, "Expected an ISO 3166 code of two letters such as CN.")
        code = country
    raw = Address(
        country=code,
        region=reader.text("region", limit=100),
        city=reader.text("city", limit=100),
        district=reader.text("district", limit=100),
        street=reader.text("street"),
        postal_code=reader.text("postal_code", limit=20),
    )
    tidy = normalise(raw)
    if tidy.city and not raw.city:
        reader.note("city", Fault.TIDIED, "It was empty; taken from region or district.", Weight.INFO)
    if not tidy.street:
        reader.note("street", Fault.MISSING, "There is no street; a carrier cannot find the door.", Weight.WARNING)
    if code == "CN" and tidy.region not in PROVINCES:
        said = "Expected a province of China. Without it no warehouse can be chosen."
        reader.note("region", Fault.INVALID if raw.region else Fault.MISSING, said, Weight.WARNING)
    return tidy


def _phone(reader: Reader, country: str) -> str:
    raw = reader.text("phone", limit=60)
    if not raw:
        return ""
    number = normalise_phone(raw, country)
    if number is None:
        reader.note("phone", Fault.INVALID, f"Expected a phone number of {country}, or one with +.", Weight.WARNING)
        return raw
    return number
