"""Parallel multiple events: noting which of their definitions have happened, until all have.

BPMN 2.0.2, 10.5.4 and 13.5.1: the event acts when every one of its definitions has happened, in any order, each counted
once. One that does not interrupt begins anew after it acted, with what can still come: a timer that has fired for the
last time comes no more, and then neither does the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.engine import waits
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Wait


def gather(run: Run, wait: Wait, variables: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Count one definition; give what all of them brought when it was the last one, else None."""
    token = run.state.tokens[wait.token]
    target = run.steps[wait.target].node
    goes_on = not target.interrupting and wait.target != token.node
    if wait.happened:
        return None
    brought = {**(wait.brought or {}), **variables}
    wait.brought = None
    if goes_on:
        wait.happened = True
    elif wait.id in run.state.waits:  # a cycle, which would fire again
        waits.close(run, wait)
    beside = [run.state.waits[number] for number in token.waits or ()]
    beside = [one for one in beside if one.target == wait.target and not one.kind.startswith("sla")]
    left = [one for one in beside if not one.happened]
    if left:
        left[0].brought = {**(left[0].brought or {}), **brought}
        return None
    _begin_anew(run, beside, len(target.events))
    return brought


def _begin_anew(run: Run, beside: list[Wait], wanted: int) -> None:
    for one in beside:
        one.happened = False
        if len(beside) < wanted:
            waits.close(run, one)
