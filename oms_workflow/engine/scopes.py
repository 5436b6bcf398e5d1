"""Variables: who sees which, and where a new value lands. Follows the variable scopes of Camunda 8's dialect.

A value set in a scope is seen by everything inside it. Results travel outwards to the nearest scope that already has
the name, else to the process. A join merges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from oms_workflow import feel
from oms_workflow.bpmn.sla import HOLDS_VARIABLE
from oms_workflow.engine.state import Token

if TYPE_CHECKING:
    from oms_workflow.engine.run import Run


class Visible(Mapping[str, Any]):
    """The variables a token sees, nearest scope first, without copying them."""

    __slots__ = ("_layers",)

    def __init__(self, layers: list[dict[str, Any]]) -> None:
        self._layers = layers

    def __getitem__(self, name: str) -> Any:
        for layer in self._layers:
            if name in layer:
                return layer[name]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(name in layer for layer in self._layers)

    def __iter__(self) -> Iterator[str]:
        seen: dict[str, None] = {}
        for layer in self._layers:
            seen.update(dict.fromkeys(layer))
        return iter(seen)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def visible(run: Run, token: Token) -> Mapping[str, Any]:
    """Give the variables that expressions at this token may read."""
    layers = [token.variables] if token.variables else []
    parent = token.parent
    while parent:
        scope = run.state.tokens[parent]
        if scope.variables:
            layers.append(scope.variables)
        parent = scope.parent
    return layers[0] if len(layers) == 1 else Visible(layers)


def set_local(run: Run, token: Token, variables: Mapping[str, Any]) -> None:
    """Set variables in this very scope."""
    if not variables:
        return
    if token.variables is None:
        token.variables = {}
    token.variables.update(variables)
    _note_change(run, variables)


def from_outside(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Give variables that a fact brought as FEEL values."""
    return {name: feel.normalise(value) for name, value in variables.items()}


def propagate(run: Run, token: Token, variables: Mapping[str, Any]) -> None:
    """Hand results outwards from `token`: each lands in the nearest scope that has the name, else in the process."""
    for name, value in variables.items():
        holder = token
        while holder.parent and (holder.variables is None or name not in holder.variables):
            holder = run.state.tokens[holder.parent]
        if holder.variables is None:
            holder.variables = {}
        holder.variables[name] = value
    _note_change(run, variables)


def put_path(variables: dict[str, Any], path: str, value: Any, base: Mapping[str, Any]) -> None:
    """Set `a.b.c`: contexts on the way are copied from `variables` or `base`, so no other holder sees the change."""
    first, *rest = path.split(".")
    if not rest:
        variables[first] = value
        return
    outer = variables.get(first, base.get(first))
    copy: dict[str, Any] = dict(outer) if isinstance(outer, dict) else {}
    variables[first] = copy
    for name in rest[:-1]:
        inner = copy.get(name)
        copy[name] = dict(inner) if isinstance(inner, dict) else {}
        copy = copy[name]
    copy[rest[-1]] = value


def _note_change(run: Run, variables: Mapping[str, Any]) -> None:
    if variables:
        run.variables_changed = True
        if HOLDS_VARIABLE in variables:
            run.holds_changed = True
