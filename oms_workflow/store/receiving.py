"""What returns do to the ledgers: announcing, counting, ending the wait, and verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.identity import part_id
from oms_workflow.domain.line_ledger import LineQuantities, Place
from oms_workflow.domain.ports.returns import ReceivedPieces
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.returns import (
    NEEDS_GOODS,
    Acceptance,
    Condition,
    Reception,
    Return,
    ReturnItem,
    ReturnRequestLine,
    ReturnType,
    is_claim,
    require_reception,
)
from oms_workflow.domain.stock import EntryKind
from oms_workflow.store.line_book import LineBook
from oms_workflow.store.return_rows import item_values
from oms_workflow.store.stock_book import StockBook
from oms_workflow.store.tables.after_sales import return_items
from oms_workflow.store.tables.stock import warehouses

_ENTRY = {Condition.SELLABLE: EntryKind.RETURN, Condition.DAMAGED: EntryKind.RETURN_DAMAGED}
_FREE_AGAIN = frozenset({Reception.CANCELLED, Reception.EXPIRED})
"""Outcomes after which the pieces may be announced anew."""


def announce(
    return_id: str,
    kind: ReturnType,
    wanted: Sequence[ReturnRequestLine],
    book: LineBook,
    earlier: Sequence[Return],
) -> list[ReturnItem]:
    """Make the items of a new return and count their pieces as announced; no piece is announced twice.

    Raises:
        OrderRefused: QUANTITY_EXCEEDED, naming the line and how many pieces may be announced.
    """
    items: list[ReturnItem] = []
    for line in wanted:
        for place, quantity in _places(kind, line, book, earlier, items):
            name = part_id(return_id, "I", len(items) + 1)
            items.append(ReturnItem(id=name, line_id=line.line_id, quantity=quantity, place=place))
            if place is Place.SHIPPED:
                book.count(line.line_id, return_announced=quantity)
    if not items:
        raise refuse(Refusal.QUANTITY_EXCEEDED, f"Return {return_id!r} names no line. Say what is to come back.")
    return items


def _places(
    kind: ReturnType, line: ReturnRequestLine, book: LineBook, earlier: Sequence[Return], now: Sequence[ReturnItem]
) -> list[tuple[Place | None, int]]:
    ledger = book.known(line.line_id)
    if kind is ReturnType.PRICE_PROTECTION and line.quantity == 0:
        return [(None, 0)]
    free = _free(kind, ledger, line.line_id, [*(item for one in earlier for item in one.items), *now])
    if not 1 <= line.quantity <= sum(free.values()):
        raise refuse(
            Refusal.QUANTITY_EXCEEDED,
            f"Cannot announce {line.quantity} of line {line.line_id!r} for {kind.value.replace('_', ' ')}: "
            f"{sum(free.values())} pieces qualify. Ask for at most that many.",
        )
    taken: list[tuple[Place | None, int]] = []
    wanted = line.quantity
    for place, many in free.items():
        part = min(wanted, many)
        if part:
            taken.append((place, part))
            wanted -= part
    return taken


def _free(kind: ReturnType, ledger: LineQuantities, line_id: str, announced: Sequence[ReturnItem]) -> dict[Place, int]:
    """Count the pieces of a line that qualify and that no return claims yet, by where they are."""

    def claimed(place: Place) -> int:
        mine = (item for item in announced if item.line_id == line_id and item.place is place)
        return sum(item.quantity for item in mine if is_claim(item))

    if kind is ReturnType.REFUND_BEFORE_SHIPPING:
        return {Place.CANCELLED: ledger.cancelled - claimed(Place.CANCELLED)}
    shipped = {Place.SHIPPED: ledger.returnable}
    if kind is ReturnType.REFUND_WITHOUT_RETURN:
        return {Place.WRITTEN_OFF: ledger.written_off - claimed(Place.WRITTEN_OFF)} | shipped
    return shipped if kind in NEEDS_GOODS else {}


async def receive(
    connection: AsyncConnection,
    one: Return,
    warehouse: str,
    counted: Sequence[ReceivedPieces],
    *,
    key: str,
    at: datetime,
) -> None:
    """Book what was counted: items, lines, and sellable pieces on hand in the warehouse.

    Raises:
        OrderRefused: QUANTITY_EXCEEDED; ILLEGAL_MOVE; UNKNOWN_RETURN; UNKNOWN_WAREHOUSE.
    """
    await _require_receivable(connection, one, warehouse)
    book = await LineBook.of_orders(connection, [one.order_id])
    items = {item.id: item for item in one.items}
    position = len(one.items)
    back: dict[tuple[str, EntryKind], int] = {}
    for pieces in counted:
        if pieces.item_id not in items:
            raise refuse(Refusal.UNKNOWN_RETURN, f"Return {one.id!r} has no item {pieces.item_id!r}. Check the id.")
        item = items.pop(pieces.item_id)
        rest = _divide(item, pieces, book, part_id(one.id, "I", position + 1))
        here = min(pieces.quantity, item.quantity)
        if rest is not None:
            position += 1
            await connection.execute(insert(return_items).values(**item_values(rest, one.id, position)))
        await _store_counted(connection, item, pieces, here, warehouse)
        if here and pieces.outcome is Reception.RECEIVED:
            name = book.rows[item.line_id]["sku"], _ENTRY[pieces.condition]
            back[name] = back.get(name, 0) + here
    await book.write(key=key, at=at)
    await _put_back(connection, back, warehouse, one.id, key=key, at=at)


async def _require_receivable(connection: AsyncConnection, one: Return, warehouse: str) -> None:
    known = select(warehouses.c.id).where(warehouses.c.id == warehouse)
    if (await connection.execute(known)).first() is None:
        raise refuse(Refusal.UNKNOWN_WAREHOUSE, f"There is no warehouse {warehouse!r}. Check the id.")
    if one.type not in NEEDS_GOODS:
        raise refuse(Refusal.ILLEGAL_MOVE, f"Return {one.id!r} is a {one.type.value}; no goods come back for it.")


def _divide(item: ReturnItem, pieces: ReceivedPieces, book: LineBook, name: str) -> ReturnItem | None:
    """Count the pieces that came; gives the item of those that did not, None when all came or none did."""
    if not 0 <= pieces.quantity <= item.quantity:
        raise refuse(
            Refusal.QUANTITY_EXCEEDED,
            f"Cannot receive {pieces.quantity} of return item {item.id!r}: {item.quantity} were announced.",
        )
    require_reception(item, pieces.outcome if pieces.quantity else pieces.missing)
    if pieces.quantity and pieces.outcome is Reception.RECEIVED:
        again = pieces.quantity if item.reception is Reception.EXPIRED else 0
        if again > book.known(item.line_id).returnable:
            raise refuse(
                Refusal.QUANTITY_EXCEEDED,
                f"Return item {item.id!r} had expired and its pieces were announced anew. Receive them there.",
            )
        book.count(item.line_id, return_announced=again)
        book.count(item.line_id, returned=pieces.quantity)
    if not 0 < pieces.quantity < item.quantity:
        return None
    if pieces.missing is not item.reception:  # what is still missing may stay missing
        require_reception(item, pieces.missing)
    return replace(item, id=name, quantity=item.quantity - pieces.quantity, reception=pieces.missing)


async def _store_counted(
    connection: AsyncConnection, item: ReturnItem, pieces: ReceivedPieces, here: int, warehouse: str
) -> None:
    if here:
        condition = pieces.condition.value if pieces.outcome is Reception.RECEIVED else None
        values = {"quantity": here, "condition": condition, "warehouse": warehouse}
        await store_item(connection, item.id, reception=pieces.outcome.value, **values)
    else:
        await store_item(connection, item.id, reception=pieces.missing.value)


async def _put_back(
    connection: AsyncConnection,
    back: dict[tuple[str, EntryKind], int],
    warehouse: str,
    return_id: str,
    *,
    key: str,
    at: datetime,
) -> None:
    stock = StockBook(connection)
    await stock.lock_all_new((sku, warehouse) for sku, _ in back)
    for (sku, kind), quantity in sorted(back.items()):
        stock.book((sku, warehouse), kind, quantity, reason=return_id)
    await stock.write(key=key, at=at)


async def close_waiting(
    connection: AsyncConnection, one: Return, outcome: Reception, *, key: str, at: datetime
) -> None:
    """Give every item that is still awaited or in transit its end.

    Raises:
        OrderRefused: ILLEGAL_MOVE.
    """
    book = await LineBook.of_orders(connection, [one.order_id])
    for item in one.items:
        if item.reception in (Reception.AWAITING, Reception.IN_TRANSIT) and _waits(one, item):
            require_reception(item, outcome)
            if outcome in _FREE_AGAIN and item.place is Place.SHIPPED and is_claim(item):
                book.count(item.line_id, return_announced=-item.quantity)
            await store_item(connection, item.id, reception=outcome.value)
    await book.write(key=key, at=at)


def _waits(one: Return, item: ReturnItem) -> bool:
    return one.type in NEEDS_GOODS or item.acceptance in (Acceptance.PENDING, Acceptance.MANUAL_INTERVENTION_REQUIRED)


def follow_verdict(item: ReturnItem, verdict: Acceptance, book: LineBook) -> None:
    """Free the pieces of a refused item that did not come back, or claim them again when it is accepted after all.

    Raises:
        OrderRefused: QUANTITY_EXCEEDED, when they were announced elsewhere meanwhile.
    """
    if item.place is not Place.SHIPPED:
        return
    before, after = is_claim(item), is_claim(replace(item, acceptance=verdict))
    if before and not after:
        book.count(item.line_id, return_announced=-item.quantity)
    elif after and not before:
        if item.quantity > book.known(item.line_id).returnable:
            raise refuse(
                Refusal.QUANTITY_EXCEEDED,
                f"The pieces of return item {item.id!r} were announced in another return meanwhile.",
            )
        book.count(item.line_id, return_announced=item.quantity)


async def store_item(connection: AsyncConnection, item_id: str, **values: Any) -> None:
    """Change columns of one item."""
    await connection.execute(update(return_items).where(return_items.c.id == item_id).values(**values))
