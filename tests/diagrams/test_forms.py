"""Answers of people: what their forms ask is checked before a process gets it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oms_workflow.diagrams.forms import Form, from_text, problems, read_form
from oms_workflow.errors import DiagramRefused

SHIPPED = Path(__file__).parents[2] / "processes"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "decision": {"type": "string", "oneOf": [{"const": "approve"}, {"const": "refuse"}]},
        "pieces": {"type": "integer", "minimum": 1, "maximum": 9},
        "amount": {"type": "number", "exclusiveMinimum": 0},
        "sure": {"type": "boolean"},
        "note": {"type": "string", "maxLength": 5},
    },
    "required": ["decision"],
}


def form(folder: Path, schema: Any) -> Form:
    (folder / "forms").mkdir(exist_ok=True)
    (folder / "forms" / "f.json").write_text(schema if isinstance(schema, str) else json.dumps(schema))
    read = read_form(folder, "f")
    assert read is not None
    return read


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ({"decision": "approve"}, []),
        ({"decision": "approve", "pieces": 9, "amount": Decimal("0.01"), "sure": False, "note": "12345"}, []),
        ({}, [("decision", "missing")]),
        ({"decision": None}, [("decision", "missing")]),
        ({"decision": "maybe"}, [("decision", "choice")]),
        ({"decision": 1}, [("decision", "type")]),
        ({"decision": "refuse", "pieces": 0}, [("pieces", "minimum")]),
        ({"decision": "refuse", "pieces": 10}, [("pieces", "maximum")]),
        ({"decision": "refuse", "pieces": True}, [("pieces", "type")]),
        ({"decision": "refuse", "pieces": Decimal("1.5")}, [("pieces", "type")]),
        ({"decision": "refuse", "amount": 0}, [("amount", "exclusiveMinimum")]),
        ({"decision": "refuse", "sure": "yes"}, [("sure", "type")]),
        ({"decision": "refuse", "note": "123456"}, [("note", "maxLength")]),
        ({"decision": "refuse", "nte": "x"}, [("nte", "unknown")]),
    ],
)
def test_every_wrong_field_is_named(tmp_path: Path, answer: dict[str, Any], wrong: list[tuple[str, str]]) -> None:
    found = problems(form(tmp_path, SCHEMA), answer)
    assert [(one.field, one.code) for one in found] == wrong


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the rule
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "decision": st.sampled_from(["approve", "refuse", "maybe", 3, True]),
            "pieces": st.integers(-2, 12) | st.text("a1", max_size=2) | st.booleans(),
            "amount": st.decimals(-2, 2, places=2) | st.text("a1", max_size=2),
            "sure": st.booleans() | st.text("a1", max_size=2),
            "note": st.text("a1", max_size=8),
        },
    )
)
def test_an_answer_is_taken_exactly_when_json_schema_takes_it(tmp_path_factory: Any, answer: dict[str, Any]) -> None:
    """The console and other programs check with JSON Schema proper; two verdicts would confuse everybody."""
    read = form(tmp_path_factory.getbasetemp(), SCHEMA)
    theirs = jsonschema.Draft202012Validator(SCHEMA).is_valid(answer)
    assert (problems(read, answer) == ()) is theirs


def test_every_shipped_form_can_be_checked() -> None:
    for path in (SHIPPED / "forms").glob("*.json"):
        read = read_form(SHIPPED, path.stem)
        assert read is not None
        assert problems(read, {"decision": "whatever"})


@pytest.mark.parametrize(
    "schema",
    [
        "[]",
        "{",
        '{"type": "object"}',
        {"type": "object", "properties": {"a": {"type": "array"}}},
        {"type": "object", "properties": {"a": {"type": "string", "pattern": "x"}}},
        {"type": "object", "properties": {}, "required": ["a"]},
        {"type": "object", "properties": {}, "anyOf": []},
        {"type": "object", "properties": {"a": {"type": "string", "oneOf": [{"title": "x"}]}}},
        "[" * 100_000,
    ],
)
def test_a_form_that_could_not_be_checked_is_refused_with_its_file(tmp_path: Path, schema: Any) -> None:
    """A keyword that is passed over lets wrong answers through."""
    with pytest.raises(DiagramRefused, match=r"f\.json"):
        form(tmp_path, schema)


@pytest.mark.parametrize("name", ["", "no", "../forms/f", "/etc/passwd", "a/b"])
def test_a_form_that_is_not_there_is_none(tmp_path: Path, name: str) -> None:
    form(tmp_path, SCHEMA)
    assert read_form(tmp_path, name) is None


def test_what_is_typed_is_read_by_the_type_of_its_field(tmp_path: Path) -> None:
    read = form(tmp_path, SCHEMA)
    assert from_text(read.field("note"), "12") == "12"
    assert from_text(read.field("amount"), "12.50") == Decimal("12.50")
    assert from_text(read.field("amount"), "NaN") == "NaN"
    assert from_text(read.field("sure"), "true") is True
    assert from_text(read.field("decision"), "approve") == "approve"
    assert from_text(None, '{"a": [1]}') == {"a": [1]}
    assert from_text(None, "plain") == "plain"
