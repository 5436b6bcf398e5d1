"""Stock in the database. Implements `ports.stock.Stock`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from oms_workflow.domain.ports.stock import Claim, Released, ReservationResult
from oms_workflow.domain.sourcing import Assignment, Candidate, SourcingPolicy
from oms_workflow.domain.stock import Balance, EntryKind
from oms_workflow.store import reserving
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.stock_book import StockBook, balance
from oms_workflow.store.tables.orders import order_lines, orders
from oms_workflow.store.tables.stock import stock_balances, stock_claims
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.store.warehouses import require_warehouse


class StoredStock:
    """Stock, and what orders were promised of it."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    @once_per_key("stock.reserve", ReservationResult, agree="order_id")
    async def reserve(
        self,
        order_id: str,
        candidates: Sequence[Candidate],
        *,
        policy: SourcingPolicy,
        expires_at: datetime | None,
        key: str,
        at: datetime,
    ) -> ReservationResult:
        """Choose warehouses for every open, unreserved piece of an order and reserve it there."""
        wish = reserving.Wish(candidates=tuple(candidates), policy=policy, expires_at=expires_at)
        return await reserving.reserve(await self.unit.writing(), order_id, wish, key=key, at=at)

    @once_per_key("stock.allocate", tuple[Assignment, ...], agree="order_id")
    async def allocate(self, order_id: str, *, key: str, at: datetime) -> tuple[Assignment, ...]:
        """Make everything reserved for the order firm."""
        return await reserving.allocate(await self.unit.writing(), order_id, key=key, at=at)

    @once_per_key("stock.release", Released, agree="order_id allocated")
    async def release(self, order_id: str, *, allocated: bool, key: str, at: datetime) -> Released:
        """Give back what is promised to the order."""
        return await reserving.release(await self.unit.writing(), order_id, allocated=allocated, key=key, at=at)

    async def release_expired(self, at: datetime, *, limit: int = 100) -> tuple[str, ...]:
        """Give back reservations that lapsed; gives the orders concerned.

        Each order is a transaction of its own, so that a slow one holds up no buyer.
        """
        async with self.unit.reading() as connection:
            found = await reserving.lapsing_orders(connection, at, limit)
        released = []
        for order_id in found:
            if await reserving.release_lapsed(await self.unit.writing(), order_id, at=at):
                released.append(order_id)
            await self.unit.commit()
        return tuple(released)

    async def claims(self, order_id: str) -> tuple[Claim, ...]:
        """Give what the order has on stock, by line and warehouse."""
        table = stock_claims
        mine = select(table).where(table.c.order_id == order_id).order_by(table.c.line_id, table.c.warehouse)
        async with self.unit.reading() as connection:
            rows = (await connection.execute(mine)).mappings().all()
        return tuple(Claim(**row) for row in rows)

    async def balances(self, skus: Iterable[str], warehouses: Iterable[str] | None = None) -> tuple[Balance, ...]:
        """Give balances, by sku and warehouse."""
        table = stock_balances
        which = select(table).where(table.c.sku.in_(sorted(set(skus))))
        if warehouses is not None:
            which = which.where(table.c.warehouse.in_(sorted(set(warehouses))))
        async with self.unit.reading() as connection:
            rows = (await connection.execute(which.order_by(table.c.sku, table.c.warehouse))).mappings()
            return tuple(balance(row) for row in rows)

    @once_per_key("stock.receive", Balance, agree="sku warehouse quantity")
    async def receive(self, sku: str, warehouse: str, quantity: int, *, reason: str, key: str, at: datetime) -> Balance:
        """Book goods that arrived."""
        return await self._book((sku, warehouse), lambda _: (EntryKind.RECEIVE, quantity), reason, key, at)

    @once_per_key("stock.write_off", Balance, agree="sku warehouse quantity")
    async def write_off(
        self, sku: str, warehouse: str, quantity: int, *, reason: str, key: str, at: datetime
    ) -> Balance:
        """Book goods that are broken, lost or expired and promised to nobody."""
        return await self._book((sku, warehouse), lambda _: (EntryKind.WRITE_OFF, quantity), reason, key, at)

    @once_per_key("stock.count", Balance, agree="sku warehouse counted")
    async def count(self, sku: str, warehouse: str, counted: int, *, reason: str, key: str, at: datetime) -> Balance:
        """Book the result of a count as the difference to what was on hand."""
        if counted < 0:
            raise ValueError(f"A count is at least 0, found {counted}.")

        def difference(now: Balance) -> tuple[EntryKind, int]:
            more = counted - now.on_hand
            return (EntryKind.ADJUST_UP, more) if more > 0 else (EntryKind.ADJUST_DOWN, -more)

        return await self._book((sku, warehouse), difference, reason, key, at)

    @once_per_key("stock.set_safety", Balance, agree="sku warehouse quantity")
    async def set_safety(
        self, sku: str, warehouse: str, quantity: int, *, reason: str = "", key: str, at: datetime
    ) -> Balance:
        """Keep a cushion that is never promised."""
        if quantity < 0:
            raise ValueError(f"A safety stock is at least 0, found {quantity}.")

        def difference(now: Balance) -> tuple[EntryKind, int]:
            more = quantity - now.safety
            return (EntryKind.SAFETY_UP, more) if more > 0 else (EntryKind.SAFETY_DOWN, -more)

        return await self._book((sku, warehouse), difference, reason, key, at)

    @once_per_key("stock.sort_out", Balance, agree="sku warehouse kind quantity")
    async def sort_out(
        self, sku: str, warehouse: str, kind: EntryKind, quantity: int, *, reason: str, key: str, at: datetime
    ) -> Balance:
        """Book pieces found unfit for sale, mended or thrown away."""
        if kind not in (EntryKind.DAMAGE, EntryKind.MEND, EntryKind.SCRAP):
            raise ValueError(f"Sorting out is damage, mend or scrap, found {kind.value!r}.")
        return await self._book((sku, warehouse), lambda _: (kind, quantity), reason, key, at)

    async def waiting_orders(self, skus: Iterable[str], *, limit: int = 100) -> tuple[str, ...]:
        """Give orders that wait for these goods, for a merged one its leader; most urgent first, then oldest."""
        waiting = select(order_lines.c.order_id).where(
            order_lines.c.sku.in_(sorted(set(skus))), order_lines.c.backordered > 0
        )
        which = select(orders.c.id, orders.c.leader).where(orders.c.id.in_(waiting), orders.c.cancelled_at.is_(None))
        ranked = which.order_by(orders.c.priority, orders.c.placed_at, orders.c.id).limit(limit)
        async with self.unit.reading() as connection:
            rows = (await connection.execute(ranked)).all()
        return tuple(dict.fromkeys(row.leader or row.id for row in rows))

    async def _book(
        self,
        pair: tuple[str, str],
        entry: Callable[[Balance], tuple[EntryKind, int]],
        reason: str,
        key: str,
        at: datetime,
    ) -> Balance:
        book = StockBook(await self.unit.writing())
        await require_warehouse(await self.unit.writing(), pair[1])
        await book.lock_new(pair)
        kind, quantity = entry(book.balances[pair])
        book.book(pair, kind, quantity, reason=reason)
        await book.write(key=key, at=at)
        return book.balances[pair]
