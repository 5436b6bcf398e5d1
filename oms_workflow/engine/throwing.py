"""Errors and escalations on their way up: from the node that threw them to whatever catches them.

At each level first the boundary events of the activity, then the event sub-processes of the enclosing scope; an event
with the very code goes before one that catches all (BPMN 2.0.2, 10.5.7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.engine import cancelling, happenings
from oms_workflow.engine.commands import Escalate
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token

Catchers = tuple[tuple[str, int], ...]
NO_LEVEL: Mapping[str, Any] = {}


def error(run: Run, token: Token, code: str, message: str, variables: Mapping[str, Any]) -> bool:
    """Throw an error from where a token is; True when something caught it, and then the thrower is gone."""
    found = _find(run, token, code, lambda step: step.boundary_errors, lambda step: step.inner_errors)
    caught_by = run.steps[found[1]].node.id if found else ""
    run.record_token(RecordKind.ERROR_THROWN, token, code=code, message=message, caught_by=caught_by)
    if found is None:
        return False
    holder, catcher = found
    told = {"errorCode": code, "errorMessage": message}
    if run.steps[catcher].node.kind is NodeKind.BOUNDARY_EVENT:
        happenings.on_boundary(run, holder, catcher, variables, told)
    else:
        happenings.start_event_sub_process(run, holder, catcher, variables, told)
    return True


def escalation(
    run: Run, token: Token, code: str, variables: Mapping[str, Any], level: Mapping[str, Any] = NO_LEVEL
) -> bool:
    """Throw an escalation from where a token is; True when it was caught. The thrower may or may not be gone then.

    `level` is whom a chain of escalations names now; whoever catches it reads it beside its code.
    """
    found = _find(run, token, code, lambda step: step.boundary_escalations, lambda step: step.inner_escalations)
    caught_by = run.steps[found[1]].node.id if found else ""
    run.record_token(RecordKind.ESCALATION_THROWN, token, code=code, caught_by=caught_by, **level)
    if found is None:
        run.command(Escalate(code=code, element=run.node_of(token).id, variables={**variables, **level}))
        return False
    holder, catcher = found
    thrower = run.node_of(token)
    told = {"escalationCode": code, "escalationElement": thrower.id, "escalationOwner": thrower.owner, **level}
    if run.steps[catcher].node.kind is NodeKind.BOUNDARY_EVENT:
        happenings.on_boundary(run, holder, catcher, variables, told)
    else:
        happenings.start_event_sub_process(run, holder, catcher, variables, told)
    return True


def _find(
    run: Run, token: Token, code: str, at_border: Callable[[Step], Catchers], inside: Callable[[Step], Catchers]
) -> tuple[Token, int] | None:
    """The token whose boundary event or event sub-process catches the code, and the node that catches."""
    here = token
    while True:
        step = run.steps[here.node]
        if here.role in ("plain", "body"):  # an item leaves it to its body, and what is being undone is complete
            catcher = _match(at_border(step), code)
            if catcher >= 0:
                return here, catcher
        if not here.parent:
            return None
        scope = run.state.tokens[here.parent]
        if scope.role in ("plain", "item") and not cancelling.is_under_way(run, scope):
            # An event sub-process does not catch what it throws itself; its own start would only begin it anew.
            others = [one for one in inside(run.steps[scope.node]) if run.steps[one[1]].node.parent != here.node]
            catcher = _match(others, code)
            if catcher >= 0:
                return scope, catcher
        here = scope


def _match(catchers: Iterable[tuple[str, int]], code: str) -> int:
    for wanted, node in catchers:
        if wanted in ("", code):
            return node
    return -1
