"""Plain Python and JSON values on their way into FEEL."""

from __future__ import annotations

from collections import OrderedDict
from decimal import Decimal
from enum import StrEnum

import pytest

from oms_workflow.feel import compile_expression, compile_unary_tests, evaluate, normalise


class Hold(StrEnum):
    """A text with a closed set of values, as the domain has many."""

    AUDIT = "audit"


def test_json_becomes_feel_at_any_depth() -> None:
    """Orders come as JSON: int, float, lists and objects."""
    value = {"n": 1, "f": 0.1, "l": [True, None, {"x": 2}], "t": (1, "a"), "h": Hold.AUDIT, "o": OrderedDict(a=1)}

    assert normalise(value) == {
        "n": Decimal(1),
        "f": Decimal("0.1"),
        "l": [True, None, {"x": Decimal(2)}],
        "t": [Decimal(1), "a"],
        "h": "audit",
        "o": {"a": Decimal(1)},
    }


def test_what_is_feel_already_comes_back_as_the_same_object() -> None:
    """Variables are normalised once; asking again must cost no copy of the order."""
    order = normalise({"lines": [{"sku": "A", "quantity": 1}]})

    assert normalise(order) is order


@pytest.mark.parametrize("value", [object(), {1: "a"}, {"a": {2}}, b"bytes", 1 + 2j])
def test_a_value_without_counterpart_is_refused_by_its_kind(value: object) -> None:
    """That is a defect of the program that handed it in, and must not become null."""
    with pytest.raises(TypeError, match=r"FEEL has no value for|expected text as key"):
        normalise(value)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_infinity_and_no_number_are_refused(number: float) -> None:
    """FEEL has neither (10.3.2.3.1)."""
    with pytest.raises(ValueError, match="finite"):
        normalise({"n": number})


def test_plain_values_in_a_context_are_understood_wherever_they_are_read() -> None:
    """Tests and tools hand in plain JSON; every construct must see numbers, not ints."""
    context = {"n": 2, "lines": [{"q": 1}, {"q": 2.5}], "f": 0.5}

    assert evaluate("sum(lines.q) + n * f", context) == Decimal("4.5")
    assert evaluate("lines[q > 1].q[1] instance of number", context) is True
    assert compile_expression("for l in lines return l.q + 1").evaluate(context) == [2, Decimal("3.5")]
    assert compile_unary_tests("[1..3]").matches(2, {}) is True


def test_an_answer_is_never_the_same_mutable_object_twice() -> None:
    """A caller that changes an answer must not change the next one."""
    compiled = compile_expression("{a: [1, 2]}")
    compiled.evaluate({})["a"].append("spoilt")

    assert compiled.evaluate({}) == {"a": [1, 2]}


def test_a_missing_variable_is_null_and_a_bad_one_is_refused_only_when_it_is_read() -> None:
    """One odd variable must not stop expressions that never look at it."""
    assert compile_expression("1 + 1").evaluate({"odd": object()}) == 2
    with pytest.raises(TypeError):
        compile_expression("odd").evaluate({"odd": object()})
