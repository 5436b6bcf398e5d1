"""Variables, what can be undone, and what few waits have, as JSON. Part of `snapshot.py`'s format."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from oms_workflow import feel
from oms_workflow.engine.monthly import Monthly
from oms_workflow.engine.state import Compensable, Wait

Json = dict[str, Any]


def compensables_to_json(entries: list[Compensable]) -> list[Json]:
    """Give entries, and all inside them, as JSON values; only one that was not completed says so."""
    return [
        {
            "node": one.node,
            "variables": variables_to_json(one.variables),
            "inner": None if one.inner is None else compensables_to_json(one.inner),
        }
        | ({} if one.completed else {"completed": False})
        for one in entries
    ]


def compensables_from_json(told: list[Json]) -> list[Compensable]:
    """Give the entries that `compensables_to_json` was given."""
    return [
        Compensable(
            one["node"],
            variables_from_json(one["variables"]),
            None if one["inner"] is None else compensables_from_json(one["inner"]),
            completed=one.get("completed", True),
        )
        for one in told
    ]


def variables_to_json(variables: dict[str, Any]) -> Json:
    """Give FEEL values by name as JSON values."""
    return {name: feel.encode(value) for name, value in variables.items()}


def variables_from_json(told: Json) -> dict[str, Any]:
    """Give the variables that `variables_to_json` was given."""
    return {name: feel.decode(value) for name, value in told.items()}


def rare_to_json(wait: Wait) -> Json:
    """Give the months of its cycle, and what a wait knows as one of several of its event; nothing for most waits."""
    told: Json = {}
    if wait.monthly is not None:
        told["monthly"] = {"months": wait.monthly.months, "anchor": wait.monthly.anchor.isoformat()}
    if wait.event:
        told["event"] = wait.event
    if wait.happened:
        told["happened"] = True
    if wait.brought is not None:
        told["brought"] = variables_to_json(wait.brought)
    return told


def rare_from_json(wait: Wait, told: Json) -> None:
    """Give back to a wait what `rare_to_json` told of it."""
    if "monthly" in told:
        anchor = datetime.fromisoformat(told["monthly"]["anchor"])
        wait.monthly = Monthly(months=told["monthly"]["months"], anchor=anchor)
    wait.event, wait.happened = told.get("event", 0), told.get("happened", False)
    if "brought" in told:
        wait.brought = variables_from_json(told["brought"])
