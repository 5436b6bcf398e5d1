"""Signs that a text was decoded wrongly on its way. Repairs nothing: what was meant is for a person to say."""

from __future__ import annotations

import re
import unicodedata

_REPLACED = re.compile("\N{REPLACEMENT CHARACTER}|锟斤拷|烫烫烫|\\?{4,}")
"""What decoders put in place of bytes they could not read, also twice over (锟斤拷 is U+FFFD in UTF-8 read as GBK)."""

_UTF8_AS_LATIN = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
"""A lead byte of UTF-8 followed by a continuation byte, both read as Latin-1 or Windows-1252: `Ã©` for é."""

_ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}|&#x?[0-9a-fA-F]+;|&(amp|lt|gt|quot|nbsp);|%[0-9A-F]{2}%[0-9A-F]{2}")
"""Escapes that nobody resolved: JSON, HTML or URL."""


def damage(text: str) -> str:
    """Say what is wrong with how a text was decoded, in a few words; '' when it looks sound."""
    if _REPLACED.search(text):
        return "has characters that were lost in decoding"
    if _UTF8_AS_LATIN.search(text):
        return "is UTF-8 that was read as Latin-1"
    if _ESCAPED.search(text):
        return "has escapes that were not resolved"
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Co") and letter not in "\t\n\r" for letter in text):
        return "has control characters"
    return ""
