"""Fulfilment orders: split what is allocated into what each warehouse sends, divide one by hand, give one back."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfFulfilment, OfOrder
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.fulfilment import FulfilmentOrder, SplitReason
from oms_workflow.domain.ports.channel_write_back import ChannelWriteBack
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.split import ParcelLimits


class PlanFulfilments(OfOrder):
    """What one parcel may be."""

    parcel_weight_grams: int | None = Field(None, description="Heaviest parcel in grams; empty: no limit", gt=0)
    parcel_volume_cm3: int | None = Field(
        None, description="Largest parcel in cubic centimetres; empty: no limit", gt=0
    )


class Planned(BaseModel):
    """What has to be sent, by whom."""

    fulfilments: list[str] = Field(description="New fulfilment orders; empty when there was nothing to plan")
    reasons: list[str] = Field(
        description="Why they are several: stock, seller, weight, volume, temperature, hazard, channel, short, manual"
    )


class Divide(OfFulfilment):
    """How to divide it."""

    parts: list[dict[str, int]] = Field(description="Each part as line id -> pieces; together exactly what it holds")
    reason: SplitReason = Field(SplitReason.MANUAL, description="Why it is divided")


class GiveBack(OfFulfilment):
    """What happens to its goods."""

    free_stock: bool = Field(
        True, description="True: look for another warehouse; False: the goods stay allocated where they are"
    )


class GivenBack(BaseModel):
    """What has to be planned again."""

    order_id: str = Field(description="Order whose process leads it")
    pieces: int = Field(description="Pieces it held; 0 when all of them were short")


class FulfilmentNow(BaseModel):
    """How a fulfilment order stands at this moment."""

    status: str = Field(description="open, in_progress, incomplete, closed or cancelled")
    request: str = Field(description="unsubmitted, submitted, accepted, rejected, cancel_requested, ...")
    pieces: int = Field(description="Pieces it holds; fewer than planned when some were short")
    warehouse: str = Field(description="Warehouse that sends it")


@node_activity(
    "fulfilment.plan",
    title="Plan who sends what",
    title_zh="拆单并生成履约单",
    errors=may_refuse(
        Refusal.UNKNOWN_ORDER, Refusal.ORDER_CANCELLED, Refusal.CANNOT_SPLIT, Refusal.ORDER_SEALED, Refusal.ILLEGAL_MOVE
    ),
)
async def plan(
    cmd: PlanFulfilments, fulfilments: Fulfilments, orders: Orders, channels: ChannelWriteBack, call: Call
) -> Planned:
    """Split everything allocated that no fulfilment order holds yet, of orders merged into this one as well.

    A second call gives the same fulfilment orders. With nothing to plan there are none.
    """
    order = await orders.get(cmd.order_id)
    limits = ParcelLimits(
        weight_grams=cmd.parcel_weight_grams,
        volume_cm3=cmd.parcel_volume_cm3,
        may_divide_lines=channels.abilities(order.channel).several_numbers_per_line,
    )
    made = await fulfilments.plan(cmd.order_id, limits=limits, key=call.key, at=call.at)
    return _planned(made)


@node_activity(
    "fulfilment.divide",
    title="Divide a fulfilment order",
    title_zh="拆分履约单",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT, Refusal.CANNOT_SPLIT, Refusal.ORDER_SEALED, Refusal.ILLEGAL_MOVE),
)
async def divide(
    cmd: Divide, fulfilments: Fulfilments, orders: Orders, channels: ChannelWriteBack, call: Call
) -> Planned:
    """Put a fulfilment order that no warehouse works on into parts, as a person decided.

    A second call gives the same parts. Refused are parts that do not add up to it, and those that tear a line apart
    whose channel takes one tracking number for it.
    """
    order = await orders.get((await fulfilments.get(cmd.fulfilment_id)).order_id)
    made = await fulfilments.divide(
        cmd.fulfilment_id,
        cmd.parts,
        reason=cmd.reason,
        may_divide_lines=channels.abilities(order.channel).several_numbers_per_line,
        key=call.key,
        at=call.at,
    )
    return _planned(made)


@node_activity(
    "fulfilment.join",
    title="Join a divided fulfilment order",
    title_zh="合并已拆履约单",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT, Refusal.ILLEGAL_MOVE),
)
async def join(cmd: OfFulfilment, fulfilments: Fulfilments, call: Call) -> FulfilmentNow:
    """Put every part that was divided from a fulfilment order back into it, to the piece and the cent.

    A second call finds no part and changes nothing. Parts a warehouse works on are refused.
    """
    return _now(await fulfilments.join(cmd.fulfilment_id, key=call.key, at=call.at))


@node_activity(
    "fulfilment.give_back",
    title="Give goods back to allocation",
    title_zh="履约单退回重新分配",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT, Refusal.TOO_LATE_TO_CANCEL),
)
async def give_back(cmd: GiveBack, fulfilments: Fulfilments, call: Call) -> GivenBack:
    """Cancel a fulfilment order so that its pieces are planned anew. A second call finds it cancelled, nothing more."""
    given = await fulfilments.cancel(cmd.fulfilment_id, free_stock=cmd.free_stock, key=call.key, at=call.at)
    return GivenBack(order_id=given.order_id, pieces=given.pieces)


@node_activity(
    "fulfilment.look",
    title="Look at the fulfilment order",
    title_zh="查看履约单",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT),
)
async def look(cmd: OfFulfilment, fulfilments: Fulfilments) -> FulfilmentNow:
    """Say how a fulfilment order stands. Changes nothing, so a second call may see another state."""
    return _now(await fulfilments.get(cmd.fulfilment_id))


def _now(one: FulfilmentOrder) -> FulfilmentNow:
    return FulfilmentNow(
        status=one.status.value, request=one.request_status.value, pieces=one.pieces, warehouse=one.warehouse
    )


def _planned(made: Iterable[FulfilmentOrder]) -> Planned:
    found = list(made)
    reasons = {reason.value for one in found for reason in one.reasons}
    return Planned(fulfilments=[one.id for one in found], reasons=sorted(reasons))
