"""One order with everything known of it, read in one unit of work; and the parts of it as `--json` prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from oms_workflow.cli.drawing import Drawing, Drawings
from oms_workflow.domain.backorder_promise import PromiseRevision
from oms_workflow.domain.customer import Contact
from oms_workflow.domain.note import Note
from oms_workflow.domain.payment import Transaction
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.promises import Promises
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.shipment import Shipment
from oms_workflow.domain.status import OrderView
from oms_workflow.errors import OrderRefused
from oms_workflow.store.attempts import Attempts, FailedAttempt
from oms_workflow.store.bindings import bind
from oms_workflow.store.board import Board, IncidentRow, SlaItem, UserTask
from oms_workflow.store.instances import InstanceRow, Instances
from oms_workflow.store.passed_over import PassedOver, passed_over_of
from oms_workflow.store.standing import OpenNode, open_nodes_of
from oms_workflow.store.stock_list import SourcingReason, sourcing_of
from oms_workflow.store.suspensions import suspended
from oms_workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOf:
    """One instance about an order, and what is open in it."""

    row: InstanceRow
    drawn: Drawing
    nodes: tuple[OpenNode, ...]
    attempts: tuple[FailedAttempt, ...]  # work that failed and is being tried again
    tasks: tuple[UserTask, ...]  # open ones
    incidents: tuple[IncidentRow, ...]  # open ones
    deadlines: tuple[SlaItem, ...]  # all it ever had
    is_suspended: bool = False

    @property
    def status(self) -> str:
        """The status as people see it: one that runs may be suspended."""
        return "suspended" if self.is_suspended and self.row.status == "running" else self.row.status


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """Everything known of one order."""

    view: OrderView
    contact: Contact | None  # None: erased on request
    notes: Sequence[Note]
    ledger: Sequence[Transaction]
    shipments: Sequence[Shipment]
    sourcing: Sequence[SourcingReason]  # why goods were promised where, oldest first
    passed_over: Sequence[PassedOver]  # warehouses that were left out when goods were last looked for
    children: Sequence[str]  # exchanges and re-issues made for it
    goods_to_come: PromiseRevision | None  # what was promised last while goods are to come; None: nothing waits
    runs: Sequence[RunOf] = field(default=())


async def read_order(unit: UnitOfWork, order_id: str) -> OrderFacts:
    """Read everything known of one order.

    Raises:
        OrderRefused: UNKNOWN_ORDER.
    """
    orders: Orders = bind(Orders, unit)
    view = await orders.view(order_id)
    drawings = Drawings(unit)
    rows = await Instances(unit).of_order(order_id)
    nodes = await open_nodes_of(unit, [row.workflow_id for row in rows])
    still = await suspended(unit, [row.workflow_id for row in rows])
    return OrderFacts(
        view=view,
        contact=await _contact(unit, view.order.customer_ref),
        notes=await orders.notes(order_id),
        ledger=await bind(PaymentLedger, unit).ledger(order_id),
        shipments=await bind(Shipments, unit).of_order(order_id),
        sourcing=await sourcing_of(unit, order_id),
        passed_over=await passed_over_of(unit, order_id),
        children=await orders.children(order_id),
        goods_to_come=await _goods_to_come(unit, order_id),
        runs=[
            await _run(unit, row, await drawings.of(row), nodes.get(row.workflow_id, ()), row.workflow_id in still)
            for row in rows
        ],
    )


async def _goods_to_come(unit: UnitOfWork, order_id: str) -> PromiseRevision | None:
    history: Sequence[PromiseRevision] = await bind(Promises, unit).history(order_id)
    return history[-1] if history and history[-1].parts else None


async def _contact(unit: UnitOfWork, customer_ref: str) -> Contact | None:
    customers: Customers = bind(Customers, unit)
    try:
        return await customers.contact(customer_ref)
    except OrderRefused:  # UNKNOWN_CUSTOMER: it was erased
        return None


async def _run(unit: UnitOfWork, row: InstanceRow, drawn: Drawing, nodes: tuple[OpenNode, ...], still: bool) -> RunOf:
    board = Board(unit)
    return RunOf(
        row=row,
        drawn=drawn,
        nodes=nodes,
        attempts=await Attempts(unit).of_instance(row.workflow_id),
        tasks=await board.tasks(instance=row.workflow_id),
        incidents=await board.incidents(instance=row.workflow_id),
        deadlines=await board.sla_of(row.workflow_id),
        is_suspended=still,
    )


def masked(contact: Contact | None) -> dict[str, Any] | None:
    """Give a contact so that staff can compare it with a caller's, and nobody learns it: the ends are covered."""
    if contact is None:
        return None
    _, _, host = contact.email.partition("@")
    address = contact.address
    return {
        "name": f"{contact.name[:1]}**" if contact.name else "",
        "phone": f"***{contact.phone[-4:]}" if len(contact.phone) > 6 else "***" if contact.phone else "",
        "email": f"{contact.email[:1]}***@{host}" if host else "",
        "country": address.country,
        "region": address.region,
        "city": address.city,
        "street": "***" if address.street else "",
        "language": contact.language,
    }
