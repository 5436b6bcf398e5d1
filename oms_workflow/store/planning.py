"""Splitting what is allocated into fulfilment orders, and dividing those. Pieces and money always add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.bundle import require_whole
from oms_workflow.domain.fulfilment import FulfilmentStatus, RequestStatus, SplitReason
from oms_workflow.domain.identity import part_id
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Line, Order
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.shares import Shares, divide, share_money
from oms_workflow.domain.split import ParcelLimits, Part, Placed, split
from oms_workflow.store.fulfilment_book import FulfilmentBook, Row
from oms_workflow.store.fulfilment_rows import reasons_text, shares_from, shares_values
from oms_workflow.store.locking import Locked, lock_fulfilment, lock_led, require_not_cancelled
from oms_workflow.store.order_rows import load_orders
from oms_workflow.store.stock_book import StockBook
from oms_workflow.store.tables.fulfilments import fulfilments


async def plan(connection: AsyncConnection, order_id: str, limits: ParcelLimits, *, at: datetime) -> list[str]:
    """Make fulfilment orders of what is allocated and in no plan; gives their ids.

    Raises:
        OrderRefused: CANNOT_SPLIT; ORDER_SEALED; ORDER_CANCELLED; ILLEGAL_MOVE, when the order follows another one.
    """
    rows = await lock_led(connection, order_id)
    require_not_cancelled({order_id: rows[order_id]})
    alive = [name for name, row in rows.items() if row["cancelled_at"] is None]
    orders = await load_orders(connection, alive)
    plans = await FulfilmentBook.of_orders(connection, alive)
    placed = await _unplanned(connection, orders, plans)
    parts = split(placed, limits)
    _require_unsealed(rows, orders, parts, plans)
    shared = _shares(orders, parts, plans)
    names = []
    for part, shares in zip(parts, shared, strict=True):
        head = await _new_head(connection, order_id, part.warehouse, part.seller, orders[order_id].currency, at)
        head["reasons"] = reasons_text(part.reasons)
        owners = {line.id: order.id for order in orders.values() for line in order.lines}
        skus = {line.id: line.sku for order in orders.values() for line in order.lines}
        lines = [
            _line(head["id"], line_id, owners[line_id], number, skus[line_id], quantity, shares[line_id])
            for number, (line_id, quantity) in enumerate(part.pieces, start=1)
        ]
        await plans.add(head, lines)
        names.append(head["id"])
    return names


async def _unplanned(connection: AsyncConnection, orders: Mapping[str, Order], plans: FulfilmentBook) -> list[Placed]:
    stock = StockBook(connection)
    await stock.load_claims(orders)
    lines: list[Line] = [line for order in orders.values() for line in order.lines]
    placed = []
    for line in lines:
        for claim in stock.claims_of(line.id):
            free = claim.allocated - plans.planned(line.id, claim.warehouse)
            if free:
                placed.append(Placed(line=line, warehouse=claim.warehouse, quantity=free))
    return placed


def _require_unsealed(rows: Locked, orders: Mapping[str, Order], parts: Sequence[Part], plans: FulfilmentBook) -> None:
    sealed = [name for name in orders if rows[name]["sealed"]]
    active = len(plans.active())
    if sealed and parts and (len(parts) + active > 1 or len(orders) > 1):
        raise refuse(
            Refusal.ORDER_SEALED,
            f"The channel forbids to split order {sealed[0]!r}, but it would take {len(parts) + active} parts. "
            f"Wait until one warehouse holds everything.",
        )


def _shares(orders: Mapping[str, Order], parts: Sequence[Part], plans: FulfilmentBook) -> list[dict[str, Shares]]:
    """Share the money of the orders among new parts; pieces sent again carry none, the lost ones did."""
    pieces = [dict(part.pieces) for part in parts]
    merged: list[dict[str, Shares]] = []
    for part in pieces:
        nothing = Money.zero(next(iter(orders.values())).currency)
        merged.append(dict.fromkeys(part, Shares(freight=nothing, discount=nothing, tax=nothing)))
    for order in orders.values():
        taken = plans.taken(order.currency)
        left = {line.id: line.ordered - (taken[line.id].quantity if line.id in taken else 0) for line in order.lines}
        for mine, shares in zip(merged, share_money(order, _countable(pieces, left), taken), strict=True):
            mine.update(shares)
    return merged


def _countable(parts: Sequence[dict[str, int]], left: dict[str, int]) -> list[dict[str, int]]:
    """Give the parts without pieces beyond those no part ever held, the later parts losing theirs first."""
    remaining, counted = dict(left), []
    for part in parts:
        mine = {name: min(many, max(0, remaining[name])) for name, many in part.items() if name in remaining}
        counted.append(mine)
        for name, many in mine.items():
            remaining[name] -= many
    return counted


async def _new_head(
    connection: AsyncConnection, order_id: str, warehouse: str, seller: str, currency: str, at: datetime
) -> Row:
    taken = select(func.max(fulfilments.c.number)).where(fulfilments.c.order_id == order_id)
    number = ((await connection.execute(taken)).scalar_one() or 0) + 1
    return {
        "id": part_id(order_id, "F", number),
        "order_id": order_id,
        "number": number,
        "warehouse": warehouse,
        "seller": seller,
        "currency": currency,
        "status": FulfilmentStatus.OPEN.value,
        "request_status": RequestStatus.UNSUBMITTED.value,
        "reference": "",
        "fate": None,
        "reasons": "",
        "parent": None,
        "added_reason": "",
        "created_at": at,
    }


def _line(head: str, line_id: str, owner: str, number: int, sku: str, quantity: int, shares: Shares) -> Row:
    row = {"fulfilment_id": head, "line_id": line_id, "order_id": owner, "position": number, "sku": sku}
    return row | {"quantity": quantity, "picked": 0, "shipped": 0, "short": 0} | shares_values(shares)


async def divide_plan(
    connection: AsyncConnection,
    fulfilment_id: str,
    parts: Sequence[Mapping[str, int]],
    reason: SplitReason,
    *,
    may_divide_lines: bool,
    at: datetime,
) -> list[str]:
    """Put an open, unsubmitted fulfilment order into parts; gives their ids. The first is it itself, made smaller.

    Raises:
        OrderRefused: CANNOT_SPLIT; ILLEGAL_MOVE; ORDER_SEALED; UNKNOWN_FULFILMENT.
    """
    row, orders = await lock_fulfilment(connection, fulfilment_id)
    _require_divisible(row, orders)
    plans = await FulfilmentBook.of_orders(connection, list(orders))
    held = {name: line for name, line in plans.lines[fulfilment_id].items() if line["quantity"]}
    _require_same_pieces(fulfilment_id, held, parts)
    if not may_divide_lines:
        _require_whole_lines(fulfilment_id, parts)
    await _require_whole_bundles(connection, orders, parts)
    cut = _cut(held, parts, row["currency"])
    names, lineage = [fulfilment_id], _lineage(row, reason)
    for index, part in enumerate(parts[1:], start=1):
        head = await _new_head(connection, row["order_id"], row["warehouse"], row["seller"], row["currency"], at)
        await plans.add(head | lineage, _part_lines(head["id"], held, part, cut, index))
        names.append(head["id"])
    for name in held:
        plans.set_line(fulfilment_id, name, quantity=parts[0].get(name, 0), **shares_values(cut[name][0]))
    plans.set(fulfilment_id, reasons=lineage["reasons"])
    await plans.write()
    return names


def _lineage(row: RowMapping, reason: SplitReason) -> Row:
    """Give what a part keeps of where it came from, so that joining can take back what dividing added."""
    before = {SplitReason(word) for word in row["reasons"].split()}
    added = "" if reason in before else reason.value
    return {"parent": row["id"], "added_reason": added, "reasons": reasons_text(before | {reason})}


def _part_lines(
    head: str, held: Mapping[str, Row], part: Mapping[str, int], cut: Mapping[str, tuple[Shares, ...]], index: int
) -> list[Row]:
    return [
        _line(head, name, line["order_id"], number, line["sku"], part[name], cut[name][index])
        for number, (name, line) in enumerate(held.items(), start=1)
        if part.get(name)
    ]


async def _require_whole_bundles(
    connection: AsyncConnection, order_ids: Iterable[str], parts: Sequence[Mapping[str, int]]
) -> None:
    concerned = await load_orders(connection, sorted(order_ids))
    require_whole([line for one in concerned.values() for line in one.lines], parts)


def _require_divisible(row: RowMapping, orders: Locked) -> None:
    if row["status"] != FulfilmentStatus.OPEN or row["request_status"] not in ("unsubmitted", "rejected"):
        raise refuse(
            Refusal.ILLEGAL_MOVE,
            f"Fulfilment order {row['id']!r} is {row['status']} and {row['request_status']}; only one that no "
            f"warehouse works on can be divided.",
        )
    sealed = [name for name, order in orders.items() if order["sealed"]]
    if sealed:
        raise refuse(Refusal.ORDER_SEALED, f"The channel forbids to split order {sealed[0]!r}.")


def _cut(held: Mapping[str, Row], parts: Sequence[Mapping[str, int]], currency: str) -> dict[str, tuple[Shares, ...]]:
    """Divide the money of each line among the parts."""
    return {
        name: divide(shares_from(line, currency), [part.get(name, 0) for part in parts]) for name, line in held.items()
    }


def _require_whole_lines(name: str, parts: Sequence[Mapping[str, int]]) -> None:
    seen: set[str] = set()
    for part in parts:
        for line_id in (line_id for line_id, quantity in part.items() if quantity):
            if line_id in seen:
                raise refuse(
                    Refusal.CANNOT_SPLIT,
                    f"Cannot divide {name!r}: the channel takes one tracking number for line {line_id!r}. "
                    f"Keep all its pieces in one part.",
                )
            seen.add(line_id)


def _require_same_pieces(name: str, held: Mapping[str, Row], parts: Sequence[Mapping[str, int]]) -> None:
    counted = {line_id for part in parts for line_id in part} | set(held)
    wrong = [
        line_id
        for line_id in sorted(counted)
        if sum(part.get(line_id, 0) for part in parts) != (held[line_id]["quantity"] if line_id in held else 0)
    ]
    negative = any(quantity < 0 for part in parts for quantity in part.values())
    empty = len(parts) < 2 or any(not any(part.values()) for part in parts)
    if wrong or negative or empty:
        why = f"line {wrong[0]!r} does not add up" if wrong else "every part needs at least one piece"
        raise refuse(Refusal.CANNOT_SPLIT, f"Cannot divide {name!r}: {why}. Give two or more parts of exactly it.")
