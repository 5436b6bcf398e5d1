"""FEEL numbers: IEEE 754-2008 decimal128 arithmetic (DMN 1.5, 10.3.2.3.1), apart from the thread's decimal context.

Every function gives None where FEEL says null: division by zero, overflow, scale out of range.
"""

from __future__ import annotations

import re
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
ZERO = Decimal(0)
ONE = Decimal(1)
MIN_SCALE, MAX_SCALE = -6111, 6176  # DMN 1.5, table 76, footnote 1
MAX_EXPONENT = 999_999_999  # DMN 1.5, table 60: range of the right side of **
LITERAL = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")


def parse_number(text: str) -> Decimal | None:
    """Give the number a numeric literal stands for; None when the text is none or the number is too large."""
    if not LITERAL.fullmatch(text):
        return None
    return rounded(Decimal(text))


def rounded(number: Decimal) -> Decimal | None:
    """Give the number with at most 34 digits; None when it is too large, infinite or no number."""
    try:
        result = CONTEXT.plus(number)
    except DecimalException:
        return None
    return result if result.is_finite() else None


def add(left: Decimal, right: Decimal) -> Decimal | None:
    """Give the sum."""
    try:
        return CONTEXT.add(left, right)
    except DecimalException:
        return None


def subtract(left: Decimal, right: Decimal) -> Decimal | None:
    """Give the difference."""
    try:
        return CONTEXT.subtract(left, right)
    except DecimalException:
        return None


def multiply(left: Decimal, right: Decimal) -> Decimal | None:
    """Give the product."""
    try:
        return CONTEXT.multiply(left, right)
    except DecimalException:
        return None


def divide(left: Decimal, right: Decimal) -> Decimal | None:
    """Give the quotient; None when divided by zero."""
    try:
        return CONTEXT.divide(left, right)
    except DecimalException:
        return None


def power(base: Decimal, exponent: Decimal) -> Decimal | None:
    """Give `base` to the power of `exponent`, which may be a fraction; None outside the real numbers."""
    if exponent.copy_abs() > MAX_EXPONENT:
        return None
    if not exponent:
        return ONE  # also 0 ** 0, as everywhere in practice
    try:
        return CONTEXT.power(base, exponent)
    except DecimalException:
        return None


def rescale(number: Decimal, scale: int, rounding: str) -> Decimal | None:
    """Give the number with `scale` digits after the point, fewer when 34 digits do not allow more.

    Args:
        rounding: One of the `ROUND_...` names of `decimal`.
    """
    if not MIN_SCALE <= scale <= MAX_SCALE:
        return None
    if places(number) <= scale and number.adjusted() + 1 + scale > CONTEXT.prec:
        return number  # padding with zeros changes nothing but the number of digits, and there is no room for them
    try:
        return number.quantize(Decimal((0, (1,), -scale)), rounding=rounding, context=CONTEXT)
    except DecimalException:
        return None


def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """Give the rest of a division, with the sign of the divisor (DMN 1.5, table 76)."""
    try:
        rest = CONTEXT.remainder(dividend, divisor)
        if rest and (rest < 0) != (divisor < 0):
            rest = CONTEXT.add(rest, divisor)
    except DecimalException:
        return None
    return rest


def places(number: Decimal) -> int:
    """Count the digits after the point; negative when the last digits before it are not significant."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "FEEL numbers are finite"
    return -exponent


def is_integer(number: Decimal) -> bool:
    """Say whether the number has no fraction; `1.0` has none."""
    return number == number.to_integral_value()


def to_integer(number: Decimal) -> int | None:
    """Give the whole number; None when there is a fraction or it has more digits than any position or count needs."""
    if number.adjusted() > CONTEXT.prec or not is_integer(number):
        return None
    return int(number)


def format_number(number: Decimal) -> str:
    """Write the number without exponent, all digits kept; zero has no sign."""
    return format(number if number else number.copy_abs(), "f")
