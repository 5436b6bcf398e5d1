"""Numeric functions (DMN 1.5, 10.3.4.5)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DecimalException,
)

from oms_workflow.feel import numbers
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.signature import builtin
from oms_workflow.feel.values import Value, YearsMonths


def _rounding(name: str, mode: str, direction: str, *, scale_optional: bool = False) -> None:
    """Add a rounding function; a scale with a fraction is cut to a whole number, as `decimal(1/3, 2.5)` shows."""

    def with_scale(budget: Budget, number: Decimal, scale: Decimal) -> Value:
        if not numbers.MIN_SCALE <= scale <= numbers.MAX_SCALE:
            return budget.null("{}: the scale must lie between -6111 and 6176", name)
        found = numbers.rescale(number, int(scale), mode)
        return found if found is not None else budget.null("{}: there is no such number", name)

    with_scale.__doc__ = f"Round to that many digits behind the point, {direction}."
    builtin(f"{name}(n: number, scale: number)")(with_scale)
    if scale_optional:
        builtin(f"{name}(n: number)")(
            lambda budget, number: with_scale(budget, number, numbers.ZERO)
        )  # to a whole number


_rounding("decimal", ROUND_HALF_EVEN, "halves to the even digit")
_rounding("floor", ROUND_FLOOR, "towards less", scale_optional=True)
_rounding("ceiling", ROUND_CEILING, "towards more", scale_optional=True)
_rounding("round up", ROUND_UP, "away from zero")
_rounding("round down", ROUND_DOWN, "towards zero")
_rounding("round half up", ROUND_HALF_UP, "halves away from zero")
_rounding("round half down", ROUND_HALF_DOWN, "halves towards zero")


@builtin("abs(n: number | duration)")
def absolute(budget: Budget, value: Value) -> Value:
    """Give a number or duration without its sign."""
    if isinstance(value, Decimal):
        return value.copy_abs()
    return YearsMonths(abs(value.months)) if isinstance(value, YearsMonths) else abs(value)


@builtin("modulo(dividend: number, divisor: number)")
def modulo(budget: Budget, dividend: Decimal, divisor: Decimal) -> Value:
    """Give the rest of a division, with the sign of the divisor."""
    found = numbers.modulo(dividend, divisor)
    return found if found is not None else budget.null("modulo: divided by zero, or the quotient is too large")


@builtin("sqrt(number: number)")
def square_root(budget: Budget, number: Decimal) -> Value:
    """Give the square root."""
    return numbers.CONTEXT.sqrt(number) if number >= 0 else budget.null("sqrt: the number is negative")


@builtin("log(number: number)")
def logarithm(budget: Budget, number: Decimal) -> Value:
    """Give the natural logarithm."""
    return numbers.CONTEXT.ln(number) if number > 0 else budget.null("log: the number is not positive")


@builtin("exp(number: number)")
def exponential(budget: Budget, number: Decimal) -> Value:
    """Give e to the power of the number."""
    try:
        return numbers.CONTEXT.exp(number)
    except DecimalException:
        return budget.null("exp: the answer is larger than FEEL numbers go")


@builtin("odd(number: number)")
def odd(budget: Budget, number: Decimal) -> Value:
    """Say whether a whole number is odd."""
    return _remainder_of_two(budget, "odd", number, 1)


@builtin("even(number: number)")
def even(budget: Budget, number: Decimal) -> Value:
    """Say whether a whole number is even."""
    return _remainder_of_two(budget, "even", number, 0)


def _remainder_of_two(budget: Budget, name: str, number: Decimal, wanted: int) -> Value:
    if not numbers.is_integer(number):
        return budget.null("{}: the number has a fraction", name)
    if number.adjusted() >= numbers.CONTEXT.prec:
        return wanted == 0  # its last digit lies far before the point
    return int(number) % 2 == wanted
