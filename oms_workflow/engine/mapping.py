"""Carrying values into an activity and out of it, as its input and output mappings say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.engine import edition, scopes
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


def inputs(run: Run, token: Token, step: Step) -> None:
    """Set the local variables that the input mappings give; later mappings see earlier ones.

    Raises:
        ExpressionFailed: When a mapping exceeds a bound of evaluation.
    """
    for mapping in step.node.inputs:
        value = run.value(mapping.source, token)
        local: dict[str, Any] = {}
        scopes.put_path(local, mapping.target, value, scopes.visible(run, token))
        scopes.set_local(run, token, local)


def results(run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
    """Hand the results of a node outwards: mapped when it has output mappings, else as they are.

    Raises:
        ExpressionFailed: When a mapping exceeds a bound of evaluation; nothing was handed out then.
    """
    scope = run.state.tokens[token.parent]
    own_first = step.is_activity and run.edition >= edition.RESULTS_START_AT_HOME
    if not step.node.outputs:
        if token.role == "item" and not own_first:
            scopes.set_local(run, token, variables)  # the loop's output element reads it here
        if variables and (step.node.call is None or step.node.call.propagate_child):
            scopes.propagate(run, token if own_first else scope, variables)
        return
    scopes.set_local(run, token, variables)
    outer = scopes.visible(run, scope)
    mapped: dict[str, Any] = {}
    for mapping in step.node.outputs:
        scopes.put_path(mapped, mapping.target, run.value(mapping.source, token, mapped or None), outer)
    if token.role != "item":
        scopes.propagate(run, scope, mapped)
    elif own_first:
        scopes.propagate(run, token, mapped)
    else:
        scopes.propagate(run, scope, mapped)
        scopes.set_local(run, token, mapped)


def work_inputs(run: Run, token: Token, step: Step) -> dict[str, Any]:
    """Give what the work of an activity receives.

    An activity of the catalog gets the fields of its input model, each from the variable of that name that the token
    sees, mapped ones first. Other work gets what is mapped, or all it sees when nothing is.
    """
    seen = scopes.visible(run, token)
    job = step.node.job
    if job is not None and job.accepts is not None:
        return {name: seen[name] for name in job.accepts if name in seen}
    if step.node.inputs:
        return {name: seen[name] for name in {mapping.target.partition(".")[0]: None for mapping in step.node.inputs}}
    return dict(seen)
