"""Orders of the house: taking in, looking up, changing what was promised, remarks. Implements `ports.orders.Orders`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.cancellation import CancelDecision, CancelScope
from oms_workflow.domain.identity import part_id
from oms_workflow.domain.line_ledger import Move, Place
from oms_workflow.domain.note import Note, NoteKind
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.orders import TakenIn
from oms_workflow.domain.promise import Promise
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.service_level import ServiceLevel, priority
from oms_workflow.domain.status import OrderStatus, OrderView
from oms_workflow.store import cancelling, intake, revisions
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.line_book import LineBook
from oms_workflow.store.locking import lock_order, next_part, require_not_cancelled
from oms_workflow.store.order_rows import load_orders
from oms_workflow.store.order_view import load_view
from oms_workflow.store.stock_book import StockBook
from oms_workflow.store.tables.orders import order_notes, orders
from oms_workflow.store.unit_of_work import UnitOfWork


class StoredOrders:
    """Orders in the database."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def take_in(self, order: Order, *, key: str, at: datetime) -> TakenIn:
        """Store an order that came in; once by (channel, external id), whatever the key."""
        return await intake.take_in(await self.unit.writing(), order, at=at)

    async def get(self, order_id: str) -> Order:
        """Give the order as it stands."""
        async with self.unit.reading() as connection:
            return (await load_orders(connection, [order_id]))[order_id]

    async def view(self, order_id: str) -> OrderView:
        """Give the order with everything its status follows from."""
        async with self.unit.reading() as connection:
            return await load_view(connection, order_id)

    async def find(self, channel: str, external_id: str) -> str | None:
        """Give the id of the order a channel knows by this key."""
        known = select(orders.c.id).where(orders.c.channel == channel, orders.c.external_id == external_id)
        async with self.unit.reading() as connection:
            return (await connection.execute(known)).scalar_one_or_none()

    @once_per_key("orders.accept_revision", Order, agree="order_id revision")
    async def accept_revision(self, order_id: str, revision: str, *, key: str, at: datetime) -> Order:
        """Take a stored revision over."""
        return await revisions.accept(await self.unit.writing(), order_id, revision, key=key, at=at)

    @once_per_key("orders.set_promise", Order, agree="order_id")
    async def set_promise(self, order_id: str, promise: Promise, *, key: str, at: datetime) -> Order:
        """Store a new promise."""
        return await self._change(order_id, ship_by=promise.ship_by, deliver_by=promise.deliver_by)

    @once_per_key("orders.set_service_level", Order, agree="order_id level")
    async def set_service_level(self, order_id: str, level: ServiceLevel, *, key: str, at: datetime) -> Order:
        """Store a new service level, and with it the priority."""
        order = await self._locked(order_id)
        return await self._change(order_id, service_level=level.value, priority=priority(level, order.origin))

    @once_per_key("orders.set_address", Order, agree="order_id customer_ref")
    async def set_address(
        self,
        order_id: str,
        customer_ref: str,
        address_digest: str,
        region: tuple[str, str, str],
        *,
        key: str,
        at: datetime,
    ) -> Order:
        """Send the order to another address of the vault."""
        await revisions.require_movable(await self.unit.writing(), order_id)
        country, name, city = region
        return await self._change(
            order_id, customer_ref=customer_ref, address_digest=address_digest, country=country, region=name, city=city
        )

    @once_per_key("orders.backorder", None, agree="order_id")
    async def backorder(self, order_id: str, pieces: Mapping[str, int], *, key: str, at: datetime) -> None:
        """Let open pieces wait for stock."""
        connection = await self.unit.writing()
        require_not_cancelled({order_id: await lock_order(connection, order_id)})
        lines, stock = await LineBook.of_orders(connection, [order_id]), StockBook(connection)
        await stock.load_claims([order_id])
        for line_id, quantity in pieces.items():
            reserved = sum(claim.reserved for claim in stock.claims_of(line_id))
            free = lines.known(line_id).open - reserved
            if quantity > free:
                raise refuse(
                    Refusal.QUANTITY_EXCEEDED,
                    f"Cannot backorder {quantity} of line {line_id!r}: {free} are open without a reservation.",
                )
            lines.move(line_id, Move.BACKORDER, quantity)
        await lines.write(key=key, at=at)

    @once_per_key("orders.reopen", None, agree="order_id")
    async def reopen(self, order_id: str, pieces: Mapping[str, int] | None, *, key: str, at: datetime) -> None:
        """Take backordered pieces up again; None means all of them."""
        await self._move_pieces(order_id, pieces, Place.BACKORDERED, Move.REOPEN, key=key, at=at)

    @once_per_key("orders.send_again", None, agree="order_id")
    async def send_again(self, order_id: str, pieces: Mapping[str, int], *, key: str, at: datetime) -> None:
        """Take written-off pieces up again under the same lines."""
        connection = await self.unit.writing()
        require_not_cancelled({order_id: await lock_order(connection, order_id)})
        await revisions.require_not_settled(connection, order_id, pieces)
        await self._move_pieces(order_id, pieces, Place.WRITTEN_OFF, Move.SEND_AGAIN, key=key, at=at)

    @once_per_key("orders.cancel", CancelDecision, agree="order_id scope")
    async def cancel(
        self, order_id: str, *, scope: CancelScope, reason: str, by: str, key: str, at: datetime
    ) -> CancelDecision:
        """Decide a cancellation, once, against shipping."""
        asked = cancelling.Asked(order_id=order_id, scope=scope, reason=reason, by=by)
        return await cancelling.decide(await self.unit.writing(), asked, key=key, at=at)

    @once_per_key("orders.complete", OrderStatus, agree="order_id")
    async def complete(self, order_id: str, *, key: str, at: datetime) -> OrderStatus:
        """Note that the order's process reached its end."""
        connection = await self.unit.writing()
        row = await lock_order(connection, order_id)
        view = await load_view(connection, order_id)
        waiting = sum(line.to_ship for line in view.quantities.values())
        if waiting:
            raise refuse(
                Refusal.ILLEGAL_MOVE,
                f"Cannot complete order {order_id!r}: {waiting} pieces have yet to be shipped. Ship or cancel them.",
            )
        if row["completed_at"] is None:
            await self._change(order_id, completed_at=at)
        return (await load_view(connection, order_id)).status

    @once_per_key("orders.add_note", str, agree="order_id kind")
    async def _add_note(
        self, order_id: str, kind: NoteKind, text: str, *, flag: int, by: str, key: str, at: datetime
    ) -> str:
        connection = await self.unit.writing()
        await lock_order(connection, order_id)
        name = await next_part(connection, order_notes, order_notes.c.order_id, order_id, "N")
        values = {"id": name, "order_id": order_id, "kind": kind.value, "text": text, "flag": flag, "by": by, "at": at}
        await connection.execute(insert(order_notes).values(**values))
        return name

    async def add_note(
        self, order_id: str, kind: NoteKind, text: str, *, flag: int, by: str, key: str, at: datetime
    ) -> Note:
        """Keep a remark; only its id is remembered for the key, because its text is personal data."""
        name = await self._add_note(order_id, kind, text, flag=flag, by=by, key=key, at=at)
        return next(note for note in await self.notes(order_id) if note.id == name)

    async def notes(self, order_id: str) -> tuple[Note, ...]:
        """Give the remarks, oldest first."""
        mine = (
            select(order_notes).where(order_notes.c.order_id == order_id).order_by(order_notes.c.at, order_notes.c.id)
        )
        async with self.unit.reading() as connection:
            rows = (await connection.execute(mine)).mappings().all()
        return tuple(Note(**(dict(row) | {"kind": NoteKind(row["kind"])})) for row in rows)

    async def children(self, order_id: str) -> tuple[str, ...]:
        """Give the ids of exchanges and re-issues made for this order, oldest first."""
        made = select(orders.c.id).where(orders.c.parent == order_id).order_by(orders.c.taken_in_at, orders.c.id)
        async with self.unit.reading() as connection:
            return tuple((await connection.execute(made)).scalars())

    async def _locked(self, order_id: str) -> Order:
        connection = await self.unit.writing()
        await lock_order(connection, order_id)
        return (await load_orders(connection, [order_id]))[order_id]

    async def _change(self, order_id: str, **values: Any) -> Order:
        connection = await self.unit.writing()
        await lock_order(connection, order_id)
        await bump(connection, order_id, **values)
        return (await load_orders(connection, [order_id]))[order_id]

    async def _move_pieces(
        self, order_id: str, pieces: Mapping[str, int] | None, place: Place, move: Move, *, key: str, at: datetime
    ) -> None:
        connection = await self.unit.writing()
        require_not_cancelled({order_id: await lock_order(connection, order_id)})
        lines = await LineBook.of_orders(connection, [order_id])
        wanted = {name: getattr(line, place.value) for name, line in lines.lines.items()} if pieces is None else pieces
        for line_id, quantity in wanted.items():
            lines.move(line_id, move, quantity)
        await lines.write(key=key, at=at)


async def bump(connection: AsyncConnection, order_id: str, **values: Any) -> None:
    """Change columns of a locked order; its version grows."""
    await connection.execute(
        update(orders).where(orders.c.id == order_id).values(version=orders.c.version + 1, **values)
    )


def note_id(order_id: str, number: int) -> str:
    """Name the n-th remark of an order."""
    return part_id(order_id, "N", number)
