"""What a decision table makes of the rules that match (DMN 1.5, 8.2.11)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from oms_workflow.feel import to_plain
from tests.dmn.drawing import ask, decision, table

AMOUNTS = [["> 0", '"small"'], ["> 100", '"large"'], ["> 1000", '"large"']]


def answer(policy: str, amount: int, **more: str) -> object:
    """The plain answer of the table above."""
    drawn = decision("size", table(["amount"], AMOUNTS, policy=policy, **more))
    return to_plain(ask(drawn, "size", {"amount": amount}).value)


def test_unique_gives_the_one_rule_that_matches() -> None:
    """The usual table: every order has exactly one answer."""
    assert answer("UNIQUE", 50) == "small"


def test_unique_with_two_matches_is_null_and_says_which_rules_clash() -> None:
    """Ops must see the clash; a silent choice would send orders the wrong way."""
    outcome = ask(decision("size", table(["amount"], AMOUNTS)), "size", {"amount": 500})

    assert outcome.value is None
    assert outcome.problems == ("Decision 'size', line 1: rules 1 and 2 match, but hit policy UNIQUE allows one.",)
    assert [rule.number for rule in outcome.trace[0].rules] == [1, 2]


def test_any_takes_equal_answers_and_refuses_different_ones() -> None:
    """ANY is for rules that say the same thing twice."""
    same = decision("size", table(["amount"], [["> 0", '"x"'], ["> 1", '"x"']], policy="ANY"))

    assert ask(same, "size", {"amount": 5}).value == "x"
    clash = ask(decision("size", table(["amount"], AMOUNTS, policy="ANY")), "size", {"amount": 500})
    assert clash.value is None
    assert "match with different outputs" in clash.problems[0]


def test_first_takes_the_topmost_match() -> None:
    """Tables read from the top down, with the special cases first."""
    assert answer("FIRST", 5000) == "small"


def test_priority_takes_the_answer_that_stands_first_among_the_output_values() -> None:
    """The order of the output values ranks the answers, not the order of the rules."""
    assert answer("PRIORITY", 500, output_values='"large", "small"') == "large"
    assert answer("PRIORITY", 50, output_values='"large", "small"') == "small"


def test_rule_order_lists_all_answers_as_drawn() -> None:
    """Every rule that applies counts, in the order of the table."""
    assert answer("RULE ORDER", 5000) == ["small", "large", "large"]


def test_output_order_lists_all_answers_by_rank() -> None:
    """The list comes sorted by the output values."""
    assert answer("OUTPUT ORDER", 5000, output_values='"large", "small"') == ["large", "large", "small"]


@pytest.mark.parametrize(("aggregation", "wanted"), [("SUM", 60), ("COUNT", 3), ("MIN", 10), ("MAX", 30)])
def test_collect_aggregates_the_answers(aggregation: str, wanted: int) -> None:
    """Surcharges add up; the others find limits and counts."""
    rules = [["> 0", "10"], ["> 1", "20"], ["> 2", "30"]]
    drawn = table(["amount"], rules, policy="COLLECT", attributes=f'aggregation="{aggregation}"')

    assert ask(decision("d", drawn), "d", {"amount": 5}).value == Decimal(wanted)


def test_collect_without_aggregation_lists_the_answers() -> None:
    """All holds an order needs, for instance."""
    assert answer("COLLECT", 500) == ["small", "large"]


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT"])
def test_no_match_is_null_without_being_a_problem(policy: str) -> None:
    """DMN 1.5, 10.3.2.10: without a default output the answer is null; the process decides what that means."""
    outcome = ask(decision("size", table(["amount"], AMOUNTS, policy=policy)), "size", {"amount": -1})

    assert (outcome.value, outcome.problems, outcome.trace[0].rules) == (None, (), ())


def test_the_default_output_is_given_when_nothing_matches() -> None:
    """An analyst can close a table without a catch-all rule."""
    assert answer("UNIQUE", -1, default='"none"') == "none"


def test_several_outputs_make_a_context() -> None:
    """One table can decide both the carrier and its service."""
    drawn = table(["amount"], [["> 0", '"SF"', '"air"']], outputs=("carrier", "service"))

    assert ask(decision("ship", drawn), "ship", {"amount": 1}).value == {"carrier": "SF", "service": "air"}


def test_a_dash_and_an_empty_cell_pass_everything_even_null() -> None:
    """'Irrelevant' must not depend on whether the order happens to have the value."""
    drawn = decision("d", table(["a", "b"], [["-", "", "1"]]))

    assert ask(drawn, "d", {"a": None}).value == Decimal(1)


def test_a_value_that_is_not_allowed_is_a_problem_not_an_answer() -> None:
    """A new risk class must stop at the table, not slip through its dashes."""
    drawn = decision("d", table(["risk"], [["-", "1"]], input_values={"risk": '"low", "high"'}))
    outcome = ask(drawn, "d", {"risk": "extreme"})

    assert outcome.value is None
    assert outcome.problems == ("Decision 'd', line 1: the value of input 'risk' is none of those allowed.",)


def test_cells_may_be_lists_ranges_negations_and_conditions() -> None:
    """All forms of unary tests that DMN knows work in cells."""
    rules = [
        ['"DE","FR"', "[1..10]", '"a"'],
        ['not("DE","FR")', "(10..20)", '"b"'],
        ['starts with(?, "X")', "-", '"c"'],
        ["special", ">= 100", '"d"'],
    ]
    drawn = decision("d", table(["country", "amount"], rules, policy="FIRST"))

    def given(country: str, amount: int) -> object:
        return ask(drawn, "d", {"country": country, "amount": amount, "special": ["QQ"]}).value

    found = [given("DE", 10), given("CN", 15), given("XK", 5), given("QQ", 100), given("CN", 10)]
    assert found == ["a", "b", "c", "d", None]
