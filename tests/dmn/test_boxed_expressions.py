"""Every boxed expression of DMN, also one inside the other."""

from __future__ import annotations

from decimal import Decimal

import pytest

from oms_workflow.dmn.evaluate import decide
from oms_workflow.feel import to_plain
from tests.dmn.drawing import ask, decision, literal, read, table


def entry(name: str, value: str, type_name: str = "") -> str:
    """An entry of a boxed context."""
    typed = f' typeRef="{type_name}"' if type_name else ""
    return f'<contextEntry><variable name="{name}"{typed}/>{value}</contextEntry>'


def one(element: str, body: str, attributes: str = "") -> str:
    """An element around a body."""
    return f"<{element} {attributes}>{body}</{element}>"


def result(value: str) -> str:
    """The result box of a boxed context."""
    return one("contextEntry", value)


def loop(kind: str, source: str, body: str) -> str:
    """A boxed iteration over `i`."""
    inner = one("in", literal(source)) + one("return" if kind == "for" else "satisfies", literal(body))
    return one(kind, inner, 'iteratorVariable="i"')


IF = "".join(one(part, literal(text)) for part, text in (("if", "{}"), ("then", "1"), ("else", "2")))
COLUMNS = '<column name="sku"/><column name="qty" typeRef="number"/>'
ROWS = one("row", literal('"A"') + literal("1")) + one("row", literal('"B"') + literal("x"))
FUNCTION = one("functionDefinition", '<formalParameter name="a" typeRef="number"/>' + literal("a * x"))
ABS = literal("abs") + one("binding", '<parameter name="n"/>' + literal("-x"))


@pytest.mark.parametrize(
    ("logic", "wanted"),
    [
        (one("context", entry("a", literal("1")) + entry("b", literal("a + 1"))), {"a": 1, "b": 2}),
        (one("context", entry("a", literal("1")) + result(literal("a + 5"))), 6),
        (one("list", literal("1") + literal("x")), [1, 3]),
        (one("relation", COLUMNS + ROWS), [{"sku": "A", "qty": 1}, {"sku": "B", "qty": 3}]),
        (one("conditional", IF.format("x = 3", "")), 1),
        (one("conditional", IF.format("null", "")), 2),
        (one("filter", one("in", literal("[1,2,3,4]")) + one("match", literal("item >= x"))), [3, 4]),
        (one("filter", one("in", literal("[{a: 1}, {a: 9}]")) + one("match", literal("a > x"))), [{"a": 9}]),
        (loop("for", "[1,2]", "i * x"), [3, 6]),
        (loop("for", "[1..4]", "if i = 1 then 1 else i * partial[-1]"), [1, 2, 6, 24]),
        (loop("some", "[1,2]", "i > 1"), True),
        (loop("every", "[1,2]", "i > 1"), False),
        (loop("every", "[]", "false"), True),
        (one("invocation", ABS), 3),
        (one("context", entry("f", FUNCTION) + result(literal("f(5)"))), 15),
        (one("context", entry("t", table(["x"], [["3", '"three"']])) + result(literal("t"))), "three"),
    ],
)
def test_a_boxed_expression_has_the_value_of_its_feel(logic: str, wanted: object) -> None:
    """DMN 1.5, 10.2: every box can be written as FEEL and means the same."""
    assert to_plain(ask(decision("d", logic), "d", {"x": 3}).value) == wanted


def test_a_type_on_any_box_is_checked() -> None:
    """The analyst's types are promises; a broken one must show where it broke."""
    outcome = ask(decision("d", "<context>" + entry("a", literal('"x"'), "number") + "</context>"), "d")

    assert to_plain(outcome.value) == {"a": None}
    assert outcome.problems == ("Decision 'd': entry 'a' does not fit type 'number': expected number, found text.",)


def test_a_list_of_one_is_unwrapped_and_a_single_value_wrapped_as_types_ask() -> None:
    """DMN 1.5, 10.3.2.9.4: implicit conversions."""
    numbers = '<itemDefinition name="tNumbers" isCollection="true"><typeRef>number</typeRef></itemDefinition>'

    assert ask(decision("d", literal("[7]"), type_name="number"), "d").value == Decimal(7)
    assert ask(numbers + decision("d", literal("7"), type_name="tNumbers"), "d").value == [Decimal(7)]


def test_a_cell_that_is_no_feel_spoils_its_decision_with_the_place() -> None:
    """Such a file is not deployed; tried out, it must say where to look."""
    drawn, findings = read(decision("d", literal("1 +")) + decision("e", literal("2")))
    outcome = decide([drawn], "d", {})

    assert [found.code for found in findings] == ["feel-syntax"]
    assert outcome.value is None
    assert outcome.problems == ("Decision 'd', line 1: Expected a value, found the end (column 4 of the text).",)
    assert decide([drawn], "e", {}).value == Decimal(2)


def test_a_java_function_is_refused_with_a_finding_and_never_run() -> None:
    """Functions outside FEEL are not deterministic for us; the analyst must know before deploying."""
    java = one("functionDefinition", one("context", entry("class", literal('"java.lang.Math"'))), 'kind="Java"')
    drawn, findings = read(decision("d", one("context", entry("f", java) + result(literal("f(1)")))))

    assert [found.code for found in findings] == ["foreign-function"]
    assert "found kind 'Java' \"java.lang.Math\"; such functions are not run" in findings[0].message
    assert decide([drawn], "d", {}).problems == ("Decision 'd', line 1: functions in Java are not run.",)
