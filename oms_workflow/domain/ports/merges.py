"""Port to merges: find orders that belong together, join them, undo it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.merge import Hindrance, Merge, MergeWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeProposal:
    """Orders that could go in one parcel with this one."""

    order_id: str
    leader: str  # the order that would lead; the order itself when it is the first
    partners: tuple[str, ...]  # the others, oldest first; () when it goes alone
    wait_until: datetime  # UTC; until then more orders may join
    hindrances: tuple[Hindrance, ...] = ()  # why this order itself cannot be merged


class Merges(Protocol):
    """Merges of orders."""

    async def propose(self, order_id: str, window: MergeWindow, *, at: datetime) -> MergeProposal:
        """Look for orders of the same buyer, address, shop and currency within the window.

        Raises:
            OrderRefused: UNKNOWN_ORDER.
        """
        ...

    async def merge(self, order_ids: Sequence[str], window: MergeWindow, *, key: str, at: datetime) -> Merge:
        """Let one of the orders lead the others.

        Nothing moves: every order keeps lines, money and lineage. The leader takes the strictest promise on.

        Raises:
            OrderRefused: CANNOT_MERGE, with every reason by order; UNKNOWN_ORDER.
        """
        ...

    async def undo(self, merge_id: str, *, by: str, key: str, at: datetime) -> Merge:
        """Let the orders go by themselves again. Planned fulfilment orders that hold pieces of several are cancelled.

        Raises:
            OrderRefused: TOO_LATE_TO_UNMERGE, when a warehouse was asked already; CANNOT_MERGE, when it is unknown.
        """
        ...

    async def of_order(self, order_id: str) -> tuple[Merge, ...]:
        """Give every merge the order was ever part of, undone ones too, oldest first."""
        ...

    async def group(self, order_id: str) -> tuple[str, ...]:
        """Give the orders that go together with this one now, the leader first; it alone when it is not merged."""
        ...
