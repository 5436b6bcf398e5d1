"""What the linter finds in decision files, and what it leaves alone."""

from __future__ import annotations

import pytest

from oms_workflow.diagrams.decisions.rules.registry import MODULES
from oms_workflow.errors import Severity
from tests.dmn.drawing import codes, decision, literal, read, table

INPUT = '<inputData id="amount" name="amount"/>'
AGES = [["< 18", "1"], ["[18..65]", "2"], ["> 65", "3"]]

WRONG: list[tuple[str, str, str]] = [
    ("unknown-element", decision("d", "<calculation/>"), "Expected no 'calculation' in 'decision', found one."),
    ("missing-name", '<decision id="d"/>', "Expected a name on the decision, found none."),
    (
        "duplicate-id",
        '<decision id="d" name="a"/><decision id="d" name="b"/>',
        "Expected the id 'd' once, found it again; it is on line 1, too.",
    ),
    (
        "import-not-given",
        '<import namespace="other" name="o"/>',
        "The imported model with namespace 'other' is not among the given files.",
    ),
    (
        "reference-to-nothing",
        decision("d", literal("1"), needs=("#nothing",)),
        "Expected an element for '#nothing', found none.",
    ),
    (
        "reference-to-nothing",
        decision("d", literal("1"), needs=("#amount",)) + INPUT,
        "Expected '#amount' to be a Decision, found a InputData.",
    ),
    (
        "requirement-cycle",
        decision("d", literal("d"), needs=("#d",)),
        "The decision requires its own answer: 'd' needs 'd'.",
    ),
    (
        "missing-requirement",
        decision("d", literal("amount + 1")) + INPUT,
        "Expected a requirement for 'amount', which the logic reads, found none.",
    ),
    (
        "unknown-type",
        decision("d", literal("1"), type_name="integer"),
        "Expected a type of FEEL or of this model, found 'integer'; values are not checked against it.",
    ),
    (
        "expression-language",
        decision("d", '<literalExpression expressionLanguage="python"><text>x</text></literalExpression>'),
        "Expected FEEL, found literalExpression in 'python'; only FEEL is evaluated.",
    ),
    (
        "foreign-function",
        decision("d", '<functionDefinition kind="PMML"/>'),
        "Expected a function of kind FEEL, found kind 'PMML'; such functions are not run.",
    ),
    (
        "feel-syntax",
        decision("d", literal("1 +")),
        "The literalExpression is not FEEL, column 4 of the text: Expected a value, found the end. Found '1 +'.",
    ),
    (
        "feel-syntax",
        decision("d", table(["x"], [["> ", "1"]])),
        "The inputEntry is not FEEL, column 2 of the text: Expected a value, found the end. Found '>'.",
    ),
    (
        "unknown-hit-policy",
        decision("d", table(["x"], [["-", "1"]], policy="LAST")),
        "Expected hitPolicy UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER, COLLECT, found 'LAST'.",
    ),
    (
        "wrong-aggregation",
        decision("d", table(["x"], [["-", "1"]], attributes='aggregation="SUM"')),
        "Expected hit policy COLLECT with aggregation SUM, found UNIQUE.",
    ),
    (
        "table-without-output",
        decision("d", table(["x"], [["-"]], outputs=())),
        "Expected at least one output in the decision table, found none.",
    ),
    (
        "missing-output-name",
        decision("d", table(["x"], [["-", "1", "2"]], outputs=("a", ""))),
        "Expected a name on each of the 2 outputs, found one without.",
    ),
    (
        "wrong-cell-count",
        decision("d", table(["x"], [["-", "1", "2"]])),
        "Expected 1 outputEntry cells in rule 1, one per output, found 2.",
    ),
    (
        "overlapping-rules",
        decision("d", table(["x", "y"], [["[1..10]", '"a","b"', "1"], [">= 10", 'not("c")', "2"], ["-", '"c"', "3"]])),
        "Expected one of rules 1 and 2 to match at a time, "
        "found that both do when 'x' is 10 and 'y' is \"a\" or \"b\".",
    ),
    (
        "unreachable-rule",
        decision("d", table(["x"], [["< 10", "1"], [">= 10", "2"], ["5", "3"]], policy="FIRST")),
        "Rule 3 is never reached: the rules above it match whenever it does.",
    ),
    (
        "unreachable-rule",
        decision("d", table(["x"], [['"hihg"', "1"], ["-", "2"]], policy="FIRST", input_values={"x": '"low","high"'})),
        "Rule 1 can never match: no value of 'x' passes '\"hihg\"'.",
    ),
    (
        "rules-leave-gap",
        decision("d", table(["age", "vip"], [["< 18", "true", "1"], ["< 18", "false", "2"], ["> 18", "-", "3"]])),
        "No rule matches when 'age' is 18; the answer is null then.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "body", "message"), WRONG)
def test_what_is_wrong_is_found_with_place_and_fix(code: str, body: str, message: str) -> None:
    """The analyst can mend the file from the finding alone."""
    found = [one for one in read(body)[1] if one.code == code]

    assert message in [one.message for one in found]
    assert all(one.line and one.fix and one.element and one.file == "shop.dmn" for one in found)


def test_every_rule_has_a_case_here() -> None:
    """A rule nobody ever saw fail may not work."""
    assert {code for code, _, _ in WRONG} == {module.CODE for module in MODULES}


RIGHT = {
    "a table that covers its numbers": table(["age"], AGES),
    "whole numbers without a slit": table(["age"], [["< 18", "1"], ["[18..20]", "2"], ["[21..65]", "3"], [">65", "4"]]),
    "a table that covers its values": table(["x"], [['"a"', "1"], ['"b"', "2"]], input_values={"x": '"a", "b"'}),
    "a table with a default": table(["age"], [["< 18", "1"]], default="0"),
    "rules apart by the second input": table(["a", "b"], [["1", "< 5", "1"], ["1", ">= 5", "2"], ["not(1)", "-", "3"]]),
    "booleans": table(["a"], [["true", "1"], ["false", "2"]]),
    "cells that cannot be told": table(["a"], [["> limit", "1"], ["<= limit", "2"], ["other", "3"], ["-", "4"]]),
    "rules that collect": table(["a"], [["> 1", "1"], ["> 2", "2"]], policy="COLLECT"),
    "rules in order": table(["a"], [["> 100", "1"], ["> 10", "2"], ["-", "3"]], policy="FIRST"),
    "dates day by day": table(
        ["day"], [['< date("2026-01-01")', "1"], ['[@"2026-01-01"..@"2026-06-30"]', "2"], ['>= @"2026-07-01"', "3"]]
    ),
    "rules that agree under ANY": table(["a"], [["> 1", "1"], ["> 2", "1"], ["<= 1", "2"]], policy="ANY"),
}  # fmt: skip


@pytest.mark.parametrize("drawn", RIGHT.values(), ids=RIGHT.keys())
def test_a_sound_table_has_no_findings(drawn: str) -> None:
    """A warning too many teaches analysts to overlook the others."""
    assert codes(decision("d", drawn)) == []


def test_findings_that_do_not_stop_a_deployment_are_warnings() -> None:
    """A gap may be meant; a broken reference never is."""
    weights = {code: read(body)[1][0].severity for code, body, _ in WRONG if code in ("rules-leave-gap", "feel-syntax")}

    assert weights == {"rules-leave-gap": Severity.WARNING, "feel-syntax": Severity.ERROR}


def test_the_linter_stops_listing_at_some_point() -> None:
    """A hostile file must not give a million findings."""
    rules = [["-", "1"] for _ in range(100)]
    found = [one for one in read(decision("d", table(["a"], rules)))[1] if one.code == "overlapping-rules"]

    assert len(found) == 201
    assert found[-1].severity in (Severity.INFO, Severity.WARNING)
    assert any("There are more than 200" in one.message for one in found)


def test_a_large_table_is_checked_in_time() -> None:
    """Tables of a thousand rules exist; comparing each with each must stay bearable."""
    rules = [[f"[{n}..{n})", f'"{n}"', "1"] if n % 2 else [str(n), f'"{n}"', "1"] for n in range(400)]

    assert "overlapping-rules" not in codes(decision("d", table(["a", "b"], rules)))
