"""Item definitions: what fits them, and what their constraints refuse."""

from __future__ import annotations

import pytest

from oms_workflow.feel import to_plain
from tests.dmn.drawing import ask, decision, literal

TYPES = """
<itemDefinition name="tRisk"><typeRef>string</typeRef>
  <allowedValues><text>"low","high"</text></allowedValues></itemDefinition>
<itemDefinition name="tLine"><itemComponent name="sku"><typeRef>string</typeRef></itemComponent>
  <itemComponent name="quantity"><typeRef>number</typeRef>
    <allowedValues><text>&gt; 0</text></allowedValues></itemComponent>
</itemDefinition>
<itemDefinition name="tLines" isCollection="true"><typeRef>tLine</typeRef>
  <typeConstraint><text>count(?) &lt;= 2</text></typeConstraint></itemDefinition>
<itemDefinition name="tLoop"><itemComponent name="inner"><typeRef>tLoop</typeRef></itemComponent></itemDefinition>
"""


def given(type_name: str, value: str) -> tuple[object, tuple[str, ...]]:
    """The answer of a decision of this type, and its problems."""
    outcome = ask(TYPES + decision("d", literal(value), type_name=type_name), "d")
    return to_plain(outcome.value), outcome.problems


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        ("tRisk", '"low"'),
        ("tRisk", "null"),
        ("tLine", '{sku: "A", quantity: 1, more: true}'),
        ("tLines", '[{sku: "A", quantity: 1}, {sku: "B", quantity: 2}]'),
        ("tLoop", "{inner: {inner: null}}"),
    ],
)
def test_a_value_that_fits_its_type_passes_unchanged(type_name: str, value: str) -> None:
    """A context may have more entries than its type asks for."""
    assert given(type_name, value) == (to_plain(ask(decision("d", literal(value)), "d").value), ())


@pytest.mark.parametrize(
    ("type_name", "value", "wrong"),
    [
        ("tRisk", '"middle"', "a value is none of those allowed for 'tRisk'"),
        ("tRisk", "1", "expected text, found number"),
        ("tLine", '{sku: "A"}', "expected context with sku, quantity, found context"),
        ("tLine", '{sku: "A", quantity: 0}', "a value is none of those allowed for 'quantity'"),
        ("tLines", '[{sku: "A", quantity: -1}]', "a value is none of those allowed for 'quantity'"),
        ("tLines", 'for i in 1..3 return {sku: "A", quantity: 1}', "a value breaks the constraint of type 'tLines'"),
    ],
)
def test_a_value_that_does_not_fit_is_null_and_a_problem(type_name: str, value: str, wrong: str) -> None:
    """The message names the type and what was found, never the customer's data."""
    assert given(type_name, value) == (
        None,
        (f"Decision 'd': the answer does not fit type '{type_name}': {wrong}.",),
    )


def test_instance_of_knows_the_types_of_the_model() -> None:
    """Logic can ask for a type by the name the analyst gave it."""
    assert ask(TYPES + decision("d", literal('{sku: "A", quantity: 1} instance of tLine')), "d").value is True
    assert ask(TYPES + decision("d", literal('{sku: "A"} instance of tLine')), "d").value is False
