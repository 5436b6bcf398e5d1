"""Holds on an order: set them with their reasons, lift them, or say for good that they stand. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfOrder
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.hold import Hold, HoldKind, HoldStatus
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.refusals import Refusal
from oms_workflow.errors import OrderRefused

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


class OpenHolds(BaseModel):
    """The holds that are on the order now."""

    holds: list[str] = Field(description="Kinds of the holds that block something, oldest first")
    resolvers: list[str] = Field(description="Roles that may lift them")


@node_activity("holds.place", title="Put order on hold", title_zh="挂起订单", errors=may_refuse(Refusal.UNKNOWN_ORDER))
async def place_holds(cmd: PlaceHolds, holds: Holds, call: Call) -> OpenHolds:
    """Put one hold on the order for each finding; nothing happens without findings.

    A second call, and a finding whose hold is open already, place no second hold.
    """
    for number, finding in enumerate(cmd.findings, start=1):
        await holds.place(
            cmd.order_id,
            finding.kind,
            handle=finding.handle,
            reason=finding.reason,
            by=PROCESS,
            key=f"{call.key}.{number}",
            at=call.at,
        )
    return _open(await holds.of_order(cmd.order_id))


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
    return _open(await holds.of_order(cmd.order_id))


@node_activity("holds.reject", title="Reject order on hold", title_zh="驳回挂起订单")
async def reject_holds(cmd: SomeHolds, holds: Holds, call: Call) -> OpenHolds:
    """Say that the order must not go on: its open holds block for good. An order without open holds stays as it is.

    A second call finds them rejected and does nothing.
    """
    for hold in _meant(cmd, await holds.of_order(cmd.order_id), HoldStatus.OPEN):
        await holds.reject(hold.id, by=cmd.by, key=f"{call.key}.{hold.id}", at=call.at)
    return _open(await holds.of_order(cmd.order_id))


def _meant(cmd: SomeHolds, found: Iterable[Hold], *status: HoldStatus) -> list[Hold]:
    return [hold for hold in found if hold.status in status and (not cmd.kinds or hold.kind in cmd.kinds)]


def _open(found: Iterable[Hold]) -> OpenHolds:
    blocking = [hold for hold in found if hold.is_blocking]
    return OpenHolds(
        holds=list(dict.fromkeys(hold.kind.value for hold in blocking)),
        resolvers=list(dict.fromkeys(hold.resolver_role for hold in blocking)),
    )
