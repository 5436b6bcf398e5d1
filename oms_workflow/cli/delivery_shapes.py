"""What `oms promise`, `oms warehouses` and `oms carriers` print with `--json`. See `oms_workflow.cli.shapes`."""

from __future__ import annotations

from typing import Any

_DEPARTURE = {
    "carrier": "text", "service": "text", "cut_off": "text or null", "days": "text", "collected": "any",
}  # fmt: skip
_OWN_DAY = {"day": "text", "hours": ["text"], "reason": "text"}
_WAREHOUSE = {"id": "text", "calendar": "text", "handling": "text", "departures": [_DEPARTURE], "days": [_OWN_DAY]}
_CARRIERS = {
    "services": [{
        "carrier": "text", "service": "text", "network": "text", "delivery": "text", "by": "text", "levels": ["text"],
    }],
    "transits": [{
        "carrier": "text", "service": "text", "warehouse": "text", "country": "text", "region": "text",
        "days": "number or null",
    }],
}  # fmt: skip
_STEP = {"kind": "text", "at": "moment", "local": "text", "says": "text"}
_SOURCE = {
    "warehouse": "text", "pieces": "number", "receipt": "text", "carrier": "text", "service": "text",
    "hand_over": "moment or null", "arrival": "moment or null", "steps": [_STEP],
}  # fmt: skip

REVISION = {
    "number": "number", "at": "moment", "reason": "text", "receipt": "text", "day": "text or null",
    "arrives_at": "moment or null", "matters": "boolean", "notice": "text",
    "parts": [{
        "line": "text", "pieces": "number", "state": "text", "receipt": "text", "expected_at": "moment or null",
        "ships_at": "moment or null", "arrives_at": "moment or null",
    }],
}  # fmt: skip

SHAPES: dict[str, Any] = {
    "promise show": {
        "order": "text", "channel_ship_by": "moment or null", "channel_deliver_by": "moment or null",
        "arrival": "moment or null",
        "lines": [{
            "sku": "text", "line": "text", "pieces": "number", "missing": "number", "arrival": "moment or null",
            "sources": [_SOURCE], "says": ["text"],
        }],
    },
    "promise history": {"revisions": [REVISION]},
    "promise revise": {
        "waiting": "number",
        "revised": [{"order_id": "text", "number": "number", "reason": "text", "day": "text", "told": "boolean"}],
    },
    "warehouses list": {"warehouses": [{"name": "text", **_WAREHOUSE}]},
    "warehouses hours": _WAREHOUSE,
    "warehouses day": _WAREHOUSE,
    "warehouses cut-off": _WAREHOUSE,
    "carriers list": _CARRIERS,
    "carriers calendar": _CARRIERS,
    "carriers transit": _CARRIERS,
}  # fmt: skip
"""Command -> the shape of its document."""
