"""Holds: reasons for which named steps of an order wait. Several may be open; each blocks its own steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from oms_workflow.domain.refusals import Refusal, refuse


class Gate(StrEnum):
    """A step that a hold can block."""

    MERGE = "merge"
    ALLOCATE = "allocate"  # promise stock for good
    RELEASE = "release"  # hand a fulfilment order to the warehouse
    SHIP = "ship"  # hand parcels to the carrier
    REFUND = "refund"


class HoldStatus(StrEnum):
    """Sterling's three statuses of a hold."""

    OPEN = "open"
    RESOLVED = "resolved"  # the reason is gone, the order goes on
    REJECTED = "rejected"  # the reason stands, the order must not go on as it is


MOVES: dict[HoldStatus, frozenset[HoldStatus]] = {
    HoldStatus.OPEN: frozenset({HoldStatus.RESOLVED, HoldStatus.REJECTED}),
    HoldStatus.RESOLVED: frozenset(),
    HoldStatus.REJECTED: frozenset({HoldStatus.RESOLVED}),  # a second look may lift a refusal, never the reverse
}

_BEFORE_GOODS_MOVE = frozenset({Gate.MERGE, Gate.ALLOCATE, Gate.RELEASE, Gate.SHIP})
_BEFORE_HAND_OVER = frozenset({Gate.MERGE, Gate.RELEASE, Gate.SHIP})


class HoldKind(StrEnum):
    """Why an order waits."""

    AUDIT = "audit"  # customer service looks at it
    FINANCE = "finance"  # finance looks at it
    FRAUD = "fraud"
    ADDRESS = "address"
    DATA = "data"
    REMARK = "remark"  # the buyer or seller wrote something a person must read
    CHANGE = "change"  # the channel changed the order after it was audited
    CUSTOMER_REQUEST = "customer_request"
    OUT_OF_STOCK = "out_of_stock"
    CHANNEL = "channel"  # the channel says: paid, but must not be shipped
    PRESALE = "presale"  # the final payment of a deposit order is open
    RETURN_ITEMS = "return_items"  # goods of an exchange have not come back yet
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRule:
    """What a kind of hold does unless it is told otherwise."""

    blocks: frozenset[Gate]
    resolver_role: str  # who may resolve it
    sla: timedelta | None  # how long it may stay open; None when it ends with something outside


RULES: dict[HoldKind, HoldRule] = {
    HoldKind.AUDIT: HoldRule(blocks=_BEFORE_GOODS_MOVE, resolver_role="customer-service", sla=timedelta(hours=2)),
    HoldKind.FINANCE: HoldRule(blocks=_BEFORE_HAND_OVER, resolver_role="finance", sla=timedelta(hours=8)),
    HoldKind.FRAUD: HoldRule(blocks=_BEFORE_GOODS_MOVE | {Gate.REFUND}, resolver_role="risk", sla=timedelta(hours=4)),
    HoldKind.ADDRESS: HoldRule(blocks=_BEFORE_GOODS_MOVE, resolver_role="customer-service", sla=timedelta(hours=4)),
    HoldKind.DATA: HoldRule(blocks=_BEFORE_GOODS_MOVE, resolver_role="operations", sla=timedelta(hours=4)),
    HoldKind.REMARK: HoldRule(blocks=_BEFORE_HAND_OVER, resolver_role="customer-service", sla=timedelta(hours=2)),
    HoldKind.CHANGE: HoldRule(blocks=_BEFORE_HAND_OVER, resolver_role="customer-service", sla=timedelta(hours=2)),
    HoldKind.CUSTOMER_REQUEST: HoldRule(
        blocks=_BEFORE_HAND_OVER, resolver_role="customer-service", sla=timedelta(hours=24)
    ),
    HoldKind.OUT_OF_STOCK: HoldRule(blocks=frozenset({Gate.RELEASE}), resolver_role="planning", sla=timedelta(days=2)),
    HoldKind.CHANNEL: HoldRule(blocks=_BEFORE_HAND_OVER, resolver_role="operations", sla=None),
    HoldKind.PRESALE: HoldRule(blocks=_BEFORE_HAND_OVER, resolver_role="operations", sla=None),
    HoldKind.RETURN_ITEMS: HoldRule(blocks=frozenset({Gate.RELEASE, Gate.SHIP}), resolver_role="after-sales", sla=None),
    HoldKind.MANUAL: HoldRule(blocks=_BEFORE_GOODS_MOVE, resolver_role="operations", sla=timedelta(hours=8)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One reason why an order waits, since when, and who may lift it."""

    id: str
    order_id: str
    kind: HoldKind
    handle: str  # tells two holds of one kind apart, e.g. the node that set it; one is open per (order, kind, handle)
    blocks: frozenset[Gate]
    reason: str  # for people; no personal data
    applied_by: str
    resolver_role: str
    status: HoldStatus
    opened_at: datetime  # UTC
    due: datetime | None = None  # UTC; when the resolver is late
    closed_at: datetime | None = None
    closed_by: str = ""

    @property
    def limit(self) -> timedelta | None:
        """How long it may stay open; None when it ends with something outside."""
        return None if self.due is None else self.due - self.opened_at

    @property
    def is_blocking(self) -> bool:
        """True until the hold is resolved: a rejected hold keeps the goods for good."""
        return self.status is not HoldStatus.RESOLVED


def blocking(holds: Iterable[Hold], gate: Gate) -> tuple[Hold, ...]:
    """Give the holds that keep this step from being taken, oldest first.

    A rejected hold blocks the goods for good, and no refund: the order is not to go on, so its money goes back.
    """
    found = (hold for hold in holds if gate in hold.blocks and _stands(hold, gate))
    return tuple(sorted(found, key=lambda hold: (hold.opened_at, hold.id)))


def require_resolver(hold: Hold, role: str) -> None:
    """Let whoever lifts or rejects a hold pass, when it is theirs.

    Raises:
        OrderRefused: NOT_THEIRS, naming whose it is.
    """
    if role != hold.resolver_role:
        raise refuse(
            Refusal.NOT_THEIRS,
            f"The {hold.kind.value} hold {hold.id!r} is for {hold.resolver_role!r} to decide, not for {role!r}.",
        )


def _stands(hold: Hold, gate: Gate) -> bool:
    return hold.status is HoldStatus.OPEN if gate is Gate.REFUND else hold.is_blocking


def require_open(gate: Gate, holds: Iterable[Hold]) -> None:
    """Let a step pass that no hold blocks.

    Raises:
        OrderRefused: ON_HOLD, naming every hold in the way and who may lift it.
    """
    in_the_way = blocking(holds, gate)
    if in_the_way:
        named = "; ".join(f"{hold.kind.value} hold {hold.id!r} (for {hold.resolver_role})" for hold in in_the_way)
        raise refuse(Refusal.ON_HOLD, f"Cannot {gate.value}: blocked by {named}. Resolve each hold first.")
