"""Port to goods that are announced: purchase orders of suppliers, and transfers between warehouses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.arrival import Announcement, ExpectedReceipt


class Arrivals(Protocol):
    """Goods on their way into warehouses. What leaves one warehouse is in transit until it comes or is given up."""

    async def announce(self, announcement: Announcement, *, key: str, at: datetime) -> ExpectedReceipt:
        """Note what will come; a transfer takes the pieces out of the sending warehouse.

        Raises:
            OrderRefused: UNKNOWN_WAREHOUSE; STOCK_PROMISED, when the sending warehouse promised them to orders;
                ILLEGAL_MOVE, when a warehouse would send to itself.
        """
        ...

    async def arrive(
        self, receipt_id: str, quantity: int, *, damaged: int = 0, key: str, at: datetime
    ) -> ExpectedReceipt:
        """Book pieces that came; `damaged` of them are unfit for sale.

        Raises:
            OrderRefused: UNKNOWN_RECEIPT; QUANTITY_EXCEEDED, when fewer are outstanding.
        """
        ...

    async def give_up(self, receipt_id: str, *, reason: str, key: str, at: datetime) -> ExpectedReceipt:
        """Wait no more for what is outstanding. With nothing outstanding nothing happens.

        Raises:
            OrderRefused: UNKNOWN_RECEIPT.
        """
        ...

    async def postpone(self, receipt_id: str, expected_at: datetime, *, key: str, at: datetime) -> ExpectedReceipt:
        """Note another moment for what is outstanding, later or earlier.

        Raises:
            OrderRefused: UNKNOWN_RECEIPT; ILLEGAL_MOVE, when nothing is outstanding.
        """
        ...

    async def get(self, receipt_id: str) -> ExpectedReceipt:
        """Give one receipt.

        Raises:
            OrderRefused: UNKNOWN_RECEIPT.
        """
        ...

    async def expected(
        self, skus: Iterable[str] | None = None, warehouses: Iterable[str] | None = None
    ) -> tuple[ExpectedReceipt, ...]:
        """Give receipts with pieces outstanding, the next one first; None asks for all."""
        ...
