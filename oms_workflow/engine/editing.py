"""What the record of an edited variable tells: its value before and after, cut when it is long."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from oms_workflow import feel
from oms_workflow.engine.state import Token

LONGEST = 500  # characters of one value; records are read by people, and travel to the database


def audit(scope: Token, given: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """Give what is told besides the names; `before` leaves out what the scope did not have."""
    held = scope.variables or {}
    return {
        "before": {name: _short(held[name]) for name in sorted(given) if name in held},
        "after": {name: _short(given[name]) for name in sorted(given)},
        "reason": reason,
    }


def _short(value: Any) -> Any:
    plain = feel.to_plain(value)
    text = json.dumps(plain, ensure_ascii=False)
    return plain if len(text) <= LONGEST else f"{text[:LONGEST]}..."
