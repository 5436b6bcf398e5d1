"""Reading the sums of an incoming order, which rarely add up: vouchers, cents, and columns that are net of refunds."""

from __future__ import annotations

from dataclasses import dataclass

from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Line
from oms_workflow.domain.problem import Fault, Weight
from oms_workflow.domain.raw_fields import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The sums of an order."""

    freight: Money
    adjustment: Money
    paid: Money | None  # gross, what was refunded included; None when the channel does not say


def read_amounts(reader: Reader, lines: tuple[Line, ...], currency: str) -> Amounts:
    """Give freight, adjustment and what was paid.

    A `total` that differs from lines and freight is believed when no `adjustment` is told: the buyer owes the total,
    and the difference is kept as adjustment. What was paid may be told net of what was refunded (`refunded`), and is
    compared with both taken together.
    """
    nothing = Money.zero(currency)
    freight = reader.money("freight", currency) or nothing
    adjustment = reader.money("adjustment", currency, signed=True)
    owed = reader.money("total", currency)
    goods = total((line.amount for line in lines), currency) + freight
    if owed is not None and adjustment is None and owed != goods:
        said = f"The total differs from lines and freight by {owed - goods}; kept as adjustment."
        reader.note("total", Fault.CONTRADICTORY, said, Weight.WARNING)
        adjustment = owed - goods
    elif owed is not None and adjustment is not None and owed != goods + adjustment:
        said = f"Lines, freight and adjustment give {goods + adjustment}, not the total."
        reader.note("total", Fault.CONTRADICTORY, said, Weight.WARNING)
    due = goods + (adjustment or nothing)
    if due.is_negative:
        reader.note("adjustment", Fault.CONTRADICTORY, "The adjustment is larger than the order.")
    paid = _paid(reader, currency, due)
    return Amounts(freight=freight, adjustment=adjustment or nothing, paid=paid)


def _paid(reader: Reader, currency: str, due: Money) -> Money | None:
    paid = reader.money("paid", currency)
    refunded = reader.money("refunded", currency)
    if paid is None:
        return None
    gross = paid + refunded if refunded is not None and paid < due else paid
    if not gross.is_zero and gross != due:
        said = f"Paid and due differ by {gross - due}. Look for a voucher, a second payment or a deposit."
        reader.note("paid", Fault.CONTRADICTORY, said, Weight.WARNING)
    if refunded is not None and refunded > gross:
        reader.note("refunded", Fault.CONTRADICTORY, "More was refunded than was ever paid.", Weight.WARNING)
    return gross
