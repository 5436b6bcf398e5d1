"""What `oms simulate` prints with `--json`. See `oms_workflow.cli.shapes` for the words."""

from __future__ import annotations

from typing import Any

SHAPES: dict[str, Any] = {
    "simulate day": {
        "asked": {
            "orders": "number",
            "seed": "number",
            "warehouses": "number",
            "skus": "number",
            "stock": "number",
            "minutes": "number",
            "late": "number",
            "channel": "text",
        },
        "policies": [
            {
                "policy": "text",
                "orders": "number",
                "placed": "number",
                "in_part": "number",
                "missed": "number",
                "missed_urgent": "number",
                "split": "number",
                "parcels": "number",
                "parcel_cost": "amount",
                "piece_cost": "amount",
                "late_cost": "amount",
                "cost_per_order": "amount",
                "missed_share": "number",
                "split_share": "number",
                "parcels_per_order": "number",
                "batches": "number",
                "widest_gap": "number or null",
                "seconds": "number",
                "warehouses": [
                    {
                        "warehouse": "text",
                        "parcels": "number",
                        "of_the_day": "number",
                        "longest_wait_hours": "number",
                    }
                ],
            }
        ],
    },
}
