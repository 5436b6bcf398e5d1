"""What crosses to Temporal is written and read as Temporal's own converter does it, only faster."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some
from temporalio.api.common.v1 import Payload
from temporalio.converter import DataConverter

from oms_workflow.temporal import border
from oms_workflow.temporal.plain_json import OmsPayloadConverter

THEIRS = DataConverter.default.payload_converter
OURS = OmsPayloadConverter()
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
BORDER = [
    kind
    for kind in vars(border).values()
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind.__module__ == border.__name__
]


def told(kind: type) -> some.SearchStrategy[Any]:
    """Give values of a type of the border, with JSON wherever it takes any."""
    return some.builds(kind, **{field.name: of(field.type) for field in dataclasses.fields(kind)})


def of(text: Any) -> some.SearchStrategy[Any]:
    """Give values for an annotation, as it stands in `border`."""
    plain = {"str": some.text(max_size=5), "int": some.integers(), "bool": some.booleans()}
    plain["float"] = some.floats(allow_nan=False)
    plain["Json"] = some.dictionaries(some.text(max_size=5), JSON, max_size=3)
    plain["dict[str, str]"] = some.dictionaries(some.text(max_size=5), some.text(max_size=5), max_size=3)
    if text in plain:
        return plain[text]
    if text.endswith(" | None"):
        return some.none() | of(text.removesuffix(" | None"))
    if text.startswith("list["):
        return some.lists(of(text[5:-1]), max_size=2)
    return told(getattr(border, text))


@pytest.mark.parametrize("kind", BORDER, ids=lambda kind: kind.__name__)
@given(data=some.data())
def test_everything_at_the_border_has_the_bytes_and_the_value_it_had(kind: type, data: some.DataObject):
    """Histories written by either are read by the other."""
    value = data.draw(told(kind))

    ours = OURS.to_payload(value)

    assert ours == THEIRS.to_payload(value)
    assert OURS.from_payload(ours, kind) == THEIRS.from_payload(ours, kind) == value


@given(JSON)
def test_plain_values_have_the_bytes_and_the_value_they_had(value: Any):
    ours = OURS.to_payload(value)

    assert ours == THEIRS.to_payload(value)
    assert OURS.from_payload(ours) == value


@pytest.mark.parametrize("value", [b"packed", None, datetime(2026, 1, 5, tzinfo=UTC), {3}, UUID(int=7), {"a": {1}}])
def test_other_values_go_the_way_they_went(value: Any):
    assert OURS.to_payload(value) == THEIRS.to_payload(value)


def test_a_value_that_json_does_not_have_is_refused_not_guessed():
    with pytest.raises(TypeError, match="not JSON serializable"):
        OURS.to_payload({"at": object()})


def test_a_field_that_a_later_version_adds_is_passed_over():
    """A worker of the version before reads what the next one writes."""
    payload = Payload(metadata={"encoding": b"json/plain"}, data=b'{"by":"me","since":"5"}')

    assert OURS.from_payload(payload, border.End) == border.End(by="me")


def test_what_is_missing_is_named_and_what_was_there_is_not_told():
    payload = Payload(metadata={"encoding": b"json/plain"}, data=b'{"element":5,"by":"Wensan Road"}')

    with pytest.raises(RuntimeError) as said:
        OURS.from_payload(payload, border.Move)

    assert (
        str(said.value.__cause__) == "This is no Move: token: Field required; element: Input should be a valid string"
    )


@pytest.mark.parametrize("data", [b"{", b"[1]"])
def test_an_answer_that_is_no_context_is_refused(data: bytes):
    with pytest.raises((RuntimeError, TypeError)) as said:
        OURS.from_payload(Payload(metadata={"encoding": b"json/plain"}, data=data), dict)

    assert any(words in f"{said.value} {said.value.__cause__}" for words in ("This is no JSON", "Expected a dict"))
