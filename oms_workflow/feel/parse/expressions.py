"""The grammar of expressions, by precedence (DMN 1.5, 10.3.1.2, rules 2 and 4), and the doors into the parser."""

from __future__ import annotations

from collections.abc import Iterable

from oms_workflow.feel.lexer import HINTS
from oms_workflow.feel.names import NameTable
from oms_workflow.feel.parse.cursor import Cursor
from oms_workflow.feel.parse.primary import parse_number, parse_range_end, parse_suffixes, parse_value
from oms_workflow.feel.syntax import (
    Arithmetic,
    Between,
    Comparison,
    Conditional,
    Conjunction,
    Disjunction,
    Iterator,
    Loop,
    Membership,
    Negation,
    Node,
    Quantified,
    UnaryTest,
    UnaryTests,
)
from oms_workflow.feel.tree import check_depth

CONTINUING = (".", "[", "(", "+", "-", "*", "/", "**")
"""Symbols that go on with a value behind a closing bracket."""
KEYWORD_NAMES = ("date and time", "get or else", "years and months duration", "days and time duration")
"""Names of built-in functions that hold a keyword."""

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
DISJUNCTION, CONJUNCTION, COMPARISON, ADDITION, MULTIPLICATION, POWER = range(1, 7)
LEVELS = {
    "or": DISJUNCTION,
    "and": CONJUNCTION,
    "between": COMPARISON,
    "in": COMPARISON,
    **dict.fromkeys(COMPARISONS, COMPARISON),
    "+": ADDITION,
    "-": ADDITION,
    "*": MULTIPLICATION,
    "/": MULTIPLICATION,
    "**": POWER,
}


def parse_expression(text: str, names: Iterable[str] = ()) -> Node:
    """Give the tree of an expression.

    Args:
        names: Special names in scope, see `names`; plain ones may be left out.

    Raises:
        FeelSyntaxError: When the text is no FEEL; FeelTooComplex when it is too long or too deep.
    """
    cursor = _cursor(text, names)
    node = cursor.expression()
    if cursor.token.kind != "end":
        raise cursor.error("an operator or the end", HINTS.get(cursor.token.text, ""))
    check_depth(node, text)
    return node


def parse_unary_tests(text: str, names: Iterable[str] = ()) -> UnaryTests:
    """Give the tests in a cell of a decision table (rule 15); an empty cell is as good as `-`.

    Raises:
        FeelSyntaxError: When the text is no FEEL; FeelTooComplex when it is too long or too deep.
    """
    cursor = _cursor(text, names)
    if cursor.token.kind == "end" or (cursor.at("-") and cursor.following.kind == "end"):
        return UnaryTests((), False)
    negated = _is_negated(cursor)
    cursor.index += 2 * negated
    tests = _parse_tests(cursor)
    if negated:
        cursor.expect(")", "to end 'not('")
    if cursor.token.kind != "end":
        raise cursor.error("',', an operator or the end", HINTS.get(cursor.token.text, ""))
    for test in tests:
        check_depth(test, text)
    return UnaryTests(tests, negated)


def _cursor(text: str, names: Iterable[str]) -> Cursor:
    cursor = Cursor(text, NameTable(names), lambda cursor: _climb(cursor, DISJUNCTION))
    for name in KEYWORD_NAMES:  # known only where they are called: `date and time` may be two conditions
        words = name.split()
        if words[1] not in text:
            continue
        spots = range(len(cursor.tokens) - len(words))
        if any([t.text for t in cursor.tokens[i : i + len(words) + 1]] == [*words, "("] for i in spots):
            cursor.names.add(name)
    return cursor


def _climb(cursor: Cursor, level: int) -> Node:
    """Read operands and operators of this level and of those that bind tighter."""
    return _go_on(cursor, _parse_operand(cursor), level)


def _go_on(cursor: Cursor, node: Node, level: int) -> Node:
    while True:
        token = cursor.token
        found = LEVELS.get(token.text, 0) if token.kind in ("symbol", "word") else 0
        if not found or found < level:
            return node
        node = _parse_operator(cursor, node, found)


def _parse_operator(cursor: Cursor, left: Node, level: int) -> Node:
    if level in (DISJUNCTION, CONJUNCTION):
        word = cursor.token.text
        operands = [left]
        while cursor.take(word):
            operands.append(_climb(cursor, level + 1))
        return (Disjunction if level == DISJUNCTION else Conjunction)(tuple(operands))
    if level == COMPARISON:
        return _parse_comparison(cursor, left)
    rest = []
    while cursor.token.kind == "symbol" and LEVELS.get(cursor.token.text) == level:
        operator = cursor.advance().text
        rest.append((operator, _climb(cursor, level + 1)))
    return Arithmetic(left, tuple(rest))


def _parse_comparison(cursor: Cursor, left: Node) -> Node:
    operator = cursor.advance().text
    if operator == "between":
        low = _climb(cursor, ADDITION)
        cursor.expect("and", "between the two ends")
        return Between(left, low, _climb(cursor, ADDITION))
    if operator == "in":
        return Membership(left, _parse_membership(cursor))
    if cursor.at(*COMPARISONS):
        hint = "'is equal to' is a single '='." if operator == "=" else "'is not equal to' is '!='."
        raise cursor.error(f"a value after '{operator}'", hint)
    return Comparison(operator, left, _climb(cursor, ADDITION))


def _parse_membership(cursor: Cursor) -> tuple[Node, ...]:
    """One test, or several in brackets; a bracket may also open a range."""
    if not cursor.at("("):
        return (_climb(cursor, ADDITION),)
    cursor.advance()
    tests = _parse_tests(cursor)
    if len(tests) == 1 and cursor.at(".."):
        return (parse_range_end(cursor, tests[0], included=False),)
    cursor.expect(")", "to end the list of tests")
    if len(tests) == 1 and cursor.at(*CONTINUING):  # `x in (list).codes`: the bracket only begins the one test
        return (_go_on(cursor, parse_suffixes(cursor, tests[0]), ADDITION),)
    return tests


def _parse_tests(cursor: Cursor) -> tuple[Node, ...]:
    tests = [cursor.inner()]
    while cursor.take(","):
        tests.append(cursor.inner())
    return tuple(tests)


def _parse_operand(cursor: Cursor) -> Node:
    if cursor.at("-"):
        return _parse_negation(cursor)
    if cursor.at(*COMPARISONS):
        return UnaryTest(cursor.advance().text, _climb(cursor, ADDITION))
    special = cursor.names.longest(cursor.tokens, cursor.index)
    if special is None and cursor.token.kind == "word":
        if cursor.at("if"):
            return _parse_conditional(cursor)
        if cursor.at("for"):
            return _parse_loop(cursor)
        if cursor.at("some", "every"):
            return _parse_quantified(cursor)
    return parse_value(cursor)


def _parse_negation(cursor: Cursor) -> Node:
    signs = 0
    while cursor.take("-"):
        signs += 1
    if cursor.token.kind == "number":  # rule 35: the sign is part of the literal
        node = parse_suffixes(cursor, parse_number(cursor, "-"))
        signs -= 1
    else:
        node = _parse_operand(cursor)
    for _ in range(signs % 2 or 2 * bool(signs)):  # two signs stand for any even number of them
        node = Negation(node)
    return node


def _parse_conditional(cursor: Cursor) -> Node:
    branches = []
    while True:
        cursor.expect("if")
        condition = cursor.expression()
        cursor.expect("then", "after the condition")
        branches.append((condition, cursor.expression()))
        cursor.expect("else", "and what holds otherwise")
        if not cursor.at("if"):
            return Conditional(tuple(branches), cursor.expression())


def _parse_loop(cursor: Cursor) -> Node:
    cursor.expect("for")
    with cursor.scope():
        iterators = _parse_iterators(cursor)
        cursor.expect("return", "after the lists to go through")
        return Loop(iterators, cursor.expression())


def _parse_quantified(cursor: Cursor) -> Node:
    kind = cursor.advance().text
    with cursor.scope():
        iterators = _parse_iterators(cursor)
        cursor.expect("satisfies", "after the lists to go through")
        return Quantified("some" if kind == "some" else "every", iterators, cursor.expression())


def _parse_iterators(cursor: Cursor) -> tuple[Iterator, ...]:
    iterators = []
    while True:
        name = cursor.new_name("in")
        cursor.expect("in")
        domain = cursor.expression()
        end = cursor.expression() if cursor.take("..") else None
        iterators.append(Iterator(name, domain, end))
        cursor.names.add(name)
        if not cursor.take(","):
            return tuple(iterators)


def _is_negated(cursor: Cursor) -> bool:
    """Say whether the whole text is `not( ... )`."""
    if not cursor.at("not") or cursor.following.text != "(":
        return False
    depth = 0
    for index, token in enumerate(cursor.tokens):
        if token.kind != "symbol":
            continue
        depth += (token.text == "(") - (token.text == ")")
        if token.text == ")" and depth == 0:
            return cursor.tokens[index + 1].kind == "end"
    return False
