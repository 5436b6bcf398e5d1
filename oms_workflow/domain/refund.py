"""How much money goes back for pieces: rounded down for a part, and never more than the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Line, Order
from oms_workflow.domain.refusals import Refusal, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was given back for a line already, in money or in goods; refunds under way count."""

    pieces: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRefund:
    """Money for pieces of one line. `pieces` is 0 for a price difference."""

    line_id: str
    pieces: int
    amount: Money


def line_refund(line: Line, pieces: int, before: Settled) -> LineRefund:
    """Give the refund for pieces of a line, from what the buyer paid for the line.

    A part is rounded down to the minor unit; the last pieces get what is left, so that all pieces together give
    exactly what was paid and never a cent more (woocommerce#64668).

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
    amount = rest if pieces == left else min(line.amount.share(pieces, line.ordered), rest)
    return LineRefund(line_id=line.id, pieces=pieces, amount=amount)


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
