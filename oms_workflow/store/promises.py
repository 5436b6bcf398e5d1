"""Promises to those who wait, in the database. Implements `ports.promises.Promises`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.arrival import ExpectedReceipt
from oms_workflow.domain.backorder_promise import PartState, PromisedPart, PromiseRevision, RevisionReason
from oms_workflow.domain.identity import order_of_line
from oms_workflow.domain.outlook import Coverage
from oms_workflow.domain.ports.promises import WaitingOrder
from oms_workflow.store.arrivals import StoredArrivals
from oms_workflow.store.locking import lock_order
from oms_workflow.store.order_rows import load_orders
from oms_workflow.store.outlooks import outlook_of
from oms_workflow.store.tables.orders import order_lines, orders
from oms_workflow.store.tables.promises import promise_parts, promise_revisions
from oms_workflow.store.unit_of_work import UnitOfWork

_PART = ("line_id", "quantity", "receipt", "expected_at", "ships_at", "arrives_at", "day")


class StoredPromises:
    """Promises to those who wait."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def waiting(self) -> tuple[WaitingOrder, ...]:
        """Give every order that waits for goods or whose last promise still says so, by id."""
        async with self.unit.reading() as connection:
            skus = sorted((await connection.execute(_BACKORDERED)).scalars())
            unfinished = set((await connection.execute(_UNFINISHED)).scalars())
        coverage: dict[str, list[Coverage]] = defaultdict(list)
        for sku in skus:
            for one in (await outlook_of(self.unit, sku)).coverage:
                coverage[order_of_line(one.line_id)].append(one)
        names = sorted(set(coverage) | unfinished)
        async with self.unit.reading() as connection:
            found = await load_orders(connection, names)
            histories = await _histories(connection, names)
        return tuple([await self._waiting(found[name], coverage[name], histories[name]) for name in names])

    async def add(self, revision: PromiseRevision) -> bool:
        """Store the next revision of an order; False when somebody else was first."""
        connection = await self.unit.writing()
        await lock_order(connection, revision.order_id)
        mine = promise_revisions.c.order_id == revision.order_id
        last = (await connection.execute(select(func.max(promise_revisions.c.number)).where(mine))).scalar_one()
        if revision.number != (last or 0) + 1:
            return False
        await connection.execute(
            insert(promise_revisions).values(
                order_id=revision.order_id,
                number=revision.number,
                at=revision.at,
                reason=revision.reason.value,
                receipt=revision.receipt or None,
                day=revision.day,
                arrives_at=revision.arrives_at,
                matters=revision.matters,
            )
        )
        if revision.parts:
            await connection.execute(insert(promise_parts), [*_rows(revision)])
        return True

    async def told(self, order_id: str, number: int, notice_id: str) -> None:
        """Note the notice that tells a revision."""
        connection = await self.unit.writing()
        mine = (promise_revisions.c.order_id == order_id) & (promise_revisions.c.number == number)
        await connection.execute(update(promise_revisions).where(mine).values(notice_id=notice_id))

    async def history(self, order_id: str) -> tuple[PromiseRevision, ...]:
        """Give every revision of an order, oldest first."""
        async with self.unit.reading() as connection:
            return (await _histories(connection, [order_id]))[order_id]

    async def _waiting(
        self, order: Any, coverage: Sequence[Coverage], history: tuple[PromiseRevision, ...]
    ) -> WaitingOrder:
        parts = history[-1].parts if history else ()
        names = {one.receipt for one in coverage if one.receipt} | {one.receipt for one in parts if one.receipt}
        arrivals = StoredArrivals(self.unit)
        receipts: dict[str, ExpectedReceipt] = {name: await arrivals.get(name) for name in sorted(names)}
        return WaitingOrder(order=order, coverage=tuple(coverage), receipts=receipts, history=history)


_BACKORDERED = (
    select(order_lines.c.sku)
    .join(orders, orders.c.id == order_lines.c.order_id)
    .where(order_lines.c.backordered > 0, orders.c.cancelled_at.is_(None))
    .distinct()
)
_later = promise_revisions.alias("later")
_LAST = ~(
    select(_later.c.number)
    .where(_later.c.order_id == promise_revisions.c.order_id, _later.c.number > promise_revisions.c.number)
    .exists()
)
_UNFINISHED = (
    select(promise_revisions.c.order_id)
    .join(
        promise_parts,
        (promise_parts.c.order_id == promise_revisions.c.order_id)
        & (promise_parts.c.number == promise_revisions.c.number),
    )
    .where(_LAST)
    .distinct()
)


async def promised_times(unit: UnitOfWork, names: Iterable[str]) -> dict[str, dict[str, datetime]]:
    """Say when goods that are to come are shipped and delivered by the last promise of each order, where it is known.

    By order and milestone (`shipped`, `delivered`); the last part counts.
    """
    last = (
        select(promise_parts.c.order_id, func.max(promise_parts.c.ships_at), func.max(promise_parts.c.arrives_at))
        .join(
            promise_revisions,
            (promise_parts.c.order_id == promise_revisions.c.order_id)
            & (promise_parts.c.number == promise_revisions.c.number),
        )
        .where(_LAST, promise_parts.c.order_id.in_(sorted(names)))
        .group_by(promise_parts.c.order_id)
    )
    async with unit.reading() as connection:
        rows = (await connection.execute(last)).all()
    return {
        order: {name: at for name, at in (("shipped", ships), ("delivered", arrives)) if at is not None}
        for order, ships, arrives in rows
    }


async def _histories(
    connection: AsyncConnection, names: Iterable[str]
) -> defaultdict[str, tuple[PromiseRevision, ...]]:
    wanted = list(names)
    of = promise_parts.c
    rows = await connection.execute(
        select(promise_parts).where(of.order_id.in_(wanted)).order_by(of.order_id, of.number, of.position)
    )
    parts: dict[tuple[str, int], list[PromisedPart]] = defaultdict(list)
    for row in rows.mappings():
        parts[row["order_id"], row["number"]].append(_part(row))
    heads = await connection.execute(
        select(promise_revisions)
        .where(promise_revisions.c.order_id.in_(wanted))
        .order_by(promise_revisions.c.order_id, promise_revisions.c.number)
    )
    found: defaultdict[str, tuple[PromiseRevision, ...]] = defaultdict(tuple)
    for row in heads.mappings():
        found[row["order_id"]] += (_revision(row, tuple(parts[row["order_id"], row["number"]])),)
    return found


def _rows(revision: PromiseRevision) -> Iterable[dict[str, Any]]:
    for position, part in enumerate(revision.parts, start=1):
        values = {name: getattr(part, name) for name in _PART} | {"receipt": part.receipt or None}
        head = {"order_id": revision.order_id, "number": revision.number, "position": position}
        yield head | values | {"state": part.state.value}


def _part(row: Mapping[Any, Any]) -> PromisedPart:
    values = {name: row[name] for name in _PART} | {"receipt": row["receipt"] or ""}
    return PromisedPart(**values, state=PartState(row["state"]))


def _revision(row: Mapping[Any, Any], parts: tuple[PromisedPart, ...]) -> PromiseRevision:
    return PromiseRevision(
        order_id=row["order_id"],
        number=row["number"],
        at=row["at"],
        reason=RevisionReason(row["reason"]),
        receipt=row["receipt"] or "",
        parts=parts,
        matters=row["matters"],
        notice_id=row["notice_id"] or "",
    )
