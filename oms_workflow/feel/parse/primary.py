"""The grammar of values: literals, names, lists, ranges, contexts, functions, and what may follow one of them."""

from __future__ import annotations

from collections.abc import Callable

from oms_workflow.feel import numbers
from oms_workflow.feel.iso8601 import read_temporal
from oms_workflow.feel.lexer import HINTS
from oms_workflow.feel.names import KEYWORDS, SIGNS
from oms_workflow.feel.parse.cursor import Cursor
from oms_workflow.feel.parse.types import parse_type
from oms_workflow.feel.syntax import (
    Call,
    ContextLiteral,
    Filter,
    FunctionLiteral,
    InstanceOf,
    ListLiteral,
    Literal,
    Name,
    Node,
    Parameter,
    Path,
    RangeLiteral,
)

CONSTANTS = {"null": None, "true": True, "false": False}
STARTS = frozenset({"(", "[", "{", "@", "-", "<", "<=", ">", ">="})
"""Symbols an expression can begin with."""
STARTING_KEYWORDS = frozenset({"for", "if", "some", "every", "function", "null", "true", "false"})


def parse_value(cursor: Cursor) -> Node:
    """Read a value with everything that binds to it tightest: paths, filters, calls, `instance of`."""
    return parse_suffixes(cursor, _parse_primary(cursor))


def parse_suffixes(cursor: Cursor, node: Node) -> Node:
    """Read `.name`, `(arguments)` and `[condition]` behind a value, then `instance of`."""
    node = _parse_access(cursor, node)
    while cursor.at("instance") and cursor.following.text == "of":
        cursor.index += 2
        node = InstanceOf(node, parse_type(cursor))
    return node


def _parse_access(cursor: Cursor, node: Node) -> Node:
    while True:
        if cursor.at("."):
            cursor.advance()
            node = Path(node, _member(cursor))
        elif cursor.at("("):
            node = _parse_call(cursor, node)
        elif cursor.at("[") and not (cursor.range_end and not _can_start(cursor)):
            cursor.advance()
            condition = cursor.inner()
            cursor.expect("]", "to end the filter")
            node = Filter(node, condition)
        else:
            return node


def parse_range_end(cursor: Cursor, start: Node, *, included: bool) -> Node:
    """Read the rest of a range from `..` on."""
    cursor.expect("..")
    outer, cursor.range_end = cursor.range_end, True
    end = cursor.expression()
    cursor.range_end = outer
    if not cursor.at("]", ")", "["):
        raise cursor.error("']' or ')' to end the range")
    return RangeLiteral(start, included, end, cursor.advance().text == "]")


def _parse_primary(cursor: Cursor) -> Node:
    token = cursor.token
    if token.kind == "string":
        return Literal(cursor.advance().value)
    if token.kind == "number":
        return parse_number(cursor, "")
    if token.kind == "word":
        return _parse_word(cursor)
    rule = BRACKETS.get(token.text)
    if rule is None:
        raise cursor.error("a value", HINTS.get(token.text, ""))
    return rule(cursor)


def parse_number(cursor: Cursor, sign: str) -> Node:
    """Read a number; `sign` is the minus before it."""
    number = numbers.parse_number(sign + cursor.advance().text)
    return Literal(number, "" if number is not None else "a number is larger than FEEL numbers go")


def _parse_word(cursor: Cursor) -> Node:
    token = cursor.token
    special = cursor.names.longest(cursor.tokens, cursor.index)
    if special is None and token.text in CONSTANTS:
        cursor.advance()
        return Literal(CONSTANTS[token.text])
    if token.text == "function" and cursor.following.text == "(":
        return _parse_function(cursor)
    if token.text in KEYWORDS:
        raise cursor.error("a value")
    name = cursor.name()
    if name.startswith("not "):
        cursor.index = cursor.tokens.index(token) + 1
        raise cursor.error("'(' after 'not'", "Write 'not( ... )'.")
    return Name(name, token.start)


def _parse_group(cursor: Cursor) -> Node:
    cursor.expect("(")
    node = cursor.inner()
    if cursor.at(".."):
        return parse_range_end(cursor, node, included=False)
    cursor.expect(")", "to close the bracket")
    return node


def _parse_list(cursor: Cursor) -> Node:
    opening = cursor.advance().text
    if opening == "[" and cursor.take("]"):
        return ListLiteral(())
    first = cursor.inner()
    if opening == "]" or cursor.at(".."):
        return parse_range_end(cursor, first, included=opening == "[")
    items = [first]
    while cursor.take(","):
        items.append(cursor.inner())
    cursor.expect("]", "to end the list")
    return ListLiteral(tuple(items))


def _parse_context(cursor: Cursor) -> Node:
    cursor.expect("{")
    entries: list[tuple[str, Node]] = []
    with cursor.scope() as names:
        while not cursor.at("}") or entries:
            key = cursor.advance().value if cursor.token.kind == "string" else cursor.new_name(":")
            cursor.expect(":", "after the key")
            entries.append((key, cursor.inner()))
            names.add(key)
            if not cursor.take(","):
                break
    cursor.expect("}", "to end the context")
    return ContextLiteral(tuple(entries))


def _parse_at_literal(cursor: Cursor) -> Node:
    cursor.expect("@")
    if cursor.token.kind != "string":
        raise cursor.error('a date, time or duration in quotes, as in @"2026-01-31"')
    value = read_temporal(cursor.advance().value)
    return Literal(value, "" if value is not None else "an @-literal is no date, time or duration")


def _parse_function(cursor: Cursor) -> Node:
    first = cursor.index
    start = cursor.advance().start
    cursor.expect("(")
    parameters: list[Parameter] = []
    with cursor.scope() as names:
        while not cursor.at(")") or parameters:
            name = cursor.new_name(",", ":", ")")
            parameters.append(Parameter(name, parse_type(cursor) if cursor.take(":") else None))
            names.add(name)
            if not cursor.take(","):
                break
        closing = cursor.expect(")", "after the parameters")
        external = cursor.take("external")
        body = cursor.expression()
    source = " ".join(token.text for token in cursor.tokens[first : cursor.index])
    return FunctionLiteral(tuple(parameters), body, external, cursor.text[start : closing.end], source)


def _parse_call(cursor: Cursor, callee: Node) -> Node:
    position = cursor.expect("(").start
    arguments: list[Node] = []
    names: list[str] = []
    by_name = _is_named(cursor)
    while not cursor.at(")") or arguments:
        if by_name:
            names.append(cursor.new_name(":"))
            cursor.expect(":")
        arguments.append(cursor.inner())
        if not cursor.take(","):
            break
    cursor.expect(")", "to end the call")
    return Call(callee, tuple(arguments), tuple(names) if by_name else None, position)


def _is_named(cursor: Cursor) -> bool:
    """Look ahead whether the arguments come by name."""
    if cursor.token.kind != "word":
        return False
    index = cursor.index
    while cursor.tokens[index].kind in ("word", "number") or cursor.tokens[index].text in SIGNS:
        index += 1
    return cursor.tokens[index].text == ":" and cursor.tokens[index].kind == "symbol"


def _member(cursor: Cursor) -> str:
    """The name behind a dot; a keyword can be nothing else there (`order.return`)."""
    if cursor.token.text in KEYWORDS and cursor.names.longest(cursor.tokens, cursor.index) is None:
        return cursor.advance().text
    return cursor.name()


def _can_start(cursor: Cursor) -> bool:
    """Say whether an expression can begin behind the next token."""
    token = cursor.following
    if token.kind == "word":
        return token.text not in KEYWORDS or token.text in STARTING_KEYWORDS
    return token.kind in ("number", "string") or token.text in STARTS


BRACKETS: dict[str, Callable[[Cursor], Node]] = {
    "(": _parse_group,
    "[": _parse_list,
    "]": _parse_list,
    "{": _parse_context,
    "@": _parse_at_literal,
}
"""Symbols that begin a value, and the rules for what follows."""
