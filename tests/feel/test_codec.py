"""Values on their way through JSON: nothing lost for the engine, nothing strange for people."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings

from oms_workflow.feel import Range, YearsMonths, compile_expression, decode, encode, evaluate, to_plain
from oms_workflow.feel.zones import named_zone
from tests.feel.strategies import values


@given(values)
@settings(max_examples=200, deadline=None)
def test_a_value_survives_json(value: object) -> None:
    """Engine state is stored as JSON at every step; a value that changes there changes the order."""
    back = decode(json.loads(json.dumps(encode(value))))

    assert repr(_bare(back)) == repr(_bare(value))


@given(values)
@settings(max_examples=200, deadline=None)
def test_encoding_again_changes_nothing(value: object) -> None:
    """State that is loaded and saved unchanged must have the same hash."""
    once = encode(value)

    assert encode(decode(once)) == once


def test_a_context_with_the_tag_of_the_codec_stays_a_context() -> None:
    """An order may hold any key; none may turn its data into something else."""
    value = {"$feel": ["number", "7"], "rest": {"$feel": 1}}

    assert decode(encode(value)) == {"$feel": ["number", "7"], "rest": {"$feel": Decimal(1)}}


def test_the_hour_that_clocks_show_twice_keeps_its_half() -> None:
    """In October an SLA would otherwise move by an hour when its order is stored."""
    berlin = named_zone("Europe/Berlin")
    second = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)

    assert decode(encode(second)).astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_people_see_plain_numbers_dates_and_durations() -> None:
    """Tables, logs and tests are read by people who know JSON, not FEEL."""
    value = {
        "whole": Decimal("3.00"),
        "part": Decimal("0.5"),
        "day": date(2026, 1, 31),
        "at": datetime(2026, 1, 31, 8, tzinfo=UTC),
        "wait": timedelta(hours=25),
        "term": YearsMonths(14),
        "ages": Range(Decimal(18), True, Decimal(65), False),
        "none": None,
    }

    assert to_plain(value) == {
        "whole": 3,
        "part": 0.5,
        "day": "2026-01-31",
        "at": "2026-01-31T08:00:00Z",
        "wait": "P1DT1H",
        "term": "P1Y2M",
        "ages": "[18..65)",
        "none": None,
    }


def test_a_function_is_refused_by_name_when_it_is_to_be_stored() -> None:
    """A function cannot be replayed from a stored state, so it must not get there silently."""
    with pytest.raises(TypeError, match=r"function\(a\)"):
        encode({"f": evaluate("function(a) a", {})})


@pytest.mark.parametrize("data", [{"$feel": "x"}, {"$feel": ["number", "1", 2, 3]}, {"$feel": ["date", "2026-13-01"]}])
def test_json_that_was_not_encoded_is_refused(data: object) -> None:
    """A damaged state must stop the order, not become null in it."""
    with pytest.raises(ValueError, match="expected"):
        decode(data)


def test_a_number_keeps_the_digits_it_was_written_with() -> None:
    """`string(price)` must show 1.50 before and after the order was stored."""
    stored = decode(encode(evaluate("{price: 1.50}", {})))

    assert compile_expression("string(price)").evaluate(stored) == "1.50"


def _bare(value: object) -> object:
    """Zones compare by name: a zone that was loaded again is another object."""
    if isinstance(value, Range):
        return ("range", _bare(value.start), value.start_included, _bare(value.end), value.end_included)
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return ("number", str(value) if value else str(value.copy_abs()))
    return value
