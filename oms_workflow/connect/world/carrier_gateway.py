"""The simulated carriers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from oms_workflow.connect.world import chance
from oms_workflow.connect.world.calls import Act, Answer, Asked, deed, perform
from oms_workflow.connect.world.database import WorldDatabase
from oms_workflow.connect.world.hand_over import keep_back, match_label, send_out
from oms_workflow.connect.world.journey import Scan, report, turn_off
from oms_workflow.connect.world.naming import order_of
from oms_workflow.connect.world.parcel_rows import LABEL, add_label, change_label, label_of
from oms_workflow.connect.world.returning import plan_returns
from oms_workflow.connect.world.script.matching import Facts
from oms_workflow.connect.world.tables import Moment, reports
from oms_workflow.connect.world.visit import Laws, Visit
from oms_workflow.domain.ports.carrier_gateway import Label, LabelRequest
from oms_workflow.domain.tracking import ParcelStatus, TrackingEvent

_TURNS_ROUND = timedelta(hours=2)  # from a successful request to the scan that says so

_HAPPENED = (
    select(reports)
    .where(
        reports.c.carrier == bindparam("carrier"),
        reports.c.tracking_number == bindparam("number"),
        reports.c.occurred_at <= bindparam("now", type_=Moment),
    )
    .order_by(reports.c.occurred_at, reports.c.event)
)


class SimulatedCarriers:
    """`CarrierGateway` of the world: every carrier name is a carrier."""

    def __init__(self, database: WorldDatabase, laws: Laws, at: datetime) -> None:
        self._database, self._laws, self._at = database, laws, at

    async def label(self, request: LabelRequest, *, key: str) -> Label:
        """See `CarrierGateway`. The parcel leaves once its warehouse has packed it."""
        facts = Facts(carrier=request.carrier, service=request.service, warehouse=request.warehouse)
        asked = Asked(
            system="carrier", operation="label", key=key, subject=order_of(request.shipment_id),
            request=asdict(request), facts=facts,
        )  # fmt: skip
        found = await self._ask(asked, lambda visit: _book(visit, asked, request))
        return Label(tracking_number=found["tracking_number"], label_ref=found["label_ref"])

    async def cancel_label(self, carrier: str, tracking_number: str, *, key: str) -> bool:
        """See `CarrierGateway`."""
        return await self._about_parcel("cancel_label", carrier, tracking_number, key, _cancel)

    async def intercept(self, carrier: str, tracking_number: str, *, key: str) -> bool:
        """See `CarrierGateway`."""
        return await self._about_parcel("intercept", carrier, tracking_number, key, _intercept)

    async def track(self, carrier: str, tracking_number: str) -> tuple[TrackingEvent, ...]:
        """See `CarrierGateway`. Gives what happened by now, whether it was told or not."""
        label = await self._find(carrier, tracking_number)
        asked = Asked(
            system="carrier", operation="track", key="", subject=label.subject if label else "", request={},
            facts=_facts(label, carrier),
        )  # fmt: skip

        def read(visit: Visit) -> Answer:
            return {"reports": _reports(visit, carrier, tracking_number)}

        found = await self._ask(asked, read)
        return tuple(
            TrackingEvent(**(one | {"status": ParcelStatus(one["status"]), "received_at": self._at}))
            for one in found["reports"]
        )

    async def _about_parcel(
        self,
        operation: str,
        carrier: str,
        tracking_number: str,
        key: str,
        act: Callable[[Visit, Asked, Any], bool],
    ) -> bool:
        label = await self._find(carrier, tracking_number)
        asked = Asked(
            system="carrier", operation=operation, key=key, subject=label.subject if label else "",
            request={"carrier": carrier, "tracking_number": tracking_number}, facts=_facts(label, carrier),
        )  # fmt: skip

        def answer(visit: Visit) -> Answer:
            row = label_of(visit, carrier, tracking_number)  # again: now its order is locked
            return {"done": row is not None and act(visit, asked, row)}

        return bool((await self._ask(asked, answer))["done"])

    async def _ask(self, asked: Asked, act: Act) -> Answer:
        return await perform(self._database, self._laws, asked, self._at, act)

    async def _find(self, carrier: str, tracking_number: str) -> Any | None:
        which = {"carrier": carrier, "tracking_number": tracking_number}
        return await self._database.read(lambda connection: connection.execute(LABEL, which).one_or_none())


def _book(visit: Visit, asked: Asked, request: LabelRequest) -> Answer:
    number = request.carrier.upper()[:4] + chance.digits(16, visit.seed, visit.subject, asked.key)
    reference = match_label(visit, request.shipment_id, request.warehouse)
    add_label(
        visit, carrier=request.carrier, tracking_number=number, shipment=request.shipment_id, parcel=request.parcel,
        service=request.service, warehouse=request.warehouse, reference=reference, key=asked.key,
    )  # fmt: skip
    label = label_of(visit, request.carrier, number)
    report(visit, label, [Scan(ParcelStatus.PRE_TRANSIT, visit.at, "", "label_created")], "booked")
    if reference:
        send_out(visit, reference)
    deed(visit, asked, f"{request.carrier}/{number}")
    return {"tracking_number": number, "label_ref": f"world://labels/{request.carrier}/{number}"}


def _cancel(visit: Visit, asked: Asked, label: Any) -> bool:
    if label.hands_over_at is not None and label.hands_over_at <= visit.at:
        return False
    if label.cancelled_at is None:
        change_label(visit, label, cancelled_at=visit.at, hands_over_at=None, ends_at=None)
        turn_off(visit, label)
        plan_returns(visit)
        if label.reference:
            keep_back(visit, label.reference)
    deed(visit, asked, f"{label.carrier}/{label.tracking_number}")
    return True


def _intercept(visit: Visit, asked: Asked, label: Any) -> bool:
    under_way = label.hands_over_at is not None and label.hands_over_at <= visit.at
    ended = label.ends_at is not None and label.ends_at <= visit.at
    style = visit.said("carrier", "intercept")
    if not under_way or ended or (style is not None and not style.works):
        return False
    turn_off(visit, label)
    turned = visit.at + _TURNS_ROUND
    back = visit.done_at("carrier.brings_back", turned, label.tracking_number)
    scans = [
        Scan(ParcelStatus.RETURN_TO_SENDER, turned, "hub-1", "intercepted"),
        Scan(ParcelStatus.RETURNED, back, "origin", "returned"),
    ]
    report(visit, label, scans, "brought back")
    change_label(visit, label, ends_at=back)
    plan_returns(visit)
    deed(visit, asked, f"{label.carrier}/{label.tracking_number}")
    return True


def _reports(visit: Visit, carrier: str, tracking_number: str) -> list[dict[str, Any]]:
    which = {"carrier": carrier, "number": tracking_number, "now": visit.at}
    return [
        {
            "carrier": carrier,
            "tracking_number": tracking_number,
            "status": row.status,
            "occurred_at": row.occurred_at,
            "event_id": row.event,
            "place": row.place,
            "note": row.note,
        }
        for row in visit.connection.execute(_HAPPENED, which)
    ]


def _facts(label: Any | None, carrier: str) -> Facts:
    if label is None:
        return Facts(carrier=carrier)
    return Facts(order=label.subject, carrier=carrier, service=label.service, warehouse=label.warehouse)
