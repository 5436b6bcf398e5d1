"""FEEL as the standard shows it: each line of `standard_examples.txt` is an expression and the value it must have."""

from __future__ import annotations

from pathlib import Path

import pytest

from oms_workflow.feel import compile_expression

EXAMPLES = [
    tuple(line.rsplit(" => ", 1))
    for line in Path(__file__).with_name("standard_examples.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("expression", "wanted"), EXAMPLES)
def test_an_example_of_the_standard_has_the_value_the_standard_says(expression: str, wanted: str) -> None:
    """Analysts learn FEEL from these examples; what they read must be what runs."""
    assert str(compile_expression(expression).evaluate({})) == wanted
