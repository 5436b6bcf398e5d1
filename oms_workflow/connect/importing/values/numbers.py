"""Numbers as people write them. Never guesses: `1.234` is one thing or the other because the mapping says so."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

LONGEST = 40  # characters; the largest amount of any currency has 18 digits


class NotANumber(Exception):
    """The text is no number in this format; the message says why without repeating it."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """Signs of a way to write numbers."""

    decimal: str = "."
    thousands: str = ""
    symbols: tuple[str, ...] = ()

    def read(self, text: str) -> Decimal:
        """Give the number.

        >>> NumberFormat(",", ".", ("R$",)).read("R$ 1.234,50")
        Decimal('1234.50')

        Raises:
            NotANumber: If the text is none in this format.
        """
        plain = unicodedata.normalize("NFKC", text) if not text.isascii() else text
        for symbol in self.symbols:
            plain = plain.replace(unicodedata.normalize("NFKC", symbol), "")
        plain = plain.strip().replace("\N{MINUS SIGN}", "-")
        if len(plain) > LONGEST:
            raise NotANumber(f"expected a number of at most {LONGEST} characters")
        if not _pattern(self.decimal, self.thousands).fullmatch(plain):
            raise NotANumber(f"expected a number such as {self.example}")
        if self.thousands:
            plain = plain.replace(self.thousands, "")
        return Decimal(plain.replace(self.decimal, "."))

    @property
    def example(self) -> str:
        """A number in this format."""
        return f"1{self.thousands}234{self.decimal}50"


@lru_cache(maxsize=64)
def _pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    point, comma = re.escape(decimal), re.escape(thousands)
    grouped = rf"[0-9]{{1,3}}(?:{comma}[0-9]{{3}})+|" if thousands else ""
    return re.compile(rf"[+-]?\s?(?:(?:{grouped}[0-9]+)(?:{point}[0-9]*)?|{point}[0-9]+)")


_YES_WORDS, _NO_WORDS = "1 true t yes y on 是 x sim si oui ja", "0 false f no n off 否 não nao non nein"
_YES, _NO = frozenset(_YES_WORDS.split()), frozenset(_NO_WORDS.split())


def read_flag(text: str) -> bool | None:
    """Give what a yes or no says; None when it is neither."""
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None
