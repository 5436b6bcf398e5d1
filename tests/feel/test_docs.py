"""The examples in docs/feel.md are what runs."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from pathlib import Path

import pytest

from oms_workflow.feel import compile_expression
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.text import format_value

PAGE = Path(__file__).resolve().parents[2] / "docs" / "feel.md"
BLOCK = re.compile(r"```feel\n(.*?)```", re.DOTALL)
EXAMPLE = re.compile(r"(?P<text>.+?)\s+(?:with (?P<context>\{.*\})\s+)?=> (?P<wanted>.+)")


def examples() -> list[tuple[str, str, str]]:
    """Expression, context and value of each line in a block of FEEL."""
    lines = [line for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")) for line in block.splitlines()]
    return [
        (match["text"], match["context"] or "{}", match["wanted"]) for match in map(EXAMPLE.fullmatch, lines) if match
    ]


@pytest.mark.parametrize(("text", "context", "wanted"), examples())
def test_an_example_of_the_page_has_the_value_the_page_says(text: str, context: str, wanted: str) -> None:
    """People copy from the page."""
    value = compile_expression(text).evaluate(ast.literal_eval(context))

    assert ("null" if value is None else format_value(value, Budget())) == wanted


def test_the_page_has_examples() -> None:
    """A page whose examples are no longer found would pass every test."""
    assert len(examples()) >= 7
    assert isinstance(compile_expression("1").evaluate({}), Decimal)
