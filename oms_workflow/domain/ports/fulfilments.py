"""Port to fulfilment orders: plan them, ask the warehouse, decide between shipping and cancelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.fulfilment import Fate, FulfilmentOrder, RequestStatus, SplitReason
from oms_workflow.domain.split import ParcelLimits


class Fulfilments(Protocol):
    """Fulfilment orders. Pieces and money of an order's parts always add up to the order's."""

    async def plan(self, order_id: str, *, limits: ParcelLimits, key: str, at: datetime) -> tuple[FulfilmentOrder, ...]:
        """Split everything allocated for an order (and for orders merged into it) that no fulfilment order holds yet.

        Gives the new fulfilment orders; () when there was nothing to plan.

        Raises:
            OrderRefused: CANNOT_SPLIT; ORDER_CANCELLED; ORDER_SEALED, when a sealed order would need two parts.
        """
        ...

    async def get(self, fulfilment_id: str) -> FulfilmentOrder:
        """Give one.

        Raises:
            OrderRefused: UNKNOWN_FULFILMENT.
        """
        ...

    async def of_order(self, order_id: str) -> tuple[FulfilmentOrder, ...]:
        """Give all with pieces of this order, cancelled ones too, by id."""
        ...

    async def request(
        self, fulfilment_id: str, status: RequestStatus, *, reference: str = "", key: str, at: datetime
    ) -> FulfilmentOrder:
        """Note what the warehouse was asked, or what it answered; `fulfilment.REQUEST_MOVES` says what may follow.

        SUBMITTED is refused while a hold blocks RELEASE. ACCEPTED puts it in progress, REJECTED opens it again,
        CANCEL_ACCEPTED gives it the fate to be cancelled and CANCEL_REJECTED the fate to ship. `reference` is the
        warehouse's own number, kept when it is given.

        Raises:
            OrderRefused: ILLEGAL_MOVE; ON_HOLD; NOT_PAID; ORDER_CANCELLED; UNKNOWN_FULFILMENT.
        """
        ...

    async def decide(self, fulfilment_id: str, wanted: Fate, *, key: str, at: datetime) -> Fate:
        """Settle whether it ships or is cancelled. The first to ask wins; everyone later is told what was decided.

        Asking to ship is refused, not decided, while a hold blocks SHIP.

        Raises:
            OrderRefused: ON_HOLD; NOT_PAID; UNKNOWN_FULFILMENT.
        """
        ...

    async def pick(self, fulfilment_id: str, *, key: str, at: datetime) -> FulfilmentOrder:
        """Note that its goods are off the shelf.

        Raises:
            OrderRefused: ILLEGAL_MOVE, unless it is in progress.
        """
        ...

    async def short(self, fulfilment_id: str, pieces: Mapping[str, int], *, key: str, at: datetime) -> FulfilmentOrder:
        """Take pieces (line id -> quantity) out that the warehouse did not find.

        The pieces are booked off the shelf count and are open again on their lines, to be sourced elsewhere.

        Raises:
            OrderRefused: QUANTITY_EXCEEDED; ILLEGAL_MOVE, once it is closed or cancelled.
        """
        ...

    async def divide(
        self,
        fulfilment_id: str,
        parts: Sequence[Mapping[str, int]],
        *,
        reason: SplitReason,
        may_divide_lines: bool = True,
        key: str,
        at: datetime,
    ) -> tuple[FulfilmentOrder, ...]:
        """Put a fulfilment order no warehouse works on into parts that hold exactly its pieces and its money.

        Raises:
            OrderRefused: CANNOT_SPLIT, when the parts do not add up, or tear a line apart though `may_divide_lines` is
                False, because its channel takes one tracking number for a sub-order; ILLEGAL_MOVE, unless it is
                open and unsubmitted; ORDER_SEALED.
        """
        ...

    async def join(self, fulfilment_id: str, *, key: str, at: datetime) -> FulfilmentOrder:
        """Take back every part that was divided from it; afterwards it is as it was before. Nothing without parts.

        Raises:
            OrderRefused: UNKNOWN_FULFILMENT; ILLEGAL_MOVE, when a warehouse works on it or on a part.
        """
        ...

    async def cancel(self, fulfilment_id: str, *, free_stock: bool, key: str, at: datetime) -> FulfilmentOrder:
        """Cancel one. Its pieces stay allocated to their lines for a new plan, or with `free_stock` are open again.

        Raises:
            OrderRefused: TOO_LATE_TO_CANCEL, when its fate is to ship.
        """
        ...
