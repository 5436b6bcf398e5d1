"""Where warehouse and carrier meet: packed goods with a label go out with the next van. Takes no calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from oms_workflow.connect.world.callbacks import News, call_off, tell
from oms_workflow.connect.world.journey import report, turn_off, way
from oms_workflow.connect.world.parcel_rows import (
    change_label,
    change_warehouse_order,
    live_labels,
    warehouse_order,
    warehouse_orders_of,
)
from oms_workflow.connect.world.returning import plan_returns
from oms_workflow.connect.world.script.systems import Journey, Pace
from oms_workflow.connect.world.visit import Visit


def match_label(visit: Visit, shipment: str, warehouse: str) -> str:
    """Give the reference of the warehouse order a label is for; '' when there is none yet.

    A shipment named after its fulfilment order belongs to it; else it is the order's first work of that warehouse.
    """
    rows = [row for row in warehouse_orders_of(visit) if row.cancelled_at is None and row.rejected_at is None]
    named = [row for row in rows if shipment.startswith(f"{row.fulfilment}.")]
    local = [row for row in rows if row.warehouse == warehouse]
    return str((named or local)[0].reference) if named or local else ""


def adopt_labels(visit: Visit, order: Any) -> None:
    """Tie labels to a warehouse order that were booked before it came in."""
    for label in live_labels(visit, ""):
        if label.shipment.startswith(f"{order.fulfilment}.") or label.warehouse == order.warehouse:
            change_label(visit, label, reference=order.reference)


def send_out(visit: Visit, reference: str) -> None:
    """Plan the hand-over of every packed parcel that has a label and no van yet."""
    order = warehouse_order(visit, reference)
    if order is None or order.packs_at is None or order.cancelled_at is not None:
        return
    visit = visit.knowing(warehouse=order.warehouse, carrier=order.carrier, service=order.service)
    pace = visit.said("warehouse", "pace") or Pace()
    if pace.stops == "hands_over":
        return
    waiting = [label for label in live_labels(visit, reference) if label.hands_over_at is None]
    if not waiting:
        return
    joins = order.hands_over_at is not None and order.hands_over_at > visit.at
    moment = order.hands_over_at if joins else _next_van(visit, order, pace)
    change_warehouse_order(visit, reference, hands_over_at=moment)
    if not joins:
        body = {"fulfilment": order.fulfilment, "reference": reference, "warehouse": order.warehouse}
        source = f"warehouse.handed_over:{reference}:{moment.isoformat()}"
        news = News(kind="warehouse.handed_over", at=moment, body=body, source=source, about=f"hand-over:{reference}")
        tell(visit, "warehouse.webhook", [news], visit.said("warehouse", "webhooks"))
    for label in waiting:
        _travel(visit, label, moment)
    plan_returns(visit)


def has_left(visit: Visit, order: Any, by: datetime) -> bool:
    """Say whether anything of a warehouse order is with a carrier by then; a later van may be planned for the rest."""
    moments = [order.hands_over_at, *(label.hands_over_at for label in live_labels(visit, order.reference))]
    return any(moment is not None and moment <= by for moment in moments)


def stop(visit: Visit, reference: str) -> None:
    """Call off a hand-over: the warehouse order was cancelled, and its parcels stay in the house."""
    call_off(visit, f"hand-over:{reference}")
    for label in live_labels(visit, reference):
        turn_off(visit, label)
        change_label(visit, label, hands_over_at=None, ends_at=None)
    plan_returns(visit)


def keep_back(visit: Visit, reference: str) -> None:
    """Plan no hand-over any more once no parcel is left for it."""
    left = live_labels(visit, reference)
    if not left:
        call_off(visit, f"hand-over:{reference}")
        change_warehouse_order(visit, reference, hands_over_at=None)


def _next_van(visit: Visit, order: Any, pace: Pace) -> datetime:
    ready = max(order.packs_at, visit.at)
    return visit.done_at("warehouse.hands_over", ready, order.reference, instead=pace.hands_over_after)


def _travel(visit: Visit, label: Any, start: datetime) -> None:
    known = visit.knowing(carrier=label.carrier, service=label.service, warehouse=label.warehouse)
    style: Journey = known.said("carrier", "journey") or Journey()
    scans = way(known, label.tracking_number, label.service, start, style)
    change_label(visit, label, hands_over_at=start, ends_at=scans[-1].at)
    report(known, label, scans, "under way")
