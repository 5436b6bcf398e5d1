"""The library beyond the examples of the standard: Camunda's additions, regular expressions, named parameters."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.feel import evaluate
from oms_workflow.feel.builtins.library import LIBRARY, REFUSED

STANDARD = """
abs | after | all | any | append | before | ceiling | coincides | concatenate | contains | context |
context merge | context put | count | date | date and time | day of week | day of year | decimal |
distinct values | duration | during | ends with | even | exp | finished by | finishes | flatten | floor |
get entries | get value | includes | index of | insert before | is | list contains | list replace | log |
lower case | matches | max | mean | median | meets | met by | min | mode | modulo | month of year | not |
now | number | odd | overlaps | overlaps after | overlaps before | product | range | remove | replace |
reverse | round down | round half down | round half up | round up | sort | split | sqrt | started by |
starts | starts with | stddev | string | string join | string length | sublist | substring | substring after
| substring before | sum | time | today | union | upper case | week of year | years and months duration
"""
CAMUNDA = """
assert | cycle | duplicate values | extract | from base64 | from json | get or else | is blank | is defined | is empty |
last day of month | partition | put | put all | to base64 | to json | trim
"""


def names(listed: str) -> set[str]:
    """The names between the bars."""
    return {" ".join(name.split()) for name in listed.split("|")}


def test_every_function_of_the_standard_and_of_camunda_is_there_or_refused() -> None:
    """An expression that runs in Camunda Modeler's playground must run here, or say why not."""
    assert set(LIBRARY) == names(STANDARD) | names(CAMUNDA)
    assert set(REFUSED) == {"uuid", "random number", "fromAi"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('trim("  a b ")', "a b"),
        ('cycle(3, duration("PT1H"))', "R3/PT1H"),
        ('cycle(duration("P1D"))', "R/P1D"),
        ('cycle(null, @"PT30M")', "R/PT30M"),
        ('cycle(1.5, @"PT30M")', None),
        ('is blank(" ")', True),
        ('is empty([])', True),
        ('is defined(x)', False),
        ('get or else(x, 1)', 1),
        ('assert(1, 1 > 0)', 1),
        ('assert(1, 1 < 0, "no")', None),
        ('string join(["a","b"], ", ", "[", "]")', "[a, b]"),
        ('get value({a: {b: 1}}, ["a", "b"])', 1),
        ('get value({a: {b: 1}}, ["a", "c"])', None),
        ('to base64("FEEL")', "RkVFTA=="),
        ('from base64("RkVFTA==")', "FEEL"),
        ('from base64(to base64("Gr\u00fc\u00dfe"))', "Gr\u00fc\u00dfe"),
        ('from base64("RkVFTA")', None),
        ('from base64("gA==")', None),
        ('from base64("\u00e9")', None),
        ('put({x: 1}, "y", 2)', {"x": 1, "y": 2}),
        ('put all([{x: 1}, {x: 2, y: 3}])', {"x": 2, "y": 3}),
        ('number("1,500", ",")', 1500),
        ('number("1.500,5", ".")', None),
        ('partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]),
        ('partition([1], 0)', None),
        ('duplicate values([1, 2, 1, "a", null, null])', [1, None]),
        ('extract("a1b22", "[0-9]+")', ["1", "22"]),
        ('last day of month(@"2026-02-10T08:00:00")', date(2026, 2, 28)),
        ('from json("[1, 2.50, true, null, \\"x\\", {\\"a\\": 1}]")[6].a', 1),
        ('from json("{")', None),
        ('from json(to json({a: [1.50, "\\"", null]})) = {a: [1.50, "\\"", null]}', True),
        ('get value(key: "a", context: {a: 1})', 1),
        ('list replace(list: [1,2], position: 2, newItem: 3)', [1, 3]),
    ],
)  # fmt: skip
def test_camundas_additions_work(text: str, wanted: object) -> None:
    """Diagrams from Camunda 8 keep their meaning."""
    assert evaluate(text, {}) == wanted


@given(st.text(alphabet="ab\n", max_size=8), st.text(alphabet="ab.*+?|()^$[]-", max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_regular_expression_matches_as_pythons_does_where_both_know_it(text: str, pattern: str) -> None:
    """The matcher is our own, so that no pattern can run for ever; it must still match the same."""
    found = evaluate("matches(t, p)", {"t": text, "p": pattern})
    try:
        wanted = re.compile(pattern.replace("$", r"\Z"))
    except (re.error, FutureWarning):
        return
    if found is not None:
        assert found is (wanted.search(text) is not None)


@given(
    st.text(alphabet="abc", max_size=10), st.sampled_from(["a", "b+", "a|bc", "[ab]c", "(a)(b)?", "a{2}", "b{1,2}?"])
)
@settings(max_examples=150, deadline=None)
def test_replacing_and_splitting_agree_with_pythons(text: str, pattern: str) -> None:
    """Which match is found first, and how long it is, decides what is replaced."""
    assert evaluate('replace(t, p, "<$0>")', {"t": text, "p": pattern}) == re.sub(pattern, r"<\g<0>>", text)
    assert evaluate("extract(t, p)", {"t": text, "p": pattern}) == [m.group() for m in re.finditer(pattern, text)]


def test_sets_and_order_do_not_depend_on_the_hash_seed() -> None:
    """A replay on another machine has another seed; answers and their order must not change."""
    program = (
        "from oms_workflow.feel import evaluate\n"
        'print(evaluate(\'string([distinct values(["b","a","b",{x:1},{x:1}]), union(["z"],["y","z"]),'
        ' mode(["3","1"]), get entries({k2: 1, k1: 2}), context merge([{b: 1}, {a: 2}])])\', {}))'
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "4711")
    }

    assert len(answers) == 1
    assert '["b", "a", {x: 1}]' in answers.pop()
