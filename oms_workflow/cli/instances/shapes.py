"""What `oms instances ... --json` prints, in the words of `cli.shapes`."""

from __future__ import annotations

from typing import Any

AFTER = {"status": "text", "nodes": [{"element": "text", "name": "text", "state": "text"}]}

_STEERED = {
    "instance": "text", "action": "text", "element": "text", "to": "text", "by": "text", "reason": "text", **AFTER,
}  # fmt: skip
_STANDING = {
    "action": "text", "by": "text", "reason": "text",
    "instances": [{
        "instance": "text", "process": "text", "done": "boolean", "status": "text", "held": "number", "message": "text",
    }],
}  # fmt: skip

SHAPES: dict[str, Any] = {
    "instances suspend": _STANDING,
    "instances resume": _STANDING,
    "instances skip": _STEERED,
    "instances repeat": _STEERED,
    "instances cancel": _STEERED,
    "instances move": _STEERED,
    "instances activate": _STEERED,
    "instances set": {
        "instance": "text", "names": ["text"], "scope": "number", "by": "text", "reason": "text", "variables": "any",
        **AFTER,
    },
    "instances migrate": {
        "plans": [{"process": "text", "from": "number", "to": "number"}], "sha256": "text",
        "check": "boolean", "revert": "boolean", "by": "text", "reason": "text", "done": "number", "of": "number",
        "counts": [{"process": "text", "outcome": "text", "instances": "number"}],
        "instances": [{
            "instance": "text", "order": "text", "process": "text", "outcome": "text", "events": "number",
            "stands": ["text"], "moved": [{"from": "text", "to": "text"}],
            "findings": [{
                "code": "text", "severity": "text", "message": "text", "file": "text", "line": "number or null",
                "element": "text", "name": "text", "fix": "text",
            }],
            "message": "text",
        }],
    },
}  # fmt: skip
"""Command -> the shape of its document."""
