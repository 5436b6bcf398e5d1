"""What the commands of `oms stock` print with `--json`. See `oms_workflow.cli.shapes` for the words."""

from __future__ import annotations

from typing import Any

_BALANCE = {
    "sku": "text", "warehouse": "text", "on_hand": "number", "reserved": "number", "allocated": "number",
    "picked": "number", "damaged": "number", "in_transit": "number", "safety": "number", "available": "number",
}  # fmt: skip
_COMPONENT = {"sku": "text", "quantity": "number", "share": "number"}
_RECEIPT = {
    "id": "text", "sku": "text", "warehouse": "text", "quantity": "number", "arrived": "number", "missing": "number",
    "outstanding": "number", "source": "text", "reference": "text", "expected_at": "moment",
}  # fmt: skip

SHAPES: dict[str, Any] = {
    "stock show": {
        "balances": [_BALANCE],
        "claims": [
            {
                "order_id": "text",
                "line_id": "text",
                "sku": "text",
                "warehouse": "text",
                "reserved": "number",
                "allocated": "number",
                "picked": "number",
                "expires_at": "moment or null",
            }
        ],
        "page": "number",
        "more": "boolean",
    },
    "stock rebalance": {
        "moves": [
            {
                "order_id": "text",
                "line_id": "text",
                "sku": "text",
                "quantity": "number",
                "origin": "text",
                "target": "text",
                "why": "text",
            }
        ],
        "orders": "number",
        "saved": ["text"],
        "passed_over": "number",
        "dry_run": "boolean",
    },
    "stock check": [
        {
            "invariant": "text",
            "says": "text",
            "checked": "number",
            "violations": "number",
            "examples": ["text"],
        }
    ],
    "stock bundle": {"sku": "text", "title": "text", "components": [_COMPONENT]},
    "stock bundles": {
        "bundles": [
            {
                "sku": "text",
                "title": "text",
                "components": [_COMPONENT],
                "available": [{"warehouse": "text", "available": "number"}],
            }
        ],
    },
    "stock outlook": {
        "sku": "text",
        "supplies": [{"at": "moment or null", "available": "number", "receipt": "text"}],
        "waiting": [
            {
                "order": "text",
                "line": "text",
                "quantity": "number",
                "at": "moment or null",
                "receipt": "text",
                "covered": "boolean",
            }
        ],
    },
    "stock safety": _BALANCE,
    "stock sort-out": _BALANCE,
    "stock expect": _RECEIPT,
    "stock expected": {"receipts": [_RECEIPT]},
    "stock postpone": _RECEIPT,
    "stock give-up": _RECEIPT,
    "stock receive": _RECEIPT,
}
"""A shape for each command."""
