"""Whatever an analyst or an order holds: an answer, a located syntax error, or a limit. Never anything else."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oms_workflow.feel import (
    FeelLimitExceeded,
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
    encode,
    to_plain,
)
from oms_workflow.feel.expression import Expression
from oms_workflow.feel.values import FeelFunction
from tests.feel.strategies import FIXED_MOMENT, expressions, values

SIGNS = "()[]{}.,:+-*/=<>!?@'\"\\ \n\u00e9\U0001f40e\u00a0"
WORDS = (
    "..", "**", "->", "//", "/*", "for ", " in ", " return ", "if ", " then ", " else ", "some ", " satisfies ",
    " and ", " or ", "not", " between ", " instance of ", "function", "null", "true", "1", "2.5", "1e9", "abc",
    "date and time", '"x"', '@"P1D"', "list<number>",
)  # fmt: skip
PIECES = st.sampled_from([*SIGNS, *WORDS])


@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=25).map("".join)))
@settings(max_examples=250, deadline=None)
def test_a_random_text_is_read_or_refused_with_its_place(text: str) -> None:
    """The linter shows the place to the analyst; a crash would show a traceback."""
    for read in (compile_expression, compile_unary_tests):
        try:
            read(text)
        except FeelSyntaxError as error:
            assert 1 <= error.line <= text.count("\n") + 1
            assert error.column >= 1
            assert error.message.startswith("Expected") or "refused" in error.message


@given(expressions, values, values)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_random_expression_gives_an_answer_or_exceeds_a_limit(text: str, x: object, y: object) -> None:
    """The engine makes an incident of a limit; anything else would stop the order without a word."""
    notes: list[str] = []
    try:
        answer = Expression(text, frozenset(), {}).evaluate({"x": x, "y": y}, at=FIXED_MOMENT, notes=notes)
    except FeelLimitExceeded:
        return
    to_plain(answer)
    if not _holds_function(answer):
        encode(answer)
    assert all(isinstance(note, str) and note for note in notes)


def _holds_function(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_holds_function, value))
    if isinstance(value, dict):
        return any(map(_holds_function, value.values()))
    return isinstance(value, FeelFunction)
