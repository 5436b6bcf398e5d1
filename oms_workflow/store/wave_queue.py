"""Who waits for a wave and may go, read from the plans, shipments, orders and holds they hang on."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.fulfilment import Fate, FulfilmentStatus
from oms_workflow.domain.hold import Gate, HoldStatus
from oms_workflow.domain.service_level import Origin, ServiceLevel, priority
from oms_workflow.domain.shipment import ShipmentStatus
from oms_workflow.domain.wave import Waiting, urgency
from oms_workflow.store.tables.fulfilments import fulfilment_lines, fulfilments, shipments
from oms_workflow.store.tables.orders import order_holds, orders
from oms_workflow.store.tables.waves import wave_orders

_HELD = exists().where(
    order_holds.c.order_id == fulfilment_lines.c.order_id,
    fulfilment_lines.c.fulfilment_id == fulfilments.c.id,
    order_holds.c.status != HoldStatus.RESOLVED.value,
    (" " + order_holds.c.blocks + " ").contains(f" {Gate.RELEASE.value} ", autoescape=True),
)
_CARRIER = (
    select(func.max(shipments.c.carrier))
    .where(shipments.c.fulfilment_id == fulfilments.c.id, shipments.c.status != ShipmentStatus.CANCELLED.value)
    .correlate(fulfilments)
    .scalar_subquery()
)
_WAITING = (
    select(
        fulfilments.c.id,
        _CARRIER.label("carrier"),
        orders.c.service_level,
        orders.c.origin,
        orders.c.ship_by,
        wave_orders.c.since,
    )
    .join(wave_orders, wave_orders.c.fulfilment_id == fulfilments.c.id)
    .join(orders, orders.c.id == fulfilments.c.order_id)
    .where(
        wave_orders.c.warehouse == bindparam("of"),
        wave_orders.c.wave_id.is_(None),
        fulfilments.c.status == FulfilmentStatus.OPEN.value,
        func.coalesce(fulfilments.c.fate, "") != Fate.CANCEL.value,
        ~_HELD,
    )
)


async def load_waiting(connection: AsyncConnection, warehouse: str) -> tuple[Waiting, ...]:
    """Read who waits in a warehouse and may go, the most urgent first."""
    rows = (await connection.execute(_WAITING, {"of": warehouse})).mappings()
    found = [
        Waiting(
            fulfilment_id=row["id"],
            carrier=row["carrier"] or "",
            priority=priority(ServiceLevel(row["service_level"]), Origin(row["origin"])),
            ship_by=row["ship_by"],
            since=row["since"],
        )
        for row in rows
    ]
    return tuple(sorted(found, key=urgency))
