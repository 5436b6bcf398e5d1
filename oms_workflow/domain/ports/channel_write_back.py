"""Port back to the sales channels: what they have to be told about their orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedNews:
    """Sub-orders of one order that left under one tracking number. Each source order of a merge gets its own."""

    order_id: str
    channel: str
    external_id: str
    package_id: str
    carrier: str
    tracking_number: str
    pieces: tuple[tuple[str, int], ...]  # (oid, quantity)
    at: datetime  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledNews:
    """Sub-orders that will not be sent."""

    order_id: str
    channel: str
    external_id: str
    pieces: tuple[tuple[str, int], ...]  # (oid, quantity)
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedNews:
    """Money that went back."""

    order_id: str
    channel: str
    external_id: str
    transaction_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class StockNews:
    """How many pieces of a SKU a channel may still sell."""

    channel: str
    sku: str
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAbilities:
    """What a channel can be told; asked before goods are split, not after."""

    several_numbers_per_line: bool  # False: a sub-order takes only one tracking number, so lines must not be divided
    partial_shipment: bool
    cancel_lines: bool


class ChannelWriteBack(Protocol):
    """Tells channels. Every method is done once per `key`, and raises WorldUnavailable when the channel is silent."""

    async def shipped(self, news: ShippedNews, *, key: str) -> None:
        """Tell that goods left.

        Raises:
            OrderRefused: ORDER_MISMATCH, when the channel does not know the order or refuses the number.
        """
        ...

    async def cancelled(self, news: CancelledNews, *, key: str) -> None:
        """Tell that goods will not come."""
        ...

    async def refunded(self, news: RefundedNews, *, key: str) -> None:
        """Tell that money went back."""
        ...

    async def stock(self, news: StockNews, *, key: str) -> None:
        """Tell how much may be sold."""
        ...

    def abilities(self, channel: str) -> ChannelAbilities:
        """Say what a channel can be told."""
        ...
