"""Amounts of money that never lose a cent. No rounding happens here unless it is asked for by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, InvalidOperation

from oms_workflow.domain.currencies import decimals_of

LARGEST_MINOR = 10**17
"""Amounts stay below this many minor units, so that sums of ten of them still fit a 64-bit integer column."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency, with exactly the decimals ISO 4217 gives that currency.

    >>> Money.of("12.5", "CNY")
    Money(amount=Decimal('12.50'), currency='CNY')
    >>> Money.of("12.50", "CNY") + Money.minor(1, "CNY")
    Money(amount=Decimal('12.51'), currency='CNY')
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        decimals = decimals_of(self.currency)
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise ValueError(f"An amount is a finite Decimal, found {self.amount!r}.")
        try:
            exact = self.amount.quantize(Decimal(1).scaleb(-decimals))
        except InvalidOperation:
            raise ValueError(f"The amount {self.amount!r} is too large.") from None
        if exact != self.amount:
            raise ValueError(f"{self.currency} has {decimals} decimals, found {self.amount}.")
        if abs(exact.scaleb(decimals)) >= LARGEST_MINOR:
            raise ValueError(f"The amount {self.amount} is too large.")
        object.__setattr__(self, "amount", exact + Decimal(0))  # + 0 turns -0.00 into 0.00

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """Give the amount written as text or number.

        Raises:
            ValueError: If it is no number, has more decimals than the currency, or the currency is unknown.
        """
        try:
            return cls(Decimal(amount), currency)
        except InvalidOperation:
            raise ValueError(f"An amount is a decimal number such as '12.50', found {amount!r}.") from None

    @classmethod
    def minor(cls, units: int, currency: str) -> Money:
        """Give the amount written in the smallest unit of the currency: 1250 CNY are 12.50 yuan."""
        return cls(Decimal(units).scaleb(-decimals_of(currency)), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Give nothing, in a currency."""
        return cls(Decimal(0), currency)

    @property
    def minor_units(self) -> int:
        """The amount in the smallest unit of its currency."""
        return int(self.amount.scaleb(decimals_of(self.currency)))

    @property
    def is_zero(self) -> bool:
        """True when there is nothing."""
        return self.amount == 0

    @property
    def is_negative(self) -> bool:
        """True when something is owed."""
        return self.amount < 0

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.amount * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def share(self, part: int, of: int) -> Money:
        """Give `part` of `of` equal pieces, rounded down to the minor unit (towards minus infinity).

        Raises:
            ValueError: If `of` is not positive, or `part` is not within it.
        """
        if of <= 0 or not 0 <= part <= of:
            raise ValueError(f"A share is between 0 and all of {of} pieces, found {part}.")
        exact = Decimal(self.minor_units * part) / Decimal(of)
        return Money.minor(int(exact.to_integral_value(ROUND_FLOOR)), self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"Expected an amount in {self.currency}, found {other.currency}.")
        return other.amount


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Add up amounts of one currency; nothing gives zero."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result


def allocate(whole: Money, weights: Sequence[int]) -> tuple[Money, ...]:
    """Share an amount out by weights so that the parts add up to it exactly.

    Each part gets its share rounded towards zero; what is left goes, one minor unit each, to the largest remainders,
    the earlier part first when they are equal (largest remainder method). If all weights are 0, all parts are equal.

    >>> [str(part.amount) for part in allocate(Money.of("10.00", "CNY"), [1, 1, 1])]
    ['3.34', '3.33', '3.33']

    Raises:
        ValueError: If there are no weights, or one is negative.
    """
    if not weights or min(weights) < 0:
        raise ValueError(f"Weights are one or more numbers of at least 0, found {list(weights)!r}.")
    if not any(weights):
        weights = [1] * len(weights)
    units, sign = abs(whole.minor_units), -1 if whole.is_negative else 1
    divisor = sum(weights)
    parts = [units * weight // divisor for weight in weights]
    remainders = [units * weight % divisor for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in by_remainder[: units - sum(parts)]:
        parts[index] += 1
    return tuple(Money.minor(sign * part, whole.currency) for part in parts)
