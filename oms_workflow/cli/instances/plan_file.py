"""The file of a migration plan: JSON with the process, both versions, and where elements go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.engine.migration.plan import Plan

LARGEST = 1_000_000  # bytes
FIELDS = {"process": str, "from": int, "to": int, "map": dict}


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Raises:
        Unusable: When the file is no plan; the message names the field.
    """
    try:
        raw = path.read_bytes()[: LARGEST + 1]
        told: Any = json.loads(raw[:LARGEST].decode("utf-8"))
    except OSError as error:
        raise Unusable(say("file.unreadable", file=path, reason=error.strerror), code="bad-plan") from None
    except (ValueError, RecursionError) as error:
        raise Unusable(say("file.not_json", file=path, reason=error), code="bad-plan") from None
    wrong = _wrong(told)
    if wrong:
        raise Unusable(say("instances.migrate.bad_plan", file=path, field=wrong), code="bad-plan")
    return Plan(process=told["process"], from_version=told["from"], to_version=told["to"], elements=told.get("map", {}))


def _wrong(told: Any) -> str:
    """The first field that is not as it should be; '' when all are."""
    if not isinstance(told, dict):
        return "{}"
    for name, kind in FIELDS.items():
        value = told.get(name, {} if name == "map" else None)
        if not isinstance(value, kind) or isinstance(value, bool):
            return name
    unknown = set(told) - set(FIELDS)
    if unknown:
        return str(min(unknown))
    ids = told.get("map", {}).values()
    if not all(one is None or isinstance(one, str) for one in ids):
        return "map"
    return "to" if told["from"] == told["to"] else ""
