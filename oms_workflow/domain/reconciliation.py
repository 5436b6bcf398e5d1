"""Whether the money of an order agrees with what was ordered, with its ledger, and with what the channel says. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Order, PaymentTerms
from oms_workflow.domain.payment import PaymentTotals


class Cause(StrEnum):
    """Why two amounts of one order differ."""

    UNPAID = "unpaid"
    ON_DELIVERY = "on_delivery"
    PROMISED = "promised"
    SHARE_UNTAKEN = "share_untaken"
    PROMISE_LEFT = "promise_left"
    CAPTURE_UNDER_WAY = "capture_under_way"
    REFUND_UNDER_WAY = "refund_under_way"
    REFUND_OWED = "refund_owed"
    ROUNDING = "rounding"
    INSTALMENT_INTEREST = "instalment_interest"
    PAID_LESS = "paid_less"
    PAID_MORE = "paid_more"
    PAID_AT_CHANNEL = "paid_at_channel"
    REFUNDED_AT_CHANNEL = "refunded_at_channel"


SAYS: dict[Cause, str] = {
    Cause.UNPAID: "nothing came yet",
    Cause.ON_DELIVERY: "the carrier collects it",
    Cause.PROMISED: "the bank promised it, nobody took it yet",
    Cause.SHARE_UNTAKEN: "goods left, and their share of the promised money was not taken",
    Cause.PROMISE_LEFT: "more is promised than any goods need, and it was not given up",
    Cause.CAPTURE_UNDER_WAY: "it is being taken",
    Cause.REFUND_UNDER_WAY: "it is being sent back",
    Cause.REFUND_OWED: "pieces were cancelled or taken back, and their money is still here",
    Cause.ROUNDING: "at most a minor unit for each amount that was added up",
    Cause.INSTALMENT_INTEREST: "paid in instalments, and more than the price",
    Cause.PAID_LESS: "a voucher, a discount or a part that the order does not show",
    Cause.PAID_MORE: "a fee, a surcharge or a second payment that the order does not show",
    Cause.PAID_AT_CHANNEL: "the channel tells of payments the ledger does not have",
    Cause.REFUNDED_AT_CHANNEL: "the channel tells of refunds the ledger does not have",
}


class Standing(StrEnum):
    """What the differences of an order ask for."""

    RECONCILED = "reconciled"  # there are none, or all are explained
    WAITS = "waits"  # the order's own process brings the money, or sends it back
    DIFFERS = "differs"  # a person has to look


EXPLAINED = frozenset({Cause.ROUNDING, Cause.INSTALMENT_INTEREST})
"""Differences that stay, and need nobody."""

FOR_A_PERSON = frozenset({Cause.PAID_LESS, Cause.PAID_MORE, Cause.PAID_AT_CHANNEL, Cause.REFUNDED_AT_CHANNEL})
"""Differences no process mends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the channel says about the money of an order; None where it says nothing."""

    paid: Money | None = None
    refunded: Money | None = None
    instalments: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An order with what its books say about money."""

    order: Order
    money: PaymentTotals
    is_cancelled: bool  # as a whole
    entitled: Money  # the price of cancelled and taken-back pieces that was not given back yet
    earned: Money | None = None  # what goods that left are worth, where money is taken by shipment; None: all of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One amount that is not what another one says it should be."""

    cause: Cause
    amount: Money  # above 0: there is more than expected, or it should go back; below 0: there is less


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """An order, reconciled."""

    account: Account
    differences: tuple[Difference, ...]

    @property
    def goods(self) -> Money:
        """What the lines cost, discounts and taxes included."""
        order = self.account.order
        return total((line.amount for line in order.lines), order.currency)

    @property
    def open(self) -> Money:
        """What is still expected from the buyer; below 0 when more came. Nothing is expected for a cancelled order."""
        money = self.account.money
        return Money.zero(money.due.currency) if self.account.is_cancelled else money.due - money.captured

    @property
    def standing(self) -> Standing:
        """What the differences ask for, the most urgent first."""
        causes = {one.cause for one in self.differences}
        if causes & FOR_A_PERSON:
            return Standing.DIFFERS
        return Standing.WAITS if causes - EXPLAINED else Standing.RECONCILED


def reconcile(account: Account, claim: Claim | None = None) -> Reconciled:
    """Compare what was ordered, what the ledger holds, and what the channel says, and give every difference its cause.

    What the channel said once is compared in one direction only: later payments and refunds of our own are none of its
    business, but what it tells of and the ledger lacks is a difference.
    """
    said = claim or Claim()
    money, nothing = account.money, Money.zero(account.order.currency)
    gap = money.captured - money.due
    found: list[tuple[Cause, Money]] = []
    if not account.is_cancelled and gap.is_negative:
        found += _shortages(account, gap)
    elif not account.is_cancelled and not gap.is_zero:
        found.append((_surplus(account, gap, said), gap))
    owed = money.refundable if account.is_cancelled else min(account.entitled, money.refundable)
    found += [
        (Cause.PROMISE_LEFT, max(nothing, money.promised - (nothing if account.is_cancelled else max(nothing, -gap)))),
        (Cause.REFUND_OWED, owed),
        (Cause.REFUND_UNDER_WAY, money.refunding),
        (Cause.PAID_AT_CHANNEL, max(nothing, (said.paid or nothing) - money.captured)),
        (Cause.REFUNDED_AT_CHANNEL, max(nothing, (said.refunded or nothing) - money.refunded - money.refunding)),
    ]
    told = tuple(Difference(cause=cause, amount=amount) for cause, amount in found if not amount.is_zero)
    return Reconciled(account=account, differences=told)


def _shortages(account: Account, gap: Money) -> list[tuple[Cause, Money]]:
    """Part what was not taken although goods left from what waits for goods that are still here."""
    money, nothing = account.money, Money.zero(account.order.currency)
    untaken = nothing
    if account.order.per_shipment and account.earned is not None:
        untaken = max(nothing, account.earned - money.captured - money.capturing)
    found = [(Cause.SHARE_UNTAKEN, -untaken)]
    rest = gap + untaken
    return [*found, (_shortage(account, rest), rest)] if rest.is_negative else found


def _shortage(account: Account, gap: Money) -> Cause:
    money = account.money
    if money.capturing >= -gap:
        return Cause.CAPTURE_UNDER_WAY
    if money.promised + money.capturing >= -gap:
        return Cause.PROMISED
    if _is_rounding(account.order, gap):
        return Cause.ROUNDING
    if account.order.terms is PaymentTerms.ON_DELIVERY:
        return Cause.ON_DELIVERY
    return Cause.UNPAID if money.captured.is_zero else Cause.PAID_LESS


def _surplus(account: Account, gap: Money, said: Claim) -> Cause:
    if _is_rounding(account.order, gap):
        return Cause.ROUNDING
    return Cause.INSTALMENT_INTEREST if said.instalments > 1 else Cause.PAID_MORE


def _is_rounding(order: Order, gap: Money) -> bool:
    """Each line and the freight are rounded once, so so many minor units can be lost or won."""
    return abs(gap.minor_units) <= len(order.lines) + 1 and abs(gap.minor_units) < order.total.minor_units


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What orders of one currency add up to."""

    currency: str
    orders: int
    ordered: Money
    captured: Money
    refunded: Money
    transferred: Money
    held: Money  # captured less refunded and transferred


def sums(found: Iterable[Reconciled]) -> tuple[Sums, ...]:
    """Add orders up, by currency."""
    of: dict[str, list[Reconciled]] = {}
    for one in found:
        of.setdefault(one.account.order.currency, []).append(one)
    return tuple(_sums(currency, of[currency]) for currency in sorted(of))


def _sums(currency: str, found: list[Reconciled]) -> Sums:
    books = [one.account.money for one in found]
    return Sums(
        currency=currency,
        orders=len(found),
        ordered=total((one.due for one in books), currency),
        captured=total((one.captured for one in books), currency),
        refunded=total((one.refunded for one in books), currency),
        transferred=total((one.transferred for one in books), currency),
        held=total((one.balance for one in books), currency),
    )
