"""Deciding a cancellation against shipping. The order's lock makes sure that one of the two comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.cancellation import CancelDecision, CancelledLine, CancelResult, CancelScope
from oms_workflow.domain.fulfilment import Fate
from oms_workflow.store.exchanging import withdraw_exchange
from oms_workflow.store.line_book import LineBook
from oms_workflow.store.locking import lock_group, next_part
from oms_workflow.store.tables.orders import cancellations, orders
from oms_workflow.store.unmerging import leave_group
from oms_workflow.store.withdrawing import NOT_AT_WORK, Withdrawal

CONTENT: TypeAdapter[CancelDecision] = TypeAdapter(CancelDecision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request to cancel."""

    order_id: str
    scope: CancelScope
    reason: str
    by: str


async def decide(connection: AsyncConnection, asked: Asked, *, key: str, at: datetime) -> CancelDecision:
    """Decide a request. Fulfilment orders that are to ship have won; all others are cancelled, their stock is free.

    Raises:
        OrderRefused: UNKNOWN_ORDER.
    """
    rows = await lock_group(connection, asked.order_id)
    if rows[asked.order_id]["cancelled_at"] is not None:
        return await _before(connection, asked.order_id)
    lines = await LineBook.of_orders(connection, [asked.order_id])
    withdrawal = await Withdrawal.of_order(connection, asked.order_id, lines, rows)
    shipping = [row["id"] for row in withdrawal.plans.active() if _ships(withdrawal, row["id"], [asked.order_id])]
    followers = [name for name, row in rows.items() if row["leader"] == asked.order_id]
    wanted = _wanted(asked, lines, withdrawal)
    some_go = bool(shipping) or _goes_on(asked, lines)
    too_late = some_go and (asked.scope is CancelScope.WHOLE or not any(wanted.values()))
    carries = await _carries(connection, withdrawal, followers, waiting_only=asked.scope is CancelScope.WAITING)
    before = set(_cancelled(withdrawal))
    cancelled = () if too_late else await _withdraw(withdrawal, asked, wanted, key=key, at=at)
    whole = not some_go and not carries
    result = CancelResult.CANCELLED if whole else CancelResult.TOO_LATE if too_late else CancelResult.PARTLY
    decision = CancelDecision(
        id=await next_part(connection, cancellations, cancellations.c.order_id, asked.order_id, "C"),
        order_id=asked.order_id,
        result=result,
        cancelled=cancelled,
        cancelled_fulfilments=tuple(name for name in _cancelled(withdrawal) if name not in before),
        shipping_fulfilments=tuple(shipping),
        reason=asked.reason,
        by=asked.by,
        at=at,
    )
    await _store(connection, asked, decision)
    return decision


def _wanted(asked: Asked, lines: LineBook, withdrawal: Withdrawal) -> dict[str, int]:
    """Count the pieces of each line that the request is about and that can still be kept from going out."""
    waiting_only = asked.scope is CancelScope.WAITING
    return {
        name: line.backordered if waiting_only else line.to_ship - _going_out(withdrawal, name)
        for name, line in lines.lines.items()
    }


def _goes_on(asked: Asked, lines: LineBook) -> bool:
    """Say whether pieces of the order have left, or are not asked about and stay."""
    left_already = any(line.shipped or line.written_off for line in lines.lines.values())
    stays = any(line.open or line.allocated for line in lines.lines.values())
    return left_already or (asked.scope is CancelScope.WAITING and stays)


async def _withdraw(
    withdrawal: Withdrawal, asked: Asked, wanted: Mapping[str, int], *, key: str, at: datetime
) -> tuple[CancelledLine, ...]:
    """Take the pieces out of their plans and free their stock; gives what is cancelled by that."""
    if asked.scope is not CancelScope.WAITING:
        _withdraw_everything(withdrawal, asked.order_id)
    for line_id, quantity in wanted.items():
        withdrawal.take(line_id, quantity)
    await withdrawal.write(key=key, at=at)
    return tuple(CancelledLine(line_id=name, quantity=quantity) for name, quantity in wanted.items() if quantity)


def _withdraw_everything(withdrawal: Withdrawal, order_id: str) -> None:
    """Free the order's pieces from every plan whose fate is open.

    A plan no warehouse was asked about just loses them. One that a warehouse has is cancelled as a whole: the pieces of
    other orders in it stay allocated to their lines, to be planned anew.
    """
    for row in withdrawal.plans.active():
        if row["fate"] is not None:
            continue
        mine = [line for line in withdrawal.plans.lines[row["id"]].values() if line["order_id"] == order_id]
        if row["request_status"] in NOT_AT_WORK and row["order_id"] != order_id:
            for line in mine:
                withdrawal.unplan(row, line["line_id"], line["quantity"])
        else:
            for line in withdrawal.plans.lines[row["id"]].values():
                withdrawal.unpick(row, line["line_id"], line["picked"])
            withdrawal.plans.cancel(row["id"])


async def _carries(
    connection: AsyncConnection, withdrawal: Withdrawal, followers: Sequence[str], *, waiting_only: bool
) -> bool:
    """Say whether goods of orders that follow this one go out under its name: then it goes on without own goods.

    Goods that are only promised or planned follow their own orders once these are free; when nothing but the waiting
    pieces are given up, nobody is freed, and what is there goes out as it was meant to.
    """
    if any(_ships(withdrawal, row["id"], followers) for row in withdrawal.plans.active()):
        return True
    if not waiting_only or not followers:
        return False
    lines = await LineBook.of_orders(connection, followers)
    return any(line.open or line.allocated for line in lines.lines.values())


def _ships(withdrawal: Withdrawal, name: str, order_ids: Sequence[str]) -> bool:
    """Say whether pieces of these orders are bound to go out with a plan, or went."""
    inside = {line["order_id"] for line in withdrawal.plans.lines[name].values() if line["quantity"]}
    return bool(withdrawal.plans.heads[name]["fate"] == Fate.SHIP and inside & set(order_ids))


def _cancelled(withdrawal: Withdrawal) -> list[str]:
    return [name for name, row in withdrawal.plans.heads.items() if row["fate"] == Fate.CANCEL]


def _going_out(withdrawal: Withdrawal, line_id: str) -> int:
    """Count pieces of a line that have yet to leave, but are bound to."""
    return sum(
        line["quantity"] - line["shipped"]
        for row in withdrawal.plans.active()
        if row["fate"] == Fate.SHIP
        for line in withdrawal.plans.lines[row["id"]].values()
        if line["line_id"] == line_id
    )


async def _store(connection: AsyncConnection, asked: Asked, decision: CancelDecision) -> None:
    """Note the decision, and end the order when it is cancelled as a whole."""
    await connection.execute(
        insert(cancellations).values(
            id=decision.id,
            order_id=decision.order_id,
            scope=asked.scope.value,
            result=decision.result.value,
            reason=decision.reason,
            by=decision.by,
            content=CONTENT.dump_python(decision, mode="json"),
            at=decision.at,
        )
    )
    if decision.result is CancelResult.CANCELLED:
        values = {"cancelled_at": decision.at, "version": orders.c.version + 1}
        await connection.execute(orders.update().where(orders.c.id == decision.order_id).values(values))
        await leave_group(connection, decision.order_id, by=decision.by, at=decision.at)
        await withdraw_exchange(connection, decision.order_id, at=decision.at)


async def _before(connection: AsyncConnection, order_id: str) -> CancelDecision:
    """Give the decision by which the order was cancelled as a whole."""
    statement = select(cancellations.c.content).where(
        cancellations.c.order_id == order_id, cancellations.c.result == CancelResult.CANCELLED.value
    )
    return CONTENT.validate_python((await connection.execute(statement)).scalars().one())
