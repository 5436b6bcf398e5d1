"""Complex gateway: goes on when its activation condition holds, waits for the rest, resets (BPMN 2.0.2, 13.4.5).

It waits for start, then for reset. While it waits for reset, `Token.resets` of the scope says off which flows it took a
token when it fired. A token at the gateway is a phase that is under way; what conditions may ask about it stands in the
token's variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from oms_workflow.engine import incidents, joins, movement, routing
from oms_workflow.engine.nodes.gateway import Gateway
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token

WAITING_FOR_START = "waitingForStart"
COUNT = "activationCount"
COUNTS = "activationCounts"


class ComplexGateway(Gateway):
    """Any number of ways on; when it goes is said by a condition over the tokens that wait."""

    def gather(self, run: Run, scope: Token, step: Step, waiting: Mapping[int, int]) -> None:
        """Go when that was the token it waited for; one that comes before the reset waits for it."""
        if step.index not in (scope.resets or {}):
            self._start(run, scope, step)

    def at_rest(self, run: Run, scope: Token, step: Step) -> bool:
        """Reset when no token is expected any more; else look at the condition again, which may read variables."""
        waiting = (scope.joins or {}).get(step.index, {})
        taken = (scope.resets or {}).get(step.index)
        if taken is not None:
            if joins.can_still_come(run, scope, step.index, taken.keys() | waiting.keys()):
                return False
            self._reset(run, scope, step, [flow for flow in waiting if flow not in taken])
            return True
        if not waiting:
            run.state.inclusive.pop((scope.id, step.index), None)
            return False
        if self._start(run, scope, step):
            return True
        if joins.can_still_come(run, scope, step.index, ()) or not _stands_still(run):
            return False
        self._stop(run, scope, step)
        return True

    def enter(self, run: Run, token: Token, step: Step) -> None:
        """Go on with a token that need not be gathered; one that was stopped is put back and judged again."""
        scope = run.state.tokens[token.parent]
        if token.variables is None or not step.has_threshold:
            token.variables = _counted(run, step, dict.fromkeys(step.node.incoming[:1], 1), waiting_for_start=True)
            super().enter(run, token, step)
            return
        _put_back(run, scope, step, token.variables[COUNTS])
        run.state.inclusive[(scope.id, step.index)] = None
        movement.remove(run, token)
        self._start(run, scope, step)

    def choose(self, run: Run, token: Token, step: Step) -> list[int]:
        """Give the flows that hold, else the default; at a reset maybe none, and only those with a condition."""
        flows = routing.all_that_hold(run, token, step)
        if (token.variables or {})[WAITING_FOR_START]:
            if step.flows and not flows:
                raise routing.nothing_holds(step)
            return flows
        decided = {index for index, flow in step.flows if flow.condition}
        return [index for index in flows if index in decided or (decided and index == step.node.default)]

    def _start(self, run: Run, scope: Token, step: Step) -> bool:
        """Fire when the activation condition holds; False when it does not, or has no value yet."""
        assert scope.joins is not None
        waiting = scope.joins[step.index]
        told = _counted(run, step, waiting, waiting_for_start=True)
        try:
            holds = run.evaluate(step.node.activation_condition, scope, told)[0] is True
        except ExpressionFailed:
            holds = False
        if not holds:
            return False
        if scope.resets is None:
            scope.resets = {}
        scope.resets[step.index] = dict.fromkeys(waiting)
        joins.take_one_each(run, step, scope, list(waiting))
        run.state.inclusive[(scope.id, step.index)] = None
        self._go(run, scope, step, told)
        return True

    def _reset(self, run: Run, scope: Token, step: Step, late: list[int]) -> None:
        """Take the tokens that came late, and begin anew; nothing goes on when none came."""
        assert scope.resets is not None
        del scope.resets[step.index]
        told = _counted(run, step, (scope.joins or {}).get(step.index, {}), waiting_for_start=False)
        if late:
            joins.take_one_each(run, step, scope, late)
            self._go(run, scope, step, told)
        if step.index in (scope.joins or {}):  # a second token of a flow that had brought one already
            run.state.inclusive[(scope.id, step.index)] = None
            self._start(run, scope, step)

    def _go(self, run: Run, scope: Token, step: Step, told: dict[str, Any]) -> None:
        token = run.new_token(step.index, scope)
        token.variables = told
        super().enter(run, token, step)

    def _stop(self, run: Run, scope: Token, step: Step) -> None:
        """Stop for a person: nothing is left that could make the activation condition true."""
        assert scope.joins is not None
        waiting = scope.joins.pop(step.index)
        scope.pending -= sum(waiting.values())
        run.state.inclusive.pop((scope.id, step.index), None)
        token = run.new_token(step.index, scope)
        token.variables = _counted(run, step, waiting, waiting_for_start=True)
        _, notes = run.evaluate(step.node.activation_condition, scope, token.variables)
        why = f" ({'; '.join(notes[:3])})" if notes else ""
        message = (
            f"The activation condition {step.node.activation_condition!r} of {step.node.label!r} does not hold with "
            f"{token.variables[COUNT]} waiting{why}, and nothing is left that could change that. "
            "Set the variables it reads and retry, or move the token."
        )
        incidents.stop(run, token, "entering", "never-activated", message)


def _counted(run: Run, step: Step, waiting: Mapping[int, int], *, waiting_for_start: bool) -> dict[str, Any]:
    """What conditions of the gateway may ask: its state, and how many tokens wait, in all and on each flow."""
    counts = {run.program.definition.flows[flow].id: Decimal(waiting.get(flow, 0)) for flow in step.node.incoming}
    return {WAITING_FOR_START: waiting_for_start, COUNT: sum(counts.values(), Decimal(0)), COUNTS: counts}


def _put_back(run: Run, scope: Token, step: Step, counts: Mapping[str, Decimal]) -> None:
    """Let tokens that were gathered wait on their flows again."""
    if scope.joins is None:
        scope.joins = {}
    waiting = scope.joins.setdefault(step.index, {})
    for flow in step.node.incoming:
        came = int(counts[run.program.definition.flows[flow].id])
        if came:
            waiting[flow] = waiting.get(flow, 0) + came
            scope.pending += came


def _stands_still(run: Run) -> bool:
    """Whether nothing in the whole instance can move by itself: no wait, and no work that could answer."""
    return not run.state.waits and all(one.children or one.pending for one in run.state.tokens.values())
