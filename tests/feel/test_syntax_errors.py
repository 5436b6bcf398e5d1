"""What an analyst reads when an expression is not FEEL: what was expected, what was found, where, and what to do."""

from __future__ import annotations

import pytest

from oms_workflow.feel import FeelSyntaxError, compile_expression, compile_unary_tests, evaluate

MESSAGES = [
    ("1 +", 1, 4, "Expected a value, found the end."),
    ("total >\n  and x", 2, 3, "Expected a value, found keyword 'and'."),
    ("a == b", 1, 4, "Expected a value after '=', found '='. 'is equal to' is a single '='."),
    ("a <> b", 1, 4, "Expected a value after '<', found '>'. 'is not equal to' is '!='."),
    ('"abc', 1, 1, 'Expected a closing quote ("), found the end of the line.'),
    ("'DE'", 1, 1, "Expected a value, found '''. Text stands in double quotes, as in \"DE\"."),
    ("a | b", 1, 3, "Expected a value, name or operator, found '|'. Write 'or'."),
    ("if a then b", 1, 12, "Expected 'else' and what holds otherwise, found the end."),
    ("not x", 1, 5, "Expected '(' after 'not', found 'x'. Write 'not( ... )'."),
    ("[1, 2", 1, 6, "Expected ']' to end the list, found the end."),
    ("f(1, 2", 1, 7, "Expected ')' to end the call, found the end."),
    ("{a: 1", 1, 6, "Expected '}' to end the context, found the end."),
    ("a b) c", 1, 4, "Expected an operator or the end, found ')'."),
    ("/* open", 1, 1, "Expected '*/' to close the comment, found the end."),
    ("x instance of 5", 1, 15, "Expected a type such as number, string or list<number>, found '5'."),
    ("@5", 1, 2, 'Expected a date, time or duration in quotes, as in @"2026-01-31", found \'5\'.'),
    ("x.", 1, 3, "Expected a name, found the end."),
    ("for x in y", 1, 11, "Expected 'return' after the lists to go through, found the end."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "message"), MESSAGES)
def test_the_message_alone_is_enough_to_mend_the_expression(text: str, line: int, column: int, message: str) -> None:
    """Expected first, then found, then the hint."""
    with pytest.raises(FeelSyntaxError) as raised:
        compile_expression(text)

    assert (raised.value.message, raised.value.line, raised.value.column) == (message, line, column)


def test_a_cell_of_a_table_is_told_apart_from_an_expression() -> None:
    """A comma separates tests in a cell and is an error in an expression."""
    assert compile_unary_tests('"DE", "FR"').matches("FR", {}) is True
    with pytest.raises(FeelSyntaxError, match="found ','"):
        compile_expression('"DE", "FR"')


@pytest.mark.parametrize("name", ["uuid()", "random number()", 'fromAi("x")'])
def test_functions_that_cannot_be_replayed_are_refused_with_the_reason(name: str) -> None:
    """Camunda has them; in a durable process they would give another answer on each replay."""
    with pytest.raises(FeelSyntaxError, match="is refused"):
        compile_expression(name)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ('{java: {class: "java.lang.Math", method signature: "cos(double)"}}', 'java "java.lang.Math" "cos(double)"'),
        ('{pmml: {document: "risk.pmml", model: "score"}}', 'pmml "risk.pmml" "score"'),
        ("body", "code of another language"),
    ],
)
def test_functions_of_other_languages_are_refused_by_name(body: str, named: str) -> None:
    """Nobody could replay what they gave; the analyst must see which one is meant."""
    with pytest.raises(FeelSyntaxError) as raised:
        compile_expression(f"{{\n  cos: function(x) external {body}\n}}")

    assert (raised.value.line, raised.value.column) == (2, 8)
    assert f"function(x) external is refused: {named} cannot run here" in raised.value.message


def test_a_name_with_an_apostrophe_is_feel_where_it_is_known() -> None:
    """DMN 1.5, 10.3.1.5: only the scope tells that it is a name."""
    with pytest.raises(FeelSyntaxError):
        evaluate("Person's age + 1", {})

    assert evaluate("Person's age + 1", {"Person's age": 41}) == 42
