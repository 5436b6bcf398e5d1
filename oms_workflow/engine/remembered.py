"""Variables, and what can still be undone, as JSON and back. Part of the format of `snapshot.py`."""

from __future__ import annotations

from typing import Any

from oms_workflow import feel
from oms_workflow.engine.state import Compensable

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
