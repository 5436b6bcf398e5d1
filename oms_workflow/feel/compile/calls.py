"""Calls of functions, by position and by name (DMN 1.5, table 63)."""

from __future__ import annotations

from oms_workflow.feel import syntax
from oms_workflow.feel.builtins.library import LIBRARY, REFUSED
from oms_workflow.feel.builtins.signature import Builtin
from oms_workflow.feel.compile.compiler import Compiler
from oms_workflow.feel.scope import AnyFrame, Code
from oms_workflow.feel.values import FeelFunction, Value, kind_of


def compile_call(compiler: Compiler, node: syntax.Call) -> Code:
    """A function of the library unless the scope has one of that name."""
    arguments = tuple(compiler.compile(argument) for argument in node.arguments)
    names = node.names
    if names is not None and len(set(names)) < len(names):
        raise compiler.error("Expected each parameter once, found one twice.", node.position)
    find = _finder(compiler, node.callee)

    def run(frame: AnyFrame) -> Value:
        function, budget = find(frame), frame.run.budget
        if not isinstance(function, FeelFunction):
            return None if function is None else budget.null("{} cannot be called", kind_of(function))
        values = [argument(frame) for argument in arguments]
        if names is None:
            return function.call(values, budget)
        return function.call_named(dict(zip(names, values, strict=True)), budget)

    return run


def _finder(compiler: Compiler, callee: syntax.Node) -> Code:
    if not isinstance(callee, syntax.Name):
        return compiler.compile(callee)
    name, place = callee.name, compiler.scope.find(callee.name)
    if place.local or place.items:
        return _preferring_functions(compiler.compile(callee), name)
    if name in REFUSED:
        raise compiler.error(f"{name}() is refused: {REFUSED[name]}", callee.position)
    return _from_outside(name, LIBRARY.get(name))


def _from_outside(name: str, builtin: Builtin | None) -> Code:
    """Only functions hide functions of the library: data often has names such as `date` and `count`."""

    def find(frame: AnyFrame) -> Value:
        found = frame.run.context.get(name)
        if isinstance(found, FeelFunction):
            return found
        budget = frame.run.budget
        if builtin is not None and builtin.known_to(budget):
            return builtin
        return budget.null("there is no function '{}'", name)

    return find


def _preferring_functions(code: Code, name: str) -> Code:
    builtin = LIBRARY.get(name)

    def find(frame: AnyFrame) -> Value:
        found = code(frame)
        hidden = builtin is None or isinstance(found, FeelFunction) or not builtin.known_to(frame.run.budget)
        return found if hidden else builtin

    return find
