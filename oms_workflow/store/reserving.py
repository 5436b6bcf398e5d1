"""Promising stock to orders: reserve, make firm, give back. Check and write are one step under the same locks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.capture import lets_go
from oms_workflow.domain.hold import Gate
from oms_workflow.domain.line_ledger import Move
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.stock import Released, ReservationResult
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.sourcing import (
    Assignment,
    Candidate,
    Demand,
    SourcingPlan,
    SourcingPolicy,
    SourcingQuestion,
)
from oms_workflow.domain.sourcing_passes import source_in_passes
from oms_workflow.domain.stock import EntryKind
from oms_workflow.store.fulfilment_book import FulfilmentBook
from oms_workflow.store.hold_rows import require_gate
from oms_workflow.store.line_book import LineBook
from oms_workflow.store.locking import lock_led, lock_order, require_not_cancelled
from oms_workflow.store.order_rows import orders_from
from oms_workflow.store.passed_over import keep_passed_over
from oms_workflow.store.payment_rows import load_ledgers, load_money, may_ship, require_paid
from oms_workflow.store.stock_book import ClaimRow, StockBook
from oms_workflow.store.tables.stock import stock_claims

_FIRM = stock_claims.update().where(stock_claims.c.order_id == bindparam("of")).values(expires_at=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reservation is to look like."""

    candidates: tuple[Candidate, ...]
    policy: SourcingPolicy
    expires_at: datetime | None


async def reserve(
    connection: AsyncConnection, order_id: str, wish: Wish, *, key: str, at: datetime
) -> ReservationResult:
    """Reserve every open, unreserved piece of an order and of those that follow it, as far as there is stock.

    Raises:
        OrderRefused: UNKNOWN_ORDER; ORDER_CANCELLED; ILLEGAL_MOVE, when the order follows another one.
    """
    rows = await lock_led(connection, order_id)
    require_not_cancelled({order_id: rows[order_id]})
    alive = [name for name, row in rows.items() if row["cancelled_at"] is None]
    lines, stock = await LineBook.of_orders(connection, alive), StockBook(connection)
    orders = orders_from({name: rows[name] for name in alive}, lines.rows.values())
    ledgers = await load_ledgers(connection, alive)
    await stock.load_claims(alive)
    demands = _demands(orders, lines, stock)
    await stock.lock((one.sku, candidate.warehouse) for one in demands for candidate in wish.candidates)
    available = {pair: balance.available for pair, balance in stock.balances.items()}
    plan = source_in_passes(
        SourcingQuestion(demands=demands, candidates=wish.candidates, available=available, policy=wish.policy)
    )
    cancelled = lines.cancelled
    firm = {name for name in alive if may_ship(orders[name], ledgers[name], cancelled)}
    _book(plan, lines, stock, wish, firm)
    await stock.write(key=key, at=at)
    if demands:
        chosen = {one.warehouse for one in plan.assignments}
        await keep_passed_over(connection, order_id, [one for one in plan.refused if one.warehouse not in chosen], at)
    return _result(plan, lines, stock)


def _demands(orders: dict[str, Order], lines: LineBook, stock: StockBook) -> tuple[Demand, ...]:
    wanted = []
    for order in orders.values():
        for line in order.lines:
            reserved = sum(claim.reserved for claim in stock.claims_of(line.id))
            missing = lines.lines[line.id].open - reserved
            together = f"{order.id} {line.stays_with}" if line.stays_with else ""
            if missing:
                worth = line.amount.minor_units // line.ordered
                wanted.append(
                    Demand(line_id=line.id, sku=line.sku, quantity=missing, seller=line.seller, ship_together=together,
                           piece_value=worth)
                )  # fmt: skip
    return tuple(wanted)


def _book(plan: SourcingPlan, lines: LineBook, stock: StockBook, wish: Wish, firm: set[str]) -> None:
    why = {choice.warehouse: choice.why for choice in plan.choices}
    for one in plan.assignments:
        order_id = lines.order_of(one.line_id)
        stock.open_claim(ClaimRow(line_id=one.line_id, warehouse=one.warehouse, order_id=order_id, sku=one.sku))
        stock.book((one.sku, one.warehouse), EntryKind.RESERVE, one.quantity, line_id=one.line_id,
                   reason=why.get(one.warehouse, ""))  # fmt: skip
        stock.expire_at((one.line_id, one.warehouse), None if order_id in firm else wish.expires_at)


def _result(plan: SourcingPlan, lines: LineBook, stock: StockBook) -> ReservationResult:
    held = [claim for claim in stock.claims.values() if claim.reserved]
    position = {name: number for number, name in enumerate(lines.lines)}
    held.sort(key=lambda claim: (position[claim.line_id], claim.warehouse))
    return ReservationResult(
        reserved=tuple(_assignment(claim, claim.reserved) for claim in held),
        shortfalls=plan.shortfalls,
        choices=plan.choices,
        refused=plan.refused,
        expires_at=min((claim.expires_at for claim in held if claim.expires_at is not None), default=None),
    )


async def allocate(connection: AsyncConnection, order_id: str, *, key: str, at: datetime) -> tuple[Assignment, ...]:
    """Make firm what is reserved for an order and those that follow it.

    Raises:
        OrderRefused: ON_HOLD; NOT_PAID; ORDER_CANCELLED; OUT_OF_STOCK; ILLEGAL_MOVE.
    """
    rows = await lock_led(connection, order_id)
    require_not_cancelled({order_id: rows[order_id]})
    alive = [name for name, row in rows.items() if row["cancelled_at"] is None]
    await require_gate(connection, alive, Gate.ALLOCATE)
    lines, stock = await LineBook.of_orders(connection, alive), StockBook(connection)
    orders = orders_from({name: rows[name] for name in alive}, lines.rows.values())
    require_paid(orders, await load_ledgers(connection, alive), lines.cancelled)
    await stock.load_claims(alive)
    reserved = [claim for claim in stock.claims.values() if claim.reserved]
    if not reserved and not any(claim.allocated for claim in stock.claims.values()):
        raise refuse(
            Refusal.OUT_OF_STOCK,
            f"Nothing is reserved for order {order_id!r}, so nothing can be allocated. Reserve first, or backorder.",
        )
    await stock.lock((claim.sku, claim.warehouse) for claim in reserved)
    for claim in reserved:
        stock.book((claim.sku, claim.warehouse), EntryKind.ALLOCATE, claim.reserved, line_id=claim.line_id)
        stock.expire_at((claim.line_id, claim.warehouse), None)
        lines.move(claim.line_id, Move.ALLOCATE, claim.reserved)
    await stock.write(key=key, at=at)
    await lines.write(key=key, at=at)
    return tuple(_assignment(claim, claim.reserved) for claim in reserved)


async def release(connection: AsyncConnection, order_id: str, *, allocated: bool, key: str, at: datetime) -> Released:
    """Give back what is reserved for an order, and with `allocated` what is allocated and in no plan.

    Raises:
        OrderRefused: UNKNOWN_ORDER.
    """
    await lock_order(connection, order_id)
    lines, stock = await LineBook.of_orders(connection, [order_id]), StockBook(connection)
    await stock.load_claims([order_id])
    plans = await FulfilmentBook.of_orders(connection, [order_id])
    freed = []
    for claim in list(stock.claims.values()):
        unplanned = claim.allocated - plans.planned(claim.line_id, claim.warehouse) if allocated else 0
        if claim.reserved or unplanned:
            freed.append((claim, unplanned))
    await stock.lock((claim.sku, claim.warehouse) for claim, _ in freed)
    for claim, unplanned in freed:
        pair = claim.sku, claim.warehouse
        stock.book(pair, EntryKind.RELEASE, claim.reserved, line_id=claim.line_id)
        stock.book(pair, EntryKind.DEALLOCATE, unplanned, line_id=claim.line_id)
        stock.expire_at((claim.line_id, claim.warehouse), None)
        lines.move(claim.line_id, Move.DEALLOCATE, unplanned)
    await stock.write(key=key, at=at)
    await lines.write(key=key, at=at)
    return Released(
        reserved=tuple(_assignment(claim, claim.reserved) for claim, _ in freed if claim.reserved),
        allocated=tuple(_assignment(claim, unplanned) for claim, unplanned in freed if unplanned),
    )


async def release_lapsed(connection: AsyncConnection, order_id: str, *, at: datetime) -> bool:
    """Give back what lapsed of an order's reservations; never of a paid or on-delivery order. True if anything was."""
    row = await lock_order(connection, order_id)
    order, _, money = await load_money(connection, order_id)
    stock = StockBook(connection)
    await stock.load_claims([order_id])
    lapsed = [
        claim for claim in stock.claims.values()
        if claim.reserved and claim.expires_at is not None and claim.expires_at <= at
    ]  # fmt: skip
    if row["cancelled_at"] is None and lets_go(order, money):
        for claim in lapsed:  # it was paid after it was reserved: the promise is firm
            stock.expire_at((claim.line_id, claim.warehouse), None)
        await stock.write(key="", at=at)
        return False
    await stock.lock((claim.sku, claim.warehouse) for claim in lapsed)
    for claim in lapsed:
        pair = claim.sku, claim.warehouse
        stock.book(pair, EntryKind.RELEASE, claim.reserved, line_id=claim.line_id, reason="lapsed")
        stock.expire_at((claim.line_id, claim.warehouse), None)
    await stock.write(key=f"lapsed {order_id} {at.isoformat()}", at=at)
    return bool(lapsed)


async def lapsing_orders(connection: AsyncConnection, at: datetime, limit: int) -> Sequence[str]:
    """Find orders with reservations that lapsed, those that lapsed first before the others."""
    table = stock_claims
    statement = (
        select(table.c.order_id)
        .where(table.c.reserved > 0, table.c.expires_at.is_not(None), table.c.expires_at <= at)
        .order_by(table.c.expires_at, table.c.order_id)
        .limit(limit * 5)
    )
    return list(dict.fromkeys((await connection.execute(statement)).scalars()))[:limit]


async def make_firm(connection: AsyncConnection, order_id: str) -> None:
    """Let the reservations of a locked order never lapse any more."""
    await connection.execute(_FIRM, {"of": order_id})


def _assignment(claim: ClaimRow, quantity: int) -> Assignment:
    return Assignment(line_id=claim.line_id, sku=claim.sku, warehouse=claim.warehouse, quantity=quantity)
