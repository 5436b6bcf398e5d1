"""What the commands around shipping print with `--json`, gathered for `oms_workflow.cli.shapes`."""

from __future__ import annotations

from typing import Any

from oms_workflow.cli.cartons import shapes as cartons
from oms_workflow.cli.rates import shapes as rates
from oms_workflow.cli.waves import shapes as waves

SHIPMENT = {
    "id": "text", "carrier": "text", "service": "text", "status": "text", "planned_at": "moment or null",
    "handed_over_at": "moment or null", "why": "text", "expected_cost": "amount or null",
    "billed": "amount or null", "difference": "amount or null",
    "planned": [{"number": "number", "carton": "text", "content_grams": "number", "gross_grams": "number"}],
}  # fmt: skip
"""A shipment, without its packages."""

SHAPES: dict[str, Any] = {**cartons.SHAPES, **rates.SHAPES, **waves.SHAPES}
