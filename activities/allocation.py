"""Stock for an order: promise it, make the promise firm, take it back. Chooses no warehouse itself.

An order that leads others after a merge acts for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfOrder
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.currencies import decimals_of
from oms_workflow.domain.fulfilment import RequestStatus
from oms_workflow.domain.keeping import estimates, in_time
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.channel_write_back import ChannelWriteBack
from oms_workflow.domain.ports.delivery_times import DeliveryTimes
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.stock import Stock, Warehouses
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.sourcing import Candidate, Preference, SourcingPass, SourcingPolicy


class Pass(BaseModel):
    """One pass of rules over the warehouses, a row of the shop's table. Empty fields ask for nothing."""

    name: str = Field("", description="What people call it")
    prefer: Preference = Field(Preference.PRIORITY, description="What decides between warehouses it lets through")
    only: list[str] | None = Field(None, description="A group of warehouses; empty: all")
    maximum_km: int | None = Field(None, description="Farthest warehouse", ge=0)
    minimum_parcels_left: int | None = Field(None, description="Parcels a warehouse must still take today", ge=0)
    keep_pieces: int | None = Field(None, description="Pieces of each SKU that stay on the shelf", ge=0)
    in_time: bool | None = Field(None, description="Only warehouses that keep the promise")
    maximum_warehouses: int | None = Field(None, description="Most warehouses for the order", ge=1)
    complete: bool | None = Field(None, description="Takes everything or nothing")
    minimum_part_value: Decimal | None = Field(None, description="Least worth of both parts of a division", ge=0)
    stops: bool | None = Field(None, description="No pass follows: what is missing waits")

    def rule(self, currency: str) -> SourcingPass:
        """Give the pass with its amounts in minor units."""
        unit = Decimal(1).scaleb(-decimals_of(currency))
        return SourcingPass(
            name=self.name,
            prefer=self.prefer,
            only=tuple(self.only or ()),
            maximum_km=self.maximum_km,
            minimum_parcels_left=self.minimum_parcels_left or 0,
            keep_pieces=self.keep_pieces or 0,
            in_time=bool(self.in_time),
            maximum_warehouses=self.maximum_warehouses,
            complete=bool(self.complete),
            minimum_part_value=int((self.minimum_part_value or Decimal(0)) / unit),
            stops=bool(self.stops),
        )


class ReserveStock(OfOrder):
    """How warehouses are chosen."""

    prefer: Preference = Field(Preference.PRIORITY, description="What decides between warehouses that could all serve")
    maximum_warehouses: int | None = Field(None, description="Most warehouses for one order; empty: any number", ge=1)
    complete_or_nothing: bool = Field(False, description="Reserve all of it or none of it")
    passes: list[Pass] = Field([], description="Passes of rules, in their order; none: one pass with `prefer`")
    until: datetime | None = Field(None, description="When the promise lapses unless paid; empty: never")

    def rules(self, currency: str) -> SourcingPolicy:
        """Give what is asked for as far as it does not hang on the order."""
        return SourcingPolicy(
            prefer=self.prefer,
            passes=tuple(one.rule(currency) for one in self.passes),
            maximum_warehouses=self.maximum_warehouses,
            complete_or_nothing=self.complete_or_nothing,
        )


class Reserved(BaseModel):
    """What could be promised."""

    reserved: int = Field(description="Pieces that are promised now, earlier promises included")
    missing: int = Field(description="Pieces no warehouse can send; 0 when all is reserved")
    warehouses: list[str] = Field(description="Warehouses that will send them")
    why: list[str] = Field(description="Why these warehouses, one sentence each")
    why_not: list[str] = Field([], description="Why other warehouses were left out, one sentence each")
    shortages: list[str] = Field(description="Why pieces found none: out_of_stock, no_warehouse, no_capacity, ...")


class Allocated(BaseModel):
    """What is firmly promised."""

    allocated: int = Field(description="Pieces that became firm by this call")
    warehouses: list[str] = Field(description="Warehouses that hold them")


class ReleaseStock(OfOrder):
    """What is given back."""

    allocated: bool = Field(True, description="Give firm promises back as well, unless a fulfilment order holds them")


class Released(BaseModel):
    """What was given back."""

    pieces: int = Field(description="Pieces that others may have now; 0 when nothing was promised")


@node_activity(
    "allocation.reserve",
    title="Reserve stock",
    title_zh="预占库存",
    errors=may_refuse(Refusal.UNKNOWN_ORDER, Refusal.ORDER_CANCELLED, Refusal.ILLEGAL_MOVE),
)
async def reserve(
    cmd: ReserveStock,
    orders: Orders,
    stock: Stock,
    warehouses: Warehouses,
    fulfilments: Fulfilments,
    merges: Merges,
    channels: ChannelWriteBack,
    times: DeliveryTimes,
    call: Call,
) -> Reserved:
    """Promise stock for every open piece, of orders merged into this one as well.

    A second call reserves nothing twice. When nothing is there, all pieces are missing: no error, the diagram decides.
    Warehouses that rejected goods of this order are left out. Lines stay whole where the channel takes only one
    tracking number a line.
    """
    order = await orders.get(cmd.order_id)
    rejected = await _rejected(cmd.order_id, merges, fulfilments)
    candidates = [one for one in await _candidates(order, warehouses, times, call.at) if one.warehouse not in rejected]
    result = await stock.reserve(
        cmd.order_id,
        candidates,
        policy=_policy(cmd, order, channels),
        expires_at=cmd.until,
        key=call.key,
        at=call.at,
    )
    return Reserved(
        reserved=sum(one.quantity for one in result.reserved),
        missing=result.missing,
        warehouses=_names(one.warehouse for one in result.reserved),
        why=[choice.why for choice in result.choices],
        why_not=_names(one.why for one in result.refused),
        shortages=_names(one.reason.value for one in result.shortfalls),
    )


async def _candidates(
    order: Order, warehouses: Warehouses, times: DeliveryTimes, at: datetime
) -> tuple[Candidate, ...]:
    """Give the warehouses that may serve an order, each with whether it keeps what was promised."""
    found = await warehouses.candidates(order.destination, currency=order.currency, at=at)
    routes = await times.routes(order.destination, order.service_level, [one.warehouse for one in found])
    known = estimates(routes, at)
    return tuple(in_time(one, order.promise, at, known) for one in found)


def _policy(cmd: ReserveStock, order: Order, channels: ChannelWriteBack) -> SourcingPolicy:
    """Say how warehouses are chosen, as far as the order and its channel allow what is asked for."""
    rules = cmd.rules(order.currency)
    return replace(
        rules,
        may_divide_lines=channels.abilities(order.channel).several_numbers_per_line,
        maximum_warehouses=1 if order.sealed else rules.maximum_warehouses,
    )


@node_activity(
    "allocation.allocate",
    title="Allocate stock",
    title_zh="分配库存",
    errors=may_refuse(
        Refusal.UNKNOWN_ORDER,
        Refusal.ORDER_CANCELLED,
        Refusal.ON_HOLD,
        Refusal.NOT_PAID,
        Refusal.OUT_OF_STOCK,
        Refusal.ILLEGAL_MOVE,
    ),
)
async def allocate(cmd: OfOrder, stock: Stock, call: Call) -> Allocated:
    """Make everything reserved for the order firm.

    A second call allocates nothing twice; with nothing reserved or allocated it is refused.
    """
    held = await stock.allocate(cmd.order_id, key=call.key, at=call.at)
    return Allocated(
        allocated=sum(one.quantity for one in held),
        warehouses=_names(one.warehouse for one in held),
    )


@node_activity(
    "allocation.release", title="Release stock", title_zh="释放库存", errors=may_refuse(Refusal.UNKNOWN_ORDER)
)
async def release(cmd: ReleaseStock, stock: Stock, call: Call) -> Released:
    """Give back what is promised to the order. A second call, or nothing promised, gives nothing back."""
    given = await stock.release(cmd.order_id, allocated=cmd.allocated, key=call.key, at=call.at)
    return Released(pieces=sum(one.quantity for one in (*given.reserved, *given.allocated)))


async def _rejected(order_id: str, merges: Merges, fulfilments: Fulfilments) -> set[str]:
    """Give the warehouses that rejected goods of an order, or of one that goes with it."""
    found: set[str] = set()
    for member in await merges.group(order_id):
        plans = await fulfilments.of_order(member)
        found |= {one.warehouse for one in plans if one.request_status is RequestStatus.REJECTED}
    return found


def _names(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))
