"""What was expected of a shipment, written beside it when it is planned: parcels, cost, and why this carrier."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.shipment import Expectation
from oms_workflow.store.tables.fulfilments import planned_parcel_lines, planned_parcels, shipments


async def keep_expectation(connection: AsyncConnection, shipment_id: str, expected: Expectation) -> None:
    """Write what is expected of a shipment that was made in this transaction."""
    parcels: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for number, parcel in enumerate(expected.parcels, start=1):
        named: dict[str, Any] = {"shipment_id": shipment_id, "number": number}
        parcels.append(
            named
            | {
                "carton": parcel.carton.id if parcel.carton is not None else "",
                "holds_grams": parcel.carton.holds_grams if parcel.carton is not None else 0,
                "content_grams": parcel.content_grams,
                "gross_grams": parcel.gross_grams,
            }
        )
        lines += [named | {"line_id": line_id, "quantity": many} for line_id, many in parcel.pieces.items()]
    if parcels:
        await connection.execute(insert(planned_parcels), parcels)
        await connection.execute(insert(planned_parcel_lines), lines)
    known = {
        "expected_cost": expected.cost.minor_units if expected.cost is not None else None,
        "expected_currency": expected.cost.currency if expected.cost is not None else "",
        "why": expected.why,
        "planned_pieces": sum(line["quantity"] for line in lines),
    }
    await connection.execute(update(shipments).where(shipments.c.id == shipment_id).values(**known))
