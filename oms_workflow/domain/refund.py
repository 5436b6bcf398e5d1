"""How much money goes back for pieces: rounded down for a part, and never more than the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oms_workflow.domain.money import Money, allocate, total
from oms_workflow.domain.order import Line, Order
from oms_workflow.domain.refusals import Refusal, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was given back for a line already, in money or in goods; refunds under way count."""

    pieces: int
    amount: Money  # in all
    difference: Money | None = None  # part of it that was given for no piece, because the price fell; None means 0

    def and_more(self, pieces: int, amount: Money) -> Settled:
        """Give what is settled after another settlement; without pieces it is a price difference."""
        lowered = self.difference or Money.zero(amount.currency)
        return Settled(
            pieces=self.pieces + pieces,
            amount=self.amount + amount,
            difference=lowered if pieces else lowered + amount,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRefund:
    """Money for pieces of one line. `pieces` is 0 for a price difference."""

    line_id: str
    pieces: int
    amount: Money


def line_refund(line: Line, pieces: int, before: Settled) -> LineRefund:
    """Give the refund for pieces of a line, from what the buyer paid for the line.

    A part is rounded down to the minor unit; the last pieces get what is left, so that all pieces together give
    exactly what was paid and never a cent more (woocommerce#64668). A price difference that was given back lowers the
    price of every piece: who got 30 back for 2 pieces of 100 gets 85 for one that comes back.

    Raises:
        OrderRefused: QUANTITY_EXCEEDED, when fewer pieces are left to refund.
    """
    left = line.ordered - before.pieces
    if pieces > left:
        raise refuse(
            Refusal.QUANTITY_EXCEEDED,
            f"Cannot refund {pieces} of line {line.id!r}: {before.pieces} of {line.ordered} are refunded already. "
            f"Ask for at most {left}.",
        )
    rest = line.amount - before.amount
    price = line.amount - (before.difference or Money.zero(rest.currency))
    amount = rest if pieces == left else min(price.share(pieces, line.ordered), rest)
    return LineRefund(line_id=line.id, pieces=pieces, amount=amount)


def price_difference(
    order: Order, line_ids: Sequence[str], wanted: Money, before: Mapping[str, Settled]
) -> tuple[LineRefund, ...]:
    """Share a price difference among the lines whose price fell, by what is left of each, to the cent.

    Raises:
        OrderRefused: AMOUNT_EXCEEDED, when more is asked for than was paid for them and is not given back yet.
    """
    names = list(dict.fromkeys(line_ids))
    nothing = Money.zero(order.currency)
    rests = [order.line(name).amount - (before[name].amount if name in before else nothing) for name in names]
    rest = total(rests, order.currency)
    if wanted > rest:
        raise refuse(
            Refusal.AMOUNT_EXCEEDED,
            f"Cannot give {wanted} back as a price difference: {rest} of what was paid for these lines is left. "
            f"Ask for at most that much.",
        )
    shared = allocate(wanted, [one.minor_units for one in rests])
    return tuple(
        LineRefund(line_id=name, pieces=0, amount=amount)
        for name, amount in zip(names, shared, strict=True)
        if not amount.is_zero
    )


def goods_refund(
    order: Order, pieces: Mapping[str, int], entitled: Mapping[str, int], before: Mapping[str, Settled]
) -> tuple[LineRefund, ...]:
    """Give the refund for pieces of several lines.

    Args:
        pieces: Line id -> pieces to refund now.
        entitled: Line id -> pieces that may be refunded in all: received and accepted ones, cancelled ones, or pieces
            the buyer may keep.
        before: Line id -> what was refunded already.

    Raises:
        OrderRefused: QUANTITY_EXCEEDED, when pieces are not entitled (spree PR 14678: 2 received, 3 paid).
    """
    refunds = []
    for line_id, quantity in pieces.items():
        line = order.line(line_id)
        done = before.get(line_id) or Settled(pieces=0, amount=Money.zero(order.currency))
        allowed = entitled.get(line_id, 0)
        if quantity < 1 or done.pieces + quantity > allowed:
            raise refuse(
                Refusal.QUANTITY_EXCEEDED,
                f"Cannot refund {quantity} of line {line_id!r}: {allowed} are entitled to a refund and {done.pieces} "
                f"are refunded already. Wait until the goods are received and accepted.",
            )
        refunds.append(line_refund(line, quantity, done))
    return tuple(refunds)


def refund_total(refunds: Sequence[LineRefund], currency: str) -> Money:
    """Add up refunds."""
    return total((one.amount for one in refunds), currency)
