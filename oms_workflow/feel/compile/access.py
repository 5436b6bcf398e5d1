"""Names, paths and filters: how values are found."""

from __future__ import annotations

from typing import Any

from oms_workflow.feel import syntax
from oms_workflow.feel.builtins.library import LIBRARY
from oms_workflow.feel.compile.compiler import Compiler
from oms_workflow.feel.normal import normalise
from oms_workflow.feel.properties import member
from oms_workflow.feel.scope import AnyFrame, Code, Place, frame_at
from oms_workflow.feel.values import SCALARS, Value

MISSING: Any = object()


def compile_name(compiler: Compiler, node: syntax.Name) -> Code:
    """A variable, or a function of the library."""
    place = compiler.scope.find(node.name)
    code = _local(place.local) if place.local else _variable(node.name)
    if node.name == "partial" and place.local:
        code = _snapshot(code)
    return _of_items(place, node.name, code) if place.items else code


def compile_path(compiler: Compiler, node: syntax.Path) -> Code:
    """`a.b.c` in one go; variables from outside are brought into FEEL's form only at the end of the path."""
    names: list[str] = []
    base: syntax.Node = node
    while isinstance(base, syntax.Path):
        names.insert(0, base.name)
        base = base.base
    if isinstance(base, syntax.Name) and compiler.scope.find(base.name) == Place((), None):
        return _outside_path(base.name, names)
    code = compiler.compile(base)
    if len(names) == 1:
        name = names[0]
        return lambda frame: member(code(frame), name, frame.run.budget)

    def run(frame: AnyFrame) -> Value:
        value, budget = code(frame), frame.run.budget
        for name in names:
            value = member(value, name, budget)
        return value

    return run


def live_partial(compiler: Compiler, node: syntax.Node) -> Code | None:
    """Give the code that reads `partial` without copying it, for constructs that do not keep it."""
    if isinstance(node, syntax.Name) and node.name == "partial":
        place = compiler.scope.find("partial")
        if place.local and not place.items:
            return _local(place.local)
    return None


def _local(place: tuple[int, int]) -> Code:
    depth, index = place
    if depth == 0:
        return lambda frame: frame.values[index]  # type: ignore[union-attr]
    if depth == 1:
        return lambda frame: frame.parent.values[index]  # type: ignore[union-attr]
    return lambda frame: frame_at(frame, depth)[index]


def _variable(name: str) -> Code:
    builtin = LIBRARY.get(name)

    def run(frame: AnyFrame) -> Value:
        value = frame.run.context.get(name, MISSING)
        if type(value) in SCALARS:
            return value
        if value is not MISSING:
            return normalise(value)
        budget = frame.run.budget
        if builtin is not None and builtin.known_to(budget):
            return builtin
        return budget.null("there is no variable '{}'", name)

    return run


def _outside_path(base: str, names: list[str]) -> Code:
    def run(frame: AnyFrame) -> Value:
        run = frame.run
        value = run.context.get(base, MISSING)
        if value is MISSING:
            return run.budget.null("there is no variable '{}'", base)
        for name in names:
            inside = type(value) is dict and name in value
            value = value[name] if inside else member(normalise(value), name, run.budget)
        return value if type(value) in SCALARS else normalise(value)

    return run


def _of_items(place: Place, name: str, otherwise: Code) -> Code:
    """Inside a filter the entries of the item come first, then `item`, then what is outside (DMN 1.5, table 68)."""
    depths = place.items

    def run(frame: AnyFrame) -> Value:
        for depth in depths:
            item = frame_at(frame, depth)[0]
            if type(item) is dict and name in item:
                return item[name]
            if name == "item":
                return item
        return otherwise(frame)

    return run


def _snapshot(code: Code) -> Code:
    """`partial` grows while the loop runs; whoever keeps it gets it as it is now."""

    def run(frame: AnyFrame) -> Value:
        value = code(frame)
        return frame.run.budget.items(list(value)) if type(value) is list else value

    return run
