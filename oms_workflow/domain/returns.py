"""Returns: what is to come back, what came back, and what was found. Reception and acceptance are two axes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from oms_workflow.domain.line_ledger import Place
from oms_workflow.domain.refusals import Refusal, refuse


class ReturnType(StrEnum):
    """What the buyer gets and what has to happen first (types 1, 2, 3, 4 and 6 of 旺店通)."""

    REFUND_BEFORE_SHIPPING = "refund_before_shipping"  # money for pieces that never left
    RETURN = "return"  # money for pieces that came back
    EXCHANGE = "exchange"  # goods for pieces that came back
    REFUND_WITHOUT_RETURN = "refund_without_return"  # money for pieces the buyer keeps, or that were lost
    PRICE_PROTECTION = "price_protection"  # the difference to a lower price; no pieces at all


NEEDS_GOODS = frozenset({ReturnType.RETURN, ReturnType.EXCHANGE})
"""Types for which pieces have to come back before they are settled."""


class Reception(StrEnum):
    """What became of pieces on their way back (the names are Solidus's)."""

    AWAITING = "awaiting"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    LOST_IN_TRANSIT = "lost_in_transit"
    SHIPPED_WRONG_ITEM = "shipped_wrong_item"  # something else was in the parcel
    SHORT_SHIPPED = "short_shipped"  # fewer pieces were in the parcel
    GIVEN_TO_CUSTOMER = "given_to_customer"  # the buyer may keep them
    EXPIRED = "expired"  # nothing came in time
    CANCELLED = "cancelled"


_ON_THE_WAY_OUT = frozenset(
    {
        Reception.RECEIVED,
        Reception.LOST_IN_TRANSIT,
        Reception.SHIPPED_WRONG_ITEM,
        Reception.SHORT_SHIPPED,
        Reception.GIVEN_TO_CUSTOMER,
        Reception.EXPIRED,
        Reception.CANCELLED,
    }
)

RECEPTION_MOVES: dict[Reception, frozenset[Reception]] = {
    Reception.AWAITING: _ON_THE_WAY_OUT | {Reception.IN_TRANSIT},
    Reception.IN_TRANSIT: _ON_THE_WAY_OUT - {Reception.CANCELLED},
    Reception.RECEIVED: frozenset(),
    Reception.LOST_IN_TRANSIT: frozenset({Reception.RECEIVED}),  # it turned up
    Reception.SHIPPED_WRONG_ITEM: frozenset({Reception.RECEIVED}),  # the right one followed
    Reception.SHORT_SHIPPED: frozenset({Reception.RECEIVED}),  # the missing pieces followed
    Reception.GIVEN_TO_CUSTOMER: frozenset(),
    Reception.EXPIRED: frozenset({Reception.RECEIVED}),  # it came after all; the shop may accept it
    Reception.CANCELLED: frozenset(),
}


class Acceptance(StrEnum):
    """What the shop says about pieces (the names are Solidus's)."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    MANUAL_INTERVENTION_REQUIRED = "manual_intervention_required"


ACCEPTANCE_MOVES: dict[Acceptance, frozenset[Acceptance]] = {
    Acceptance.PENDING: frozenset({Acceptance.ACCEPTED, Acceptance.REJECTED, Acceptance.MANUAL_INTERVENTION_REQUIRED}),
    Acceptance.MANUAL_INTERVENTION_REQUIRED: frozenset({Acceptance.ACCEPTED, Acceptance.REJECTED}),
    Acceptance.ACCEPTED: frozenset(),
    Acceptance.REJECTED: frozenset({Acceptance.ACCEPTED}),  # goodwill; never the reverse, the buyer was told yes
}


class Condition(StrEnum):
    """What state received pieces are in."""

    SELLABLE = "sellable"  # goes back on the shelf
    DAMAGED = "damaged"  # does not


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRequestLine:
    """Pieces of a line the buyer wants to give back; 0 pieces for price protection."""

    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnItem:
    """Pieces of one line that share their state on both axes; it is divided when only some of them come back."""

    id: str
    line_id: str
    quantity: int
    place: Place | None = None  # where the pieces were when it was announced; None when no pieces are meant
    reception: Reception = Reception.AWAITING
    acceptance: Acceptance = Acceptance.PENDING
    condition: Condition | None = None  # None until received
    warehouse: str = ""  # where it was received
    note: str = ""  # what was found; no personal data


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """One request of a buyer about goods of one order."""

    id: str
    order_id: str
    type: ReturnType
    reason: str
    items: tuple[ReturnItem, ...]
    opened_at: datetime  # UTC
    cancelled_at: datetime | None = None
    exchange_order: str = ""  # id of the order with the new goods

    @property
    def received(self) -> int:
        """Pieces that came back."""
        return sum(item.quantity for item in self.items if item.reception is Reception.RECEIVED)

    @property
    def is_settled_by_people(self) -> bool:
        """True when every item has a final word: nothing is on its way and nothing waits for a judgement."""
        return self.cancelled_at is not None or all(is_decided(self.type, item) for item in self.items)


def is_decided(kind: ReturnType, item: ReturnItem) -> bool:
    """Say whether an item has its final word."""
    if item.reception is Reception.CANCELLED:
        return True
    judged = item.acceptance in (Acceptance.ACCEPTED, Acceptance.REJECTED)
    if kind not in NEEDS_GOODS:
        return judged
    on_its_way = item.reception in (Reception.AWAITING, Reception.IN_TRANSIT)
    return not on_its_way and (judged or item.reception is not Reception.RECEIVED)


def entitled_pieces(returned: Iterable[tuple[ReturnType, ReturnItem]], cancelled: Mapping[str, int]) -> dict[str, int]:
    """Count, by line, the pieces that may be settled in all: cancelled ones, and accepted ones of returns.

    Where goods must come back, only RECEIVED pieces count, not announced ones (invariant 4). A refund before shipping
    adds nothing, because its pieces are cancelled ones already.
    """
    counts = {line_id: quantity for line_id, quantity in cancelled.items() if quantity}
    for kind, item in returned:
        if kind is not ReturnType.REFUND_BEFORE_SHIPPING and is_entitled(kind, item):
            counts[item.line_id] = counts.get(item.line_id, 0) + item.quantity
    return counts


def is_entitled(kind: ReturnType, item: ReturnItem) -> bool:
    """Say whether the pieces of an item may be settled: accepted, and received where they must come back."""
    if item.acceptance is not Acceptance.ACCEPTED:
        return False
    return item.reception is Reception.RECEIVED if kind in NEEDS_GOODS else item.reception is not Reception.CANCELLED


def is_claim(item: ReturnItem) -> bool:
    """Say whether an item still keeps its pieces from being announced or sent again."""
    if item.reception in (Reception.CANCELLED, Reception.EXPIRED):
        return False
    return item.reception is Reception.RECEIVED or item.acceptance is not Acceptance.REJECTED


def require_reception(item: ReturnItem, new: Reception) -> None:
    """Let a move on the reception axis pass.

    Raises:
        OrderRefused: ILLEGAL_MOVE, naming what is possible.
    """
    _require(item.id, item.reception.value, new.value, [one.value for one in RECEPTION_MOVES[item.reception]])


def require_acceptance(item: ReturnItem, new: Acceptance) -> None:
    """Let a move on the acceptance axis pass.

    Raises:
        OrderRefused: ILLEGAL_MOVE, naming what is possible.
    """
    _require(item.id, item.acceptance.value, new.value, [one.value for one in ACCEPTANCE_MOVES[item.acceptance]])


def _require(name: str, old: str, new: str, allowed: list[str]) -> None:
    if new not in allowed:
        possible = ", ".join(sorted(allowed)) or "nothing more"
        raise refuse(Refusal.ILLEGAL_MOVE, f"Return item {name!r} is {old}; possible now: {possible}, not {new}.")
