"""Moving on until everything waits: conditional events act, and deadlines pause, when variables have changed."""

from __future__ import annotations

from oms_workflow.engine import happenings, incidents, movement, sla, waits
from oms_workflow.engine.run import ExpressionFailed, Run

MOST_CONDITIONS = 1_000  # conditional events followed for one fact; bounds two that keep setting each other off


def drain(run: Run) -> None:
    """Move on until everything waits, conditional events included."""
    movement.follow(run)
    rounds = 0
    while run.variables_changed and not run.state.finished:
        run.variables_changed = False
        follow_holds(run)
        while not run.state.finished and _follow_conditions(run):
            movement.follow(run)
            rounds += 1
            if rounds > MOST_CONDITIONS:
                root = run.state.tokens[run.state.root]
                message = "Conditional events set each other off without end. Change their conditions."
                incidents.tell(run, root, "sla", "runaway", message)
                return


def _follow_conditions(run: Run) -> bool:
    """Let the first conditional event happen whose condition has become true; True when one did.

    BPMN 2.0.2, 10.5.5: it acts when the condition turns true, and again only after it was false in between.
    """
    for wait in [run.state.waits[number] for number in run.state.conditional]:
        token = run.state.tokens[wait.token]
        target = run.steps[wait.target].node
        event = target.events[wait.event]
        assert event.kind == "conditional"
        try:
            holds = run.evaluate(event.condition, token)[0] is True
        except ExpressionFailed:
            holds = False
        if not holds or not wait.armed:
            wait.armed = not holds
            continue
        wait.armed = False
        if target.interrupting or wait.target == token.node:
            waits.forget(run, wait)
        happenings.happen(run, wait, {})
        return True
    return False


def follow_holds(run: Run) -> None:
    """Pause and resume deadlines when the holds on the order have changed."""
    if run.holds_changed:
        run.holds_changed = False
        sla.follow_holds(run)
