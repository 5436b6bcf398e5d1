"""Holds on an order: set them with their reasons, lift them, or say for good that they stand. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfOrder
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.hold import Hold, HoldKind, HoldStatus
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.refusals import Refusal
from oms_workflow.errors import OrderRefused
from oms_workflow.feel import format_duration

PROCESS = "process"  # who acts, when a drawn process does


class Finding(BaseModel):
    """One reason why an order has to wait."""

    kind: HoldKind = Field(description="Kind of hold; it says which steps wait and who may lift it")
    reason: str = Field(description="Why, for people; no personal data")
    handle: str = Field("", description="Tells two holds of one kind apart; at most one is open for each")


class PlaceHolds(OfOrder):
    """Reasons to stop an order."""

    findings: list[Finding] = Field(description="One entry for each hold, as a decision table gives them")


class SomeHolds(OfOrder):
    """Which of an order's holds are meant."""

    kinds: list[HoldKind] = Field(default_factory=list, description="Kinds of hold; empty means all that are open")
    by: str = Field(PROCESS, description="Role that decided it, never a person's name")


class OneHold(BaseModel):
    """Which hold is meant."""

    hold_id: str = Field(description="Hold, such as 'taobao:2201.H1'")


class HoldSeen(BaseModel):
    """A hold as it stands."""

    kind: HoldKind
    role: str = Field(description="Who may lift it")
    reason: str = Field(description="Why, for people")
    stands: bool = Field(description="True until it is resolved or rejected")
    limit: str | None = Field(description="How long it may stay open, such as PT2H; empty: it ends with something else")
    by_hand: bool = Field(description="True when a person placed it, not a process")
    service_level: str = Field(description="Of the order: standard, express or vip")


class HoldLookedAt(BaseModel):
    """Facts for the table that sets a hold's clock."""

    hold: HoldSeen


class OpenHolds(BaseModel):
    """The holds that are on the order now."""

    touched: list[str] = Field(description="Ids of the holds that are now as this asked for: placed, lifted, rejected")
    holds: list[str] = Field(description="Kinds of the holds that block something, oldest first")
    resolvers: list[str] = Field(description="Roles that may lift them")


@node_activity("holds.place", title="Put order on hold", title_zh="挂起订单", errors=may_refuse(Refusal.UNKNOWN_ORDER))
async def place_holds(cmd: PlaceHolds, holds: Holds, call: Call) -> OpenHolds:
    """Put one hold on the order for each finding; nothing happens without findings.

    A second call, and a finding whose hold is open already, place no second hold.
    """
    placed: list[Hold] = []
    for number, finding in enumerate(cmd.findings, start=1):
        hold = await holds.place(
            cmd.order_id,
            finding.kind,
            handle=finding.handle,
            reason=finding.reason,
            by=PROCESS,
            key=f"{call.key}.{number}",
            at=call.at,
        )
        placed.append(hold)
    return _open(await holds.of_order(cmd.order_id), placed)


@node_activity("holds.lift", title="Lift holds", title_zh="解除挂起")
async def lift_holds(cmd: SomeHolds, holds: Holds, call: Call) -> OpenHolds:
    """Lift holds of the order, those that were rejected before as well; an order without holds stays as it is.

    A second call finds them lifted and does nothing.
    """
    for hold in _meant(cmd, await holds.of_order(cmd.order_id), HoldStatus.OPEN, HoldStatus.REJECTED):
        try:
            await holds.resolve(hold.id, by=cmd.by, key=f"{call.key}.{hold.id}", at=call.at)
        except OrderRefused as refused:
            if refused.code != Refusal.ILLEGAL_MOVE:
                raise  # ILLEGAL_MOVE: somebody lifted it in the same moment, which is what was wanted
    now = await holds.of_order(cmd.order_id)
    return _open(now, _meant(cmd, now, HoldStatus.RESOLVED))


@node_activity("holds.reject", title="Reject order on hold", title_zh="驳回挂起订单")
async def reject_holds(cmd: SomeHolds, holds: Holds, call: Call) -> OpenHolds:
    """Say that the order must not go on: its open holds block for good. An order without open holds stays as it is.

    A second call finds them rejected and does nothing.
    """
    for hold in _meant(cmd, await holds.of_order(cmd.order_id), HoldStatus.OPEN):
        await holds.reject(hold.id, by=cmd.by, key=f"{call.key}.{hold.id}", at=call.at)
    now = await holds.of_order(cmd.order_id)
    return _open(now, _meant(cmd, now, HoldStatus.REJECTED))


@node_activity(
    "holds.look",
    title="Look at a hold",
    title_zh="查看挂起",
    errors=may_refuse(Refusal.UNKNOWN_HOLD),
)
async def look_at_hold(cmd: OneHold, holds: Holds, orders: Orders) -> HoldLookedAt:
    """See whether a hold still stands, and what sets its clock. Changes nothing, so a second call may see it lifted."""
    hold = await holds.get(cmd.hold_id)
    order = await orders.get(hold.order_id)
    seen = HoldSeen(
        kind=hold.kind,
        role=hold.resolver_role,
        reason=hold.reason,
        stands=hold.status is HoldStatus.OPEN,
        limit=None if hold.limit is None else format_duration(hold.limit),
        by_hand=hold.applied_by != PROCESS,
        service_level=order.service_level.value,
    )
    return HoldLookedAt(hold=seen)


def _meant(cmd: SomeHolds, found: Iterable[Hold], *status: HoldStatus) -> list[Hold]:
    return [hold for hold in found if hold.status in status and (not cmd.kinds or hold.kind in cmd.kinds)]


def _open(found: Iterable[Hold], touched: Iterable[Hold]) -> OpenHolds:
    blocking = [hold for hold in found if hold.is_blocking]
    return OpenHolds(
        touched=list(dict.fromkeys(hold.id for hold in touched)),
        holds=list(dict.fromkeys(hold.kind.value for hold in blocking)),
        resolvers=list(dict.fromkeys(hold.resolver_role for hold in blocking)),
    )
