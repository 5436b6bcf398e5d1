"""How many pieces of an order line are where. Every piece is in exactly one place, and only listed moves exist."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from oms_workflow.domain.refusals import Refusal, refuse


class Place(StrEnum):
    """Where a piece of a line can be; each ordered piece is in exactly one place."""

    OPEN = "open"  # nothing is promised for it
    ALLOCATED = "allocated"  # a piece of stock is promised for good
    SHIPPED = "shipped"  # it left the house
    CANCELLED = "cancelled"
    BACKORDERED = "backordered"  # there was none; it waits for goods to arrive
    WRITTEN_OFF = "written_off"  # it was lost on the way and is not sent again under this line


class Move(StrEnum):
    """What can happen to pieces of a line."""

    ALLOCATE = "allocate"
    DEALLOCATE = "deallocate"
    BACKORDER = "backorder"
    REOPEN = "reopen"
    SHIP = "ship"
    CANCEL_OPEN = "cancel_open"
    CANCEL_BACKORDERED = "cancel_backordered"
    CANCEL_ALLOCATED = "cancel_allocated"
    WRITE_OFF = "write_off"
    SEND_AGAIN = "send_again"


MOVES: dict[Move, tuple[Place, Place]] = {
    Move.ALLOCATE: (Place.OPEN, Place.ALLOCATED),
    Move.DEALLOCATE: (Place.ALLOCATED, Place.OPEN),
    Move.BACKORDER: (Place.OPEN, Place.BACKORDERED),
    Move.REOPEN: (Place.BACKORDERED, Place.OPEN),
    Move.SHIP: (Place.ALLOCATED, Place.SHIPPED),
    Move.CANCEL_OPEN: (Place.OPEN, Place.CANCELLED),
    Move.CANCEL_BACKORDERED: (Place.BACKORDERED, Place.CANCELLED),
    Move.CANCEL_ALLOCATED: (Place.ALLOCATED, Place.CANCELLED),
    Move.WRITE_OFF: (Place.SHIPPED, Place.WRITTEN_OFF),
    Move.SEND_AGAIN: (Place.WRITTEN_OFF, Place.OPEN),
}
"""From where to where each move takes pieces. There is no other way for a piece to change its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineQuantities:
    """The ledger of one line: six places that add up to what was ordered, and what is known of the shipped pieces."""

    ordered: int
    open: int
    allocated: int = 0
    shipped: int = 0
    cancelled: int = 0
    backordered: int = 0
    written_off: int = 0
    delivered: int = 0  # of the shipped
    return_announced: int = 0  # of the shipped
    returned: int = 0  # of the announced: came back and were counted

    def __post_init__(self) -> None:
        places = self.open, self.allocated, self.shipped, self.cancelled, self.backordered, self.written_off
        if min(*places, self.delivered, self.return_announced, self.returned) < 0:
            raise ValueError(f"A quantity is negative: {self!r}.")
        if sum(places) != self.ordered:
            raise ValueError(f"{sum(places)} pieces are accounted for, {self.ordered} were ordered: {self!r}.")
        if self.delivered > self.shipped or self.return_announced > self.shipped:
            raise ValueError(f"More pieces are delivered or announced to return than were shipped: {self!r}.")
        if self.returned > self.return_announced:
            raise ValueError(f"More pieces came back than were announced: {self!r}.")

    @classmethod
    def new(cls, ordered: int) -> LineQuantities:
        """Give the ledger of a line nobody has touched yet."""
        return cls(ordered=ordered, open=ordered)

    @property
    def wanted(self) -> int:
        """Pieces the buyer still expects: all but the cancelled."""
        return self.ordered - self.cancelled

    @property
    def to_ship(self) -> int:
        """Pieces that have yet to leave the house."""
        return self.open + self.allocated + self.backordered

    @property
    def returnable(self) -> int:
        """Shipped pieces for which no return is announced yet."""
        return self.shipped - self.return_announced


def move(line: LineQuantities, kind: Move, quantity: int, *, name: str = "") -> LineQuantities:
    """Give the ledger after pieces changed their place.

    Args:
        quantity: Pieces, at least 1.
        name: The line's id, for the message.

    Raises:
        OrderRefused: QUANTITY_EXCEEDED, when fewer pieces are where the move takes them from.
        ValueError: If `quantity` is below 1.
    """
    if quantity < 1:
        raise ValueError(f"A move takes at least 1 piece, found {quantity}.")
    source, target = MOVES[kind]
    held = movable(line, source)
    if quantity > held:
        raise refuse(
            Refusal.QUANTITY_EXCEEDED,
            f"Cannot {kind.value.replace('_', ' ')} {quantity} of line {name!r}: {held} of {line.ordered} are "
            f"{source.value.replace('_', ' ')} and free to move. Ask for at most {held}.",
        )
    taken: int = getattr(line, source.value)
    given: int = getattr(line, target.value)
    return replace(line, **{source.value: taken - quantity, target.value: given + quantity})


def movable(line: LineQuantities, place: Place) -> int:
    """Say how many pieces may leave a place: shipped pieces that arrived or are coming back stay shipped."""
    held: int = getattr(line, place.value)
    return held - max(line.delivered, line.return_announced) if place is Place.SHIPPED else held
