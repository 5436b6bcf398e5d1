"""Three-valued logic and arithmetic, by their laws."""

from __future__ import annotations

from decimal import Decimal, getcontext, localcontext

from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.feel import compile_expression, evaluate
from oms_workflow.feel.numbers import CONTEXT
from tests.feel.strategies import numbers, truths, values


def feel(text: str, **context: object) -> object:
    """The value of an expression."""
    return compile_expression(text).evaluate(context)


@given(truths, truths, truths)
def test_and_or_not_obey_the_laws_of_three_valued_logic(a: object, b: object, c: object) -> None:
    """DMN 1.5, tables 50 and 51; analysts rearrange conditions and expect the same answer."""
    assert feel("a and b", a=a, b=b) is feel("b and a", a=a, b=b)
    assert feel("not(a and b)", a=a, b=b) is feel("not(a) or not(b)", a=a, b=b)
    assert feel("a and (b or c)", a=a, b=b, c=c) is feel("(a and b) or (a and c)", a=a, b=b, c=c)
    assert feel("a and b and c", a=a, b=b, c=c) is feel("a and (b and c)", a=a, b=b, c=c)
    assert feel("not(not(a))", a=a) is a


@given(values)
@settings(max_examples=100)
def test_what_is_neither_true_nor_false_counts_as_null(value: object) -> None:
    """`order and true` must not depend on what the order happens to hold."""
    if isinstance(value, bool):
        return
    assert feel("v and true", v=value) is None
    assert feel("v and false", v=value) is False
    assert feel("v or true", v=value) is True


@given(values, values)
@settings(max_examples=150)
def test_equality_is_symmetric_and_every_value_equals_itself(a: object, b: object) -> None:
    """Rules compare in either direction."""
    assert feel("a = a", a=a) is True
    assert feel("a = b", a=a, b=b) is feel("b = a", a=a, b=b)
    assert feel("a != b", a=a, b=b) is feel("not(a = b)", a=a, b=b)


@given(numbers, numbers)
@settings(max_examples=200)
def test_arithmetic_is_that_of_decimal_with_34_digits(a: Decimal, b: Decimal) -> None:
    """IEEE 754-2008 decimal128; where it overflows FEEL says null."""
    for sign, operation in (
        ("+", CONTEXT.add),
        ("-", CONTEXT.subtract),
        ("*", CONTEXT.multiply),
        ("/", CONTEXT.divide),
    ):
        try:
            wanted: Decimal | None = operation(a, b)
        except ArithmeticError:
            wanted = None
        assert feel(f"a {sign} b", a=a, b=b) == wanted


@given(numbers, numbers)
@settings(max_examples=100)
def test_numbers_are_ordered_in_one_way_only(a: Decimal, b: Decimal) -> None:
    """Exactly one of less, equal and greater holds."""
    assert [feel(f"a {sign} b", a=a, b=b) for sign in ("<", "=", ">")].count(True) == 1


@given(st.integers(1, 60))
@settings(max_examples=10)
def test_the_decimal_context_of_the_thread_changes_nothing(digits: int) -> None:
    """A library that sets its own precision must not change what an order costs."""
    expression = "string([1/3, abs(-1/7), 2 ** 0.5, second, decimal(1/3, 20), -0.1234567890123456789])"
    wanted = evaluate(expression, {"second": 1})
    with localcontext() as context:
        context.prec = digits
        assert evaluate(expression, {"second": 1}) == wanted
    assert getcontext().prec == 28


def test_a_bracket_behind_in_may_begin_a_longer_value() -> None:
    """`x in (order).codes` asks the codes, as `x in order.codes` does."""
    order = {"codes": ["A", "B"]}

    assert feel('"B" in (order).codes', order=order) is True
    assert feel("3 in (1) + 2") is True
    assert feel("1 in (1) and 2 in (1, 2)") is True
    assert feel("1 in " + "(1 in " * 50 + "(1)" + ").a" * 50) is False
