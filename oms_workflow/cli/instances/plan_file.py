"""The file of migration plans: JSON with process, both versions, and where elements go; or a list of such plans."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.engine.migration.plan import Plan

LARGEST = 1_000_000  # bytes
FIELDS = {"process": str, "from": int, "to": int, "map": dict}


def read_plans(path: Path) -> tuple[Plan, ...]:
    """Read the plans of a file, in their order.

    Raises:
        Unusable: When the file holds no plans; the message names the field.
    """
    try:
        raw = path.read_bytes()[: LARGEST + 1]
        told: Any = json.loads(raw[:LARGEST].decode("utf-8"))
    except OSError as error:
        raise Unusable(say("file.unreadable", file=path, reason=error.strerror), code="bad-plan") from None
    except (ValueError, RecursionError) as error:
        raise Unusable(say("file.not_json", file=path, reason=error), code="bad-plan") from None
    plans = told if isinstance(told, list) else [told]
    wrong = next((field for one in plans if (field := _wrong(one))), "" if plans else "[]")
    if wrong:
        raise Unusable(say("instances.migrate.bad_plan", file=path, field=wrong), code="bad-plan")
    found = tuple(
        Plan(process=one["process"], from_version=one["from"], to_version=one["to"], elements=one.get("map", {}))
        for one in plans
    )
    _require_one_each(path, found)
    return found


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


def _require_one_each(path: Path, plans: tuple[Plan, ...]) -> None:
    """Two plans for one version would leave open which is meant; one that goes on where another ends, when."""
    found: set[str] = set()
    for plan in plans:
        if plan.process in found:
            raise Unusable(say("instances.migrate.twice", file=path, process=plan.process), code="bad-plan")
        found.add(plan.process)
