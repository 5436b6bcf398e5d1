"""What `oms waves ... --json` prints. See `oms_workflow.cli.shapes` for the words."""

from __future__ import annotations

from typing import Any

_RULE = {
    "warehouse": "text", "carrier": "text", "zone": "text", "times": ["text"], "most_orders": "number",
    "longest_wait_minutes": "number",
}  # fmt: skip
_WAVE = {
    "wave": "text", "warehouse": "text", "carrier": "text", "reason": "text", "released_at": "moment",
    "released_by": "text", "fulfilments": ["text"],
}  # fmt: skip

SHAPES: dict[str, Any] = {
    "waves rule": _RULE,
    "waves rules": {"rules": [_RULE]},
    "waves drop": {"warehouse": "text", "carrier": "text", "dropped": "boolean"},
    "waves waiting": {
        "waiting": [{
            "fulfilment": "text", "carrier": "text", "priority": "number", "ship_by": "moment or null",
            "since": "moment",
        }],
    },
    "waves list": {"waves": [_WAVE]},
    "waves show": _WAVE,
    "waves release": {"waves": [_WAVE]},
}  # fmt: skip
