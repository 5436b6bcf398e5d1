"""Port to what was promised to those who wait for goods, and to who waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from oms_workflow.domain.arrival import ExpectedReceipt
from oms_workflow.domain.backorder_promise import PromiseRevision
from oms_workflow.domain.order import Order
from oms_workflow.domain.outlook import Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingOrder:
    """An order with pieces on backorder, or that had some when it was last looked at."""

    order: Order
    coverage: tuple[Coverage, ...]  # where its pieces come from; () when none waits any more
    receipts: Mapping[str, ExpectedReceipt]  # those of now, and those of the last revision
    history: tuple[PromiseRevision, ...]  # oldest first


class Promises(Protocol):
    """Promises to those who wait. A revision is never changed, only followed by the next one."""

    async def waiting(self) -> tuple[WaitingOrder, ...]:
        """Give every order that waits for goods or whose last promise still says so, by id."""
        ...

    async def add(self, revision: PromiseRevision) -> bool:
        """Store the next revision of an order; False when somebody else was first.

        Raises:
            OrderRefused: UNKNOWN_ORDER.
        """
        ...

    async def told(self, order_id: str, number: int, notice_id: str) -> None:
        """Note the notice that tells a revision; a revision has at most one, and one that does not matter has none."""
        ...

    async def history(self, order_id: str) -> tuple[PromiseRevision, ...]:
        """Give every revision of an order, oldest first; the last one counts."""
        ...
