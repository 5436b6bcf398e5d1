"""Phone numbers in one spelling. Calls nobody."""

from __future__ import annotations

import phonenumbers


def normalise_phone(text: str, country: str) -> str | None:
    """Give the number in E.164, or None when it is no possible number of the country.

    Args:
        country: ISO 3166-1 alpha-2, for numbers written without their country code.

    >>> normalise_phone("138 0013 8000", "CN")
    '+8613800138000'
    """
    try:
        number = phonenumbers.parse(text, country.upper() or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
