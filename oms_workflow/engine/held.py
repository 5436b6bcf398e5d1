"""What a suspended instance keeps, as JSON and back: since when, why, and the facts that came meanwhile."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from oms_workflow import feel
from oms_workflow.engine import facts, suspension
from oms_workflow.engine.state import Suspension

Json = dict[str, Any]

_KINDS: dict[str, type[facts.Fact]] = {kind.__name__: kind for kind in suspension.KEPT}


def suspension_to_json(told: Suspension) -> Json:
    """Give it as JSON values."""
    return {
        "since": told.since.isoformat(),
        "by": told.by,
        "reason": told.reason,
        "facts": [_fact(one) for one in told.facts],
    }


def suspension_from_json(told: Json) -> Suspension:
    """Give what `suspension_to_json` was given."""
    found = Suspension(datetime.fromisoformat(told["since"]), told["by"], told["reason"])
    found.facts = [_read(one) for one in told["facts"]]
    return found


def _fact(fact: facts.Fact) -> Json:
    told: Json = {"fact": type(fact).__name__}
    for field in fields(fact):
        value = getattr(fact, field.name)
        if field.name == "at":
            value = value.isoformat()
        elif field.name == "variables":
            value = {name: feel.encode(feel.normalise(one)) for name, one in value.items()}
        told[field.name] = value
    return told


def _read(told: Json) -> facts.Fact:
    values = {name: value for name, value in told.items() if name != "fact"}
    values["at"] = datetime.fromisoformat(told["at"])
    if "variables" in values:
        values["variables"] = {name: feel.decode(value) for name, value in values["variables"].items()}
    return _KINDS[told["fact"]](**values)
