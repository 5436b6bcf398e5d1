"""Port to returns: what is to come back, what came back, what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.exchange import Exchange, NewGoods
from oms_workflow.domain.returns import Acceptance, Condition, Reception, Return, ReturnRequestLine, ReturnType


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedPieces:
    """What was counted of one item when a parcel was opened."""

    item_id: str
    quantity: int  # 0 when nothing of it was there
    condition: Condition = Condition.SELLABLE
    outcome: Reception = Reception.RECEIVED  # of the counted pieces
    missing: Reception = Reception.SHORT_SHIPPED  # of the others


class Returns(Protocol):
    """Returns and their items."""

    async def open(
        self,
        order_id: str,
        kind: ReturnType,
        lines: Sequence[ReturnRequestLine],
        *,
        reason: str,
        key: str,
        at: datetime,
    ) -> Return:
        """Announce a return.

        Pieces have to have left for RETURN, EXCHANGE and REFUND_WITHOUT_RETURN (lost ones included), and have to be
        cancelled for REFUND_BEFORE_SHIPPING; a piece is announced at most once.

        Raises:
            OrderRefused: QUANTITY_EXCEEDED; UNKNOWN_ORDER.
        """
        ...

    async def get(self, return_id: str) -> Return:
        """Give one.

        Raises:
            OrderRefused: UNKNOWN_RETURN.
        """
        ...

    async def of_order(self, order_id: str) -> tuple[Return, ...]:
        """Give all of an order, oldest first."""
        ...

    async def sent(self, return_id: str, *, key: str, at: datetime) -> Return:
        """Note that the buyer handed the goods in: items that are awaited are in transit."""
        ...

    async def receive(
        self, return_id: str, warehouse: str, counted: Sequence[ReceivedPieces], *, key: str, at: datetime
    ) -> Return:
        """Book what a warehouse counted; an item of which only some pieces came back is divided.

        Sellable pieces are on hand in that warehouse again in the same moment.

        Raises:
            OrderRefused: QUANTITY_EXCEEDED; ILLEGAL_MOVE; UNKNOWN_RETURN; UNKNOWN_WAREHOUSE.
        """
        ...

    async def judge(
        self, return_id: str, verdicts: Mapping[str, Acceptance], *, note: str, key: str, at: datetime
    ) -> Return:
        """Say of items (item id -> verdict) whether the shop accepts them.

        Raises:
            OrderRefused: ILLEGAL_MOVE; UNKNOWN_RETURN.
        """
        ...

    async def close_waiting(self, return_id: str, outcome: Reception, *, key: str, at: datetime) -> Return:
        """End the wait for items that are still awaited or in transit: expired, lost, given to the buyer, cancelled.

        Raises:
            OrderRefused: ILLEGAL_MOVE; UNKNOWN_RETURN.
        """
        ...

    async def exchange(self, return_id: str, new: tuple[NewGoods, ...], *, key: str, at: datetime) -> Exchange:
        """Make and store the order with the new goods for what is accepted of an exchange; done once per return.

        The accepted pieces are settled by it: they can never be refunded as well. What they are worth beyond the new
        goods is `to_refund`.

        Raises:
            OrderRefused: ILLEGAL_MOVE, when it is no exchange or nothing is accepted; UNKNOWN_RETURN.
        """
        ...
