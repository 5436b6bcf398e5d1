"""One way to write an address, so that the same place is found to be the same. Checks no street directory."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import replace

from oms_workflow.domain.customer import Address
from oms_workflow.domain.regions_cn import BY_NAME, MUNICIPALITIES

_BLANKS = re.compile(r"\s+")
_NOISE = r"[\s,.;:#/\\|_'\"()\[\]{}<>·、。，；：（）【】《》“”‘’-]+"
_BETWEEN_DIGITS = re.compile(rf"(?<=\d){_NOISE}(?=\d)")  # 1-23 and 12-3 are two doors
_ELSEWHERE = re.compile(rf"(?<!\d){_NOISE}|{_NOISE}(?!\d)")
_NOT_A_CITY = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
"""Placeholders that GB/T 2260 puts where a district stands directly under a province."""


def normalise(address: Address) -> Address:
    """Give the address in one spelling: full-width letters narrowed, blanks collapsed, provinces by their full names.

    For China (`CN`): a missing or placeholder city is filled from the province (municipalities) or the district
    (counties under a province, the trap named by Taobao), and province, city and district are taken out of the
    beginning of the street when they are repeated there. For all other countries spelling alone is tidied.
    """
    tidy = Address(
        country=_text(address.country).upper(),
        region=_text(address.region),
        city=_text(address.city),
        district=_text(address.district),
        street=_text(address.street),
        postal_code=_text(address.postal_code).upper().replace(" ", ""),
    )
    return _chinese(tidy) if tidy.country == "CN" else tidy


def region_name(country: str, region: str) -> str:
    """Give a region as rules and destinations name it: a province of China by its full name, however it is written."""
    tidy = _text(region)
    return BY_NAME.get(tidy.casefold(), tidy) if country == "CN" else tidy


def canonical(address: Address) -> str:
    """Give the text two addresses share exactly if they are the same place as far as spelling tells."""
    tidy = normalise(address)
    if tidy.country == "CN":  # postal codes are optional there and often wrong
        tidy = replace(tidy, postal_code="")
    parts = (tidy.country, tidy.region, tidy.city, tidy.district, tidy.street, tidy.postal_code)
    return "|".join(_plain(part) for part in parts)


def keyed_digest(text: str, key: bytes) -> str:
    """Give 32 hex digits that are equal for equal texts and tell nothing about them without the key; '' for ''.

    Raises:
        ValueError: If the key is shorter than 16 bytes: a digest of a phone number is guessed in seconds without one.
    """
    if len(key) < 16:
        raise ValueError("The key of the customer vault needs at least 16 bytes.")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32] if text else ""


def _text(text: str) -> str:
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def _plain(text: str) -> str:
    """Fold case, accents and punctuation: `São Paulo` and `sao paulo` are one city."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _ELSEWHERE.sub("", _BETWEEN_DIGITS.sub("~", bare))


def _chinese(address: Address) -> Address:
    region = BY_NAME.get(address.region.casefold(), address.region)
    city = "" if address.city in _NOT_A_CITY else address.city
    district = "" if address.district in _NOT_A_CITY else address.district
    city = BY_NAME.get(city, city) if BY_NAME.get(city) in MUNICIPALITIES else city
    if not region and city in MUNICIPALITIES:
        region = city
    if region in MUNICIPALITIES and (not city or city == region):
        city = region
    if not city and district:
        city = district
    street = address.street.replace(" ", "")
    for prefix in (region, _without_ending(region), city, district):
        if len(prefix) > 1 and street.startswith(prefix) and len(street) > len(prefix):
            street = street.removeprefix(prefix)
    return replace(address, region=region, city=city, district=district, street=street)


def _without_ending(region: str) -> str:
    return region.removesuffix("省") if region.endswith("省") else ""
