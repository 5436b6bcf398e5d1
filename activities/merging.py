"""Merging orders of one buyer: look for partners, join them, undo it, say who leads. Belonging together is domain's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfOrder
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.merge import MergeStatus, MergeWindow
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.refusals import Refusal

Role = Literal["alone", "leader", "follower"]


class Window(OfOrder):
    """How long orders of one buyer wait for each other."""

    window: timedelta = Field(timedelta(hours=2), description="Longest time between the first and the last of a group")
    lead_time: timedelta = Field(timedelta(hours=4), description="Time a warehouse needs before the earliest ship-by")


class Proposal(BaseModel):
    """Who could go together with this order."""

    role: Role = Field(description="alone: it can be merged with nothing; leader: it came first; follower: it did not")
    leader: str = Field(description="Order that would lead; the order itself unless it is a follower")
    partners: list[str] = Field(description="Other orders that would go with it now")
    wait_until: datetime | None = Field(description="Until then more orders may join; empty when it goes alone")
    hindrances: list[str] = Field(description="Why it cannot be merged: sealed, on_hold, no_buyer, ...")


class Joined(BaseModel):
    """What came of joining."""

    merge_id: str = Field(description="The merge; '' when there was nobody to merge with")
    followers: list[str] = Field(description="Orders that go with this one from now on")


class UndoMerge(OfOrder):
    """Which merge, and who undoes it."""

    merge_id: str = Field(description="The merge this order leads; '' when there is none")
    by: str = Field("process", description="Role that decided it, never a person's name")


class Undone(BaseModel):
    """What came of undoing."""

    others: list[str] = Field(description="Orders that followed and go by themselves again")


class Standing(BaseModel):
    """How an order stands in a merge."""

    role: Role = Field(description="alone, leader or follower, as it is now")
    leader: str = Field(description="Order that leads; the order itself unless it follows")
    followers: list[str] = Field(description="Orders that follow the leader, this one left out")
    merge_id: str = Field(description="The merge that holds now; '' when there is none")


@node_activity(
    "merge.propose",
    title="Look for orders to merge",
    title_zh="查找可合并订单",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
)
async def propose(cmd: Window, merges: Merges, call: Call) -> Proposal:
    """Find orders of the same buyer, address and shop. Joins nothing, so a second call may find more.

    An order that can be merged leads, with nobody yet, until its window ends: later orders find it.
    """
    found = await merges.propose(cmd.order_id, _window(cmd), at=call.at)
    role: Role = "alone" if found.hindrances else "leader" if found.leader == cmd.order_id else "follower"
    return Proposal(
        role=role,
        leader=cmd.order_id if role == "alone" else found.leader,
        partners=[] if role == "alone" else list(found.partners),
        wait_until=None if role == "alone" else found.wait_until,
        hindrances=[reason.value for reason in found.hindrances],
    )


@node_activity(
    "merge.join",
    title="Merge the orders",
    title_zh="合并订单",
    errors=may_refuse(Refusal.UNKNOWN_ORDER, Refusal.CANNOT_MERGE),
)
async def join(cmd: Window, merges: Merges, call: Call) -> Joined:
    """Let this order lead all orders that belong with it at this moment.

    A second call gives the same merge. With nobody to merge with, nothing happens.
    """
    found = await merges.propose(cmd.order_id, _window(cmd), at=call.at)
    partners = [] if found.hindrances or found.leader != cmd.order_id else list(found.partners)
    if partners:
        await merges.merge([cmd.order_id, *partners], _window(cmd), key=call.key, at=call.at)
    standing = await _standing(cmd.order_id, merges)
    if standing.role != "leader":
        return Joined(merge_id="", followers=[])
    return Joined(merge_id=standing.merge_id, followers=standing.followers)


@node_activity(
    "merge.undo",
    title="Undo the merge",
    title_zh="撤销合单",
    errors=may_refuse(Refusal.TOO_LATE_TO_UNMERGE),
)
async def undo(cmd: UndoMerge, merges: Merges, call: Call) -> Undone:
    """Let the orders of a merge go by themselves again. Only its leader can; for any other order nothing happens.

    A second call changes nothing, and neither does a merge that a cancellation ended already; both name the others.
    """
    led = [one for one in await merges.of_order(cmd.order_id) if one.leader == cmd.order_id and one.id == cmd.merge_id]
    for merge in led:
        if merge.status is MergeStatus.ACTIVE:
            await merges.undo(merge.id, by=cmd.by, key=call.key, at=call.at)
    return Undone(others=[follower for merge in led for follower in merge.followers])


@node_activity("merge.standing", title="Look who leads the order", title_zh="查看合单主从")
async def standing(cmd: OfOrder, merges: Merges) -> Standing:
    """Say whether the order goes alone, leads or follows. Changes nothing, so a second call may see another answer."""
    return await _standing(cmd.order_id, merges)


async def _standing(order_id: str, merges: Merges) -> Standing:
    leader, *followers = await merges.group(order_id)
    if not followers:
        return Standing(role="alone", leader=order_id, followers=[], merge_id="")
    active = [one for one in await merges.of_order(order_id) if one.leader == leader]
    return Standing(
        role="leader" if leader == order_id else "follower",
        leader=leader,
        followers=[one for one in followers if one != order_id],
        merge_id=next(one.id for one in reversed(active) if one.status is MergeStatus.ACTIVE),
    )


def _window(cmd: Window) -> MergeWindow:
    return MergeWindow(length=cmd.window, lead_time=cmd.lead_time)
