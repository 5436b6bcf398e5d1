"""Rows of warehouse orders and of labels: look them up, change them. Decides nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, select, update

from oms_workflow.connect.world.tables import labels, warehouse_orders
from oms_workflow.connect.world.visit import Visit

_ORDER = select(warehouse_orders).where(warehouse_orders.c.reference == bindparam("reference"))
_ORDERS = (
    select(warehouse_orders)
    .where(warehouse_orders.c.subject == bindparam("subject"))
    .order_by(warehouse_orders.c.at, warehouse_orders.c.reference)
)
ORDERS_FOR = (
    select(warehouse_orders)
    .where(warehouse_orders.c.fulfilment == bindparam("fulfilment"))
    .order_by(warehouse_orders.c.at, warehouse_orders.c.reference)
)
"""Warehouse orders made for a fulfilment order, the oldest first."""

LABEL = select(labels).where(
    labels.c.carrier == bindparam("carrier"), labels.c.tracking_number == bindparam("tracking_number")
)
"""One label."""

_LABELS = (
    select(labels)
    .where(labels.c.subject == bindparam("subject"), labels.c.cancelled_at.is_(None))
    .order_by(labels.c.parcel, labels.c.tracking_number)
)
_NEW_ORDER, _NEW_LABEL = insert(warehouse_orders), insert(labels)
_CHANGE_ORDER = update(warehouse_orders).where(warehouse_orders.c.reference == bindparam("which"))
_CHANGE_LABEL = update(labels).where(
    labels.c.carrier == bindparam("which_carrier"), labels.c.tracking_number == bindparam("which_number")
)

_BARE_ORDER: dict[str, Any] = {"carrier": "", "service": "", "packs_at": None, "hands_over_at": None}
_BARE_ORDER |= {"cancelled_at": None, "rejected_at": None}


def warehouse_order(visit: Visit, reference: str) -> Any | None:
    """Give a warehouse order by its reference; None when there is none."""
    return visit.connection.execute(_ORDER, {"reference": reference}).one_or_none()


def warehouse_orders_of(visit: Visit) -> list[Any]:
    """Give every warehouse order of the visit's order, the oldest first."""
    return list(visit.connection.execute(_ORDERS, {"subject": visit.subject}))


def warehouse_orders_for(visit: Visit, fulfilment: str) -> list[Any]:
    """Give every warehouse order for a fulfilment order, the oldest first."""
    return list(visit.connection.execute(ORDERS_FOR, {"fulfilment": fulfilment}))


def add_warehouse_order(visit: Visit, **values: Any) -> None:
    """Write a warehouse order down."""
    visit.connection.execute(_NEW_ORDER, _BARE_ORDER | {"subject": visit.subject, "at": visit.at} | values)


def change_warehouse_order(visit: Visit, reference: str, **values: Any) -> None:
    """Change a warehouse order."""
    visit.connection.execute(_CHANGE_ORDER, {"which": reference} | values)


def label_of(visit: Visit, carrier: str, tracking_number: str) -> Any | None:
    """Give a label; None when there is none."""
    return visit.connection.execute(LABEL, {"carrier": carrier, "tracking_number": tracking_number}).one_or_none()


def live_labels(visit: Visit, reference: str) -> list[Any]:
    """Give the labels tied to a warehouse order ('': to none yet) that are not cancelled."""
    rows = visit.connection.execute(_LABELS, {"subject": visit.subject})
    return [row for row in rows if row.reference == reference]


def add_label(visit: Visit, **values: Any) -> None:
    """Write a label down."""
    bare = {"hands_over_at": None, "ends_at": None, "cancelled_at": None}
    visit.connection.execute(_NEW_LABEL, bare | {"subject": visit.subject, "at": visit.at} | values)


def change_label(visit: Visit, label: Any, **values: Any) -> None:
    """Change a label."""
    which = {"which_carrier": label.carrier, "which_number": label.tracking_number}
    visit.connection.execute(_CHANGE_LABEL, which | values)
