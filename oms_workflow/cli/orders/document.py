"""One order as `oms orders show --json` prints it. Moments are ISO 8601 in UTC, amounts `12.50 CNY`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from oms_workflow.cli.goods_to_come import told_revision
from oms_workflow.cli.orders.facts import OrderFacts, RunOf, masked
from oms_workflow.cli.rows import deadline, incident, task
from oms_workflow.cli.wording import iso
from oms_workflow.domain.fulfilment import FulfilmentOrder
from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.shipment import Shipment

MONEY = ("due", "authorised", "captured", "voided", "refunded", "transferred", "capturing", "refunding", "balance")
QUANTITIES = (
    "open", "allocated", "shipped", "cancelled", "backordered", "written_off", "delivered", "return_announced",
    "returned",
)  # fmt: skip

ITEM = "id line_id quantity reception acceptance condition warehouse note"


def document(facts: OrderFacts) -> dict[str, Any]:
    """Give everything known of one order as plain JSON; of the contact only what is not personal."""
    return {**_standing(facts), **_contents(facts), **_movements(facts), **_runs(facts)}


def _standing(facts: OrderFacts) -> dict[str, Any]:
    """Give what the order is, where it stands and what was promised."""
    view, order = facts.view, facts.view.order
    root = f"order:{order.id}"
    return {
        "order": order.id,
        "workflow_id": next((run.row.workflow_id for run in facts.runs if run.row.workflow_id == root), None),
        **_plain(order, "channel number external_id shop terms service_level priority origin sealed parent placed_at"),
        "status": view.status.value,
        "payment": view.payment.value,
        "fulfilment": view.fulfilment.value,
        "returning": view.returning.value,
        **_plain(view, "leader version cancelled_at completed_at"),
        "ship_by": iso(view.promise.ship_by),
        "deliver_by": iso(view.promise.deliver_by),
        "goods_to_come": told_revision(facts.goods_to_come) if facts.goods_to_come else None,
        "total": str(order.total),
        "freight": str(order.freight),
        "adjustment": str(order.adjustment or Money.zero(order.currency)),
        "contact": masked(facts.contact),
    }


def _contents(facts: OrderFacts) -> dict[str, Any]:
    """Give its lines, its money and its holds."""
    view = facts.view
    return {
        "lines": [
            _plain(line, "id oid sku title seller ordered unit_price discount tax amount gift bundle")
            | {"quantities": _plain(view.quantities[line.id], " ".join(QUANTITIES))}
            for line in view.order.lines
        ],
        "money": {name: str(getattr(view.money, name)) for name in MONEY},
        "transactions": [_transaction(one) for one in facts.ledger],
        "refunds": [_transaction(one) for one in facts.ledger if one.kind is TransactionKind.REFUND],
        "sourcing": [_plain(one, "at line_id sku warehouse quantity why") for one in facts.sourcing],
        "passed_over": [_plain(one, "at warehouse why") for one in facts.passed_over],
        "holds": [
            _plain(hold, "id kind status reason handle applied_by resolver_role opened_at due closed_at closed_by")
            | {"blocks": sorted(gate.value for gate in hold.blocks), "is_blocking": hold.is_blocking}
            for hold in view.holds
        ],
    }


def _movements(facts: OrderFacts) -> dict[str, Any]:
    """Give what goes out and what comes back, orders that follow from it, and notes."""
    view = facts.view
    return {
        "fulfilments": [_fulfilment(one, facts.shipments) for one in view.fulfilments],
        "returns": [
            _plain(one, "id type reason opened_at cancelled_at exchange_order")
            | {"items": [_plain(item, ITEM) for item in one.items]}
            for one in view.returns
        ],
        "children": list(facts.children),
        "notes": [_plain(note, "id kind flag by at") for note in facts.notes],
    }


def _runs(facts: OrderFacts) -> dict[str, Any]:
    """Give the processes that run it, and what is open, broken or late in them."""
    return {
        "instances": [_instance(run) for run in facts.runs],
        "tasks": [task(one, run.row, run.drawn) for run in facts.runs for one in run.tasks],
        "incidents": [incident(one, run.row, run.drawn) for run in facts.runs for one in run.incidents],
        "sla": [deadline(one, run.row, run.drawn) for run in facts.runs for one in run.deadlines],
        "sla_breaches": sum(1 for run in facts.runs for one in run.deadlines if one.breached_at is not None),
    }


def _transaction(one: Any) -> dict[str, Any]:
    return _plain(one, "id kind status amount provider provider_ref parent reason at settled_at")


def _fulfilment(one: FulfilmentOrder, shipments: Any) -> dict[str, Any]:
    return _plain(one, "id order_id warehouse seller status request_status fate reference parent pieces created_at") | {
        "reasons": sorted(reason.value for reason in one.reasons),
        "lines": [_plain(line, "line_id sku quantity") for line in one.lines],
        "shipments": [shipment(each) for each in shipments if each.fulfilment_id == one.id],
    }


def shipment(one: Shipment) -> dict[str, Any]:
    """Give a shipment with its packages."""
    packages = [
        _plain(box, "id carrier tracking_number status weight_grams handed_over_at delivered_at")
        | {"pieces": [{"line": line, "quantity": quantity} for line, quantity in box.pieces]}
        for box in one.packages
    ]
    planned = [_plain(parcel, "number carton content_grams gross_grams") for parcel in one.planned]
    told = "id carrier service status planned_at handed_over_at why expected_cost billed difference"
    return _plain(one, told) | {"planned": planned, "packages": packages}


def _instance(run: RunOf) -> dict[str, Any]:
    row = run.row
    return {
        "instance": row.workflow_id,
        "process": row.process_id,
        "name": run.drawn.name,
        "version": run.drawn.version,
        "status": run.status,
        **_plain(row, "code parent started_at ended_at"),
        "nodes": [
            {
                "token": node.token,
                "element": node.element,
                "name": run.drawn.label(node.element),
                "kind": run.drawn.kind(node.element),
                "owner": run.drawn.owner(node.element),
                "milestone": node.milestone,
                "since": iso(node.since),
            }
            for node in run.nodes
        ],
        "trying_again": [_plain(one, "element activity attempt kind message at") for one in run.attempts],
    }


def _plain(value: object, names: str) -> dict[str, Any]:
    return {name: _json(getattr(value, name)) for name in names.split()}


def _json(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return iso(value)
        case Money():
            return str(value)
        case Mapping():
            return {str(name): _json(inner) for name, inner in value.items()}
    return value
