"""Carriers' reports in the database. Implements `ports.shipments.Tracking`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, RowMapping, bindparam, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.ports.shipments import ParcelNews
from oms_workflow.domain.shipment import Package
from oms_workflow.domain.tracking import ParcelState, ParcelStatus, TrackingEvent, parcel_state
from oms_workflow.store.line_book import LineBook
from oms_workflow.store.locking import lock_orders, orders_of_fulfilments
from oms_workflow.store.shipment_rows import load_contents, load_events, load_numbered, state_from, state_values
from oms_workflow.store.shipments import package_by_id
from oms_workflow.store.statements import insert_or, queue_up
from oms_workflow.store.tables.fulfilments import fulfilment_lines, packages, shipments, tracking_events
from oms_workflow.store.tables.orders import order_lines
from oms_workflow.store.unit_of_work import UnitOfWork

# Made once: building a statement costs as much as running it on SQLite.
_OF: BindParameter[str] = bindparam("of")
_CONCERNED = (
    select(packages, shipments.c.fulfilment_id)
    .join(shipments, shipments.c.id == packages.c.shipment_id)
    .where(tuple_(packages.c.carrier, packages.c.tracking_number).in_(bindparam("numbers", expanding=True)))
    .order_by(packages.c.id)
)
_SET_STATE = (
    update(packages)
    .where(packages.c.id == _OF)
    .values({name: bindparam(f"new_{name}") for name in ("status", "since", "delivered_at", "place", "failures")})
)
_OWNERS = (
    select(order_lines.c.order_id)
    .join(fulfilment_lines, fulfilment_lines.c.line_id == order_lines.c.id)
    .where(fulfilment_lines.c.fulfilment_id == _OF, fulfilment_lines.c.quantity > 0)
    .distinct()
)
_STATUSES = (
    select(packages.c.status)
    .join(shipments, shipments.c.id == packages.c.shipment_id)
    .where(shipments.c.fulfilment_id == _OF, shipments.c.status != "cancelled")
)
_TO_COME = (
    select(fulfilment_lines.c.line_id)
    .where(fulfilment_lines.c.fulfilment_id == _OF, fulfilment_lines.c.shipped < fulfilment_lines.c.quantity)
    .limit(1)
)


class StoredTracking:
    """What carriers reported."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def record(self, events: Iterable[TrackingEvent], *, at: datetime) -> tuple[ParcelNews, ...]:
        """Keep reports and give what they changed."""
        told = list(events)
        if not told:
            return ()
        connection = await self.unit.writing()
        numbers = sorted({(one.carrier, one.tracking_number) for one in told})
        # Reports about one number pass one after the other: each has to see all reports before it.
        await queue_up(connection, *(f"parcel {carrier} {number}" for carrier, number in numbers))
        keep = insert_or(connection, tracking_events).on_conflict_do_nothing()
        await connection.execute(keep, [_values(one) for one in told])
        concerned = await _packages(connection, numbers)
        owners = await orders_of_fulfilments(connection, {row["fulfilment_id"] for row in concerned})
        await lock_orders(connection, owners)
        concerned = await _packages(connection, numbers)  # again, now that nobody else can change them
        known = await load_events(connection, numbers)
        lines = await LineBook.of_orders(connection, owners)
        inside = await load_contents(connection, [row["id"] for row in concerned])
        changed = []
        for row in concerned:
            before = state_from(row)
            now = parcel_state(known.get((row["carrier"], row["tracking_number"]), []))
            if now != before:
                changed.append((row, before, now))
                _count_delivered(row, now, inside.get(row["id"], {}), lines)
                values = {f"new_{name}": value for name, value in state_values(now).items()}
                await connection.execute(_SET_STATE, values | {"of": row["id"]})
        await lines.write(key="", at=at)
        return tuple([await _news(connection, row, before, now) for row, before, now in changed])

    async def state(self, package_id: str) -> ParcelState:
        """Give where a package is."""
        async with self.unit.reading() as connection:
            package = await package_by_id(connection, package_id)
            number = package.carrier, package.tracking_number
            return parcel_state((await load_events(connection, [number])).get(number, []))

    async def events(self, package_id: str) -> tuple[TrackingEvent, ...]:
        """Give the reports about a package in order of their moments."""
        async with self.unit.reading() as connection:
            package = await package_by_id(connection, package_id)
            number = package.carrier, package.tracking_number
            return tuple((await load_events(connection, [number])).get(number, []))

    async def package(self, carrier: str, tracking_number: str) -> Package | None:
        """Give the package with this number; None when nobody knows it."""
        async with self.unit.reading() as connection:
            return await load_numbered(connection, carrier, tracking_number)


def _values(event: TrackingEvent) -> dict[str, Any]:
    names = ("carrier", "tracking_number", "event_id", "occurred_at", "received_at", "place", "note")
    return {name: getattr(event, name) for name in names} | {"status": event.status.value}


async def _packages(connection: AsyncConnection, numbers: Sequence[tuple[str, str]]) -> Sequence[RowMapping]:
    return (await connection.execute(_CONCERNED, {"numbers": list(numbers)})).mappings().all()


def _count_delivered(row: RowMapping, now: ParcelState, pieces: dict[str, int], lines: LineBook) -> None:
    """Count delivered pieces up or down; only of a package that was handed over and not given up."""
    if row["handed_over_at"] is None or row["written_off_at"] is not None:
        return
    was, is_now = row["status"] == ParcelStatus.DELIVERED, now.status is ParcelStatus.DELIVERED
    if was != is_now:
        for line_id, quantity in pieces.items():
            lines.count(line_id, delivered=quantity if is_now else -quantity)


async def _news(connection: AsyncConnection, row: RowMapping, before: ParcelState, now: ParcelState) -> ParcelNews:
    of = {"of": row["fulfilment_id"]}
    statuses = list((await connection.execute(_STATUSES, of)).scalars())
    more_to_come = (await connection.execute(_TO_COME, of)).first() is not None
    return ParcelNews(
        package_id=row["id"],
        shipment_id=row["shipment_id"],
        fulfilment_id=row["fulfilment_id"],
        order_ids=tuple(sorted((await connection.execute(_OWNERS, of)).scalars())),
        before=before,
        now=now,
        all_delivered=not more_to_come and all(status == ParcelStatus.DELIVERED for status in statuses),
    )
