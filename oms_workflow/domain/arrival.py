"""Goods that are announced to come into a warehouse: from a supplier, or from another warehouse of the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What somebody says will come."""

    sku: str
    warehouse: str
    quantity: int
    expected_at: datetime  # UTC
    source: str = ""  # the warehouse that sends the goods, which leave it with the announcement; '' is a supplier
    reference: str = ""  # number of the purchase order, or whatever names the delivery outside

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError(f"At least 1 piece is announced, found {self.quantity}.")
        if self.expected_at.utcoffset() is None:
            raise ValueError(f"An announcement needs a time zone, found {self.expected_at.isoformat()!r}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedReceipt:
    """An announcement and what became of it: every piece is yet to come, or came, or is missing for good."""

    id: str
    sku: str
    warehouse: str
    quantity: int
    expected_at: datetime  # UTC
    announced_at: datetime  # UTC
    source: str = ""
    reference: str = ""
    arrived: int = 0
    missing: int = 0

    def __post_init__(self) -> None:
        if min(self.arrived, self.missing, self.outstanding) < 0:
            raise ValueError(f"More came or is missing than was announced: {self!r}.")

    @property
    def outstanding(self) -> int:
        """Pieces that are still to come."""
        return self.quantity - self.arrived - self.missing

    @property
    def is_transfer(self) -> bool:
        """True when the goods are the house's already and come from another warehouse."""
        return bool(self.source)
