"""Beginning a process at the node whose event started it, which is not always a start event."""

from __future__ import annotations

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.starts import starting_gateway
from oms_workflow.engine import happenings, movement
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


def begin(run: Run, root: Token, start: int) -> None:
    """Go on from a node whose event has happened; what it brought is among the variables of the process already."""
    node = run.steps[start].node
    if node.kind is NodeKind.START_EVENT:
        movement.jump(run, root, start)
        return
    gateway = starting_gateway(run.program.definition, node)
    if gateway < 0:
        _come_about(run, root, start)
    else:
        _pass_gateway(run, root, gateway, start)


def _pass_gateway(run: Run, root: Token, gateway: int, start: int) -> None:
    """Go on behind an event-based gateway: one event decides, or all must come (BPMN 2.0.2, 10.6.6 and 13.2)."""
    step = run.steps[gateway]
    happened = happenings.pass_gateway(run, run.new_token(gateway, root), start)
    _come_about(run, root, start)
    if step.node.all_events:
        movement.take(run, root, [index for index in step.node.outgoing if index != happened])


def _come_about(run: Run, root: Token, start: int) -> None:
    step = run.steps[start]
    if step.is_activity:  # a receive task: done like any other, so that it can be undone
        token = run.new_token(start, root)
        token.move(TokenState.ACTIVE)
        step.behaviour.answered(run, token, step, {})
    else:
        happenings.occur(run, root, start, {})
