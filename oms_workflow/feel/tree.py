"""Walks over the syntax tree: how deep it is, which names it uses, what it mentions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from oms_workflow.feel import syntax
from oms_workflow.feel.errors import FeelTooComplex
from oms_workflow.feel.limits import MAX_TREE_DEPTH
from oms_workflow.feel.syntax import (
    ContextLiteral,
    Filter,
    FunctionLiteral,
    Loop,
    Name,
    Node,
    Quantified,
)

_PARTS: dict[type, tuple[str, ...]] = {}  # filled at the first node of each kind; asking a dataclass is slow


def children(node: Node) -> Iterator[Node]:
    """Give the nodes directly below a node."""
    kind: type = type(node)
    for name in _PARTS.get(kind) or _parts(kind):
        yield from _nodes_in(getattr(node, name))


def _parts(kind: type) -> tuple[str, ...]:
    """The fields of a class of nodes that may hold nodes: all but those for text and numbers."""
    found = tuple(field.name for field in fields(kind) if field.type not in ("str", "int", "bool"))
    _PARTS[kind] = found
    return found


def check_depth(node: Node, text: str) -> None:
    """Refuse a tree that is deeper than the compiler and the evaluator go.

    Raises:
        FeelTooComplex: When it is.
    """
    layer = [node]
    for _ in range(MAX_TREE_DEPTH):
        layer = [child for one in layer for child in children(one)]
        if not layer:
            return
    raise FeelTooComplex(f"Expected at most {MAX_TREE_DEPTH} levels of nesting, found more.", 1, 1)


def mentions(node: Node, name: str) -> bool:
    """Say whether a name occurs anywhere below."""
    stack = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, Name) and one.name == name:
            return True
        stack.extend(children(one))
    return False


def free_names(node: Node) -> tuple[str, ...]:
    """Give the names an expression reads from outside, in the order of first use.

    Inside a filter every name may belong to the items; it is given all the same unless it is `item`.
    """
    found: dict[str, None] = {}
    _collect(node, frozenset(), found)
    return tuple(found)


def _collect(node: Node, bound: frozenset[str], found: dict[str, None]) -> None:
    if isinstance(node, Name):
        if node.name not in bound:
            found[node.name] = None
        return
    for part, names in _scopes(node):
        _collect(part, bound | names, found)


def _scopes(node: Node) -> Iterator[tuple[Node, frozenset[str]]]:
    """The nodes directly below, each with the names the node brings into scope for it."""
    bound: frozenset[str] = frozenset()
    if isinstance(node, ContextLiteral):
        for key, value in node.entries:
            yield value, bound
            bound |= {key}
    elif isinstance(node, FunctionLiteral):
        if not node.external:
            yield node.body, frozenset(parameter.name for parameter in node.parameters)
    elif isinstance(node, (Loop, Quantified)):
        for iterator in node.iterators:
            yield from ((part, bound) for part in (iterator.domain, iterator.end) if part is not None)
            bound |= {iterator.name}
        yield (node.body, bound | {"partial"}) if isinstance(node, Loop) else (node.condition, bound)
    elif isinstance(node, Filter):
        yield node.base, bound
        yield node.condition, frozenset({"item"})
    else:
        yield from ((child, bound) for child in children(node))


def _nodes_in(part: object) -> Iterator[Node]:
    if isinstance(part, tuple):
        for item in part:
            yield from _nodes_in(item)
    elif isinstance(part, syntax.Iterator):
        yield from (end for end in (part.domain, part.end) if end is not None)
    elif isinstance(part, Node):
        yield part
