"""Shipments and packages as rows, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.shipment import Package, Shipment, ShipmentStatus
from oms_workflow.domain.tracking import ParcelState, ParcelStatus, TrackingEvent
from oms_workflow.store.tables.fulfilments import package_lines, packages, shipments, tracking_events


async def load_shipments(connection: AsyncConnection, which: Any) -> tuple[Shipment, ...]:
    """Read shipments with their packages, by id."""
    heads = (
        (await connection.execute(select(shipments).where(which).order_by(shipments.c.planned_at, shipments.c.id)))
        .mappings()
        .all()
    )
    boxes = await load_packages(connection, packages.c.shipment_id.in_([row["id"] for row in heads]))
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
        )
        for row in heads
    )


async def load_packages(connection: AsyncConnection, which: Any) -> tuple[Package, ...]:
    """Read packages with what is in them, by id."""
    rows = (await connection.execute(select(packages).where(which).order_by(packages.c.id))).mappings().all()
    inside = await load_contents(connection, [row["id"] for row in rows])
    return tuple(package_from(row, inside.get(row["id"], {})) for row in rows)


async def load_contents(connection: AsyncConnection, package_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Read what is in packages: by package, line id -> pieces."""
    found: dict[str, dict[str, int]] = {}
    if package_ids:
        statement = select(package_lines).where(package_lines.c.package_id.in_(list(package_ids)))
        for row in (await connection.execute(statement.order_by(package_lines.c.line_id))).mappings():
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
        label_ref=row["label_ref"],
    )


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
    table = tracking_events
    found: dict[tuple[str, str], list[TrackingEvent]] = {}
    for carrier, number in sorted(set(numbers)):
        which = select(table).where(table.c.carrier == carrier, table.c.tracking_number == number)
        for row in (await connection.execute(which.order_by(table.c.occurred_at, table.c.event_id))).mappings():
            event = TrackingEvent(**(dict(row) | {"status": ParcelStatus(row["status"])}))
            found.setdefault((carrier, number), []).append(event)
    return found
