"""Moving promised pieces to other warehouses. Implements `ports.rebalancing.Rebalancing`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.batch_moves import Move, MoveGroup
from oms_workflow.domain.ports.rebalancing import Held, Rebalanced
from oms_workflow.domain.ports.stock import Claim
from oms_workflow.domain.stock import EntryKind
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.locking import lock_orders
from oms_workflow.store.order_rows import load_orders
from oms_workflow.store.passed_over import shut_out
from oms_workflow.store.stock_book import ClaimRow, StockBook
from oms_workflow.store.tables.fulfilments import fulfilment_lines, fulfilments
from oms_workflow.store.tables.orders import orders
from oms_workflow.store.tables.stock import stock_claims
from oms_workflow.store.unit_of_work import UnitOfWork

_followers = orders.alias("followers")


def _unknown_to_warehouses() -> ColumnElement[bool]:
    """Orders that go by themselves, and of which no fulfilment order was ever made."""
    return and_(
        orders.c.cancelled_at.is_(None),
        orders.c.leader.is_(None),
        ~exists().where(_followers.c.leader == orders.c.id),
        ~exists().where(fulfilments.c.order_id == orders.c.id),
        ~exists().where(fulfilment_lines.c.order_id == orders.c.id),
    )


class StoredRebalancing:
    """Reservations of orders no warehouse works for yet."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def movable(self, *, limit: int) -> tuple[Held, ...]:
        """Give orders with promised pieces and without any fulfilment order."""
        promised = or_(stock_claims.c.reserved > 0, stock_claims.c.allocated > 0)
        which = (
            select(orders.c.id)
            .where(_unknown_to_warehouses(), exists().where(stock_claims.c.order_id == orders.c.id, promised))
            .order_by(orders.c.priority, orders.c.placed_at, orders.c.id)
            .limit(limit)
        )
        async with self.unit.reading() as connection:
            names = list((await connection.execute(which)).scalars())
            found = await load_orders(connection, names)
            mine = select(stock_claims).where(stock_claims.c.order_id.in_(names), promised)
            ordered = mine.order_by(stock_claims.c.line_id, stock_claims.c.warehouse)
            claims: dict[str, list[Claim]] = {name: [] for name in names}
            for row in (await connection.execute(ordered)).mappings():
                claims[row["order_id"]].append(Claim(**row))
            shut = await shut_out(connection, names)
        return tuple(
            Held(order=found[name], claims=tuple(claims[name]), shut_out=shut.get(name, frozenset())) for name in names
        )

    @once_per_key("rebalancing.move", Rebalanced)
    async def move(self, groups: Sequence[MoveGroup], *, key: str, at: datetime) -> Rebalanced:
        """Move promised pieces to other warehouses, every group whole or not at all."""
        names = {name for group in groups for name in group.orders}
        if not names:
            return Rebalanced(groups=(), passed_over=0)
        connection = await self.unit.writing()
        await lock_orders(connection, names)
        free = await _still_free(connection, names)
        book = StockBook(connection)
        await book.load_claims(names)
        await book.lock((move.sku, place) for group in groups for move in group.moves
                        for place in (move.origin, move.target))  # fmt: skip
        made = []
        for group in groups:
            if set(group.orders) <= free and _fits(book, group):
                _book(book, group)
                made.append(group)
        await book.write(key=key, at=at)
        return Rebalanced(groups=tuple(made), passed_over=len(groups) - len(made))


async def _still_free(connection: AsyncConnection, names: Iterable[str]) -> set[str]:
    still = select(orders.c.id).where(orders.c.id.in_(sorted(names)), _unknown_to_warehouses())
    return set((await connection.execute(still)).scalars())


def _fits(book: StockBook, group: MoveGroup) -> bool:
    """Say whether every piece is still where it was, and there is room for it where it goes."""
    leaving: dict[tuple[str, str], int] = {}
    change: dict[tuple[str, str], int] = {}
    for move in group.moves:
        leaving[move.line_id, move.origin] = leaving.get((move.line_id, move.origin), 0) + move.quantity
        change[move.sku, move.origin] = change.get((move.sku, move.origin), 0) - move.quantity
        change[move.sku, move.target] = change.get((move.sku, move.target), 0) + move.quantity
    for name, pieces in leaving.items():
        claim = book.claims.get(name)
        if claim is None or claim.reserved + claim.allocated - claim.picked < pieces:
            return False
    return all(pieces <= 0 or (pair in book.balances and pieces <= book.balances[pair].available)
               for pair, pieces in change.items())  # fmt: skip


def _book(book: StockBook, group: MoveGroup) -> None:
    """Take everything back first, then promise it anew: goods may change places among the orders of a group."""
    taken = [(move, *_take_back(book, move, group.why)) for move in group.moves]
    for move, reserved, allocated, expires_at in taken:
        pair, name = (move.sku, move.target), (move.line_id, move.target)
        book.open_claim(ClaimRow(line_id=move.line_id, warehouse=move.target, order_id=move.order_id, sku=move.sku))
        why = f"from {move.origin}: {group.why}"
        before = book.claims[name]
        book.book(pair, EntryKind.RESERVE, reserved + allocated, line_id=move.line_id, reason=why)
        book.book(pair, EntryKind.ALLOCATE, allocated, line_id=move.line_id, reason=why)
        moments = [before.expires_at] * bool(before.reserved) + [expires_at] * bool(reserved)
        lapsing = [one for one in moments if one is not None]
        # a firm promise stays firm: nobody loses a piece by being moved
        book.expire_at(name, min(lapsing) if lapsing and len(lapsing) == len(moments) else None)


def _take_back(book: StockBook, move: Move, reason: str) -> tuple[int, int, datetime | None]:
    """Take pieces back where they were: reserved ones first; gives what they were, and when they would lapse."""
    pair, name = (move.sku, move.origin), (move.line_id, move.origin)
    claim = book.claims[name]
    reserved = min(claim.reserved, move.quantity)
    allocated = move.quantity - reserved
    why = f"to {move.target}: {reason}"
    book.book(pair, EntryKind.RELEASE, reserved, line_id=move.line_id, reason=why)
    book.book(pair, EntryKind.DEALLOCATE, allocated, line_id=move.line_id, reason=why)
    if reserved == claim.reserved:
        book.expire_at(name, None)
    return reserved, allocated, claim.expires_at if reserved else None
