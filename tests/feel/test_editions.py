"""An order keeps the answers of the edition it began with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from oms_workflow.feel import NEWEST, FeelFunction, compile_expression, encode

LISTED: list[tuple[str, list[int], Any]] = json.loads((Path(__file__).parent / "answers.json").read_text("utf-8"))
HINT = (
    "Orders in flight would see another value at their next replay. Keep the answer of this edition, raise "
    "oms_workflow.feel.edition.NEWEST, and let the correction ask `budget.edition`."
)


@pytest.mark.parametrize(("text", "editions", "wanted"), LISTED, ids=[text[:60] for text, _, _ in LISTED])
def test_what_an_edition_answered_it_answers_for_ever(text: str, editions: list[int], wanted: Any):
    """The list is only ever added to."""
    for edition in editions:
        value = compile_expression(text).evaluate({"x": None, "list": [1, 2, 3]}, edition=edition)

        assert encode(value) == wanted, HINT


def test_every_edition_has_answers():
    """An edition nothing is known of is no edition."""
    assert {edition for _, editions, _ in LISTED for edition in editions} == set(range(1, NEWEST + 1))


def test_a_function_is_unknown_to_the_editions_before_it():
    """Then it was null with a reason, and a variable of its name was what it is."""
    called, named = compile_expression('cycle(@"PT1H")'), compile_expression("cycle")

    assert called.evaluate({}, edition=3) == "R/PT1H"
    assert called.evaluate({}, edition=2) is None
    assert isinstance(named.evaluate({}, edition=3), FeelFunction)
    assert named.evaluate({}, edition=2) is None
    assert named.evaluate({"cycle": 7}, edition=3) == 7


def test_a_function_in_a_local_name_stays_hidden_from_earlier_editions():
    """A context entry of that name is data, and calling data gives null."""
    local = compile_expression('{cycle: 1, r: cycle(@"PT1H")}.r')

    assert (local.evaluate({}, edition=3), local.evaluate({}, edition=2)) == ("R/PT1H", None)
