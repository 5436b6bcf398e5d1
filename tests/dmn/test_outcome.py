"""What people see of a decision, and how a model travels inside a workflow's input."""

from __future__ import annotations

import json

from pydantic import TypeAdapter

from oms_workflow.dmn.evaluate import decide
from oms_workflow.dmn.model import DecisionModel
from tests.dmn.drawing import ask, decision, literal, model, table

AUDIT = decision(
    "audit",
    table(["order.total", "risk"], [["> 1000", "-", '"manual"'], ["-", '"high"', '"manual"']], policy="ANY"),
    needs=("#risk", "input:#order"),
) + decision("risk", literal('if order.total > 500 then "high" else "low"'), needs=("input:#order",))
ORDER = '<inputData id="order" name="order"/>'


def test_the_trace_tells_which_rules_fired_on_which_values() -> None:
    """Ops ask "why was this order held?"; the answer is this trace, next to the drawn table."""
    outcome = ask(AUDIT + ORDER, "audit", {"order": {"total": 2000, "customer": "Ada"}})

    assert outcome.value == "manual"
    assert outcome.trace_json() == [
        {"decision": "risk", "name": "risk", "inputs": {"order": "context"}, "rules": [], "output": "high"},
        {
            "decision": "audit",
            "name": "audit",
            "inputs": {"risk": "high", "order": "context", "order.total": 2000},
            "rules": [
                {"table": "table", "rule": "rule1", "number": 1},
                {"table": "table", "rule": "rule2", "number": 2},
            ],
            "output": "manual",
        },
    ]


def test_the_trace_shows_no_data_beyond_what_the_table_asked_for() -> None:
    """Traces go into histories; a whole order with its customer must not."""
    outcome = ask(AUDIT + ORDER, "audit", {"order": {"total": 2000, "customer": "Ada"}})

    assert "Ada" not in json.dumps(outcome.trace_json())


def test_a_model_survives_json_and_decides_the_same_afterwards() -> None:
    """A running order carries its decisions in its history and never looks at the file again."""
    adapter = TypeAdapter(DecisionModel)
    drawn = model(AUDIT + ORDER)
    travelled = adapter.validate_json(adapter.dump_json(drawn))

    assert travelled == drawn
    assert decide([travelled], "audit", {"order": {"total": 1}}).value is None


def test_notes_say_why_something_is_null() -> None:
    """Null may be meant; when it is not, the note is where the search begins."""
    outcome = ask(decision("d", literal("missing + 1")), "d")

    assert outcome.problems == ()
    assert outcome.notes == ("there is no variable 'missing'", "cannot add null and number")


def test_a_decision_answers_as_the_edition_of_the_order_did() -> None:
    """A decision is worked out again at each replay, by the FEEL the order began with."""
    body = decision("pause", literal('cycle(duration("PT1H"))'))

    assert ask(body, "pause").value == "R/PT1H"
    assert ask(body, "pause", edition=2).value is None
