"""Why something became null, in words for people who know the shop and not the evaluator."""

from __future__ import annotations

import pytest

from oms_workflow.feel import compile_expression


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("x", ["there is no variable 'x'"]),
        ("x + 1", ["there is no variable 'x'", "cannot add null and number"]),
        ('"a" + 1', ["cannot add text and number"]),
        ('1 - "a"', ["cannot subtract text from number"]),
        ("1 / 0", ["a division by zero"]),
        ('1 < "a"', ["cannot compare number with text"]),
        ("{a: 1}.b", ["a context has no entry 'b'"]),
        ("[1][5]", ["a list has no item at the position asked for"]),
        ('f(1)', ["there is no function 'f'"]),
        ("abs()", ["abs(n) cannot be called with ()"]),
        ('abs("x")', ["abs(n) cannot be called with (text)"]),
        ('date("2026-02-30")', ["date: the text is no ISO 8601 date"]),
        ('matches("a", "a{2,1}")', ["the regular expression is not valid: a quantifier has its larger number first"]),
        ("for i in null return i", ["a loop cannot go through null"]),
        ("if 1 then 2 else 3", ["'if' expects a condition, found number"]),
        ('true and "x"', ["'and' joins conditions, found text"]),
        ("now()", ["now: the current time is not known here"]),
        ("1 instance of tNothing", ["'instance of' asks for a type that does not exist"]),
        ("(function(a: number) a)(null)", []),
        ('(function(a: number) a)("x")', ["parameter 'a' of function(a: number) expects number, found text"]),
    ],
)  # fmt: skip
def test_a_note_says_what_could_not_be_done(text: str, notes: list[str]) -> None:
    """It stands in incidents and in the analyst's editor."""
    found: list[str] = []
    compile_expression(text).evaluate({}, notes=found)

    assert found == notes


def test_notes_hold_no_data_of_the_order() -> None:
    """They go into logs and histories, where personal data must not be."""
    found: list[str] = []
    context = {"customer": "Ada Lovelace", "phone": "13800000000"}
    compile_expression("customer + 1 < phone * 2").evaluate(context, notes=found)

    assert found
    assert not any("Ada" in note or "138" in note for note in found)


def test_notes_stay_few_and_different() -> None:
    """A loop over a thousand lines must not give a thousand notes."""
    found: list[str] = []
    compile_expression("for i in 1..1000 return i + x").evaluate({}, notes=found)

    assert found == ["there is no variable 'x'", "cannot add number and null"]
