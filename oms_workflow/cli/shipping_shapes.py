"""What the commands around shipping print with `--json`, gathered for `oms_workflow.cli.shapes`."""

from __future__ import annotations

from typing import Any

from oms_workflow.cli.cartons import shapes as cartons
from oms_workflow.cli.rates import shapes as rates

SHAPES: dict[str, Any] = {**cartons.SHAPES, **rates.SHAPES}
