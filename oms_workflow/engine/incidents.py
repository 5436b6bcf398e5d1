"""Stops that a person must look at: raising them, clearing them, and saying which cycle ran away."""

from __future__ import annotations

from oms_workflow.engine.commands import ClearIncident, RaiseIncident
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Incident, Phase, Token


def stop(run: Run, token: Token, phase: Phase, code: str, message: str) -> None:
    """Stop a token here; `phase` says what is done again when a person asks for a retry."""
    token.move(TokenState.INCIDENT)
    tell(run, token, phase, code, message)


def tell(run: Run, token: Token, phase: Phase, code: str, message: str) -> None:
    """Raise an incident about a token that goes on meanwhile."""
    incident = Incident(run.state.next_id(), token.id, code, message, phase, run.at)
    run.state.incidents[incident.id] = incident
    node = run.node_of(token)
    run.record_token(RecordKind.INCIDENT_RAISED, token, incident=incident.id, code=code, message=message)
    run.command(
        RaiseIncident(incident=incident.id, token=token.id, element=node.id, name=node.name, code=code, message=message)
    )


def clear_of(run: Run, token: Token) -> None:
    """Clear what was raised about a token that is going away."""
    if not run.state.incidents:
        return
    for incident in [one for one in run.state.incidents.values() if one.token == token.id]:
        clear(run, incident)


def clear(run: Run, incident: Incident) -> None:
    """Forget one incident and tell the host."""
    del run.state.incidents[incident.id]
    run.command(ClearIncident(incident=incident.id))


def stop_runaway(run: Run, token: Token) -> None:
    """Stop a token whose instance followed more flows for one fact than any sound diagram needs."""
    nodes = run.program.definition.nodes
    cycle = " -> ".join(repr(nodes[node].label) for node in _cycle(list(run.visited)))
    stop(
        run,
        token,
        "entering",
        "runaway",
        f"The process went round without ever waiting: {cycle}. "
        "Put a condition that ends the loop, or a wait (task, timer, message) into it; a retry lets it go on.",
    )


def _cycle(visited: list[int]) -> list[int]:
    """The shortest run of nodes that the end of `visited` repeats, closed with its first node."""
    for length in range(1, len(visited) // 2 + 1):
        if visited[-length:] == visited[-2 * length : -length]:
            return [*visited[-length:], visited[-length]]
    return visited[-8:]
