"""Nothing an analyst writes may keep a worker busy or fill its memory."""

from __future__ import annotations

import time

import pytest

from oms_workflow.feel import FeelLimitExceeded, FeelSyntaxError, FeelTooComplex, evaluate, normalise

DOUBLED = "for i in 1..60 return if i = 1 then {} else {}"
TREE = "(for i in 1..80 return if i = 1 then [1] else [partial[-1], partial[-1]])"

EXCEEDING = {
    "a list too long": "for i in 1..10000000000 return i",
    "a product of loops": "for a in 1..1000, b in 1..1000, c in 1..1000 return 1",
    "a loop that yields nothing": "for a in 1..100000000000, b in [] return 1",
    "a search without end": "some a in 1..1000000000000 satisfies false",
    "a text that doubles": DOUBLED.format('"aaaaaaaaaaaaaaaaaaaa"', "partial[-1] + partial[-1]"),
    "a list that doubles": DOUBLED.format("[1,2]", "concatenate(partial[-1], partial[-1])"),
    "an answer that unfolds": TREE,
    "a text of what unfolds": f"string({TREE}[-1])",
    "a comparison of what unfolds": f"{TREE} = {TREE}",
    "JSON of what unfolds": f"to json({TREE})",
    "a type test of what unfolds": f"{TREE}[-1] instance of " + "list<" * 60 + "Any" + ">" * 60,
    "lists in lists in lists": "for i in 1..5000 return if i = 1 then [1] else [partial[-1]]",
    "all partial results of each step": "for i in 1..10000 return partial",
    "recursion without end": "{f: function(g, n) g(g, n + 1), r: f(f, 1)}.r",
    "a function that calls itself": "(function(x) x(x))(function(x) x(x))",
    "a sort of too much": "sort(for i in 1..90000 return -i, function(a, b) a < b)",
    "values all different": "distinct values(for i in 1..90000 return {a: i})",
    "dates without end": 'for i in 1..100000 return date("9999-12-31") + duration("P1D")',
    "a pattern that unfolds": 'matches("x", "((((a{99}){99}){99}){99})")',
    "a pattern of brackets": f'matches("x", "{"(" * 1000}")',
    "a range of a trillion": "sum(for i in 1..1000000000000 return i)",
    "two calls for each call": "{f: function(g, n) if n < 2 then n else g(g, n - 1) + g(g, n - 2), r: f(f, 35)}.r",
    "functions that call each other": "{a: function(f, g, n) g(g, f, n + 1), r: a(a, a, 0)}.r",
    "texts joined": f'string join(for i in 1..90000 return "{"a" * 1000}", "{"b" * 1000}")',
    "replacements in replacements": f'replace(replace("{"a" * 1000}", "a", "{"a" * 1000}"), "a", "{"a" * 1000}")',
    "a pattern on a long text": f'replace("{"a" * 50000}", "(a+)+b", "x")',
    "alternatives on a long text": f'split("{"ab" * 40000}", "(a|b|ab)*c")',
    "a replacement that grows": f'replace("{"ab" * 5000}", "a", "{"x" * 1000}")',
}

BOUNDED = {
    "the classic pattern": f'matches("{"a" * 30}b", "(a+)+$")',
    "stars in stars": f'matches("{"a" * 5000}", "(a*)*b")',
    "many optional parts": f'matches("{"a" * 300}", "(a?){{300}}a{{300}}")',
    "many stars": f'matches("{"a" * 3000}", "(.*)(.*)(.*)(.*)(.*)x")',
    "a back-reference": f'matches("{"a" * 40}", "(a*)*\\\\1b")',
    "two to the power of a billion": "2 ** 1000000000",
    "ranges as values": "[1..1000000000000]",
    "tests in tests": "1 in (" * 50 + "(1)" + ").a" * 50,
    "a long chain of conditions": "if false then 1 else " * 2000 + "1",
    "signs before a number": "-" * 10000 + "1",
    "powers of powers": "10 ** 10 ** 10",
    "a large power": "9999999 ** 999999999",
    "a broken power": "1.0000000001 ** 999999999.5",
    "a power of almost nothing": "0.1 ** 0.000000000000000000000000000000001",
    "e to a large number": "exp(6000)",
    "e to a small number": "exp(-100000000)",
    "a logarithm near zero": "log(1e-6000)",
    "a large product": "product(for i in 1..20000 return i)",
    "all digits there are": "string(10**6144)",
    "a duration of ages": 'duration("P999999999999999999Y") * 1e30',
    "a date after all dates": 'date("2020-01-01") + duration("P999999999999999999Y")',
    "brackets of JSON": f'from json("{"[" * 40000}")',
    "a long path": "a" + ".b" * 140,
}

REFUSED = {
    "brackets": "(" * 5000 + "1" + ")" * 5000,
    "lists": "[" * 5000 + "]" * 5000,
    "a chain of paths": "a" + ".b" * 5000,
    "a chain of calls": "f" + "()" * 2000,
    "a chain of tests": "1 in " * 3000 + "1",
    "a chain of comparisons": " = ".join(["1"] * 4000),
    "types in types": "x instance of " + "list<" * 3000,
    "functions in functions": "function(a) " * 1500 + "1",
    "conditions in conditions": "if " * 3000,
    "too many words": " and ".join(["true"] * 9000),
    "too many characters": '"' + "a" * 200_000 + '"',
}


@pytest.mark.parametrize("text", EXCEEDING.values(), ids=EXCEEDING.keys())
def test_what_would_take_too_much_raises_in_time(text: str) -> None:
    """The engine makes an incident of it; an order that hangs would block its worker."""
    started = time.process_time()
    with pytest.raises(FeelLimitExceeded):
        evaluate(text, {})

    assert (
        time.process_time() - started < 5
    )  # of this process, so that a busy machine changes little; alone it is under a second


@pytest.mark.parametrize("text", BOUNDED.values(), ids=BOUNDED.keys())
def test_what_looks_dangerous_but_is_not_gives_an_answer_in_time(text: str) -> None:
    """Limits must not refuse what can be computed."""
    started = time.process_time()
    evaluate(text, {})

    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_a_text_too_long_or_too_deep_is_refused_as_both_kinds_of_error(text: str) -> None:
    """The linter sees a syntax error with a place, the engine a limit."""
    with pytest.raises(FeelTooComplex) as raised:
        evaluate(text, {})

    assert isinstance(raised.value, FeelSyntaxError)
    assert isinstance(raised.value, FeelLimitExceeded)


def test_data_nested_too_deeply_is_refused() -> None:
    """JSON from outside may be nested without end."""
    deep: object = 1
    for _ in range(500):
        deep = [deep]

    with pytest.raises(FeelLimitExceeded, match="deep"):
        normalise(deep)


def test_a_number_too_large_for_feel_is_refused() -> None:
    """Rounding a number of a million digits would take longer than any order may."""
    with pytest.raises(FeelLimitExceeded, match="larger"):
        normalise(1 << 1_000_000)


def test_recursion_that_ends_works() -> None:
    """Fifty levels are enough for trees and chains."""
    assert evaluate("{f: function(g, n) if n = 0 then 0 else 1 + g(g, n - 1), r: f(f, 40)}.r", {}) == 40
