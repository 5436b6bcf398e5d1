"""What follows when an event happens: boundary events, starts of event sub-processes, and the timers of an SLA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.engine import ad_hoc, gathering, incidents, mapping, movement, routing, scopes
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token, Wait

NOTHING: Mapping[str, Any] = {}


def happen(run: Run, wait: Wait, variables: Mapping[str, Any]) -> None:
    """The event that a wait was for has happened."""
    token = run.state.tokens[wait.token]
    step = run.steps[token.node]
    target = run.steps[wait.target]
    if target.node.all_events:
        gathered = gathering.gather(run, wait, variables)
        if gathered is None:
            return
        variables = gathered
    if target.node.attached_to == token.node and target.node.kind is NodeKind.BOUNDARY_EVENT:
        on_boundary(run, token, wait.target, variables)
    elif target.node.kind is NodeKind.START_EVENT and wait.target != token.node:
        start_event_sub_process(run, token, wait.target, variables)
    elif wait.target == token.node:
        step.behaviour.happened(run, token, step, variables)
    else:  # behind an event-based gateway
        _choose(run, token, wait.target, variables)


def on_boundary(
    run: Run, host: Token, event: int, variables: Mapping[str, Any], told: Mapping[str, Any] = NOTHING
) -> None:
    """A boundary event happens: end its host when it interrupts, then go on from the event.

    `told` is what the event itself may read in its output mappings and nobody else sees.
    """
    scope = run.state.tokens[host.parent]
    drawn = run.steps[event].node
    if drawn.interrupting:
        movement.terminate(run, host, by=drawn.id)
    occur(run, scope, event, variables, told)


def start_event_sub_process(
    run: Run, scope: Token, start: int, variables: Mapping[str, Any], told: Mapping[str, Any] = NOTHING
) -> None:
    """The start of an event sub-process happens: end the rest of the scope when it interrupts, then begin it."""
    drawn = run.steps[start].node
    if drawn.interrupting:
        movement.sweep(run, scope, by=drawn.id)
    begun = run.new_token(drawn.parent, scope)
    begun.index = start
    # What the event brought belongs to what it set going: mapped names are claimed here, else they would travel on out.
    begun.variables = dict.fromkeys(mapped.target.partition(".")[0] for mapped in drawn.outputs)
    scopes.set_local(run, begun, {**told, **variables})
    run.record_token(RecordKind.ACTIVATED, begun, by=drawn.id)
    step = run.steps[begun.node]
    step.behaviour.enter(run, begun, step)


def occur(run: Run, scope: Token, event: int, variables: Mapping[str, Any], told: Mapping[str, Any] = NOTHING) -> None:
    """Let an event that has happened go on: its results outwards, then over its outgoing flows."""
    token = run.new_token(event, scope)
    token.variables = dict(told)
    token.move(TokenState.COMPLETING)
    pass_event(run, token, variables)


def pass_event(run: Run, token: Token, variables: Mapping[str, Any]) -> None:
    """Take a completing event token on its way; it stops as an incident when a mapping or condition fails."""
    step = run.steps[token.node]
    try:
        mapping.results(run, token, step, variables)
        flows = ad_hoc.ways_on(run, token, step) if step.in_ad_hoc else routing.all_that_hold(run, token, step)
    except ExpressionFailed as failed:
        scopes.set_local(run, token, variables)
        incidents.stop(run, token, "leaving", "expression-failed", str(failed))
        return
    movement.leave(run, token, step, flows)


def _choose(run: Run, gateway: Token, event: int, variables: Mapping[str, Any]) -> None:
    """One of the events behind an event-based gateway happens: the others are off (BPMN 2.0.2, 13.4.4)."""
    scope = run.state.tokens[gateway.parent]
    pass_gateway(run, gateway, event)
    occur(run, scope, event, variables)


def pass_gateway(run: Run, gateway: Token, event: int) -> int:
    """Complete an event-based gateway; gives the flow taken, the one to the event that happened."""
    flow = next(index for index, drawn in run.steps[gateway.node].flows if drawn.target == event)
    gateway.move(TokenState.COMPLETING)
    gateway.move(TokenState.COMPLETED)
    run.record_token(RecordKind.COMPLETED, gateway)
    scope = gateway.parent
    movement.remove(run, gateway)
    run.record(RecordKind.FLOW_TAKEN, run.flows[flow].id, 0, scope)
    return flow
