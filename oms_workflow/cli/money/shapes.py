"""What `oms money ... --json` prints."""

from __future__ import annotations

from typing import Any

SHAPES: dict[str, Any] = {
    "money reconcile": {
        "orders": [{
            "order": "text", "channel": "text", "placed_at": "moment", "currency": "text", "goods": "amount",
            "freight": "amount", "adjustment": "amount", "ordered": "amount", "captured": "amount",
            "refunded": "amount", "transferred": "amount", "held": "amount", "open": "amount", "standing": "text",
            "differences": [{"cause": "text", "amount": "amount", "says": "text"}],
        }],
        "sums": [{
            "currency": "text", "orders": "number", "ordered": "amount", "captured": "amount", "refunded": "amount",
            "transferred": "amount", "held": "amount",
        }],
        "causes": [{"cause": "text", "currency": "text", "orders": "number", "amount": "amount"}],
        "kept_aside": [{"order": "text", "batch": "text", "codes": ["text"]}],
        "standings": "any",
    },
}  # fmt: skip
