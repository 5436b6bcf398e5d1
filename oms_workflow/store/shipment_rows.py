"""Shipments and packages as rows, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, RowMapping, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.money import Money
from oms_workflow.domain.shipment import Package, PackedParcel, PlannedParcel, Shipment, ShipmentStatus
from oms_workflow.domain.tracking import ParcelState, ParcelStatus, TrackingEvent
from oms_workflow.store.tables.fulfilments import (
    fulfilment_lines,
    package_lines,
    packages,
    planned_parcel_lines,
    planned_parcels,
    shipments,
    tracking_events,
)

# Made once: building a statement costs as much as running it on SQLite.
_OF: BindParameter[str] = bindparam("of")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CARRIER: BindParameter[str] = bindparam("carrier")
_NUMBER: BindParameter[str] = bindparam("number")
_SHIPMENTS = select(shipments).order_by(shipments.c.planned_at, shipments.c.id)
_SHIPMENT = _SHIPMENTS.where(shipments.c.id == _OF)
_OF_FULFILMENT = _SHIPMENTS.where(shipments.c.fulfilment_id == _OF)
_OF_ORDER = _SHIPMENTS.where(
    shipments.c.fulfilment_id.in_(select(fulfilment_lines.c.fulfilment_id).where(fulfilment_lines.c.order_id == _OF))
)
_PACKAGES = select(packages).where(packages.c.shipment_id.in_(_IDS)).order_by(packages.c.id)
_PACKAGE = select(packages).where(packages.c.id == _OF)
_NUMBERED = select(packages).where(packages.c.carrier == _CARRIER, packages.c.tracking_number == _NUMBER)
_CONTENTS = select(package_lines).where(package_lines.c.package_id.in_(_IDS)).order_by(package_lines.c.line_id)
_PLANNED = (
    select(planned_parcels)
    .where(planned_parcels.c.shipment_id.in_(_IDS))
    .order_by(planned_parcels.c.shipment_id, planned_parcels.c.number)
)
_PLANNED_LINES = (
    select(planned_parcel_lines)
    .where(planned_parcel_lines.c.shipment_id.in_(_IDS))
    .order_by(planned_parcel_lines.c.line_id)
)
_EVENTS = (
    select(tracking_events)
    .where(tracking_events.c.carrier == _CARRIER, tracking_events.c.tracking_number == _NUMBER)
    .order_by(tracking_events.c.occurred_at, tracking_events.c.event_id)
)


async def load_shipment(connection: AsyncConnection, shipment_id: str) -> Shipment | None:
    """Read one shipment with its packages; None when there is none."""
    found = await _shipments(connection, (await connection.execute(_SHIPMENT, {"of": shipment_id})).mappings().all())
    return found[0] if found else None


async def load_shipments(connection: AsyncConnection, fulfilment_id: str) -> tuple[Shipment, ...]:
    """Read the shipments of a fulfilment order with their packages, first planned first."""
    heads = (await connection.execute(_OF_FULFILMENT, {"of": fulfilment_id})).mappings().all()
    return await _shipments(connection, heads)


async def load_shipments_of_order(connection: AsyncConnection, order_id: str) -> tuple[Shipment, ...]:
    """Read the shipments with pieces of an order with all their packages, first planned first."""
    return await _shipments(connection, (await connection.execute(_OF_ORDER, {"of": order_id})).mappings().all())


async def _shipments(connection: AsyncConnection, heads: Sequence[RowMapping]) -> tuple[Shipment, ...]:
    if not heads:
        return ()
    rows = (await connection.execute(_PACKAGES, {"ids": [row["id"] for row in heads]})).mappings().all()
    boxes = await _packages(connection, rows)
    planned = await load_planned(connection, [row["id"] for row in heads])
    return tuple(
        Shipment(
            id=row["id"],
            fulfilment_id=row["fulfilment_id"],
            carrier=row["carrier"],
            service=row["service"],
            status=ShipmentStatus(row["status"]),
            packages=tuple(one for one in boxes if one.shipment_id == row["id"]),
            planned_at=row["planned_at"],
            handed_over_at=row["handed_over_at"],
            planned=planned.get(row["id"], ()),
            expected_cost=_amount(row["expected_cost"], row["expected_currency"]),
            why=row["why"],
        )
        for row in heads
    )


def _amount(units: int | None, currency: str) -> Money | None:
    return None if units is None else Money.minor(units, currency)


async def load_planned(
    connection: AsyncConnection, shipment_ids: Sequence[str]
) -> dict[str, tuple[PlannedParcel, ...]]:
    """Read the parcels shipments were planned as, by shipment."""
    inside: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for row in (await connection.execute(_PLANNED_LINES, {"ids": list(shipment_ids)})).mappings():
        inside.setdefault((row["shipment_id"], row["number"]), []).append((row["line_id"], row["quantity"]))
    found: dict[str, list[PlannedParcel]] = {}
    for row in (await connection.execute(_PLANNED, {"ids": list(shipment_ids)})).mappings():
        plain = {name: row[name] for name in ("number", "carton", "content_grams", "gross_grams")}
        pieces = tuple(inside.get((row["shipment_id"], row["number"]), ()))
        found.setdefault(row["shipment_id"], []).append(PlannedParcel(**plain, pieces=pieces))
    return {name: tuple(parcels) for name, parcels in found.items()}


async def load_package(connection: AsyncConnection, package_id: str) -> Package | None:
    """Read one package with what is in it; None when there is none."""
    found = await _packages(connection, (await connection.execute(_PACKAGE, {"of": package_id})).mappings().all())
    return found[0] if found else None


async def load_numbered(connection: AsyncConnection, carrier: str, tracking_number: str) -> Package | None:
    """Read the package a carrier knows by a number; None when nobody knows it."""
    given = {"carrier": carrier, "number": tracking_number}
    found = await _packages(connection, (await connection.execute(_NUMBERED, given)).mappings().all())
    return found[0] if found else None


async def _packages(connection: AsyncConnection, rows: Sequence[RowMapping]) -> tuple[Package, ...]:
    inside = await load_contents(connection, [row["id"] for row in rows])
    return tuple(package_from(row, inside.get(row["id"], {})) for row in rows)


async def load_contents(connection: AsyncConnection, package_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Read what is in packages: by package, line id -> pieces."""
    found: dict[str, dict[str, int]] = {}
    if package_ids:
        for row in (await connection.execute(_CONTENTS, {"ids": list(package_ids)})).mappings():
            found.setdefault(row["package_id"], {})[row["line_id"]] = row["quantity"]
    return found


def package_from(row: RowMapping, pieces: Mapping[str, int]) -> Package:
    """Read one package from its row."""
    return Package(
        id=row["id"],
        shipment_id=row["shipment_id"],
        carrier=row["carrier"],
        tracking_number=row["tracking_number"],
        weight_grams=row["weight_grams"],
        pieces=tuple(pieces.items()),
        status=ParcelStatus(row["status"]),
        handed_over_at=row["handed_over_at"],
        delivered_at=row["delivered_at"],
        written_off_at=row["written_off_at"],
        label_ref=row["label_ref"],
        cost=_amount(row["label_cost"], row["label_currency"]),
    )


def package_values(name: str, shipment: Shipment, parcel: PackedParcel) -> dict[str, Any]:
    """Give the columns of a package that follow from how it was packed."""
    return {
        "id": name,
        "shipment_id": shipment.id,
        "carrier": shipment.carrier,
        "tracking_number": parcel.tracking_number,
        "weight_grams": parcel.weight_grams,
        "label_ref": parcel.label_ref,
        "label_cost": parcel.cost.minor_units if parcel.cost is not None else None,
        "label_currency": parcel.cost.currency if parcel.cost is not None else "",
    }


def state_from(row: RowMapping | Mapping[str, Any]) -> ParcelState:
    """Read the derived state a package's row keeps for lists."""
    return ParcelState(
        status=ParcelStatus(row["status"]),
        since=row["since"],
        delivered_at=row["delivered_at"],
        place=row["place"],
        failures=row["failures"],
    )


def state_values(state: ParcelState) -> dict[str, Any]:
    """Give the columns of a package that follow from carriers' reports."""
    return {
        "status": state.status.value,
        "since": state.since,
        "delivered_at": state.delivered_at,
        "place": state.place,
        "failures": state.failures,
    }


async def load_events(
    connection: AsyncConnection, numbers: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[TrackingEvent]]:
    """Read carriers' reports by (carrier, tracking number), in order of their moments."""
    found: dict[tuple[str, str], list[TrackingEvent]] = {}
    for carrier, number in sorted(set(numbers)):
        for row in (await connection.execute(_EVENTS, {"carrier": carrier, "number": number})).mappings():
            event = TrackingEvent(**(dict(row) | {"status": ParcelStatus(row["status"])}))
            found.setdefault((carrier, number), []).append(event)
    return found
