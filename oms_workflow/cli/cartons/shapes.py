"""What `oms cartons ... --json` prints. See `oms_workflow.cli.shapes` for the words."""

from __future__ import annotations

from typing import Any

_CARTON = {
    "warehouse": "text", "carton": "text", "inner": "text", "outer": "text", "holds_grams": "number",
    "own_grams": "number", "cost": "amount",
}  # fmt: skip
_GOODS = {"sku": "text", "sides": "text", "weight_grams": "number or null", "ships_alone": "boolean"}
FILE_READ = {
    "rows": "number",
    "kept_aside": [{"line": "number", "reasons": ["text"]}],
    "quarantine": "text or null",
}

SHAPES: dict[str, Any] = {
    "cartons add": _CARTON,
    "cartons list": {"cartons": [_CARTON]},
    "cartons drop": {"warehouse": "text", "carton": "text", "dropped": "boolean"},
    "cartons measure": _GOODS,
    "cartons import": FILE_READ,
    "cartons measured": {"goods": [_GOODS]},
    "cartons forget": {"sku": "text", "forgotten": "boolean"},
    "cartons plan": {
        "parcels": [{
            "carton": "text or null", "pieces": [{"sku": "text", "quantity": "number"}], "gross_grams": "number",
            "outer": "text or null",
        }],
        "least": "number",
        "is_fewest": "boolean",
    },
}  # fmt: skip
