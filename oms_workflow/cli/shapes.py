"""What `--json` prints, command by command: stable shapes that docs/cli.md shows and tests hold the commands to.

A shape is JSON with words for values: `text`, `number`, `boolean`, `moment` (ISO 8601 with offset, UTC), `amount`
(`12.50 CNY`), `any`; `... or null` where there may be none. A list shows one entry. Fields are added, never renamed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from oms_workflow.cli import delivery_shapes as delivery
from oms_workflow.cli import shipping_shapes as shipping
from oms_workflow.cli import simulating_shapes as simulating
from oms_workflow.cli.holds import shapes as holds
from oms_workflow.cli.instances import shapes as instances
from oms_workflow.cli.money import shapes as money
from oms_workflow.cli.stock import shapes as stock

_ABOUT = {"order": "text", "process": "text", "instance": "text", "token": "number", "element": "text", "name": "text"}

TASK = {
    "task": "text", **_ABOUT, "form": "text", "state": "text", "owner": "text", "groups": ["text"], "users": ["text"],
    "assignee": "text", "priority": "number", "inputs": "any", "due": "moment or null", "opened_at": "moment",
}  # fmt: skip
INCIDENT = {
    "incident": "text", **_ABOUT, "owner": "text", "code": "text", "message": "text", "state": "text",
    "raised_at": "moment", "resolved_at": "moment or null", "action": "text", "by": "text", "reason": "text",
}  # fmt: skip
DEADLINE = {
    **_ABOUT, "owner": "text", "escalated_to": "text", "calendar": "text", "started_at": "moment",
    "due": "moment or null", "paused": "boolean", "warned_at": "moment or null", "breached_at": "moment or null",
    "ended_at": "moment or null",
}  # fmt: skip
LISTED = {
    "order": "text", "channel": "text", "number": "text", "status": "text", "payment": "text", "fulfilment": "text",
    "returning": "text", "total": "amount", "pieces": "number", "service_level": "text", "placed_at": "moment",
    "ship_by": "moment or null", "deliver_by": "moment or null", "holds": ["text"], "incidents": "number",
    "late_nodes": "number", "nodes": [{"element": "text", "name": "text"}],
}  # fmt: skip
_TRANSACTION = {
    "id": "text", "kind": "text", "status": "text", "amount": "amount", "provider": "text", "provider_ref": "text",
    "parent": "text", "reason": "text", "at": "moment or null", "settled_at": "moment or null",
}  # fmt: skip
_PACKAGE = {
    "id": "text", "carrier": "text", "tracking_number": "text", "status": "text", "weight_grams": "number",
    "handed_over_at": "moment or null", "delivered_at": "moment or null",
    "pieces": [{"line": "text", "quantity": "number"}],
}  # fmt: skip
_FULFILMENT = {
    "id": "text", "order_id": "text", "warehouse": "text", "seller": "text", "status": "text",
    "request_status": "text", "fate": "text or null", "reference": "text", "parent": "text", "pieces": "number",
    "created_at": "moment or null", "reasons": ["text"],
    "lines": [{"line_id": "text", "sku": "text", "quantity": "number"}],
    "shipments": [{**shipping.SHIPMENT, "packages": [_PACKAGE]}],
}  # fmt: skip
_LINE = {
    "id": "text", "oid": "text", "sku": "text", "title": "text", "seller": "text", "ordered": "number",
    "unit_price": "amount", "discount": "amount", "tax": "amount", "amount": "amount", "gift": "boolean",
    "bundle": "text",
    "quantities": {
        "open": "number", "allocated": "number", "shipped": "number", "cancelled": "number", "backordered": "number",
        "written_off": "number", "delivered": "number", "return_announced": "number", "returned": "number",
    },
}  # fmt: skip
_HOLD = {
    "id": "text", "kind": "text", "status": "text", "reason": "text", "handle": "text", "applied_by": "text",
    "resolver_role": "text", "opened_at": "moment", "due": "moment or null", "closed_at": "moment or null",
    "closed_by": "text", "blocks": ["text"], "is_blocking": "boolean",
}  # fmt: skip
_RETURN = {
    "id": "text", "type": "text", "reason": "text", "opened_at": "moment", "cancelled_at": "moment or null",
    "exchange_order": "text",
    "items": [{
        "id": "text", "line_id": "text", "quantity": "number", "reception": "text", "acceptance": "text",
        "condition": "text or null", "warehouse": "text", "note": "text",
    }],
}  # fmt: skip
_INSTANCE = {
    "instance": "text", "process": "text", "name": "text", "version": "number or null", "status": "text",
    "code": "text", "parent": "text", "started_at": "moment", "ended_at": "moment or null",
    "nodes": [{
        "token": "number", "element": "text", "name": "text", "kind": "text", "owner": "text", "milestone": "text",
        "since": "moment",
    }],
    "trying_again": [{
        "element": "text", "activity": "text", "attempt": "number", "kind": "text", "message": "text", "at": "moment",
    }],
}  # fmt: skip
ORDER = {
    "order": "text", "workflow_id": "text or null", "channel": "text", "number": "text", "external_id": "text",
    "shop": "text", "terms": "text", "service_level": "text", "priority": "number", "origin": "text",
    "sealed": "boolean", "parent": "text", "placed_at": "moment", "status": "text", "payment": "text",
    "fulfilment": "text", "returning": "text", "leader": "text", "version": "number", "cancelled_at": "moment or null",
    "completed_at": "moment or null", "ship_by": "moment or null", "deliver_by": "moment or null", "total": "amount",
    "goods_to_come": delivery.REVISION,
    "freight": "amount", "adjustment": "amount",
    "contact": {
        "name": "text", "phone": "text", "email": "text", "country": "text", "region": "text", "city": "text",
        "street": "text", "language": "text",
    },
    "lines": [_LINE],
    "sourcing": [{
        "at": "moment", "line_id": "text", "sku": "text", "warehouse": "text", "quantity": "number", "why": "text",
    }],
    "passed_over": [{"at": "moment", "warehouse": "text", "why": "text"}],
    "money": {
        "due": "amount", "authorised": "amount", "captured": "amount", "voided": "amount", "refunded": "amount",
        "transferred": "amount", "capturing": "amount", "refunding": "amount", "balance": "amount",
    },
    "transactions": [_TRANSACTION], "refunds": [_TRANSACTION], "holds": [_HOLD], "fulfilments": [_FULFILMENT],
    "returns": [_RETURN], "children": ["text"],
    "notes": [{"id": "text", "kind": "text", "flag": "number", "by": "text", "at": "moment"}],
    "instances": [_INSTANCE], "tasks": [TASK], "incidents": [INCIDENT], "sla": [DEADLINE], "sla_breaches": "number",
}  # fmt: skip
_VERSION = {
    "process": "text", "name": "text", "version": "number", "version_tag": "text", "sha256": "text", "file": "text",
    "deployed_at": "moment", "deployed_by": "text",
    "instances": dict.fromkeys(("running", "completed", "failed", "terminated", "wedged"), "number"),
}  # fmt: skip
_RESOLVED = {"incident": "text", "action": "text", "by": "text", "instance": "text", **instances.AFTER}
_FINDING = {
    "code": "text", "severity": "text", "message": "text", "file": "text", "line": "number or null",
    "element": "text", "name": "text", "fix": "text",
}  # fmt: skip

_MISSED = {
    "instance": "text", "element": "text", "name": "text", "owner": "text", "started_at": "moment",
    "breached_at": "moment or null",
}  # fmt: skip
_STOPPED = {
    "instance": "text", "incident": "number", "element": "text", "name": "text", "code": "text", "message": "text",
    "raised_at": "moment",
}  # fmt: skip
_RUN = {
    "order": "text", "status": "text", "order_status": "text", "workflow_id": "text", "ended_at": "moment or null",
    "sla_breaches": "number", "missed": [_MISSED], "incidents": [_STOPPED],
}  # fmt: skip

_AT_RISK = {
    "order_id": "text", "instance": "text", "process": "text", "element": "text", "name": "text",
    "promise": "text", "promised_at": "moment", "expected_at": "moment", "nodes_ahead": "number",
    "slowest": {
        "process": "text", "element": "text", "name": "text", "owner": "text", "minutes": "number", "basis": "text",
    },
}  # fmt: skip

SHAPES: dict[str, Any] = {
    "demo": {
        "orders": [{**_RUN, "story": "text", "incidents_mended": "number"}],
        "invariants": {"checked": "number", "broken": "number"},
        "outside": {"effects": "number", "doubled": "number"},
        "seconds": "number", "began": "moment", "ended": "moment",
    },
    "up": {"address": "text", "ui": "text", "home": "text", "skips_time": "boolean"},
    "run": _RUN,
    "worker": {"address": "text", "queues": ["text"]},
    "lint": [_FINDING],
    "orders list": {"orders": [LISTED], "page": "number", "limit": "number", "more": "boolean"},
    "orders show": ORDER,
    "orders history": {
        "order": "text",
        "records": [{
            "at": "moment", "instance": "text", "process": "text", "seq": "number", "kind": "text", "element": "text",
            "name": "text", "token": "number", "scope": "number", "by": "text", "detail": "any",
        }],
    },
    "orders cancel": {
        "order": "text", "message_id": "text", "instance": "text", "taken": "boolean",
        "goods": [{"fulfilment": "text", "outcome": "text"}], "money": "text",
    },
    "tasks list": {"tasks": [TASK]},
    "tasks complete": {"task": "text", "instance": "text", "element": "text", "by": "text", **instances.AFTER},
    "incidents list": {"incidents": [INCIDENT]},
    "incidents retry": _RESOLVED,
    "incidents resolve": _RESOLVED,
    **instances.SHAPES,
    **holds.SHAPES,
    "sla list": {"deadlines": [DEADLINE], "at_risk": [_AT_RISK]},
    **delivery.SHAPES,
    **money.SHAPES,
    "messages publish": {"id": "text", "name": "text", "key": "text", "is_new": "boolean", "instance": "text"},
    **stock.SHAPES,
    **simulating.SHAPES,
    **shipping.SHAPES,
    "process deploy": {
        "processes": [{
            "process": "text", "name": "text", "version": "number", "version_tag": "text", "sha256": "text",
            "file": "text", "is_new": "boolean",
        }],
    },
    "process list": {"processes": [_VERSION]},
    "process show": {
        **_VERSION, "versions": ["number"], "starts": ["any"], "calls": ["text"], "decisions": ["text"],
        "calendars": ["text"],
        "nodes": [{
            "element": "text", "name": "text", "kind": "text", "owner": "text", "milestone": "text",
            "activity": "text", "form": "text", "calls": "text", "decision": "text", "sla": "text or null",
            "sla_calendar": "text or null", "sla_on_breach": "text or null",
        }],
    },
    "db upgrade": {"applied": ["text"], "schema": "text or null"},
    "doctor": {"findings": [dict.fromkeys(("check", "state", "says", "fix"), "text")], "sound": "boolean"},
}  # fmt: skip
"""Command -> the shape of its document."""

ERROR = {"error": "text", "message": "text"}
"""What every command prints with --json instead, when it could not do what was asked; some add fields."""

_AMOUNT = re.compile(r"-?\d+(\.\d+)? [A-Z]{3}")


def misfits(value: Any, shape: Any, path: str = "$") -> list[str]:
    """Say where a document is not of a shape; [] when it is."""
    if isinstance(shape, dict):
        if value is None:
            return []  # a part that is not there as a whole, such as a contact that was erased
        if not isinstance(value, dict) or set(value) != set(shape):
            return [f"{path}: {sorted(value) if isinstance(value, dict) else value!r}"]
        return [one for name, inner in shape.items() for one in misfits(value[name], inner, f"{path}.{name}")]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{path}: {value!r}"]
        return [one for index, item in enumerate(value) for one in misfits(item, shape[0], f"{path}[{index}]")]
    return [] if _is(value, shape) else [f"{path}: {value!r} is no {shape}"]


def _is(value: Any, word: str) -> bool:
    kind, _, none = word.partition(" or ")
    return (bool(none) and value is None) or _KINDS[kind](value)


_KINDS: dict[str, Callable[[Any], bool]] = {
    "any": lambda _: True,
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "amount": lambda value: isinstance(value, str) and _AMOUNT.fullmatch(value) is not None,
    "moment": lambda value: isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None,
}
