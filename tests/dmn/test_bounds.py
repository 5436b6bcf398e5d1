"""Hostile and merely large decision files end in findings or answers, never in a hang or a crash."""

from __future__ import annotations

import pytest

from oms_workflow.diagrams.decisions.reading import read_decisions
from oms_workflow.diagrams.extent import MAX_WORDS
from oms_workflow.errors import Severity
from oms_workflow.feel import FeelLimitExceeded
from tests.dmn.drawing import ask, codes, decision, file_of, literal, read, table


def test_logic_deeper_than_it_is_evaluated_is_refused_when_read() -> None:
    """What passes the reader must be evaluated without a recursion error."""
    raw = file_of(decision("d", "<list>" * 150 + literal("1") + "</list>" * 150))

    models, findings = read_decisions([("shop.dmn", raw)])

    assert not models
    assert [(one.code, one.message) for one in findings] == [
        ("nested-too-deep", "Elements of the model are nested more than 80 deep.")
    ]


def test_logic_as_deep_as_may_be_read_is_evaluated() -> None:
    """The bound of the reader and that of the evaluation fit each other."""
    body = decision("d", "<context><contextEntry>" * 36 + literal("1") + "</contextEntry></context>" * 36)

    assert ask(body, "d").value == 1


def test_a_table_too_large_to_judge_says_so() -> None:
    """Silence would read as 'no overlaps'."""
    rules = [["-", "1"] for _ in range(1_001)]
    findings = [one for one in read(decision("d", table(["a"], rules)))[1] if one.code == "overlapping-rules"]

    assert [(one.severity, one.message) for one in findings] == [
        (Severity.INFO, "The table has 1001 rules; overlaps and gaps are not looked for in tables so large.")
    ]


def test_a_table_with_many_columns_is_checked_in_time() -> None:
    """The search for gaps is exponential in the columns, and is given up instead of going on."""
    rules = [[f"< {row * column % 37}" for column in range(20)] + ["1"] for row in range(120)]

    codes(decision("d", table([f"a{n}" for n in range(20)], rules, policy="FIRST")))


def test_types_that_double_with_each_level_are_made_once_each() -> None:
    """Twenty-six such types would otherwise have sixty-seven million components."""
    types = "".join(
        f'<itemDefinition name="t{n}"><itemComponent name="a"><typeRef>t{n + 1}</typeRef></itemComponent>'
        f'<itemComponent name="b"><typeRef>t{n + 1}</typeRef></itemComponent></itemDefinition>'
        for n in range(26)
    )
    last = '<itemDefinition name="t26"><typeRef>number</typeRef></itemDefinition>'

    assert ask(types + last + decision("d", literal("{a: null, b: null}"), type_name="t0"), "d").problems == ()


def test_a_circle_of_many_decisions_is_found_without_recursion() -> None:
    """Each of its decisions is told, up to what a list of findings may hold."""
    body = "".join(decision(f"d{n}", literal("1"), needs=(f"#d{(n + 1) % 1000}",)) for n in range(1000))

    assert codes(body).count("requirement-cycle") == 201


def test_two_knowledge_models_calling_each_other_reach_the_limit() -> None:
    """The depth counts boxed levels, too, as each takes frames of the interpreter."""
    deep = ("<list>" * 60, "</list>" * 60)
    body = "".join(
        f'<businessKnowledgeModel id="{name}" name="{name}"><encapsulatedLogic><formalParameter name="n"/>'
        f"{deep[0]}{literal(f'{other}(n)')}{deep[1]}</encapsulatedLogic>"
        f'<knowledgeRequirement><requiredKnowledge href="#{other}"/></knowledgeRequirement></businessKnowledgeModel>'
        for name, other in (("f", "g"), ("g", "f"))
    )

    with pytest.raises(FeelLimitExceeded):
        ask(body + decision("d", literal("f(1)"), knows=("#f",)), "d")


def test_a_boxed_loop_over_a_huge_range_reaches_the_limit() -> None:
    """Boxed loops are bounded as written ones."""
    body = '<for iteratorVariable="i"><in>' + literal("[1..100000000]") + "</in><return>" + literal("i")

    with pytest.raises(FeelLimitExceeded):
        ask(decision("d", body + "</return></for>"), "d")


def test_a_table_with_more_logic_than_is_read_in_time_is_refused() -> None:
    """Each cell is compiled when a file is read; the same cell again costs nothing."""
    rules = [[f"< {n} + 1 + 1 + 1", f"{n} + 1 + 1"] for n in range(MAX_WORDS // 12)]
    models, findings = read_decisions([("shop.dmn", file_of(decision("d", table(["a"], rules))))])

    assert not models
    assert [(one.code, one.message) for one in findings] == [
        ("file-too-large", "The FEEL of the file has more than 20,000 words and signs.")
    ]
    same = file_of(decision("d", table(["a"], [["< 10", "1"]] * 1_500, policy="FIRST")))
    assert len(read_decisions([("shop.dmn", same)])[0]) == 1
