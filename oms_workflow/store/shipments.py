"""Shipments and packages in the database. Implements `ports.shipments.Shipments`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.fulfilment import Fate, FulfilmentStatus
from oms_workflow.domain.hold import Gate
from oms_workflow.domain.identity import part_id
from oms_workflow.domain.line_ledger import Move
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.shipment import (
    MOVES,
    Expectation,
    Package,
    PackedParcel,
    Shipment,
    ShipmentStatus,
    require_packable,
)
from oms_workflow.domain.tracking import ParcelStatus, parcel_state
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.expecting import keep_expectation
from oms_workflow.store.fulfilling import Work, open_work, require_free, ship
from oms_workflow.store.fulfilment_rows import load_by_id
from oms_workflow.store.locking import lock_fulfilment, next_part
from oms_workflow.store.shipment_rows import (
    load_events,
    load_package,
    load_shipment,
    load_shipments,
    load_shipments_of_order,
    package_values,
    state_values,
)
from oms_workflow.store.statements import queue_up
from oms_workflow.store.tables.fulfilments import package_lines, packages, shipments
from oms_workflow.store.unit_of_work import UnitOfWork


class StoredShipments:
    """Shipments and their packages."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    @once_per_key("shipments.plan", Shipment, agree="fulfilment_id carrier")
    async def plan(
        self,
        fulfilment_id: str,
        *,
        carrier: str,
        service: str,
        expected: Expectation | None = None,
        key: str,
        at: datetime,
    ) -> Shipment:
        """Plan a shipment; one that is planned already with this carrier and service is given back."""
        connection = await self.unit.writing()
        head, _ = await lock_fulfilment(connection, fulfilment_id)
        if head["status"] not in (FulfilmentStatus.OPEN, FulfilmentStatus.IN_PROGRESS):
            raise refuse(Refusal.ILLEGAL_MOVE, f"Fulfilment order {fulfilment_id!r} is {head['status']}; it is over.")
        for one in await load_shipments(connection, fulfilment_id):
            if (one.carrier, one.service, one.status) == (carrier, service, ShipmentStatus.PLANNED):
                return one
        name = await next_part(connection, shipments, shipments.c.fulfilment_id, fulfilment_id, "S")
        values = {"id": name, "fulfilment_id": fulfilment_id, "carrier": carrier, "service": service}
        status = ShipmentStatus.PLANNED.value
        await connection.execute(insert(shipments).values(**values, status=status, planned_at=at))
        await keep_expectation(connection, name, expected or Expectation())
        return await _shipment(connection, name)

    @once_per_key("shipments.pack", Shipment, agree="shipment_id")
    async def pack(self, shipment_id: str, parcels: Sequence[PackedParcel], *, key: str, at: datetime) -> Shipment:
        """Store the packages of a shipment with their tracking numbers."""
        connection = await self.unit.writing()
        carrier = (await _shipment(connection, shipment_id)).carrier
        # A report that arrives in the same moment must see the package, or the package the report.
        await queue_up(connection, *(f"parcel {carrier} {one.tracking_number}" for one in parcels))
        shipment = await _locked(connection, shipment_id)
        fulfilment = (await load_by_id(connection, [shipment.fulfilment_id]))[0]
        _require(shipment, ShipmentStatus.LABELLED)
        require_packable(fulfilment, await _packed(connection, shipment.fulfilment_id), parcels)
        await _require_new_numbers(connection, shipment.carrier, [one.tracking_number for one in parcels])
        known = await load_events(connection, [(shipment.carrier, one.tracking_number) for one in parcels])
        for number, parcel in enumerate(parcels, start=1):
            name = part_id(shipment_id, "P", number)
            state = parcel_state(known.get((shipment.carrier, parcel.tracking_number), []))
            row = package_values(name, shipment, parcel)
            await connection.execute(insert(packages).values(**row, **state_values(state)))
            pieces = [
                {"package_id": name, "line_id": line, "quantity": many} for line, many in _pieces([parcel]).items()
            ]
            await connection.execute(insert(package_lines), pieces)
        await _set(connection, shipment_id, status=ShipmentStatus.LABELLED.value)
        return await _shipment(connection, shipment_id)

    @once_per_key("shipments.hand_over", Shipment, agree="shipment_id")
    async def hand_over(self, shipment_id: str, *, key: str, at: datetime) -> Shipment:
        """Book everything packed as shipped."""
        connection = await self.unit.writing()
        shipment = await _locked(connection, shipment_id)
        if shipment.status is ShipmentStatus.HANDED_OVER:
            return shipment
        work = await open_work(connection, shipment.fulfilment_id)
        _require_not_lost_to_cancel(work)
        _require(shipment, ShipmentStatus.HANDED_OVER)
        await require_free(work, Gate.SHIP)
        await work.lock_stock()
        if work.head["status"] == FulfilmentStatus.OPEN:
            work.plans.move(work.name, FulfilmentStatus.IN_PROGRESS)
        work.plans.set(work.name, fate=Fate.SHIP.value)
        ship(work, _pieces(shipment.packages))
        for package in shipment.packages:
            if package.status is ParcelStatus.DELIVERED:  # the carrier was faster than the warehouse
                for line_id, quantity in package.pieces:
                    work.lines.count(line_id, delivered=quantity)
        await work.write(key=key, at=at)
        await connection.execute(
            update(packages).where(packages.c.shipment_id == shipment_id).values(handed_over_at=at)
        )
        await _set(connection, shipment_id, status=ShipmentStatus.HANDED_OVER.value, handed_over_at=at)
        return await _shipment(connection, shipment_id)

    @once_per_key("shipments.cancel", Shipment, agree="shipment_id")
    async def cancel(self, shipment_id: str, *, key: str, at: datetime) -> Shipment:
        """Cancel a shipment that was not handed over."""
        connection = await self.unit.writing()
        shipment = await _locked(connection, shipment_id)
        if shipment.status is not ShipmentStatus.CANCELLED:
            _require(shipment, ShipmentStatus.CANCELLED)
            await _set(connection, shipment_id, status=ShipmentStatus.CANCELLED.value)
        return await _shipment(connection, shipment_id)

    async def get(self, shipment_id: str) -> Shipment:
        """Give one with its packages."""
        async with self.unit.reading() as connection:
            return await _shipment(connection, shipment_id)

    async def of_order(self, order_id: str) -> tuple[Shipment, ...]:
        """Give all with pieces of this order, by id."""
        async with self.unit.reading() as connection:
            return await load_shipments_of_order(connection, order_id)

    async def of_fulfilment(self, fulfilment_id: str) -> tuple[Shipment, ...]:
        """Give all of a fulfilment order, whosever pieces they hold, by id."""
        async with self.unit.reading() as connection:
            return await load_shipments(connection, fulfilment_id)

    @once_per_key("shipments.write_off", None, agree="package_id")
    async def write_off(self, package_id: str, *, key: str, at: datetime) -> None:
        """Give a lost package up: its pieces are written off on their lines."""
        connection = await self.unit.writing()
        package = await package_by_id(connection, package_id)
        shipment = await _locked(connection, package.shipment_id)
        row = (await connection.execute(select(packages).where(packages.c.id == package_id))).mappings().one()
        if row["written_off_at"] is not None:
            return
        arrived = row["status"] in (ParcelStatus.DELIVERED, ParcelStatus.RETURNED)
        if arrived or shipment.status is not ShipmentStatus.HANDED_OVER:
            why = f"its carrier says {row['status']}" if arrived else "it was never handed over"
            raise refuse(Refusal.ILLEGAL_MOVE, f"Cannot write package {package_id!r} off: {why}.")
        work = await open_work(connection, shipment.fulfilment_id)
        for line_id, quantity in package.pieces:
            work.lines.move(line_id, Move.WRITE_OFF, quantity)
        await work.write(key=key, at=at)
        await connection.execute(update(packages).where(packages.c.id == package_id).values(written_off_at=at))


async def package_by_id(connection: AsyncConnection, package_id: str) -> Package:
    """Read one package.

    Raises:
        OrderRefused: UNKNOWN_SHIPMENT.
    """
    found = await load_package(connection, package_id)
    if found is None:
        raise refuse(Refusal.UNKNOWN_SHIPMENT, f"There is no package {package_id!r}. Check the id.")
    return found


async def _shipment(connection: AsyncConnection, shipment_id: str) -> Shipment:
    found = await load_shipment(connection, shipment_id)
    if found is None:
        raise refuse(Refusal.UNKNOWN_SHIPMENT, f"There is no shipment {shipment_id!r}. Check the id.")
    return found


async def _locked(connection: AsyncConnection, shipment_id: str) -> Shipment:
    """Lock the orders a shipment concerns and read it afterwards."""
    await lock_fulfilment(connection, (await _shipment(connection, shipment_id)).fulfilment_id)
    return await _shipment(connection, shipment_id)


async def _set(connection: AsyncConnection, shipment_id: str, **values: Any) -> None:
    await connection.execute(update(shipments).where(shipments.c.id == shipment_id).values(**values))


async def _packed(connection: AsyncConnection, fulfilment_id: str) -> dict[str, int]:
    """Count pieces in packages of shipments that are not cancelled, by line."""
    standing = [
        one for one in await load_shipments(connection, fulfilment_id) if one.status is not ShipmentStatus.CANCELLED
    ]
    return _pieces([package for one in standing for package in one.packages])


async def _require_new_numbers(connection: AsyncConnection, carrier: str, numbers: Sequence[str]) -> None:
    taken = select(packages.c.id).where(packages.c.carrier == carrier, packages.c.tracking_number.in_(list(numbers)))
    owner = (await connection.execute(taken)).scalars().first()
    if owner is not None or len(set(numbers)) != len(numbers) or "" in numbers:
        raise refuse(
            Refusal.ORDER_MISMATCH,
            f"A tracking number is missing, given twice, or belongs to {owner!r}. Each parcel needs its own number.",
        )


def _require(shipment: Shipment, status: ShipmentStatus) -> None:
    if status not in MOVES[shipment.status]:
        possible = ", ".join(sorted(one.value for one in MOVES[shipment.status])) or "nothing more"
        raise refuse(
            Refusal.ILLEGAL_MOVE,
            f"Shipment {shipment.id!r} is {shipment.status.value}; possible now: {possible}, not {status.value}.",
        )


def _require_not_lost_to_cancel(work: Work) -> None:
    if work.head["fate"] == Fate.CANCEL:
        raise refuse(
            Refusal.ORDER_CANCELLED,
            f"Fulfilment order {work.name!r} was cancelled before it was handed over. Keep the parcel in the house, "
            f"or have the carrier bring it back.",
        )


def _pieces(boxes: Sequence[Package | PackedParcel]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for package in boxes:
        for line_id, quantity in package.pieces:
            counted[line_id] = counted.get(line_id, 0) + quantity
    return counted
