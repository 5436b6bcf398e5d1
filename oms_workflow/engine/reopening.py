"""What a host has to do again for an instance that was restored: everything that was asked for and is still open.

Message subscriptions are left out: hosts keep those outside the instance.
"""

from __future__ import annotations

from oms_workflow.engine import suspension, waits
from oms_workflow.engine.commands import Command
from oms_workflow.engine.instance import Instance
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes import jobs
from oms_workflow.engine.run import Run


def open_commands(instance: Instance) -> list[Command]:
    """Give the activities, called processes and timers that are open, oldest first."""
    state = instance.state
    if state.clock is None or state.finished:
        return []
    run = Run(instance.program, instance.decisions, state, state.clock, instance.edition)
    for token in state.tokens.values():
        step = run.steps[token.node]
        if token.state is not TokenState.ACTIVE or token.role in ("body", "undo"):
            continue
        if suspension.is_answered(state, token.id):
            continue  # it came while nothing moves, and is kept
        if step.node.job is not None:
            jobs.ask(run, token, step)
        elif step.node.call is not None:
            step.behaviour.work(run, token, step)
    for _, wait in suspension.timers(state):
        waits.request_timer(run, wait)
    return run.commands
