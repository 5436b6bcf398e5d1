"""What `oms rates ... --json` prints. See `oms_workflow.cli.shapes` for the words."""

from __future__ import annotations

from typing import Any

from oms_workflow.cli.cartons.shapes import FILE_READ

SHAPES: dict[str, Any] = {
    "rates import": {**FILE_READ, "rates": "number"},
    "rates list": {
        "rates": [{
            "carrier": "text", "service": "text", "warehouse": "text", "country": "text", "region": "text",
            "valid_from": "text", "valid_until": "text or null", "up_to_grams": "number or null",
            "first_grams": "number", "first_cost": "amount", "further_grams": "number",
            "further_cost": "amount or null", "divisor": "number or null", "remote_cost": "amount or null",
            "remote_cities": ["text"], "on_delivery_cost": "amount or null", "on_delivery_basis_points": "number",
            "oversize_mm": "number or null", "oversize_cost": "amount or null",
        }],
    },
    "rates drop": {"carrier": "text", "service": "text", "rows": "number"},
    "rates quote": {
        "prices": [{
            "carrier": "text", "service": "text", "cost": "amount", "charged_grams": "number",
            "charges": [{"charge": "text", "amount": "amount"}],
        }],
    },
}  # fmt: skip
