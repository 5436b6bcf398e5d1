"""Which of its outgoing flows a node takes, for every kind of node but those that join or wait for events."""

from __future__ import annotations

from oms_workflow.engine import edition
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token


def all_that_hold(run: Run, token: Token, step: Step) -> list[int]:
    """Every flow without condition or with one that holds; the default flow when no condition holds.

    The rule for activities, events and inclusive gateways (BPMN 2.0.2, 13.3.2 and 13.4.3). A flow stands there once for
    each token it takes, of which an activity may give several (10.3.1, completionQuantity).

    Raises:
        ExpressionFailed: When a condition is neither true nor false, or none behind an activity holds.
    """
    if not step.asks:
        return list(step.given)
    default = step.node.default
    taken: list[int] = []
    any_held = False
    for index, flow in step.flows:
        if index == default:
            continue
        held = bool(flow.condition) and run.condition(flow.condition, token)
        any_held = any_held or held
        if held or not flow.condition:
            taken.append(index)
    if default >= 0 and not any_held:
        taken.append(default)
    if not taken and step.is_activity and run.edition >= edition.NO_WAY_ON:
        raise nothing_holds(step)
    return taken * step.node.completion_quantity


def first_that_holds(run: Run, token: Token, step: Step) -> int:
    """The first flow, in the order of the diagram, whose condition holds, else the default (BPMN 2.0.2, 13.4.2).

    Raises:
        ExpressionFailed: When none holds and there is no default, or a condition is neither true nor false.
    """
    default = step.node.default
    for index, flow in step.flows:
        if index != default and (not flow.condition or run.condition(flow.condition, token)):
            return index
    if default >= 0:
        return default
    raise nothing_holds(step)


class NoWayOn(ExpressionFailed):
    """No flow out of a node could be taken."""

    code = "no-way-on"


def nothing_holds(step: Step) -> NoWayOn:
    """Say that a node has nowhere to go."""
    return NoWayOn(
        f"No condition behind {step.node.label!r} holds and it has no default flow. "
        "Set the variables its conditions read and retry, or draw a default flow."
    )
