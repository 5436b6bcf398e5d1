"""Money: exact, in one currency, shared out without a cent lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.currencies import DECIMALS
from oms_workflow.domain.money import LARGEST_MINOR, Money, allocate, total

UNITS = st.integers(min_value=-(10**12), max_value=10**12)
WEIGHTS = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=12)


@given(units=UNITS, weights=WEIGHTS)
def test_shares_add_up_to_the_whole(units: int, weights: list[int]) -> None:
    """Freight and discount are split among parcels; a lost cent is a reconciliation case."""
    whole = Money.minor(units, "CNY")
    assert total(allocate(whole, weights), "CNY") == whole


@given(units=UNITS, weights=WEIGHTS)
def test_a_share_is_at_most_one_unit_off_its_exact_value(units: int, weights: list[int]) -> None:
    """Largest remainder keeps every part within one minor unit of fairness."""
    used = weights if any(weights) else [1] * len(weights)
    for part, weight in zip(allocate(Money.minor(units, "CNY"), weights), used, strict=True):
        assert abs(part.minor_units - Decimal(units) * weight / sum(used)) < 1


@given(units=st.integers(min_value=0, max_value=10**9), weights=WEIGHTS)
def test_what_weighs_nothing_gets_nothing(units: int, weights: list[int]) -> None:
    """A part without pieces must not carry freight."""
    if any(weights):
        parts = allocate(Money.minor(units, "CNY"), weights)
        assert all(part.is_zero for part, weight in zip(parts, weights, strict=True) if not weight)


def test_equal_remainders_go_to_the_earlier_part() -> None:
    """The same question gives the same answer on every machine."""
    parts = allocate(Money.of("0.05", "CNY"), [1, 1, 1])
    assert [str(part.amount) for part in parts] == ["0.02", "0.02", "0.01"]


@given(units=UNITS, currency=st.sampled_from(sorted(DECIMALS)))
def test_minor_units_go_there_and_back(units: int, currency: str) -> None:
    """Amounts are stored as whole minor units: 0, 2, 3 or 4 decimals alike."""
    assert Money.minor(units, currency).minor_units == units


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("1.005", "CNY", "2 decimals"),
        ("1.5", "JPY", "0 decimals"),
        ("NaN", "CNY", "finite"),
        ("Infinity", "CNY", "finite"),
        ("abc", "CNY", "decimal number"),
        ("1", "XXQ", "ISO 4217"),
        ("1e40", "CNY", "too large"),
        (str(LARGEST_MINOR), "JPY", "too large"),
    ],
)
def test_what_is_no_amount_is_refused(amount: str, currency: str, said: str) -> None:
    """A wrong amount stops where it comes in, not in a sum."""
    with pytest.raises(ValueError, match=said):
        Money.of(amount, currency)


def test_currencies_never_mix() -> None:
    """1 USD + 1 CNY has no answer."""
    with pytest.raises(ValueError, match="Expected an amount in CNY, found USD"):
        Money.of(1, "CNY") + Money.of(1, "USD")


def test_equal_amounts_are_equal_however_written() -> None:
    """`12.5`, `12.50` and `-0` come from channels."""
    assert Money.of("12.5", "CNY") == Money.of("12.5000", "CNY")
    assert str(Money.of("-0.00", "CNY")) == "0.00 CNY"


@given(units=st.integers(min_value=0, max_value=10**9), of=st.integers(min_value=1, max_value=50), data=st.data())
def test_a_share_is_rounded_down(units: int, of: int, data: st.DataObject) -> None:
    """Partial refunds never exceed their exact value."""
    part = data.draw(st.integers(min_value=0, max_value=of))
    assert Money.minor(units, "CNY").share(part, of).minor_units == units * part // of
