"""Going through all boxed expressions of a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from oms_workflow.dmn.expressions import Binding, Boxed, ContextEntry, InputClause, OutputClause, Rule, Variable
from oms_workflow.dmn.model import DecisionModel

LEAVES = (Variable, InputClause, OutputClause, Rule)
HOLDERS = (ContextEntry, Binding)


def expressions_in(model: DecisionModel) -> Iterator[Boxed]:
    """Give every boxed expression, outer ones first."""
    logic: list[Boxed | None] = [decision.logic for decision in model.decisions]
    logic += [knowledge.logic for knowledge in model.knowledge]
    for expression in logic:
        if expression is not None:
            yield from below(expression)


def below(expression: Boxed) -> Iterator[Boxed]:
    """Give an expression and all inside it, outer ones first."""
    waiting: list[Boxed] = [expression]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += reversed(list(parts_of(one)))


def parts_of(expression: Boxed) -> Iterator[Boxed]:
    """Give the expressions directly inside one."""
    for field in fields(expression):
        yield from _inside(getattr(expression, field.name))


def _inside(part: object) -> Iterator[Boxed]:
    if isinstance(part, tuple):
        for item in part:
            yield from _inside(item)
    elif isinstance(part, HOLDERS):
        yield part.value
    elif is_dataclass(part) and not isinstance(part, LEAVES):
        yield part  # type: ignore[misc]
