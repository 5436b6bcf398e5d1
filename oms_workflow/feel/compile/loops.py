"""`for`, `some` and `every` (DMN 1.5, 10.3.2.14 and table 49)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack

from oms_workflow.feel import syntax
from oms_workflow.feel.compile.compiler import Compiler
from oms_workflow.feel.iteration import counted, items_of
from oms_workflow.feel.limits import MAX_ITEMS, MAX_ITERATORS, STEPS_AN_ITEM
from oms_workflow.feel.scope import AnyFrame, Body, Code, Frame
from oms_workflow.feel.values import Value, kind_of

Domain = tuple[Code, Code | None]


class NoDomain(Exception):
    """There is nothing to go through: null, or a range that cannot be counted."""


def compile_loop(compiler: Compiler, node: syntax.Loop) -> Code:
    """The list of what the body gives for each item."""
    domains, body = _compile_parts(compiler, node.iterators, node.body, ["partial"])

    def run(frame: AnyFrame) -> Value:
        results: list[Value] = []
        budget = frame.run.budget
        try:
            for inner in _frames(domains, frame, [results]):
                budget.spend(body.weight)
                results.append(body.code(inner))
                if len(results) > MAX_ITEMS:
                    budget.room(len(results))
        except NoDomain:
            return None
        return results

    return run


def compile_quantified(compiler: Compiler, node: syntax.Quantified) -> Code:
    """Whether some or every item satisfies a condition, in three-valued logic."""
    domains, body = _compile_parts(compiler, node.iterators, node.condition, [])
    decisive = node.kind == "some"

    def run(frame: AnyFrame) -> Value:
        answer: bool | None = not decisive
        budget = frame.run.budget
        try:
            for inner in _frames(domains, frame, []):
                budget.spend(body.weight)
                found = body.code(inner)
                if found is decisive:
                    return decisive
                if type(found) is not bool:
                    answer = budget.null("'satisfies' expects a condition, found {}", kind_of(found))
        except NoDomain:
            return None
        return answer

    return run


def _compile_parts(
    compiler: Compiler, iterators: tuple[syntax.Iterator, ...], body: syntax.Node, more: list[str]
) -> tuple[tuple[Domain, ...], Body]:
    """Each domain sees the variables of those before it; the body sees all, and the names in `more`."""
    if len(iterators) > MAX_ITERATORS:
        raise compiler.error(f"Expected at most {MAX_ITERATORS} lists in one loop, found {len(iterators)}.", 0)
    domains: list[Domain] = []
    with ExitStack() as scopes:
        for iterator in iterators:
            end = compiler.compile(iterator.end) if iterator.end is not None else None
            domains.append((compiler.compile(iterator.domain), end))
            if iterator is not iterators[-1]:
                scopes.enter_context(compiler.frame([iterator.name]))
        return tuple(domains), compiler.body(body, [iterators[-1].name, *more])


def _frames(domains: tuple[Domain, ...], frame: AnyFrame, more: list[Value]) -> Iterator[Frame]:
    """One frame for each combination of items, the last list turning fastest."""
    budget = frame.run.budget
    for item in _items(domains[0], frame):
        budget.spend(STEPS_AN_ITEM)
        if len(domains) == 1:
            yield Frame([item, *more], frame)
        else:
            yield from _frames(domains[1:], Frame([item], frame), more)


def _items(domain: Domain, frame: AnyFrame) -> Iterable[Value]:
    code, end = domain
    value, budget = code(frame), frame.run.budget
    items = items_of(value, budget) if end is None else counted(value, end(frame), budget)
    if items is None:
        raise NoDomain
    return items
