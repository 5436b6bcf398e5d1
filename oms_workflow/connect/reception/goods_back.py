"""What a warehouse tells about goods that came back: how many of each line, in what condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from oms_workflow.connect.reception.body import Id, Pieces, Told, read, refused
from oms_workflow.connect.reception.message import Received, message
from oms_workflow.domain.ports.returns import ReceivedPieces, Returns
from oms_workflow.domain.returns import Condition, Reception, Return


class CountedBody(BaseModel):
    """What was found of one line; neither sellable nor damaged: nothing of it was there."""

    line: Id
    sellable: Pieces = 0
    damaged: Pieces = 0


class GoodsBackBody(Told):
    """A parcel with returned goods was opened."""

    return_id: Id = Field(alias="return")
    warehouse: Id
    lines: tuple[CountedBody, ...] = Field(min_length=1, max_length=1000)


_TO_COME = frozenset(
    {Reception.AWAITING, Reception.IN_TRANSIT, Reception.SHORT_SHIPPED, Reception.LOST_IN_TRANSIT, Reception.EXPIRED}
)
"""Pieces that may still be counted: some turn up after they were given up."""


async def receive(what: str, body: Mapping[str, Any], ports: Mapping[type, Any], *, at: datetime) -> Received:
    """Take what a warehouse counted.

    Args:
        what: `return_received`.
        ports: Holds Returns.
        at: UTC.

    Raises:
        OrderRefused: DATA_REFUSED, for a bad body or more pieces than are to come; UNKNOWN_RETURN; UNKNOWN_WAREHOUSE.
    """
    told = read(GoodsBackBody, body, at=at)
    returns: Returns = ports[Returns]
    known = await returns.get(told.return_id)
    _require_announced(known, told)
    # First what can be sold, then what cannot: an item that is counted in part is divided, and its rest counted again.
    for condition, counted in _by_condition(told.lines):
        key = f"warehouse/{told.return_id}/{told.event}/{condition.value}"
        pieces = _pieces(known, counted, condition)
        if pieces:
            known = await returns.receive(told.return_id, told.warehouse, pieces, key=key, at=at)
    return Received(
        messages=(
            message(
                "return.received",
                told.return_id,
                told.event,
                return_id=told.return_id,
                received=known.received,
                announced=sum(item.quantity for item in known.items),
            ),
        )
    )


def _require_announced(known: Return, told: GoodsBackBody) -> None:
    announced: dict[str, int] = {}
    for item in known.items:
        announced[item.line_id] = announced.get(item.line_id, 0) + item.quantity
    for one in told.lines:
        if one.sellable + one.damaged > announced.get(one.line, 0):
            raise refused(
                f"More pieces of line {one.line!r} were counted than return {known.id!r} announces: "
                f"{one.sellable + one.damaged} instead of at most {announced.get(one.line, 0)}. Open another return."
            )


def _by_condition(lines: Iterable[CountedBody]) -> tuple[tuple[Condition, dict[str, int]], ...]:
    """Give what was counted in each condition; a line of which nothing was there counts as none that can be sold."""
    sellable = {one.line: one.sellable for one in lines if one.sellable or not one.damaged}
    damaged = {one.line: one.damaged for one in lines if one.damaged}
    return (Condition.SELLABLE, sellable), (Condition.DAMAGED, damaged)


def _pieces(known: Return, counted: Mapping[str, int], condition: Condition) -> list[ReceivedPieces]:
    """Share what was counted of a line among its items that are to come, the first one first."""
    left = dict(counted)
    found: list[ReceivedPieces] = []
    for item in known.items:
        if item.line_id not in left or item.reception not in _TO_COME:
            continue
        here = min(left[item.line_id], item.quantity)
        left[item.line_id] -= here
        expected = item.reception in (Reception.AWAITING, Reception.IN_TRANSIT)
        if here or expected:
            missing = Reception.SHORT_SHIPPED if expected else item.reception
            found.append(ReceivedPieces(item_id=item.id, quantity=here, condition=condition, missing=missing))
    return found
