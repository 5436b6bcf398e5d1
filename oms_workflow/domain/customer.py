"""Who the buyer is. Values of this module are personal data: they live in the customer vault and nowhere else.

Their `repr` shows nothing, so that an error message, a log line or a failure of an activity cannot carry them along.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where somebody lives, as written or as normalised by `address.normalise`."""

    country: str  # ISO 3166-1 alpha-2
    region: str = ""  # province or state
    city: str = ""
    district: str = field(default="", repr=False)
    street: str = field(default="", repr=False)
    postal_code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who receives a parcel, and how to reach them."""

    name: str = field(repr=False)
    address: Address
    phone: str = field(default="", repr=False)  # E.164, or as given when it is no valid number; '' when unknown
    email: str = field(default="", repr=False)
    language: str = ""  # BCP 47, e.g. 'zh-CN'; '' when unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRecord:
    """What the rest of the house may know of a contact: a reference, and keyed digests that tell nothing alone."""

    customer_ref: str
    buyer_key: str  # '' when the channel gave no buyer id
    address_digest: str
    phone_digest: str  # '' without a phone number
    country: str
    region: str
    city: str
