"""Port to the holds on orders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from oms_workflow.domain.hold import Gate, Hold, HoldKind


class Holds(Protocol):
    """Holds. At most one is open per order, kind and handle."""

    async def place(
        self,
        order_id: str,
        kind: HoldKind,
        *,
        handle: str = "",
        reason: str,
        by: str,
        blocks: Iterable[Gate] | None = None,
        resolver_role: str | None = None,
        limit: timedelta | None = None,
        key: str,
        at: datetime,
    ) -> Hold:
        """Put a hold on an order; one that is open already for this kind and handle is given back as it is.

        `blocks`, `resolver_role` and `limit` None take what `hold.RULES` says for the kind.

        Raises:
            OrderRefused: UNKNOWN_ORDER.
        """
        ...

    async def resolve(self, hold_id: str, *, by: str, key: str, at: datetime) -> Hold:
        """Lift a hold.

        Raises:
            OrderRefused: UNKNOWN_HOLD; ILLEGAL_MOVE, when it is lifted already by another call.
        """
        ...

    async def reject(self, hold_id: str, *, by: str, key: str, at: datetime) -> Hold:
        """Say for good that the order must not go on as it is: the hold keeps blocking.

        Raises:
            OrderRefused: UNKNOWN_HOLD; ILLEGAL_MOVE, when it is not open.
        """
        ...

    async def get(self, hold_id: str) -> Hold:
        """Give one hold.

        Raises:
            OrderRefused: UNKNOWN_HOLD.
        """
        ...

    async def of_order(self, order_id: str) -> tuple[Hold, ...]:
        """Give all holds of an order, closed ones too, oldest first."""
        ...

    async def require_open(self, order_id: str, gate: Gate) -> None:
        """Let a step pass that no hold of the order, or of an order merged with it, blocks.

        Raises:
            OrderRefused: ON_HOLD, naming the holds.
        """
        ...
