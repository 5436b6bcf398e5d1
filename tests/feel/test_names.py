"""Which words make one name (DMN 1.5, 10.3.1.4 and .5)."""

from __future__ import annotations

import pytest

from oms_workflow.feel import compile_expression, compile_unary_tests, evaluate


@pytest.mark.parametrize(
    ("text", "context", "wanted"),
    [
        ("Monthly Salary * 12", {"Monthly Salary": 2}, 24),
        ("Monthly   Salary", {"Monthly Salary": 2}, 2),
        ("a-b", {"a-b": 1, "a": 5, "b": 2}, 1),
        ("a - b", {"a-b": 1, "a": 5, "b": 2}, 1),
        ("(a)-(b)", {"a-b": 1, "a": 5, "b": 2}, 3),
        ("a-b", {"a": 5, "b": 2}, 3),
        ("Profit and loss + 1", {"Profit and loss": 2}, 3),
        ("orders in transit", {"orders in transit": 4}, 4),
        ("what if?", {"what if?": 7}, 7),
        ("Item 2 price", {"Item 2 price": 3}, 3),
        ("line.unit price", {"line": {"unit price": 9}}, 9),
        ("order.return.reason", {"order": {"return": {"reason": "x"}}}, "x"),
        ("订单.金额 + 1", {"订单": {"金额": 1}}, 2),
        ("\U0001f40e", {"\U0001f40e": 1}, 1),
        ("date and time(d).year", {"d": "2026-01-31T00:00:00"}, 2026),
        ("date and time", {"date": True, "time": False}, False),
        ("count + 1", {"count": 4}, 5),
        ("count([1,2])", {"count": 4}, 2),
        ("{a-b: 1, c: a-b + 1}.c", {}, 2),
        ("for loan-item in [1,2] return loan-item * 2", {}, [2, 4]),
        ("(function(a+b) a+b)(3)", {"a": 1, "b": 1}, 3),
        ("[{item: 1}, {item: 2}][item > 1].item", {}, [2]),
        ("[{a: 1}, {a: 2}][a = b]", {"b": 2, "a": 9}, [{"a": 2}]),
        ("instance of x", {"instance of x": 1}, 1),
    ],
)
def test_the_longest_name_in_scope_wins(text: str, context: dict[str, object], wanted: object) -> None:
    """People name things as they speak; FEEL must find the name they meant."""
    assert evaluate(text, context) == wanted


def test_an_expression_compiled_once_reads_each_context_by_its_own_names() -> None:
    """The engine compiles once for all orders; one order with `a-b` must not change the meaning for another."""
    compiled = compile_expression("a-b")

    assert [compiled.evaluate(context) for context in ({"a": 3, "b": 1}, {"a-b": 7}, {"a": 3, "b": 1})] == [2, 7, 2]


def test_names_inside_data_can_be_declared() -> None:
    """`order.ship-to` is a name only if someone says so, as the types of a decision model do."""
    compiled = compile_expression("order.ship-to", names=["ship-to"])

    assert compiled.evaluate({"order": {"ship-to": "SH"}}) == "SH"


def test_the_free_names_are_those_read_from_outside() -> None:
    """The linter compares them with the variables there are."""
    text = "{a: x, b: a}.b + (for i in xs return i * k) + f(function(p) p + q) + list[item.z > limit] + count(ys)"

    assert compile_expression(text).names == ("x", "xs", "k", "f", "q", "list", "limit", "ys")
    assert compile_unary_tests("> limit, ? < other").names == ("limit", "other")
