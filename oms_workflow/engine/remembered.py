"""Variables, what can be undone, and what one of several events brought, as JSON. Part of `snapshot.py`'s format."""

from __future__ import annotations

from typing import Any

from oms_workflow import feel
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


def several_to_json(wait: Wait) -> Json:
    """Give what a wait knows as one of several of its event; nothing for a wait that stands alone."""
    told: Json = {}
    if wait.event:
        told["event"] = wait.event
    if wait.happened:
        told["happened"] = True
    if wait.brought is not None:
        told["brought"] = variables_to_json(wait.brought)
    return told


def several_from_json(wait: Wait, told: Json) -> None:
    """Give back to a wait what `several_to_json` told of it."""
    wait.event, wait.happened = told.get("event", 0), told.get("happened", False)
    if "brought" in told:
        wait.brought = variables_from_json(told["brought"])
