"""Takes one order of a file into the house, by the door all channels use, with what the file said beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from oms_workflow.connect.importing.building.history import history_note
from oms_workflow.connect.importing.codes import Treatment
from oms_workflow.connect.importing.problem import Problem
from oms_workflow.connect.importing.results import Accepted, Intake, Quarantined
from oms_workflow.connect.importing.storing.refunds import book_refunds
from oms_workflow.connect.reception import sales_order
from oms_workflow.connect.reception.message import Message
from oms_workflow.domain.changes import Arrival
from oms_workflow.domain.intake import IntakeReading
from oms_workflow.domain.note import NoteKind
from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.ports.imports import ImportBatches
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.problem import Fault, Weight
from oms_workflow.domain.problem import Problem as IntakeProblem

PORTS: tuple[type, ...] = (*sales_order.PORTS, ImportBatches)
"""Ports an import needs."""

Ports = Mapping[type, Any]
Publish = Callable[[Ports, Sequence[Message]], Awaitable[None]]

ABOUT_GOODS = "stock."
"""How fields begin that say where goods lie: nothing an order's audit looks at."""


async def take_in(
    result: Accepted | Quarantined, ports: Ports, *, at: datetime, publish: Publish | None = None
) -> Arrival:
    """Store an order; the same one again changes nothing.

    Args:
        result: An order that was accepted, or one in quarantine that has an `intake`.
        ports: Implementations of `PORTS`, of one unit of work.
        at: UTC.
        publish: Takes the messages for processes, in the same unit of work; None publishes nothing.

    Raises:
        OrderRefused: When the shop refuses it: a number of it belongs to another order, a payment was noted with
            another amount.
    """
    intake = result.intake
    assert intake is not None
    orders: Orders = ports[Orders]
    known = await orders.find(intake.order.channel, intake.order.external_id)
    received = await sales_order.receive(_told(intake, result), ports, at=at)
    if publish is not None and received.messages:
        await publish(ports, received.messages)
    arrival = _arrival(known, received.messages)
    if intake.payments and arrival is not Arrival.STALE:
        ledger: PaymentLedger = ports[PaymentLedger]
        await book_refunds(intake.order.id, intake.refunds, ledger, at=at)
        gone = await sales_order.given_back(intake.order.id, orders)
        if publish is not None and gone:
            await publish(ports, gone)
    if arrival in (Arrival.NEW, Arrival.CHANGED):
        await _note(intake, result, orders, arrival, at)
    return arrival


def _told(intake: Intake, result: Accepted | Quarantined) -> sales_order.ChannelOrder:
    payments = tuple(
        sales_order.ChannelPayment(
            kind=TransactionKind.CAPTURE, amount=one.amount, provider=one.provider, reference=one.reference
        )
        for one in intake.payments
    )
    doubts = tuple(
        IntakeProblem(
            field=one.field or one.code, fault=Fault.CONTRADICTORY, weight=Weight.WARNING, message=f"{one.message}."
        )
        for one in result.problems
        if one.treatment is Treatment.HOLD or (isinstance(result, Quarantined) and _keeps_aside(one))
    )
    return sales_order.ChannelOrder(
        external_id=intake.order.external_id,
        reading=IntakeReading(draft=intake.draft, problems=doubts),
        event=f"import-{result.digest}",
        payments=payments,
    )


def _keeps_aside(problem: Problem) -> bool:
    """Say whether a finding would have kept the order aside: let in all the same, it waits for a person."""
    return problem.treatment is Treatment.QUARANTINE


def _arrival(known: str | None, messages: Sequence[Message]) -> Arrival:
    names = {one.name for one in messages}
    if "order.changed" in names:
        return Arrival.CHANGED
    if not names:
        return Arrival.STALE
    return Arrival.NEW if known is None else Arrival.SAME


async def _note(intake: Intake, result: Accepted | Quarantined, orders: Orders, arrival: Arrival, at: datetime) -> None:
    """Write down what an audit should know and what was known before, as one remark."""
    found = [str(one) for one in result.problems if not one.field.startswith(ABOUT_GOODS)]
    lines = [f"import: {one}" for one in found]
    history = history_note(intake.history) if arrival is Arrival.NEW else ""
    text = "\n".join([*lines, *([history] if history else [])])
    if text:
        key = f"import/{intake.order.id}/{result.digest}"
        await orders.add_note(intake.order.id, NoteKind.SERVICE_REMARK, text, flag=0, by="import", key=key, at=at)
