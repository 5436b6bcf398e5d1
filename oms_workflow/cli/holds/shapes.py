"""What `oms holds` and `oms blocklist` print with --json."""

from __future__ import annotations

from typing import Any

HOLD = {
    "hold": "text", "order": "text", "kind": "text", "handle": "text", "reason": "text", "blocks": ["text"],
    "role": "text", "status": "text", "placed_by": "text", "placed_at": "moment", "due": "moment or null",
    "warned_at": "moment or null", "breached_at": "moment or null", "escalated_to": "text", "closed_by": "text",
    "closed_at": "moment or null",
}  # fmt: skip

BLOCKED = {
    "entries": [{
        "entry": "text", "kind": "text", "reason": "text", "added_by": "text", "added_at": "moment",
        "expires_at": "moment or null", "lifted_at": "moment or null", "lifted_by": "text",
    }],
}  # fmt: skip
SHAPES: dict[str, Any] = {
    "holds list": {"holds": [HOLD]},
    "holds show": HOLD,
    "holds place": HOLD,
    "holds resolve": HOLD,
    "holds reject": HOLD,
    "blocklist add": BLOCKED,
    "blocklist list": BLOCKED,
    "blocklist lift": BLOCKED,
}
"""Command -> the shape of its document."""
