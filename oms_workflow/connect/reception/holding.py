"""What people do with holds: put one on, lift it, or say for good that it stands. Gives who has to hear of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from oms_workflow.connect.reception.body import Id, OptionalId, Text, Told, read, refused
from oms_workflow.connect.reception.message import Message, Received, message
from oms_workflow.domain.hold import Gate, Hold, HoldKind, HoldStatus, require_resolver
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.refusals import Refusal, refuse

PORTS: tuple[type, ...] = (Holds,)
"""Ports that taking it needs."""

LONGEST = timedelta(days=366)  # a hold that may stand longer is no hold but a cancelled order

Role = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class PlacedBody(Told):
    """Somebody puts a hold on an order."""

    order: Id
    kind: HoldKind = HoldKind.MANUAL
    handle: OptionalId = ""
    reason: Annotated[Text, Field(min_length=1)]
    by: Id
    blocks: tuple[Gate, ...] | None = None
    role: Role | None = None
    limit_seconds: Annotated[int, Field(ge=60, le=int(LONGEST.total_seconds()))] | None = None


class ClosedBody(Told):
    """Somebody lifts or rejects one hold: by its id, or by its order, kind and handle."""

    hold: OptionalId = ""
    order: OptionalId = ""
    kind: HoldKind | None = None
    handle: OptionalId = ""
    by: Id
    role: Role  # as whom it is done


async def receive(what: str, body: Mapping[str, Any], ports: Mapping[type, Any], *, at: datetime) -> Received:
    """Take what somebody does with a hold.

    Args:
        what: A key of DEEDS.
        ports: Holds `Holds`.
        at: UTC.

    Raises:
        OrderRefused: DATA_REFUSED; UNKNOWN_ORDER; UNKNOWN_HOLD; NOT_THEIRS, when the role is not the hold's;
            ILLEGAL_MOVE, when it is closed already.
    """
    return await DEEDS[what](body, ports[Holds], at)


async def _placed(body: Mapping[str, Any], holds: Holds, at: datetime) -> Received:
    told = read(PlacedBody, body, at=at)
    hold = await holds.place(
        told.order,
        told.kind,
        handle=told.handle,
        reason=told.reason,
        by=told.by,
        blocks=told.blocks,
        resolver_role=told.role,
        limit=None if told.limit_seconds is None else timedelta(seconds=told.limit_seconds),
        key=f"hold/{told.order}/{told.event}",
        at=at,
    )
    return Received(messages=(message("hold.placed", hold.id, order_id=hold.order_id, hold_id=hold.id),))


async def _resolved(body: Mapping[str, Any], holds: Holds, at: datetime) -> Received:
    told = read(ClosedBody, body, at=at)
    hold = await _meant(told, holds)
    return _ended(await holds.resolve(hold.id, by=told.by, key=f"hold/{hold.id}/{told.event}", at=at))


async def _rejected(body: Mapping[str, Any], holds: Holds, at: datetime) -> Received:
    told = read(ClosedBody, body, at=at)
    hold = await _meant(told, holds)
    return _ended(await holds.reject(hold.id, by=told.by, key=f"hold/{hold.id}/{told.event}", at=at))


async def _meant(told: ClosedBody, holds: Holds) -> Hold:
    if told.hold:
        found = await holds.get(told.hold)
    elif told.order and told.kind:
        same = [
            one
            for one in await holds.of_order(told.order)
            if (one.kind, one.handle) == (told.kind, told.handle) and one.status is not HoldStatus.RESOLVED
        ]
        if not same:
            why = f"Order {told.order!r} has no {told.kind.value} hold with handle {told.handle!r} that stands."
            raise refuse(Refusal.UNKNOWN_HOLD, why)
        found = same[-1]
    else:
        raise refused("The body names no hold: give its id, or its order and kind.")
    require_resolver(found, told.role)
    return found


def _ended(hold: Hold) -> Received:
    status = hold.status.value
    told: tuple[Message, ...] = (
        message(
            "hold.closed", hold.order_id, f"{hold.id}/{status}",
            order_id=hold.order_id, hold_id=hold.id, kind=hold.kind.value, status=status,
        ),
        message("hold.ended", hold.id, order_id=hold.order_id, hold_id=hold.id),
    )  # fmt: skip
    return Received(messages=told)


DEEDS: dict[str, Callable[[Mapping[str, Any], Holds, datetime], Awaitable[Received]]] = {
    "placed": _placed,
    "resolved": _resolved,
    "rejected": _rejected,
}
"""What people do with holds."""
