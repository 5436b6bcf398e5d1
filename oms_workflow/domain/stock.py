"""Pieces of a SKU in a warehouse: what happened to them is an append-only ledger, and the balance is its sum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from oms_workflow.domain.refusals import Refusal, refuse


class Effect(NamedTuple):
    """What one piece of an entry adds to the columns of a balance."""

    on_hand: int
    reserved: int
    allocated: int
    picked: int
    damaged: int = 0
    in_transit: int = 0
    safety: int = 0


class EntryKind(StrEnum):
    """What can happen to stock."""

    RECEIVE = "receive"  # goods arrived from a supplier
    RESERVE = "reserve"  # promised to an order that is not paid yet; lapses
    RELEASE = "release"  # the promise ended
    ALLOCATE = "allocate"  # the promise became firm
    DEALLOCATE = "deallocate"  # a firm promise was taken back
    PICK = "pick"  # taken from the shelf, still in the house
    UNPICK = "unpick"  # put back on the shelf
    SHIP = "ship"  # left the house from the shelf count
    SHIP_PICKED = "ship_picked"  # left the house after it was picked
    RETURN = "return"  # came back from a buyer, fit for sale
    WRITE_OFF = "write_off"  # broken, lost or expired, was promised to nobody
    SHORT = "short"  # was promised for good, but is not on the shelf
    ADJUST_UP = "adjust_up"  # a count found more
    ADJUST_DOWN = "adjust_down"  # a count found less
    DAMAGE = "damage"  # found unfit for sale, was promised to nobody; kept apart
    MEND = "mend"  # a damaged piece is fit for sale again
    SCRAP = "scrap"  # a damaged piece is thrown away
    RETURN_DAMAGED = "return_damaged"  # came back from a buyer, unfit for sale
    TRANSFER_OUT = "transfer_out"  # left for another warehouse of the house; was promised to nobody
    TRANSFER_START = "transfer_start"  # is on its way here from another warehouse
    TRANSFER_IN = "transfer_in"  # came from another warehouse
    TRANSFER_LOST = "transfer_lost"  # will not come any more
    SAFETY_UP = "safety_up"  # somebody wants a larger cushion
    SAFETY_DOWN = "safety_down"  # somebody wants a smaller cushion


EFFECTS: dict[EntryKind, Effect] = {
    EntryKind.RECEIVE: Effect(1, 0, 0, 0),
    EntryKind.RESERVE: Effect(0, 1, 0, 0),
    EntryKind.RELEASE: Effect(0, -1, 0, 0),
    EntryKind.ALLOCATE: Effect(0, -1, 1, 0),
    EntryKind.DEALLOCATE: Effect(0, 0, -1, 0),
    EntryKind.PICK: Effect(0, 0, 0, 1),
    EntryKind.UNPICK: Effect(0, 0, 0, -1),
    EntryKind.SHIP: Effect(-1, 0, -1, 0),
    EntryKind.SHIP_PICKED: Effect(-1, 0, -1, -1),
    EntryKind.RETURN: Effect(1, 0, 0, 0),
    EntryKind.WRITE_OFF: Effect(-1, 0, 0, 0),
    EntryKind.SHORT: Effect(-1, 0, -1, 0),
    EntryKind.ADJUST_UP: Effect(1, 0, 0, 0),
    EntryKind.ADJUST_DOWN: Effect(-1, 0, 0, 0),
    EntryKind.DAMAGE: Effect(-1, 0, 0, 0, damaged=1),
    EntryKind.MEND: Effect(1, 0, 0, 0, damaged=-1),
    EntryKind.SCRAP: Effect(0, 0, 0, 0, damaged=-1),
    EntryKind.RETURN_DAMAGED: Effect(0, 0, 0, 0, damaged=1),
    EntryKind.TRANSFER_OUT: Effect(-1, 0, 0, 0),
    EntryKind.TRANSFER_START: Effect(0, 0, 0, 0, in_transit=1),
    EntryKind.TRANSFER_IN: Effect(1, 0, 0, 0, in_transit=-1),
    EntryKind.TRANSFER_LOST: Effect(0, 0, 0, 0, in_transit=-1),
    EntryKind.SAFETY_UP: Effect(0, 0, 0, 0, safety=1),
    EntryKind.SAFETY_DOWN: Effect(0, 0, 0, 0, safety=-1),
}
"""What each kind of entry does to a balance, per piece. The balance is nothing but the sum of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One SKU in one warehouse.

    `picked` pieces are part of the allocated ones, and reserved and allocated pieces are part of those on hand.
    `damaged` pieces lie in the warehouse and `in_transit` ones are on their way to it from another one; neither is on
    hand. `safety` is stock that is never promised by itself: a cushion against counting errors.
    """

    sku: str
    warehouse: str
    on_hand: int = 0
    reserved: int = 0
    allocated: int = 0
    picked: int = 0
    damaged: int = 0
    in_transit: int = 0
    safety: int = 0

    def __post_init__(self) -> None:
        if min(self.columns) < 0:
            raise ValueError(f"A column is negative: {self!r}.")
        if self.reserved + self.allocated > self.on_hand:
            raise ValueError(f"More is promised than is on hand: {self!r}.")
        if self.picked > self.allocated:
            raise ValueError(f"More is picked than is allocated: {self!r}.")

    @property
    def columns(self) -> Effect:
        """The figures alone, in the order of `Effect`."""
        return Effect(*(getattr(self, name) for name in Effect._fields))

    @property
    def unpromised(self) -> int:
        """Pieces on hand that nobody was promised."""
        return self.on_hand - self.reserved - self.allocated

    @property
    def available(self) -> int:
        """Pieces that may still be promised: the unpromised ones beyond the safety stock."""
        return max(0, self.unpromised - self.safety)


def book(balance: Balance, kind: EntryKind, quantity: int) -> Balance:
    """Give the balance after an entry.

    Raises:
        OrderRefused: STOCK_PROMISED, when goods would leave that are promised to orders; OUT_OF_STOCK, when more is
            promised than is there beyond the safety stock; QUANTITY_EXCEEDED, when more is taken out of a column than
            is in it.
        ValueError: If `quantity` is below 1.
    """
    if quantity < 1:
        raise ValueError(f"An entry moves at least 1 piece, found {quantity}.")
    effect = EFFECTS[kind]
    now = Effect(*(had + change * quantity for had, change in zip(balance.columns, effect, strict=True)))
    where = f"{balance.sku!r} in {balance.warehouse!r}"
    if min(now[1:]) < 0 or now.picked > now.allocated:
        had = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in balance.columns._asdict().items())
        raise refuse(
            Refusal.QUANTITY_EXCEEDED,
            f"Cannot {kind.value.replace('_', ' ')} {quantity} of {where}: {had}. "
            f"Check which order the pieces belong to.",
        )
    if now.on_hand < now.reserved + now.allocated and effect.on_hand < 0:
        raise refuse(
            Refusal.STOCK_PROMISED,
            f"Cannot take {quantity} of {where}: {balance.on_hand} are on hand and "
            f"{balance.reserved + balance.allocated} of them are promised. Free promises first.",
        )
    if kind is EntryKind.RESERVE and quantity > balance.available:
        raise refuse(
            Refusal.OUT_OF_STOCK,
            f"Cannot promise {quantity} of {where}: {balance.available} are free, {balance.safety} are kept as safety "
            f"stock. Look in another warehouse.",
        )
    return Balance(sku=balance.sku, warehouse=balance.warehouse, **now._asdict())


def replay(entries: Iterable[tuple[EntryKind, int]]) -> Effect:
    """Add up a ledger: the columns of a balance as they follow from kinds and quantities alone."""
    sums = [0] * len(Effect._fields)
    for kind, quantity in entries:
        for column, per_piece in enumerate(EFFECTS[kind]):
            sums[column] += per_piece * quantity
    return Effect(*sums)
