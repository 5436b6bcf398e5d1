"""Trying a fact on a copy of an instance, so that a person is told why it cannot be before anything is touched."""

from __future__ import annotations

from oms_workflow.engine import snapshot
from oms_workflow.engine.facts import Fact
from oms_workflow.engine.instance import Instance
from oms_workflow.engine.records import RecordKind


def copy_of(instance: Instance) -> Instance:
    """Give the same instance once more; what happens to the one is nothing to the other."""
    state = snapshot.from_json(snapshot.to_json(instance.state))
    return Instance(instance.program, decisions=instance.decisions, state=state, edition=instance.edition)


def refusal(instance: Instance, fact: Fact) -> str:
    """Give why a fact would change nothing; '' when it would be taken in."""
    tried = copy_of(instance)
    tried.receive(fact)
    ignored = [one for one in tried.take_records() if one.kind is RecordKind.FACT_IGNORED]
    mine = [one for one in ignored if one.detail.get("fact") == type(fact).__name__]
    return str(mine[0].detail["why"]) if mine else ""
