"""What comes back from buyers: what they want to give back once it arrived, and the goods on their way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from oms_workflow.connect.world.callbacks import News, call_off, tell, tell_anew
from oms_workflow.connect.world.parcel_rows import warehouse_orders_of
from oms_workflow.connect.world.script.matching import Facts
from oms_workflow.connect.world.script.people import WantsBack
from oms_workflow.connect.world.script.systems import GoodsBack
from oms_workflow.connect.world.tables import labels, reports, subjects
from oms_workflow.connect.world.visit import Visit
from oms_workflow.domain.identity import channel_of, order_of_line
from oms_workflow.domain.tracking import ParcelStatus

Line = Sequence[Any]  # line id, SKU, pieces
Arrived = list[tuple[datetime, Line]]

_SUBJECT = select(subjects).where(subjects.c.id == bindparam("subject"))
_DELIVERED = (
    select(labels.c.reference, func.max(reports.c.occurred_at).label("at"))
    .join(reports, (reports.c.carrier == labels.c.carrier) & (reports.c.tracking_number == labels.c.tracking_number))
    .where(
        labels.c.subject == bindparam("subject"),
        labels.c.cancelled_at.is_(None),
        reports.c.status == ParcelStatus.DELIVERED.value,
    )
    .group_by(labels.c.reference)
)


def plan_returns(visit: Visit) -> None:
    """Plan anew what the buyers want back, after anything changed about what arrives and when.

    One request is made for each wish, some time after the last of its goods arrived. Goods of several orders may lie
    in one parcel, so each of these orders has its say.
    """
    if not any(rule.buyer and rule.buyer.wants_back for rule in visit.script.rules):
        return
    for order_id, arrived in (_arriving(visit)).items():
        about = _as_order(visit, order_id)
        wishes: Sequence[WantsBack] = about.said("buyer", "wants_back") or ()
        for number, wish in enumerate(wishes):
            _plan(about, number, wish, arrived)


def send_back(visit: Visit, return_id: str, warehouse: str, lines: Sequence[Line]) -> list[list[Any]]:
    """Let the buyer hand the goods in, and the warehouse count them; gives the lines that come back."""
    style: GoodsBack = visit.said("goods_back") or GoodsBack()
    if style.never:
        return []
    sent = visit.done_at("buyer.sends_back", visit.at, return_id, instead=style.sent_after)
    arrives = visit.done_at("carrier.brings_back", sent, return_id, instead=style.arrives_after)
    counted = visit.done_at("warehouse.counts", arrives, return_id)
    body = {"return": return_id, "order": visit.subject}
    handed_in = News(kind="buyer.return_sent", at=sent, body=body, source=f"buyer.return_sent:{return_id}")
    counts = _counted(lines, style)
    found = body | {"warehouse": warehouse, "lines": counts}
    received = News(
        kind="warehouse.return_received", at=counted, body=found, source=f"warehouse.return_received:{return_id}"
    )
    tell(visit, "", [handed_in])
    tell(visit, "warehouse.webhook", [received], visit.said("warehouse", "webhooks"))
    return [[one["line"], one["sku"], one["sellable"] + one["damaged"]] for one in counts]


def pieces_for(wanted: Mapping[str, int] | None, line: Line) -> int:
    """Give how many pieces of a line a script means, by the line's SKU or sub-order id; never more than there are."""
    line_id, sku, quantity = line
    oid = line_id.rpartition("/")[2]
    return min(int(quantity), max((wanted or {}).get(oid, 0), (wanted or {}).get(sku, 0)))


def _counted(lines: Sequence[Line], style: GoodsBack) -> list[dict[str, Any]]:
    """Say what is found of each line: good pieces, damaged ones; missing ones are simply not there."""
    found = []
    for line in lines:
        there = int(line[2]) - pieces_for(style.missing, line)
        damaged = min(there, pieces_for(style.damaged, line))
        found.append({"line": line[0], "sku": line[1], "sellable": there - damaged, "damaged": damaged})
    return found


def _arriving(visit: Visit) -> dict[str, Arrived]:
    """Give, by order, the lines that are or will be delivered, and when; lines of lost causes with no moment."""
    at = {row.reference: row.at for row in visit.connection.execute(_DELIVERED, {"subject": visit.subject})}
    found: dict[str, Arrived] = {}
    for order in warehouse_orders_of(visit):
        for line in order.lines:
            lines = found.setdefault(order_of_line(line[0]), [])
            if order.reference in at:
                lines.append((at[order.reference], line))
    return found


def _as_order(visit: Visit, order_id: str) -> Visit:
    if order_id == visit.subject:
        return visit
    row = visit.connection.execute(_SUBJECT, {"subject": order_id}).one_or_none()
    facts = Facts(
        order=order_id,
        external_id=row.external_id if row else "",
        channel=row.channel if row else channel_of(order_id),
        skus=frozenset(row.skus) if row else frozenset(),
    )
    return replace(visit, subject=order_id, facts=facts)


def _plan(visit: Visit, number: int, wish: WantsBack, arrived: Arrived) -> None:
    about = f"wants-back:{visit.subject}:{number}"
    chosen = [(at, line[0], _wanted(wish, line)) for at, line in arrived]
    chosen = [one for one in chosen if one[2]]
    if not chosen:
        call_off(visit, about)
        return
    body = {
        "order": visit.subject,
        "kind": wish.kind,
        "reason": wish.reason,
        "lines": [{"line": line_id, "quantity": pieces} for _, line_id, pieces in chosen],
        "new": [one.model_dump() for one in wish.new],
    }
    moment = max(at for at, _, _ in chosen) + wish.after_delivery
    source = f"buyer.return_requested:{number}"
    tell_anew(visit, News(kind="buyer.return_requested", at=moment, body=body, source=source, about=about))


def _wanted(wish: WantsBack, line: Line) -> int:
    return int(line[2]) if wish.lines == "all" else pieces_for(wish.lines, line)
