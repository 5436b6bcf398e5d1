"""The grammar of types (DMN 1.5, 10.3.1.2, rule 52)."""

from __future__ import annotations

from oms_workflow.feel.parse.cursor import Cursor
from oms_workflow.feel.type_syntax import ContextType, FunctionType, ListType, NamedType, RangeType, TypeNode

LONG_NAMES = (
    ("date", "and", "time"),
    ("days", "and", "time", "duration"),
    ("years", "and", "months", "duration"),
)
"""Names of types that hold a keyword."""


def parse_type(cursor: Cursor) -> TypeNode:
    """Read a type."""
    if cursor.following.text == "<" and cursor.at("list", "range", "context", "function"):
        with cursor.nested():
            return _parse_generic(cursor)
    for words in LONG_NAMES:
        found = cursor.tokens[cursor.index : cursor.index + len(words)]
        if tuple(token.text for token in found) == words:
            cursor.index += len(words)
            return NamedType(" ".join(words))
    if cursor.token.kind != "word":
        raise cursor.error("a type such as number, string or list<number>")
    names = [cursor.name()]
    while cursor.take("."):
        names.append(cursor.name())
    return NamedType(".".join(names))


def _parse_generic(cursor: Cursor) -> TypeNode:
    kind = cursor.advance().text
    cursor.expect("<")
    if kind == "context":
        return _parse_context_type(cursor)
    if kind == "function":
        return _parse_function_type(cursor)
    of = parse_type(cursor)
    cursor.expect(">", "to end the type")
    return ListType(of) if kind == "list" else RangeType(of)


def _parse_context_type(cursor: Cursor) -> TypeNode:
    entries = []
    while True:
        name = cursor.new_name(":")
        cursor.expect(":")
        entries.append((name, parse_type(cursor)))
        if not cursor.take(","):
            break
    cursor.expect(">", "to end the type")
    return ContextType(tuple(entries))


def _parse_function_type(cursor: Cursor) -> TypeNode:
    parameters = []
    if not cursor.at(">"):
        parameters.append(parse_type(cursor))
        while cursor.take(","):
            parameters.append(parse_type(cursor))
    cursor.expect(">", "to end the types of the parameters")
    cursor.expect("->", "and the type of the answer")
    return FunctionType(tuple(parameters), parse_type(cursor))
