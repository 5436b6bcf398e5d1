"""Planning promised goods anew, of all orders together, before a warehouse works for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.batch import BatchOrder, Weights
from oms_workflow.domain.batch_held import order_of, standing
from oms_workflow.domain.batch_moves import MoveGroup, moves_between
from oms_workflow.domain.keeping import Estimates, estimates
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Destination
from oms_workflow.domain.ports.channel_write_back import ChannelWriteBack
from oms_workflow.domain.ports.delivery_times import DeliveryTimes
from oms_workflow.domain.ports.rebalancing import BatchPlanner, Held, Rebalancing
from oms_workflow.domain.ports.stock import Stock, Warehouses
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.domain.sourcing import Candidate


class Reoptimise(BaseModel):
    """How far to look, and what counts beside what carriers ask."""

    orders: int = Field(1_000, description="Most orders looked at, the most urgent first", ge=1, le=10_000)
    parcel: int = Field(0, description="What a parcel counts on top of its cost, in minor units", ge=0)
    late: int = Field(500, description="What a late parcel counts, times the weight of the order's class", ge=0)
    hour: int = Field(1, description="What an hour on the way counts, times the weight of the order's class", ge=0)
    dry_run: bool = Field(False, description="Only say what would change")


class Moved(BaseModel):
    """Pieces that come from another warehouse, and why."""

    order_id: str = Field(description="Order")
    line_id: str = Field(description="Line")
    sku: str = Field(description="Goods")
    quantity: int = Field(description="Pieces")
    origin: str = Field(description="Warehouse that held them")
    target: str = Field(description="Warehouse that holds them now")
    why: str = Field(description="Why, in English and Chinese")


class Reoptimised(BaseModel):
    """What was moved."""

    moves: list[Moved] = Field(description="Pieces that moved, or would move in a dry run")
    orders: int = Field(description="Orders with pieces that moved")
    saved: list[str] = Field(description="What that saves, one amount a currency")
    passed_over: int = Field(description="Groups that did not move, because something had changed meanwhile")


@node_activity(
    "allocation.reoptimise", title="Plan promised goods anew", title_zh="重新优化预占", timeout=timedelta(minutes=5)
)
async def reoptimise(
    cmd: Reoptimise,
    rebalancing: Rebalancing,
    stock: Stock,
    warehouses: Warehouses,
    channels: ChannelWriteBack,
    planner: BatchPlanner,
    times: DeliveryTimes,
    call: Call,
) -> Reoptimised:
    """Move promised goods to other warehouses where that costs less in all; nobody loses a piece or gets more parcels.

    Orders a warehouse knows of, merged and cancelled ones stay as they are. A second call moves nothing and answers
    the same; with nothing to gain nothing moves.
    """
    held = {one.order.id: one for one in await rebalancing.movable(limit=cmd.orders)}
    by_currency = await _batches(held.values(), warehouses, channels, times, call.at)
    groups: list[MoveGroup] = []
    for orders in by_currency.values():
        groups += await _better(orders, held, stock, planner, Weights(parcel=cmd.parcel, late=cmd.late, hour=cmd.hour))
    if cmd.dry_run:
        return _answer(groups, 0)
    made = await rebalancing.move(groups, key=call.key, at=call.at)
    return _answer(made.groups, made.passed_over)


async def _batches(
    held: Iterable[Held], warehouses: Warehouses, channels: ChannelWriteBack, times: DeliveryTimes, at: datetime
) -> dict[str, list[BatchOrder]]:
    """Give the orders that can be planned anew, by currency. What is alike for many is asked for once."""
    by_currency: dict[str, list[BatchOrder]] = {}
    candidates: dict[tuple[Destination, str], tuple[Candidate, ...]] = {}
    arrivals: dict[tuple[str, str, ServiceLevel], Estimates] = {}
    for one in held:
        place, currency, level = one.order.destination, one.order.currency, one.order.service_level
        if (place, currency) not in candidates:
            candidates[place, currency] = await warehouses.candidates(place, currency=currency, at=at)
        where = place.country, place.region, level
        if where not in arrivals:
            names = [candidate.warehouse for candidate in candidates[place, currency]]
            arrivals[where] = estimates(await times.routes(place, level, names), at)
        divide = channels.abilities(one.order.channel).several_numbers_per_line and not one.order.sealed
        order = order_of(one, candidates[place, currency], may_divide_lines=divide, at=at, known=arrivals[where])
        if order is not None:
            by_currency.setdefault(currency, []).append(order)
    return by_currency


async def _better(
    orders: Sequence[BatchOrder], held: dict[str, Held], stock: Stock, planner: BatchPlanner, weights: Weights
) -> tuple[MoveGroup, ...]:
    skus = {demand.sku for order in orders for demand in order.demands}
    stands = standing(orders, held, await stock.balances(skus), weights)
    plan = await planner.plan(stands.batch, stands.now)
    return moves_between(stands.batch, stands.now, plan.plans)


def _answer(groups: Sequence[MoveGroup], passed_over: int) -> Reoptimised:
    saved: dict[str, int] = {}
    for group in groups:
        saved[group.currency] = saved.get(group.currency, 0) + group.saves
    moves = [
        Moved(order_id=move.order_id, line_id=move.line_id, sku=move.sku, quantity=move.quantity,
              origin=move.origin, target=move.target, why=group.why)
        for group in groups for move in group.moves
    ]  # fmt: skip
    return Reoptimised(
        moves=moves,
        orders=len({one.order_id for one in moves}),
        saved=[str(Money.minor(units, currency)) for currency, units in saved.items()],
        passed_over=passed_over,
    )
