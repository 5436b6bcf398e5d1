"""Ports of re-optimising: which reservations may still move, a planner of batches, and the moving itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.batch import Batch, Plans
from oms_workflow.domain.batch_moves import MoveGroup
from oms_workflow.domain.batch_plan import BatchPlan
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.stock import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An order whose pieces may still come from elsewhere, and where they are promised now."""

    order: Order
    claims: tuple[Claim, ...]
    shut_out: frozenset[str] = frozenset()  # warehouses that no pass of the shop's rules let through for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebalanced:
    """What became of a proposal to move reservations."""

    groups: tuple[MoveGroup, ...]  # those that were made
    passed_over: int  # groups that were not: an order or the stock had changed meanwhile


class Rebalancing(Protocol):
    """Reservations of orders no warehouse works for yet."""

    async def movable(self, *, limit: int) -> tuple[Held, ...]:
        """Give orders with promised pieces and without any fulfilment order, the most urgent first, then the oldest.

        Cancelled and merged orders are left out: nothing is moved that a warehouse knows of, or that goes with others.
        """
        ...

    async def move(self, groups: Sequence[MoveGroup], *, key: str, at: datetime) -> Rebalanced:
        """Move promised pieces to other warehouses; every group whole or not at all, each piece stays promised.

        A group is passed over when one of its orders is not as it was, or its goods went to somebody else. A second
        call with the key moves nothing and answers the same.
        """
        ...


class BatchPlanner(Protocol):
    """Plans many orders at once."""

    async def plan(self, batch: Batch, now: Plans | None = None) -> BatchPlan:
        """Give the best plan that was found, and never a worse one than the rules', or than `now` when it is given."""
        ...
