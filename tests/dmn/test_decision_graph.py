"""Decisions that need others, functions and services they share, and models that import models."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from oms_workflow.diagrams.decisions.reading import read_decisions
from oms_workflow.dmn.evaluate import call, decide
from tests.dmn.drawing import ask, decision, file_of, literal, model, read

SUM = decision("total", literal("net + tax"), needs=("#net", "#tax"))
NET = decision("net", literal("price * quantity"), needs=("input:#price", "input:#quantity"))
TAX = decision("tax", literal("net * 0.1"), needs=("#net",))
INPUTS = '<inputData id="price" name="price"><variable name="price" typeRef="number"/></inputData>' + (
    '<inputData id="quantity" name="quantity"><variable name="quantity" typeRef="number"/></inputData>'
)
FUNCTION = (
    '<businessKnowledgeModel id="f" name="discounted"><encapsulatedLogic>'
    '<formalParameter name="amount" typeRef="number"/><formalParameter name="rate"/>'
    + literal("amount * (1 - rate)")
    + "</encapsulatedLogic></businessKnowledgeModel>"
)
SERVICE = (
    '<decisionService id="s" name="price of"><outputDecision href="#total"/><encapsulatedDecision href="#net"/>'
    '<encapsulatedDecision href="#tax"/><inputData href="#price"/><inputData href="#quantity"/></decisionService>'
)


def test_required_decisions_are_worked_out_first_and_once() -> None:
    """`net` is needed twice; the trace shows it once, before those who need it."""
    outcome = ask(SUM + NET + TAX + INPUTS, "total", {"price": 10, "quantity": 2})

    assert outcome.value == Decimal("22.0")
    assert [one.decision for one in outcome.trace] == ["net", "tax", "total"]


def test_a_deep_chain_of_decisions_takes_no_recursion() -> None:
    """Five hundred decisions in a row are unusual, but they are no reason to crash."""
    chain = "".join(decision(f"d{n}", literal(f"d{n + 1} + 1"), needs=(f"#d{n + 1}",)) for n in range(500))

    assert ask(chain + decision("d500", literal("0")), "d0").value == Decimal(500)


def test_a_decision_is_found_by_id_before_name_and_unknown_ones_by_neither() -> None:
    """The diagram names the id; people name the name."""
    drawn = model(
        '<decision id="a" name="b">'
        + literal("1")
        + '</decision><decision id="b" name="c">'
        + literal("2")
        + "</decision>"
    )

    assert decide([drawn], "b", {}).value == Decimal(2)
    assert decide([drawn], "c", {}).value == Decimal(2)
    with pytest.raises(KeyError):
        decide([drawn], "nothing", {})


def test_process_variables_never_replace_the_logic_of_a_decision() -> None:
    """The result variable of an earlier run often has the decision's name; it must not come back as the answer."""
    outcome = ask(SUM + NET + TAX + INPUTS, "total", {"price": 10, "quantity": 2, "net": 1, "total": 7})

    assert outcome.value == Decimal("22.0")


def test_given_decisions_replace_the_logic_of_those_required() -> None:
    """Trying out a model: what would the total be if the net were 100?"""
    found = decide([model(SUM + NET + TAX + INPUTS)], "total", {}, given={"net": 100})

    assert found.value == Decimal("110.0")


def test_an_input_of_the_wrong_type_is_a_problem() -> None:
    """Text where a price should be must become an incident with words, not a null total."""
    outcome = ask(SUM + NET + TAX + INPUTS, "total", {"price": "ten", "quantity": 2})

    assert outcome.problems == ("Input 'price': the value does not fit type 'number': expected number, found text.",)


def test_a_business_knowledge_model_is_a_function() -> None:
    """Shared logic is drawn once and called by name, by position or by named parameters."""
    for text in ("discounted(100, 0.2)", "discounted(rate: 0.2, amount: 100)"):
        assert ask(FUNCTION + decision("d", literal(text), knows=("#f",)), "d").value == Decimal("80.0")


def test_an_argument_of_the_wrong_type_gives_null_and_a_note() -> None:
    """DMN 1.5, 10.3.2.13: the function is not invoked then."""
    outcome = ask(FUNCTION + decision("d", literal('discounted("x", 1)'), knows=("#f",)), "d")

    assert outcome.value is None
    assert outcome.notes == ("parameter 'amount' of discounted(amount, rate): expected number, found text",)


def test_a_knowledge_model_may_call_itself_until_the_limit() -> None:
    """Recursion works; endless recursion ends in an incident."""
    recursive = (
        '<businessKnowledgeModel id="f" name="factorial"><encapsulatedLogic><formalParameter name="n"/>'
        + literal("if n <= 1 then 1 else n * factorial(n - 1)")
        + "</encapsulatedLogic></businessKnowledgeModel>"
    )

    assert ask(recursive + decision("d", literal("factorial(5)"), knows=("#f",)), "d").value == Decimal(120)


def test_a_decision_service_answers_for_its_inputs_alone() -> None:
    """A service is a function of its inputs; variables around it do not leak in."""
    drawn = model(SUM + NET + TAX + INPUTS + SERVICE)

    assert call([drawn], "price of", {"price": 10, "quantity": 1}).value == Decimal("11.0")
    assert call([drawn], "price of", {"price": 10}).value is None
    with pytest.raises(KeyError):
        call([drawn], "total", {})


def test_a_circle_of_requirements_is_found_by_the_linter_and_survives_evaluation() -> None:
    """A circle cannot be deployed; if it got through, it must end in words and not in a hang."""
    drawn, findings = read(decision("a", literal("b"), needs=("#b",)) + decision("b", literal("a"), needs=("#a",)))

    assert [one.code for one in findings] == ["requirement-cycle"] * 2
    assert "needs its own answer" in decide([drawn], "a", {}).problems[0]


def test_imported_elements_are_known_under_the_name_of_the_import() -> None:
    """A shop can keep its types and functions in one file and use them in many."""
    library = file_of(
        '<itemDefinition name="tLine"><itemComponent name="unit price"><typeRef>number</typeRef></itemComponent>'
        "</itemDefinition>" + FUNCTION,
        namespace="library",
    )
    main = file_of(
        f'<import namespace="library" name="lib" importType="{"https://www.omg.org/spec/DMN/20230324/MODEL/"}"/>'
        '<inputData id="line" name="line"><variable name="line" typeRef="lib.tLine"/></inputData>'
        + decision("d", literal("lib.discounted(line.unit price, 0.5)"), needs=("input:#line",), knows=("library#f",))
    )
    models, findings = read_decisions([("main.dmn", main), ("library.dmn", library)])

    assert not findings
    assert decide(models, "d", {"line": {"unit price": 8}}).value == Decimal("4.0")
    assert "does not fit" in decide(models, "d", {"line": {"price": 8}}).problems[0]


def test_names_with_signs_and_keywords_are_told_apart_by_their_scope() -> None:
    """Analysts name things as people speak: "Pre-Bureau Risk", "Person's description", "terms and conditions"."""
    drawn = (
        '<inputData id="i" name="Pre-Bureau Risk"/>'
        + decision("Person's note", literal('"note"'))
        + decision("d", literal("Person's note + Pre-Bureau Risk"), needs=("input:#i", "#Person's note"))
    )

    assert ask(drawn, "d", {"Pre-Bureau Risk": "!"}).value == "note!"


def test_the_clock_is_the_one_that_was_handed_in() -> None:
    """A decision about dates must come out the same when the order is replayed next year."""
    drawn = decision("d", literal("today().year"))

    assert ask(drawn, "d", at=datetime(2026, 1, 31, tzinfo=UTC)).value == Decimal(2026)
    assert ask(drawn, "d").value is None
