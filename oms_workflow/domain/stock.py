"""Pieces of a SKU in a warehouse: what happened to them is an append-only ledger, and the balance is its sum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from oms_workflow.domain.refusals import Refusal, refuse


class Effect(NamedTuple):
    """What one piece of an entry adds to the four columns of a balance."""

    on_hand: int
    reserved: int
    allocated: int
    picked: int


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
}
"""What each kind of entry does to a balance, per piece. The balance is nothing but the sum of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One SKU in one warehouse.

    `picked` pieces are part of the allocated ones, and reserved and allocated pieces are part of those on hand.
    `safety` is stock that is never promised by itself: a cushion against counting errors.
    """

    sku: str
    warehouse: str
    on_hand: int = 0
    reserved: int = 0
    allocated: int = 0
    picked: int = 0
    safety: int = 0

    def __post_init__(self) -> None:
        if min(self.on_hand, self.reserved, self.allocated, self.picked, self.safety) < 0:
            raise ValueError(f"A column is negative: {self!r}.")
        if self.reserved + self.allocated > self.on_hand:
            raise ValueError(f"More is promised than is on hand: {self!r}.")
        if self.picked > self.allocated:
            raise ValueError(f"More is picked than is allocated: {self!r}.")

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
            promised than is unpromised; QUANTITY_EXCEEDED, when more is taken out of a column than is in it.
        ValueError: If `quantity` is below 1.
    """
    if quantity < 1:
        raise ValueError(f"An entry moves at least 1 piece, found {quantity}.")
    effect = EFFECTS[kind]
    on_hand = balance.on_hand + effect.on_hand * quantity
    reserved = balance.reserved + effect.reserved * quantity
    allocated = balance.allocated + effect.allocated * quantity
    picked = balance.picked + effect.picked * quantity
    where = f"{balance.sku!r} in {balance.warehouse!r}"
    if min(reserved, allocated, picked) < 0 or picked > allocated:
        raise refuse(
            Refusal.QUANTITY_EXCEEDED,
            f"Cannot {kind.value.replace('_', ' ')} {quantity} of {where}: reserved {balance.reserved}, allocated "
            f"{balance.allocated}, picked {balance.picked}. Check which order the pieces belong to.",
        )
    if on_hand < reserved + allocated:
        if effect.on_hand < 0:
            raise refuse(
                Refusal.STOCK_PROMISED,
                f"Cannot take {quantity} of {where}: {balance.on_hand} are on hand and "
                f"{balance.reserved + balance.allocated} of them are promised. Free promises first.",
            )
        raise refuse(
            Refusal.OUT_OF_STOCK,
            f"Cannot promise {quantity} of {where}: {balance.unpromised} are free. Look in another warehouse.",
        )
    return Balance(
        sku=balance.sku, warehouse=balance.warehouse, on_hand=on_hand, reserved=reserved, allocated=allocated,
        picked=picked, safety=balance.safety,
    )  # fmt: skip


def replay(entries: Iterable[tuple[EntryKind, int]]) -> Effect:
    """Add up a ledger: the four columns as they follow from kinds and quantities alone."""
    sums = [0, 0, 0, 0]
    for kind, quantity in entries:
        for column, per_piece in enumerate(EFFECTS[kind]):
            sums[column] += per_piece * quantity
    return Effect(*sums)
