"""The simulated warehouses: they accept, pick, pack and hand over in their working hours, or do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from oms_workflow.connect.world.callbacks import News, call_off, tell
from oms_workflow.connect.world.calls import Act, Answer, Asked, deed, perform
from oms_workflow.connect.world.database import WorldDatabase
from oms_workflow.connect.world.hand_over import adopt_labels, has_left, send_out, stop
from oms_workflow.connect.world.naming import order_of
from oms_workflow.connect.world.parcel_rows import (
    ORDERS_FOR,
    add_warehouse_order,
    change_warehouse_order,
    warehouse_order,
    warehouse_orders_for,
)
from oms_workflow.connect.world.returning import send_back
from oms_workflow.connect.world.script.matching import Facts
from oms_workflow.connect.world.script.systems import Submit
from oms_workflow.connect.world.tables import goods_back
from oms_workflow.connect.world.visit import Laws, Visit
from oms_workflow.connect.world.warehouse_work import Work, plan_work
from oms_workflow.domain.ports.warehouse_system import (
    AnnouncedReturn,
    WarehouseAnswer,
    WarehouseLine,
    WarehouseOrder,
    WarehouseVerdict,
)

DUPLICATE, CANCELLED_BEFORE = "duplicate_order", "cancelled_before"
"""Reasons for which a warehouse rejects an order it knows already."""

_COMING_BACK = insert(goods_back)
_ANNOUNCED = select(goods_back).where(goods_back.c.return_id == bindparam("return"))


class SimulatedWarehouses:
    """`WarehouseSystem` of the world: every warehouse name is a warehouse that has the goods."""

    def __init__(self, database: WorldDatabase, laws: Laws, at: datetime) -> None:
        self._database, self._laws, self._at = database, laws, at

    async def submit(self, order: WarehouseOrder, *, key: str) -> WarehouseAnswer:
        """See `WarehouseSystem`. Usually pending: the warehouse says yes minutes later."""
        request = {
            "fulfilment": order.fulfilment_id, "warehouse": order.warehouse, "lines": _plain(order.lines),
            "carrier": order.carrier, "service": order.service, "to": asdict(order.to),
        }  # fmt: skip
        facts = Facts(
            warehouse=order.warehouse, carrier=order.carrier, service=order.service,
            skus=frozenset(line.sku for line in order.lines),
        )  # fmt: skip
        asked = Asked(
            system="warehouse", operation="submit", key=key, subject=order_of(order.fulfilment_id),
            request=request, facts=facts,
        )  # fmt: skip
        return await self._ask(asked, lambda visit: _submit(visit, asked, order))

    async def cancel(self, fulfilment_id: str, *, key: str) -> WarehouseAnswer:
        """See `WarehouseSystem`. An order it has not seen yet is cancelled too: should it come late, it is rejected."""
        known = await self._facts(fulfilment_id)
        asked = Asked(
            system="warehouse", operation="cancel", key=key, subject=order_of(fulfilment_id),
            request={"fulfilment": fulfilment_id}, facts=known,
        )  # fmt: skip
        return await self._ask(asked, lambda visit: _cancel(visit, asked, fulfilment_id))

    async def announce_return(self, announced: AnnouncedReturn, *, key: str) -> WarehouseAnswer:
        """See `WarehouseSystem`. The buyer hands the goods in some days later."""
        request = {
            "return": announced.return_id, "warehouse": announced.warehouse, "lines": _plain(announced.lines)
        }  # fmt: skip
        facts = Facts(warehouse=announced.warehouse, skus=frozenset(line.sku for line in announced.lines))
        asked = Asked(
            system="warehouse", operation="announce_return", key=key, subject=order_of(announced.return_id),
            request=request, facts=facts,
        )  # fmt: skip
        return await self._ask(asked, lambda visit: _announce(visit, asked, announced))

    async def _ask(self, asked: Asked, act: Act) -> WarehouseAnswer:
        found = await perform(self._database, self._laws, asked, self._at, act)
        return WarehouseAnswer(
            verdict=WarehouseVerdict(found["verdict"]), reference=found["reference"], code=found["code"]
        )

    async def _facts(self, fulfilment_id: str) -> Facts:
        which = {"fulfilment": fulfilment_id}
        rows = await self._database.read(lambda connection: connection.execute(ORDERS_FOR, which).all())
        return (
            Facts(warehouse=rows[-1].warehouse, carrier=rows[-1].carrier, service=rows[-1].service) if rows else Facts()
        )


def _submit(visit: Visit, asked: Asked, order: WarehouseOrder) -> Answer:
    for before in warehouse_orders_for(visit, order.fulfilment_id):
        if before.cancelled_at is not None:
            return _said(WarehouseVerdict.REJECTED, code=CANCELLED_BEFORE)
        if before.rejected_at is None or before.rejected_at > visit.at:
            return _said(WarehouseVerdict.REJECTED, before.reference, DUPLICATE)
    style: Submit = visit.said("warehouse", "submit") or Submit()
    if style.answer == "rejected":
        return _said(WarehouseVerdict.REJECTED, code=style.code)
    work = Work(
        reference=visit.name("WO", order.fulfilment_id, asked.key),
        fulfilment=order.fulfilment_id,
        warehouse=order.warehouse,
        lines=_plain(order.lines),
    )
    plan = plan_work(visit, work, style)
    add_warehouse_order(
        visit, reference=work.reference, fulfilment=work.fulfilment, warehouse=work.warehouse, carrier=order.carrier,
        service=order.service, lines=plan.lines, packs_at=plan.packs_at, rejected_at=plan.rejected_at, key=asked.key,
    )  # fmt: skip
    if plan.packs_at is not None:
        adopt_labels(visit, warehouse_order(visit, work.reference))
        send_out(visit, work.reference)
    deed(visit, asked, work.reference)
    accepted = style.answer == "accepted"
    return _said(WarehouseVerdict.ACCEPTED if accepted else WarehouseVerdict.PENDING, work.reference)


def _cancel(visit: Visit, asked: Asked, fulfilment_id: str) -> Answer:
    rows = warehouse_orders_for(visit, fulfilment_id)
    live = [row for row in rows if row.rejected_at is None or row.rejected_at > visit.at]
    if not live:
        _forget(visit, asked, fulfilment_id)
        return _said(WarehouseVerdict.ACCEPTED)
    order = live[-1]
    if order.cancelled_at is not None:
        return _said(WarehouseVerdict.ACCEPTED, order.reference)
    style = visit.said("warehouse", "cancel")
    answer = style.answer if style else "accepted"
    if answer == "never":
        return _said(WarehouseVerdict.PENDING, order.reference)
    decided_at = visit.done_at("warehouse.cancels", visit.at, order.reference) if answer == "pending" else visit.at
    too_late = has_left(visit, order, decided_at)
    if answer == "rejected" or (too_late and answer == "accepted"):
        return _said(WarehouseVerdict.REJECTED, order.reference, "too_late")
    if not too_late:
        _stop_work(visit, order)
        deed(visit, asked, order.reference)
    if answer == "accepted":
        return _said(WarehouseVerdict.ACCEPTED, order.reference)
    kind = "warehouse.cancel_refused" if too_late else "warehouse.cancelled"
    body = {"fulfilment": fulfilment_id, "reference": order.reference, "warehouse": order.warehouse}
    news = News(kind=kind, at=decided_at, body=body, source=f"{kind}:{order.reference}:{asked.key}")
    tell(visit, "warehouse.webhook", [news], visit.said("warehouse", "webhooks"))
    return _said(WarehouseVerdict.PENDING, order.reference)


def _stop_work(visit: Visit, order: Any) -> None:
    call_off(visit, f"work:{order.reference}")
    stop(visit, order.reference)
    change_warehouse_order(visit, order.reference, cancelled_at=visit.at, hands_over_at=None)


def _forget(visit: Visit, asked: Asked, fulfilment_id: str) -> None:
    """Note a cancellation that overtook its order, so that the order finds it."""
    reference = visit.name("WX", fulfilment_id, asked.key)
    add_warehouse_order(
        visit, reference=reference, fulfilment=fulfilment_id, warehouse=visit.facts.warehouse, lines=[],
        cancelled_at=visit.at, key=asked.key,
    )  # fmt: skip
    deed(visit, asked, reference)


def _announce(visit: Visit, asked: Asked, announced: AnnouncedReturn) -> Answer:
    if visit.connection.execute(_ANNOUNCED, {"return": announced.return_id}).one_or_none() is not None:
        return _said(WarehouseVerdict.REJECTED, announced.return_id, DUPLICATE)
    lines = send_back(visit, announced.return_id, announced.warehouse, _plain(announced.lines))
    row = {"return_id": announced.return_id, "subject": visit.subject, "warehouse": announced.warehouse}
    visit.connection.execute(_COMING_BACK, row | {"lines": lines, "at": visit.at, "key": asked.key})
    deed(visit, asked, announced.return_id)
    return _said(WarehouseVerdict.ACCEPTED, announced.return_id)


def _plain(lines: Sequence[WarehouseLine]) -> list[list[Any]]:
    return [[line.line_id, line.sku, line.quantity] for line in lines]


def _said(verdict: WarehouseVerdict, reference: str = "", code: str = "") -> Answer:
    return {"verdict": verdict.value, "reference": reference, "code": code}
