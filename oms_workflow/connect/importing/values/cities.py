"""City fields that hold more than a city. Mends what can be mended in one way only; knows no list of cities."""

from __future__ import annotations

import re
from typing import NamedTuple

from oms_workflow.connect.importing.values.cleaning import collapse_blanks, fold

_PARTS = re.compile(r"\s*[,/\\|;]\s*|\s+[-–]\s+|[-–](?=[A-Za-z]{2}$)")
_BRACKETS = re.compile(r"\s*\([^)]*\)\s*$")
_COUNTRIES = frozenset(
    ("brasil", "brazil", "br", "china", "中国", "cn", "deutschland", "germany", "de", "france", "fr", "portugal", "pt",
     "usa", "us")
)  # fmt: skip


class City(NamedTuple):
    """A city, as far as it can be told."""

    name: str  # '' when there is none to be told
    why: str = ""  # what was wrong; '' when nothing was
    mended: bool = False


def read_city(text: str, region: str) -> City:
    """Give the city in a text.

    >>> read_city("sao paulo - sp", "SP").name
    'sao paulo'
    >>> read_city("santo andre/sao paulo", "SP").mended
    False

    Args:
        region: State or province as the row has it, in short or long form; '' when there is none.
    """
    plain = collapse_blanks(text)
    if "@" in plain:
        return City("", "it holds an e-mail address")  # personal data, and no city: kept nowhere
    if plain and not any(sign.isalpha() for sign in plain):
        return City("", "it holds no letters")
    parts = [part for part in _PARTS.split(plain) if part]
    if len(parts) > 1:
        return _of_parts(plain, parts, region)
    if _BRACKETS.search(plain):
        return City(plain, "it holds a second name in brackets")
    return City(plain)


def _of_parts(plain: str, parts: list[str], region: str) -> City:
    """Drop what repeats the region, the country or the city itself; two cities cannot be told apart."""
    first, *others = parts
    known = {fold(region), fold(first), *_COUNTRIES} - {""}
    if all(fold(other) in known for other in others):
        return City(first, "it repeats the state, the country or itself", mended=True)
    return City(plain, "it holds a second name")
