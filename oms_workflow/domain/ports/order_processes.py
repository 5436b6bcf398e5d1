"""Port to the processes of orders: the shop sometimes makes an order itself and has to set it going."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class OrderProcesses(Protocol):
    """Processes of orders. The order's id names its process, so an order never has two."""

    async def start(self, order_id: str, at: datetime) -> bool:
        """Start the process of a stored order at a moment (UTC); False when it has been started before.

        Raises:
            WorldUnavailable: When it cannot be started now; asking again is harmless.
        """
        ...
